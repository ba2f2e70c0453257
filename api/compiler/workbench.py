"""Compiles one unit at a time: from its files to its rows, or to what is wrong with it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from api.compiler.advice import advise
from api.compiler.advice_links import LinkRules
from api.compiler.anchors import lacking_keys, repeated_keys
from api.compiler.catalogue import Catalogue, Index, Lookups
from api.compiler.edition import Edition
from api.compiler.expand import Expander
from api.compiler.faces import faces
from api.compiler.lifecycle import Face as Life
from api.compiler.lifecycle import Standing, next_change, redirect_rows
from api.compiler.lifecycle import face as life_of
from api.compiler.links import Suggestions, dangling
from api.compiler.media import examined, media_unit
from api.compiler.noted import Noted, note
from api.compiler.paths import Locales, PlacedEntry
from api.compiler.pointers import Pointer, pointers
from api.compiler.representations import entry_rows
from api.compiler.review import judge, next_changes
from api.compiler.targets import ContentFiles
from api.compiler.text_links import misdirected
from api.compiler.tools import Tools
from api.compiler.units import NO_LOCALES, Names, ReadUnit, UnitFiles, read_unit
from api.errors import ContentError, Issue
from api.store.rows import StoredRow, stored
from api.store.times import exact_text_of

Task = UnitFiles | str
"""What is compiled at a time: an entry's files, or a media file, by its path in the folder."""


@dataclass(slots=True)
class Site:
    """What compiling a unit needs to know of the rest of the folder.

    `locales` is None where the site's own file is wrong. `is_settled` tells of a key of the
    catalogue whether no answer means that there is none; `broken` has the type and slug or id of
    entries with Issues of their own: what leads there is right once they are. Where something has
    `failed`, nothing is published, and no rows are wanted.
    """

    edition: Edition
    files: ContentFiles
    names: Names
    locales: Locales | None
    catalogue: Catalogue
    is_settled: Callable[[str], bool]
    broken: Collection[tuple[str, str]] = ()
    failed: bool = False


class Compiled(NamedTuple):
    """What became of a unit.

    `note` is what the others and the next publish are to know of it, `entries` counts those in the
    default language. `needs` are the keys that it asked the catalogue for, `open` those that had no
    answer yet: then it has to be compiled again. `rows` are empty where it has an error. `named`
    are the media files that its texts name. `due` is the instant from which on it is another one.
    `life` is None where it is public, and tells of no former address and of nothing that is read
    instead.
    """

    note: Noted
    entries: int = 0
    issues: tuple[Issue, ...] = ()
    broken: frozenset[tuple[str, str]] = frozenset()
    needs: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    rows: tuple[StoredRow, ...] = ()
    named: frozenset[str] = frozenset()
    due: str | None = None
    life: Life | None = None

    @property
    def unit(self) -> str:
        """Its name."""
        return self.note.unit

    @property
    def is_public(self) -> bool:
        """Whether readers have it, if it has no error."""
        return self.life is None or self.life.standing is Standing.PUBLIC

    @property
    def is_gone(self) -> bool:
        """Whether readers are told that it is no more."""
        gone = {Standing.WITHDRAWN, Standing.EXPIRED}
        return self.life is not None and self.life.standing in gone


@dataclass(slots=True)
class Workbench:
    """Compiles the units of a site; one a process."""

    tools: Tools
    site: Site
    suggestions: Suggestions = field(default_factory=Suggestions)
    text_suggestions: Suggestions = field(default_factory=Suggestions)
    rules: LinkRules = field(init=False)

    def __post_init__(self) -> None:
        locales = self.site.locales or NO_LOCALES
        self.rules = LinkRules(self.tools.models, locales.all)

    def work(self, task: Task) -> Compiled:
        """Compile a unit."""
        return self._compile(task) if isinstance(task, UnitFiles) else self._examine(task)

    def _compile(self, files: UnitFiles) -> Compiled:
        site, tools = self.site, self.tools
        read = read_unit(site.edition.root, files, tools.models, site.locales, site.names)
        life = self._life(read)
        public = life is None or life.standing is Standing.PUBLIC
        own = tuple(faces(files.name, read.entries, tools.views, public=public))
        lookups = Lookups(site.catalogue, own, site.is_settled)
        indexes = self._indexes(read, lookups)
        if life and life.replacement:
            kind, name = life.replacement.name
            indexes[0].find([kind], name)
        found = list(pointers(read.documents, read.entries))
        issues = [*read.issues, *self._judged(read, found, indexes)]
        # A review counts the files that a text shows; those of what is hidden are not published.
        reviewed = indexes if public else []
        for index in reviewed:
            edition = site.edition
            issues += judge(index, site.files, edition.at, edition.require_review)
        named = self._media(found)
        shown = [indexes[0].media(within) for within in named] if public else []
        rows: tuple[StoredRow, ...] = ()
        # A media file that cannot be read has an Issue of its own.
        if (
            public
            and all(shown)
            and not site.failed
            and not lookups.open
            and not any(issue.is_error for issue in issues)
        ):
            try:
                rows = (*self._rows(indexes), *self._redirects(life))
            except ContentError as error:
                issues += error.issues
        default = indexes[0].locale
        told = life if life and life.has_history else None
        return Compiled(
            note=note(files.name, own, life=told),
            entries=sum(face.language == default for face in own),
            issues=tuple(read.issues if lookups.open else issues),
            broken=frozenset(read.broken),
            needs=frozenset(lookups.needs),
            open=frozenset(lookups.open),
            rows=rows,
            named=frozenset(named),
            life=told,
            due=self._due(read, reviewed),
        )

    def _examine(self, within: str) -> Compiled:
        unit = media_unit(within)
        try:
            face, row, issues = examined(self.site.files.media[within])
        except ContentError as error:
            return Compiled(note(unit), issues=error.issues)
        return Compiled(note(unit, media=face), issues=tuple(issues), rows=(stored(row),))

    def _indexes(self, read: ReadUnit, lookups: Lookups) -> list[Index]:
        """Return what the entries of each language may name, those of the default one first."""
        locales = self.site.locales or NO_LOCALES
        own: dict[str, list[PlacedEntry]] = {
            locale: [] for locale in (locales.default, *locales.others)
        }
        for entry in read.entries:
            own[entry.language].append(entry)
        source = Index(locales.default, lookups, None, own[locales.default])
        others = (
            Index(locale, lookups, source, own[locale]) for locale in locales.others if own[locale]
        )
        return [source, *others]

    def _life(self, read: ReadUnit) -> Life | None:
        if not read.valid:
            return None
        document, value, _ = read.valid[0]
        edition = self.site.edition
        return life_of(document, value, edition.at, drafts=edition.drafts)

    def _due(self, read: ReadUnit, reviewed: list[Index]) -> str | None:
        edition = self.site.edition
        changes = [
            change
            for index in reviewed
            for change in next_changes(index, self.site.files, edition.at)
        ]
        if read.valid:
            own = next_change(read.valid[0].value, edition.at, drafts=edition.drafts)
            changes += [own] if own else []
        return exact_text_of(min(changes)) if changes else None

    @staticmethod
    def _redirects(life: Life | None) -> list[StoredRow]:
        return [stored(row) for row in redirect_rows(life)] if life else []

    def _media(self, found: list[Pointer]) -> list[str]:
        files = self.site.files
        paths = (files.path(pointer.target.address, pointer.file) for pointer in found)
        return [path for path in paths if path and path in files.media]

    def _judged(self, read: ReadUnit, found: list[Pointer], indexes: list[Index]) -> list[Issue]:
        site, models = self.site, self.tools.models
        issues = [
            *dangling(read.documents, models, indexes[0], site.broken, self.suggestions),
            *misdirected(
                found,
                site.files,
                models,
                indexes,
                site.broken,
                self.text_suggestions,
            ),
            *repeated_keys(read.entries),
            *lacking_keys(read.entries),
        ]
        for index in indexes:
            for entry in index.entries:
                if entry.parent is None:
                    issues += advise(entry, index, self.rules, site.broken)
        return issues

    def _rows(self, indexes: list[Index]) -> list[StoredRow]:
        return [
            stored(row)
            for index in indexes
            for rows in entry_rows(
                Expander(self.tools.plans, index, self.site.files, self.site.edition.at),
                self.tools.proof,
            )
            for row in rows
        ]
