"""The line that an Issue is about, read anew for its report."""

import os
import stat
from codecs import BOM_UTF8
from collections.abc import Callable
from functools import lru_cache

from api.errors import Place
from api.source.tree import LARGEST_FILE
from schemas.media import kind_of

SourceLine = Callable[[Place], str | None]
"""Gives the line of a place, or None where there is none to show."""

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def source_lines() -> SourceLine:
    """Return a function that gives a place's line as the file has it now.

    It raises nothing and waits for nothing: a file that is gone, is no regular file, is larger
    than a content file may be, or cannot be read has no lines, nor has an image or its like.
    Lines are counted as `decode` counts them; a byte that is not UTF-8 is shown as U+FFFD.
    """
    lines_of = lru_cache(maxsize=8)(_lines)

    def line(place: Place) -> str | None:
        lines = lines_of(place.path)
        return lines[place.line - 1] if place.line <= len(lines) else None

    return line


def _lines(path: str) -> list[str]:
    if kind_of(path):
        return []
    try:
        raw = _read(path)
    except (OSError, ValueError):  # ValueError: a path with a NUL
        return []
    if raw is None or len(raw) > LARGEST_FILE:
        return []
    text = raw.removeprefix(BOM_UTF8).decode(errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _read(path: str) -> bytes | None:
    descriptor = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read(LARGEST_FILE + 1)
