"""Single entries of a content folder, read without compiling the others."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from api.compiler.catalogue import Catalogue, Index, Lookups, Nothing
from api.compiler.media import examined
from api.compiler.noted import note
from api.compiler.paths import PlacedEntry
from api.compiler.pointers import pointers
from api.compiler.scan import Scan, scan
from api.compiler.units import NO_LOCALES, Names, ReadUnit, UnitFiles, read_unit, told_locales
from api.source.opening import place_of
from schemas.discovery import Models


class Single(NamedTuple):
    """An entry, and the media files that its texts show, in an index."""

    entry: PlacedEntry
    among: Index


class SingleEntries:
    """The entries of a folder that has no errors; each is read when it is asked for."""

    def __init__(self, root: Path, models: Models) -> None:
        self._root = root
        self._models = models
        self.scan: Scan = scan(root, models)
        site = self.scan.units.get("site:site")
        self._locales = (site and told_locales(root, site, models)) or NO_LOCALES

    def of_file(self, path: Path) -> Single | None:
        """Return the entry of a file; raises ContentError when a media file cannot be read."""
        name = place_of(path).path
        for unit in self.scan.units.values():
            if any(file.start.path == name for file in unit.files):
                read = self._read(unit)
                found = (one for one in read.entries if one.place.path == name)
                entry = next(found, None)
                return Single(entry, self._index(read)) if entry else None
        return None

    def named(self, types: Collection[str], name: str) -> PlacedEntry | None:
        """Return the entry of one of the types that has this slug or id."""
        units = [unit for unit in self.scan.units.values() if unit.type in types]
        for unit in sorted(units, key=lambda one: one.slug != name):
            for entry in self._read(unit).entries:
                if name in entry.names:
                    return entry
        return None

    def names(self, types: Collection[str]) -> list[str]:
        """Return the slugs of the types' entries."""
        return sorted(unit.slug for unit in self.scan.units.values() if unit.type in types)

    def _read(self, unit: UnitFiles) -> ReadUnit:
        names = Names(self.scan.units)
        return read_unit(self._root, unit, self._models, self._locales, names)

    def _index(self, read: ReadUnit) -> Index:
        catalogue = Catalogue(Nothing())
        for pointer in pointers(read.documents, read.entries):
            within = self.scan.files.path(pointer.target.address, pointer.file)
            if within and within in self.scan.media:
                face, _, _ = examined(self.scan.media[within])
                catalogue.add(note(face.unit, media=face))
        return Index(self._locales.default, Lookups(catalogue, (), bool), None, read.entries)
