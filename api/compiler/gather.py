"""Files become valid entries: the source texts first, then the translations laid over them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import NamedTuple

from api.compiler.links import SUGGESTED
from api.compiler.paths import Locales, ValidEntry
from api.compiler.translations import lay_over, shared_fields, stale
from api.compiler.validate import validate
from api.errors import FILE_LOCALE, MISSING_SOURCE, ContentError, Issue, Place, nearest
from api.source.document import Document, parse_document
from api.source.tree import ContentFile, read
from schemas.collection import SingleFile
from schemas.discovery import Models
from schemas.entry import Entry

DEFAULT_LOCALE = "en"

_Name = tuple[str, str]
"""The type and the slug of an entry."""


class Gathered(NamedTuple):
    """What the files of a folder hold: every Document that could be read, and the valid entries.

    `sources` are those in the default language. `locales` are the site's languages, those of a
    site without any where its own file is wrong.
    """

    documents: list[Document]
    sources: list[ValidEntry]
    translations: list[ValidEntry]
    locales: Locales
    issues: list[Issue]


def gather(
    root: Path, files: Sequence[ContentFile], models: Models, report: Callable[[int], None]
) -> Gathered:
    """Read all files of a folder; `report` is told after each one how many have been read."""
    names = {(file.type, file.slug) for file in files if not file.locale}
    gathering = _Gathering(root, models, names)
    for done, file in enumerate(files, 1):
        gathering.read(file)
        report(done)
    locales = gathering.locales()
    if locales:
        gathering.translate(locales)
    return Gathered(
        gathering.documents,
        list(gathering.sources.values()),
        gathering.translations,
        locales or Locales(DEFAULT_LOCALE, (DEFAULT_LOCALE,)),
        gathering.issues,
    )


class _Gathering:
    """The state of one gathering; `names` are those of the files in the default language."""

    def __init__(self, root: Path, models: Models, names: Collection[_Name]) -> None:
        self.documents: list[Document] = []
        self.sources: dict[_Name, ValidEntry] = {}
        self.translations: list[ValidEntry] = []
        self.issues: list[Issue] = []
        self._root = root
        self._models = models
        self._names = names
        self._originals: dict[_Name, Document] = {}
        self._faulty: set[Place] = set()
        self._suggested = 0
        self._slugs: dict[str, list[str]] = defaultdict(list)
        for type_name, slug in sorted(names):
            self._slugs[type_name].append(slug)

    def read(self, file: ContentFile) -> None:
        """Read a file, and validate it where it is no translation."""
        model = self._models[file.type]
        try:
            document, found = parse_document(file, read(self._root, file), model)
        except ContentError as error:
            self.issues += error.issues
            return
        self.issues += found
        if found:
            self._faulty.add(file.start)
        if document is None:
            return
        self.documents.append(document)
        if document.locale is None:
            name = document.type, document.slug
            self._originals[name] = document
            value, wrong = validate(document, model)
            self.issues += wrong
            if isinstance(value, Entry) and not found:
                self.sources[name] = ValidEntry(document, value)

    def locales(self) -> Locales | None:
        """Return the site's languages, None where its file is wrong."""
        for name, model in self._models.items():
            declared = model.collection
            if not isinstance(declared, SingleFile) or declared.role != "site":
                continue
            if site := self.sources.get((name, declared.name)):
                default = getattr(site.value, "default_locale", DEFAULT_LOCALE)
                return Locales(default, tuple(getattr(site.value, "locales", (default,))))
            if (name, declared.name) in self._names:
                return None
        return Locales(DEFAULT_LOCALE, (DEFAULT_LOCALE,))

    def translate(self, locales: Locales) -> None:
        """Lay the translations over their source texts."""
        told = frozenset(self.issues)
        for document in self.documents:
            if document.locale is None:
                continue
            name = document.type, document.slug
            if document.locale not in locales.others:
                self.issues.append(_wrong_locale(document, locales))
            elif name not in self._names:
                self.issues.append(self._without_source(document))
            elif source := self._originals.get(name):
                self._lay_over(source, document, told)

    def _lay_over(self, source: Document, translation: Document, told: Collection[Issue]) -> None:
        model = self._models[source.type]
        self.issues += shared_fields(translation, model)
        document, fallback = lay_over(source, translation, model)
        value, wrong = validate(document, model)
        self.issues += (issue for issue in wrong if issue not in told)
        original = self.sources.get((source.type, source.slug))
        if original and isinstance(value, Entry) and document.start not in self._faulty:
            self.issues += stale(original, ValidEntry(translation, value))
            self.translations.append(ValidEntry(document, value, fallback))

    def _without_source(self, document: Document) -> Issue:
        self._suggested += 1
        slugs = self._slugs[document.type] if self._suggested <= SUGGESTED else ()
        return MISSING_SOURCE.at(
            document.start,
            f"there is no {document.type} '{document.slug}' in the default language",
            nearest=nearest(document.slug, slugs),
        )


def _wrong_locale(document: Document, locales: Locales) -> Issue:
    locale = str(document.locale)
    what = f"'{locale}' in the file's name is none of the site's other languages"
    if locale == locales.default:
        what = f"'{locale}' is the site's default language: its files do not name it"
    others = locales.others
    return FILE_LOCALE.at(document.start, what, allowed=others, nearest=nearest(locale, others))
