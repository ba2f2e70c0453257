"""What a content folder has now, and what of it has changed since the last publish."""

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
from api.source.opening import Listings, shown
from api.source.tree import walk
from api.store.memory import Memory
from api.store.times import exact_text_of
from schemas.discovery import Models


@dataclass(frozen=True, slots=True)
class Scan:
    """The units of a folder, its media by their paths in it, and what is misnamed or misplaced.

    `signatures` tell changed files, by their paths in the folder; an empty one tells nothing, nor
    does one that is not there.
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
                yield file.within, name
        for within in self.media:
            yield within, media_unit(within)


class Changes(NamedTuple):
    """The units that are otherwise than at the last publish, and those that are no more."""

    changed: frozenset[str]
    ended: tuple[str, ...]


def scan(root: Path, models: Models) -> Scan:
    """Look through a folder; nothing in it is read. Raises ContentError where it is not listed."""
    listings = Listings(root)
    walked, issues = walk(root, models, listings)
    found, misnamed = walk_media(root, listings)
    issues += misnamed
    units = units_of(walked)
    media = {file.within: file for file in found}
    known = ContentFiles(shown(root.as_posix()))
    refused = frozenset(known.within(issue.place.path) for issue in issues)
    files = ContentFiles(known.root, walked, media, refused)
    return Scan(units, media, files, listings.signatures, issues)


def compare(found: Scan, memory: Memory, at: datetime) -> Changes:
    """Return what has changed since the publish that a memory is of; `at` decides what is due."""
    known = memory.files()
    told = found.signatures.get
    current = {within: (unit, told(within, b"")) for within, unit in found.owned()}
    changed = {unit for unit, signature in current.values() if not signature}
    changed |= {unit for _, (unit, _) in current.items() ^ known.items()}
    changed |= memory.due(exact_text_of(at))
    there = {*found.units, *map(media_unit, found.media)}
    return Changes(frozenset(changed & there), tuple(sorted(changed - there)))
