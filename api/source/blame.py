"""Which commit each line of a file comes from, where git knows it."""

import os
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

MOST_SECONDS = 2.0
_LINE = re.compile(r"([0-9a-f]{40,64}) [0-9]+ ([0-9]+)")
_COMMAND = (
    *("git", "-c", "core.fsmonitor=false", "-c", "blame.ignoreRevsFile="),
    # A repository's own settings start no program.
    *("blame", "--no-textconv", "--porcelain", "--"),
)


class Commit(NamedTuple):
    """A commit: its hash, and when it was made (RFC 3339, UTC)."""

    hash: str
    date: str


def blame(file: Path, seconds: float = MOST_SECONDS) -> Mapping[int, Commit]:
    """Return the commits of a file's lines, counted from 1.

    Lines that are in no commit are left out; all are where git is not there, does not know the
    file, or takes longer.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the file's name stands behind --
            [*_COMMAND, file.name],
            cwd=file.parent,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    return _read(done.stdout.decode(errors="replace"))


def _read(porcelain: str) -> dict[int, Commit]:
    lines: dict[int, str] = {}
    dates: dict[str, str] = {}
    current = ""
    for text in porcelain.split("\n"):
        if found := _LINE.match(text):
            current = found[1]
            lines[int(found[2])] = current
        elif text.startswith("committer-time "):
            dates[current] = _date(int(text.removeprefix("committer-time ")))
    return {
        line: Commit(name, dates[name])
        for line, name in lines.items()
        if name in dates and name.strip("0")
    }


def _date(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
