"""Paths as programs that read a report want them: seen from the folder that the command ran in."""

from pathlib import Path


def seen_from(base: Path, path: str) -> str:
    """Return a path relative to a folder above it; one that is elsewhere stays as it is.

    A byte of a name that is not UTF-8 is escaped: what comes out can be encoded.
    """
    return clean(path.removeprefix(f"{base.as_posix().rstrip('/')}/"))


def clean(text: str) -> str:
    """Return a text that UTF-8 can encode: lone surrogates are escaped (RFC 3629, 3)."""
    return text.encode(errors="backslashreplace").decode()
