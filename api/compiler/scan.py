"""What a content folder has now, and what of it has changed since the last publish."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from api.compiler.media import media_unit
from api.compiler.targets import ContentFiles
from api.compiler.units import UnitFiles, units_of
from api.errors import Issue
from api.source.media import MediaFile, walk_media
from api.source.opening import shown
from api.source.tree import walk
from api.store.memory import Memory
from api.store.times import exact_text_of
from schemas.discovery import Models

SETTLED_NS = 2_000_000_000
"""How old a file's last change must be before its signature is trusted: file systems count time in
ticks, and two changes within one look the same."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The units of a folder, its media by their paths in it, and what is misnamed or misplaced.

    `signatures` tell changed files, by their paths in the folder; an empty one tells nothing.
    """

    units: Mapping[str, UnitFiles]
    media: Mapping[str, MediaFile]
    files: ContentFiles
    signatures: Mapping[str, bytes]
    issues: Sequence[Issue]

    def owned(self) -> Iterator[tuple[str, str]]:
        """Yield the path of each file, and the unit that it belongs to."""
        for name, unit in self.units.items():
            for file in unit.files:
                yield self.files.within(file.path.as_posix()), name
        for within in self.media:
            yield within, media_unit(within)


class Changes(NamedTuple):
    """The units that are otherwise than at the last publish, and those that are no more."""

    changed: frozenset[str]
    ended: tuple[str, ...]


def scan(root: Path, models: Models) -> Scan:
    """Look through a folder; nothing in it is read. Raises ContentError where it is not listed."""
    walked, issues = walk(root, models)
    found, misnamed = walk_media(root)
    issues += misnamed
    units = units_of(walked)
    media = {file.within: file for file in found}
    known = ContentFiles(shown(root.as_posix()))
    refused = frozenset(known.within(issue.place.path) for issue in issues)
    files = ContentFiles(known.root, walked, media, refused)
    now = time.time_ns()
    signatures = {files.within(file.path.as_posix()): _signature(file.path, now) for file in walked}
    signatures |= {within: _signature(file.path, now) for within, file in media.items()}
    return Scan(units, media, files, signatures, issues)


def compare(found: Scan, memory: Memory, at: datetime) -> Changes:
    """Return what has changed since the publish that a memory is of; `at` decides what is due."""
    known = memory.files()
    current = dict(found.owned())
    changed = {
        unit
        for within, unit in current.items()
        if not found.signatures[within] or known.get(within) != (unit, found.signatures[within])
    }
    changed |= {unit for path, (unit, _) in known.items() if path not in current}
    changed |= memory.due(exact_text_of(at))
    there = {*found.units, *map(media_unit, found.media)}
    return Changes(frozenset(changed & there), tuple(sorted(changed - there)))


def _signature(path: Path, now: int) -> bytes:
    try:
        status = path.stat(follow_symlinks=False)
    except OSError:
        return b""  # reading it tells
    if now - max(status.st_ctime_ns, status.st_mtime_ns) < SETTLED_NS:
        return b""
    parts = status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev
    return " ".join(map(str, parts)).encode()
