"""All entries of a small site in one Index, for tests of what is done with them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from api.compiler.catalogue import Catalogue, Face, Index, Lookups, MediaFace, Nothing
from api.compiler.faces import faces
from api.compiler.noted import note
from api.compiler.paths import Locales, PlacedEntry
from api.compiler.scan import scan
from api.compiler.units import NO_LOCALES, Names, ReadUnit, read_unit, told_locales
from api.contract.views import Views
from api.errors import Issue
from schemas.discovery import Models
from tests.support import Site


def faced(units: Iterable[Sequence[PlacedEntry]], models: Models) -> tuple[Catalogue, list[Issue]]:
    """Return a catalogue of the entries of some units, and what is said of it."""
    catalogue = Catalogue(Nothing())
    views = Views(models)
    issues: list[Issue] = []
    for number, entries in enumerate(units):
        issues += catalogue.add(
            note(f"unit {number}", faces(f"unit {number}", entries, views, public=True))
        )
    return catalogue, issues


def index_of(
    entries: Sequence[PlacedEntry], catalogue: Catalogue, own: Sequence[Face] = ()
) -> Index:
    """Return the index of some entries that were placed, all in one language."""
    return Index(entries[0].language, Lookups(catalogue, own, bool), None, entries)


def found(index: Index, type_name: str, name: str) -> PlacedEntry:
    """Return an entry of an index by one of its names."""
    return next(entry for entry in index.entries if entry.type == type_name and name in entry.names)


def read_all(site: Site) -> tuple[list[ReadUnit], Locales]:
    """Read all units of a site, and its languages."""
    models = site.models
    scanned = scan(site.content, models)
    assert scanned.issues == []
    unit = scanned.units.get("site:site")
    locales: Locales = (unit and told_locales(site.content, unit, models)) or NO_LOCALES
    read = [
        read_unit(site.content, one, models, locales, Names(scanned.units))
        for one in scanned.units.values()
    ]
    return read, locales


def indexes_of(site: Site, media: Mapping[str, MediaFace] | None = None) -> list[Index]:
    """Return what each language of a site has, that of the default one first."""
    models = site.models
    read, locales = read_all(site)
    catalogue, _ = faced([one.entries for one in read], models)
    for within, face in (media or {}).items():
        catalogue.add(note(f"media:{within}", media=face))
    lookups = Lookups(catalogue, (), bool)
    entries = list(chain.from_iterable(one.entries for one in read))

    def of(locale: str) -> list[PlacedEntry]:
        return [entry for entry in entries if entry.language == locale]

    default = Index(locales.default, lookups, None, of(locales.default))
    return [default, *(Index(one, lookups, default, of(one)) for one in locales.others)]
