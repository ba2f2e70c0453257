"""A unit is read: its files become valid entries, the translations laid over their source text."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.compiler.links import Suggestions
from api.compiler.paths import Locales, PlacedEntry, ValidEntry, place
from api.compiler.translations import lay_over, shared_fields, stale
from api.compiler.validate import validate
from api.errors import FILE_LOCALE, MISSING_SOURCE, ContentError, Issue, Place, nearest
from api.source.document import Document, parse_document
from api.source.tree import ContentFile, read
from schemas.discovery import Models
from schemas.entry import Entry

DEFAULT_LOCALE = "en"
NO_LOCALES = Locales(DEFAULT_LOCALE, (DEFAULT_LOCALE,))
"""The languages of a site that tells none."""


@dataclass(frozen=True, slots=True)
class UnitFiles:
    """The files of an entry, in all languages; the source text first, where there is one."""

    type: str
    slug: str
    files: tuple[ContentFile, ...]

    @property
    def name(self) -> str:
        """The unit's name in the store."""
        return f"{self.type}:{self.slug}"


@dataclass(slots=True)
class ReadUnit:
    """What a unit's files hold: every Document that could be read, the entries, what is wrong."""

    files: UnitFiles
    documents: list[Document] = field(default_factory=list)
    valid: list[ValidEntry] = field(default_factory=list)
    entries: list[PlacedEntry] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    @property
    def broken(self) -> set[tuple[str, str]]:
        """The type and slug, and the type and id, of an entry that its own Issues keep back."""
        name = self.files.type, self.files.slug
        if any(entry.parent is None for entry in self.entries):
            return set()
        return {name, *((document.type, document.id) for document in self.documents)}


def units_of(files: Sequence[ContentFile]) -> dict[str, UnitFiles]:
    """Return the units that files make, by name, in the order of the files."""
    found: dict[str, list[ContentFile]] = {}
    for file in files:
        found.setdefault(f"{file.type}:{file.slug}", []).append(file)
    return {name: _unit(own) for name, own in found.items()}


def _unit(files: list[ContentFile]) -> UnitFiles:
    if len(files) > 1:
        files.sort(key=lambda file: file.locale or "")
    return UnitFiles(files[0].type, files[0].slug, tuple(files))


class Names:
    """The slugs of source texts, by type: what a translation may have meant."""

    def __init__(self, units: Mapping[str, UnitFiles]) -> None:
        self._units = units
        self._suggestions = Suggestions()

    def nearest(self, type_name: str, slug: str) -> str | None:
        """Return the slug of a type's source text that is nearest."""
        if not self._suggestions.may():
            return None
        return nearest(
            slug,
            (
                unit.slug
                for unit in self._units.values()
                if unit.type == type_name and unit.files[0].locale is None
            ),
        )


def read_unit(
    root: Path, files: UnitFiles, models: Models, locales: Locales | None, names: Names
) -> ReadUnit:
    """Read the files of a unit; without `locales`, the site's file being wrong, no translation."""
    reading = _Reading(root, files, models)
    for file in files.files:
        reading.read(file)
    if locales:
        reading.translate(locales, names)
    unit = reading.unit
    unit.entries, wrong = place(unit.valid, models, locales or NO_LOCALES)
    unit.issues += wrong
    return unit


def told_locales(root: Path, site: UnitFiles, models: Models) -> Locales | None:
    """Return the languages that the site tells, the default one first, None where it is wrong."""
    reading = _Reading(root, site, models)
    for file in site.files:
        reading.read(file)
    if not reading.unit.valid:
        return None
    value = reading.unit.valid[0].value
    default = getattr(value, "default_locale", DEFAULT_LOCALE)
    others = (one for one in getattr(value, "locales", ()) if one != default)
    return Locales(default, (default, *others))


class _Reading:
    """The state of one reading."""

    def __init__(self, root: Path, files: UnitFiles, models: Models) -> None:
        self.unit = ReadUnit(files)
        self._root = root
        self._model = models[files.type]
        self._faulty: set[Place] = set()

    def read(self, file: ContentFile) -> None:
        """Read a file, and validate it where it is no translation."""
        unit = self.unit
        try:
            document, found = parse_document(file, read(self._root, file), self._model)
        except ContentError as error:
            unit.issues += error.issues
            return
        unit.issues += found
        if found:
            self._faulty.add(file.start)
        if document is None:
            return
        unit.documents.append(document)
        if document.locale is None:
            value, wrong = validate(document, self._model)
            unit.issues += wrong
            if isinstance(value, Entry) and not found:
                unit.valid.append(ValidEntry(document, value))

    def translate(self, locales: Locales, names: Names) -> None:
        """Lay the translations over their source text."""
        unit = self.unit
        told = frozenset(unit.issues)
        source = next((one for one in unit.documents if one.locale is None), None)
        for document in unit.documents:
            if document.locale is None:
                continue
            if document.locale not in locales.others:
                unit.issues.append(_wrong_locale(document, locales))
            elif unit.files.files[0].locale is not None:
                unit.issues.append(_without_source(document, names))
            elif source:
                self._lay_over(source, document, told)

    def _lay_over(self, source: Document, translation: Document, told: Collection[Issue]) -> None:
        unit = self.unit
        unit.issues += shared_fields(translation, self._model)
        document, fallback = lay_over(source, translation, self._model)
        value, wrong = validate(document, self._model)
        unit.issues += (issue for issue in wrong if issue not in told)
        original = unit.valid[0] if unit.valid else None
        if original and isinstance(value, Entry) and document.start not in self._faulty:
            unit.issues += stale(original, ValidEntry(translation, value))
            unit.valid.append(ValidEntry(document, value, fallback))


def _without_source(document: Document, names: Names) -> Issue:
    return MISSING_SOURCE.at(
        document.start,
        f"there is no {document.type} '{document.slug}' in the default language",
        nearest=names.nearest(document.type, document.slug),
    )


def _wrong_locale(document: Document, locales: Locales) -> Issue:
    locale = str(document.locale)
    what = f"'{locale}' in the file's name is none of the site's other languages"
    if locale == locales.default:
        what = f"'{locale}' is the site's default language: its files do not name it"
    others = locales.others
    return FILE_LOCALE.at(document.start, what, allowed=others, nearest=nearest(locale, others))
