"""One compile of a folder: which units are compiled, in which order, and what becomes of them."""

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from api.compiler import pool
from api.compiler.catalogue import Catalogue, Face, Found, Nothing, history_key, media_key, type_of
from api.compiler.earlier import Remembered, shown
from api.compiler.edition import Edition
from api.compiler.hinted import hinted
from api.compiler.histories import Histories
from api.compiler.levels import levels, owner
from api.compiler.lifecycle import Standing
from api.compiler.media import media_unit, unused
from api.compiler.noted import Noted, faces_in, life_in
from api.compiler.paths import Locales
from api.compiler.scan import Changes, Scan, compare, scan
from api.compiler.tools import Tools
from api.compiler.units import NO_LOCALES, Names, UnitFiles, told_locales
from api.compiler.workbench import Compiled, Site, Task, Workbench
from api.errors import UNCOMPILABLE, UNREADABLE_FILE, ContentError, Issue
from api.store.memory import Memory
from api.store.rows import Memo, UnitRows, stored
from api.store.writer import Publishing
from schemas.collection import SingleFile

Report = Callable[[str, int, int], None]
"""Told the stage, how many of its steps are done, and how many there are (0: not known)."""


@dataclass(frozen=True, slots=True)
class Way:
    """How to compile: `jobs` child processes work on it; without any, this one does.

    `hints` are the paths of all files that may have changed since the last publish; None: any may.
    """

    jobs: int
    report: Report
    hints: Collection[str] | None = None


class Last(NamedTuple):
    """The last publish: the store that remembers it, and its languages."""

    store: Path
    memory: Memory
    locales: Locales


class Outcome(NamedTuple):
    """What a compile found: the languages, how many entries it compiled, and the warnings.

    `ended` are the units that the last publish had and the folder has no more. `is_whole` tells
    that all units were compiled, whatever the last publish had.
    """

    locales: Locales
    entries: int
    warnings: tuple[Issue, ...]
    ended: Sequence[str]
    is_whole: bool


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from looking through all that is kept, again and again.

    What a unit leaves is freed by its reference counts.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_uncollected()
def compile_folder(
    edition: Edition,
    tools: Tools,
    way: Way,
    last: Last | None,
    making: Publishing | None,
) -> Outcome:
    """Compile what has changed since the last publish, and what shows something of that.

    Without `last` that is everything. The rows of each unit are put into the publish in the making,
    where there is one, as soon as they are there.
    Raises ContentError with all Issues, warnings too, sorted, when one is an error.
    """
    found, changes = _seen(edition, tools, way, last)
    if last and changes and _site_of(tools) not in changes.changed.union(changes.ended):
        locales: Locales | None = last.locales
    else:
        locales = _locales(edition, tools, way, found)
    if last and _differ(locales, last.locales):
        last = changes = None  # every address and every list depends on the languages
    compiling = _Compiling(edition, tools, way, found, locales, last, making)
    if making and not last:
        making.memory.clear()
    compiling.run(changes or Changes(frozenset(found.units), ()))
    return compiling.outcome(changes.ended if changes else ())


def _differ(locales: Locales | None, last: Locales) -> bool:
    """Tell whether names are another language's than at the last publish.

    Where the site's file is wrong they are those of a site without one.
    """
    if locales:
        return locales != last
    return NO_LOCALES.default != last.default


def _seen(
    edition: Edition, tools: Tools, way: Way, last: Last | None
) -> tuple[Scan, Changes | None]:
    """Return what the folder has, and what of it has changed, None where all is compiled."""
    if last and way.hints is not None:
        seen = hinted(edition.root, last.store, last.memory, way.hints, edition.at)
        if seen and _site_of(tools) not in seen[1].changed:
            return seen
    found = scan(edition.root, tools.models)
    return found, compare(found, last.memory, edition.at) if last else None


def _site_of(tools: Tools) -> str | None:
    """Return the unit of the site, where there is such a type."""
    for name, model in tools.models.items():
        if isinstance(model.collection, SingleFile) and model.collection.role == "site":
            return f"{name}:{model.collection.name}"
    return None


def _locales(edition: Edition, tools: Tools, way: Way, found: Scan) -> Locales | None:
    """Return the site's languages; None where its file is wrong."""
    site = found.units.get(_site_of(tools) or "")
    if site is None:
        return NO_LOCALES
    work = partial(told_locales, edition.root, models=tools.models)
    (locales,) = pool.run(work, [site], way.jobs, lambda *_: None)
    return locales


class _Compiling:
    """The state of one compile."""

    def __init__(  # noqa: PLR0913, PLR0917 - what compile_folder knows and found out
        self,
        edition: Edition,
        tools: Tools,
        way: Way,
        found: Scan,
        locales: Locales | None,
        last: Last | None,
        making: Publishing | None,
    ) -> None:
        self._edition = edition
        self._tools = tools
        self._way = way
        self._scan = found
        self._locales = locales
        self._last = last
        self._making = making
        self._catalogue = Catalogue(Nothing())
        self._issues: list[Issue] = []
        self._failed = False
        self._tell(found.issues)
        self._broken: set[tuple[str, str]] = set()
        self._met: set[str] = set()
        self._open: dict[str, Compiled] = {}
        """The units that need what was not known yet."""
        self._differing: set[str] = set()
        """The keys that find something else than at the last publish."""
        self._changed: frozenset[str] = frozenset()
        self._late: set[str] = set()
        """The units that were changed after others were compiled with what they offered before."""
        self._named: set[str] = set()
        self._with_history: dict[str, Compiled] = {}
        self._entries = 0
        self._done = 0
        self._total = 0

    def run(self, changes: Changes) -> None:
        """Compile the changed units, then those that depend on what was not known or is new."""
        self._changed = changed = changes.changed
        if self._last:
            self._catalogue = Catalogue(Remembered(self._last.store, changed.union(changes.ended)))
            for unit in changes.ended:
                self._differing |= self._before(unit).keys()
        entries = self._units(changed)
        self._total = len(entries)
        pending = {unit.type for unit in entries}
        for level in levels(self._tools.models):
            self._wave([unit for unit in entries if unit.type in level], pending)
            pending -= level
        self._wave(self._media(changed), set())
        dependent = set(self._open) | (self._dependent() - changed)
        again = self._units(dependent)
        self._total += len(dependent - changed)
        self._done -= len(self._open)
        self._wave(again, None)
        self._settle(changed.union(changes.ended))

    def outcome(self, ended: Sequence[str]) -> Outcome:
        """Return what the run found; raises ContentError when that has errors."""
        is_whole = self._last is None
        if is_whole and not self._failed:
            self._tell(unused(self._scan.media, self._named))
        told = tuple(sorted(dict.fromkeys(self._issues), key=lambda issue: issue.order))
        if self._failed:
            raise ContentError(*told)
        return Outcome(self._locales or NO_LOCALES, self._entries, told, ended, is_whole)

    def _tell(self, issues: Iterable[Issue]) -> None:
        for issue in issues:
            self._issues.append(issue)
            self._failed = self._failed or issue.is_error

    def _units(self, names: Collection[str]) -> list[UnitFiles]:
        """Return units by their names, media left out."""
        units = self._scan.units
        return [units[name] for name in sorted(names) if name in units]

    def _media(self, changed: frozenset[str]) -> list[str]:
        """Return the media files that have to be read: some unit shows them."""
        wanted = {key for unit in self._open.values() for key in unit.open}
        if self._last:
            # What a changed unit showed, it perhaps shows no more: it has asked, if it does.
            keys = (media_key(name) for name in self._scan.media if media_unit(name) in changed)
            wanted |= {
                key for key in keys if not changed.issuperset(self._last.memory.needing(key))
            }
        return [name for name in self._scan.media if media_key(name) in wanted]

    def _dependent(self) -> set[str]:
        """Return the units that asked for what is otherwise now."""
        if self._last is None:
            return set()
        return {unit for key in self._differing for unit in self._last.memory.needing(key)}

    def _wave(self, tasks: Sequence[Task], pending: Collection[str] | None) -> None:
        """Compile some units; nothing is `pending` any more in the last wave."""
        if not tasks:
            return
        unsettled = {
            name
            for name in self._tools.models
            if owner(self._tools.models, name) in (pending or ())
        }

        def is_settled(key: str) -> bool:
            named = type_of(key)
            return pending is None or (named is not None and named not in unsettled)

        site = Site(
            edition=self._edition,
            files=self._scan.files,
            names=Names(self._scan.units),
            locales=self._locales,
            catalogue=self._catalogue,
            is_settled=is_settled,
            broken=frozenset(self._broken),
            failed=self._failed,
        )
        bench = Workbench(self._tools, site)
        for compiled in pool.run(bench.work, tasks, self._way.jobs, self._killed):
            self._take(compiled)

    def _killed(self, task: Task, how: str) -> Compiled:
        if isinstance(task, UnitFiles):
            issue = UNCOMPILABLE.at(task.files[0].start, how)
            broken = frozenset({(task.type, task.slug)})
            return Compiled(Noted(task.name), issues=(issue,), broken=broken)
        issue = UNCOMPILABLE.at(self._scan.media[task].start, how)
        return Compiled(Noted(media_unit(task)), issues=(issue,))

    def _take(self, compiled: Compiled) -> None:
        if compiled.unit in self._scan.units:
            self._done += 1
            self._way.report("compile", self._done, self._total)
        if compiled.unit not in self._met:
            self._meet(compiled)
        self._tell(compiled.issues)
        self._named |= compiled.named
        if compiled.open:
            self._open[compiled.unit] = compiled
            return
        if self._is_torn(compiled):
            what = "the file was changed while it was published: publish again"
            start = self._scan.units[compiled.unit].files[0].start
            self._tell([UNREADABLE_FILE.at(start, what)])
        if compiled.life:
            self._with_history[compiled.unit] = compiled
        if not compiled.is_gone:
            self._put(compiled)

    def _is_torn(self, compiled: Compiled) -> bool:
        """Tell whether a unit's files are not those any more that others were compiled with.

        A public one without rows shows a media file that nobody knew it would.
        """
        if compiled.unit not in self._scan.units:
            return False
        before = self._open.get(compiled.unit)
        return (
            compiled.unit in self._late
            or (before is not None and before.note != compiled.note)
            or (compiled.is_public and not compiled.rows and not self._failed)
        )

    def _put(self, compiled: Compiled) -> None:
        if self._making and not self._failed:
            unit, keys, data = compiled.note
            offers = (*keys, history_key(unit)) if compiled.life else keys
            memo = Memo(data, list(self._files_of(unit)), offers, compiled.needs, compiled.due)
            self._making.put(UnitRows(unit, compiled.rows, memo))
            if compiled.life and compiled.life.standing is Standing.SCHEDULED:
                self._making.embargo(compiled.life.units)

    def _settle(self, changed: Collection[str]) -> None:
        """Decide what is at the addresses of what moved or went: that takes all of them."""
        histories = {unit: one.life for unit, one in self._with_history.items() if one.life}
        if self._last:
            memory = self._last.memory
            start = history_key("")
            for unit in [key.removeprefix(start) for key in memory.keys(start)]:
                if unit not in changed and (life := life_in(memory.memo(unit))):
                    histories.setdefault(unit, life)
        found = Histories(histories, self._catalogue, self._default)
        if self._failed:
            self._issues = [found.moved(issue) for issue in self._issues]
        self._tell(found.issues)
        for unit, rows in found.gone():
            told = tuple(stored(row) for row in rows)
            if compiled := self._with_history.get(unit):
                self._put(compiled._replace(rows=told))
            elif self._making and not self._failed:
                self._making.put(UnitRows(unit, told))

    def _meet(self, compiled: Compiled) -> None:
        """Let the other units know of one."""
        self._met.add(compiled.unit)
        self._broken |= compiled.broken
        self._entries += compiled.entries
        if self._last:
            before = self._before(compiled.unit)
            after = faces_in(compiled.unit, compiled.note.data)
            # A link may name any of the unit's files, in whichever language it has it.
            lost = self._has_lost_file(compiled.unit)
            differing = {
                key
                for key in before.keys() | after.keys()
                if lost or shown(before.get(key)) != shown(after.get(key))
            }
            self._differing |= differing
            if differing and compiled.unit not in self._changed:
                self._late.add(compiled.unit)
        if taken := self._catalogue.add(compiled.note):
            self._tell(taken)
            faces = faces_in(compiled.unit, compiled.note.data).values()
            self._broken |= {
                (face.type, name) for face in faces if isinstance(face, Face) for name in face.names
            }

    @property
    def _default(self) -> str:
        return (self._locales or NO_LOCALES).default

    def _before(self, unit: str) -> dict[str, Found]:
        """Return what a unit offered at the last publish."""
        return faces_in(unit, self._last.memory.memo(unit)) if self._last else {}

    def _has_lost_file(self, unit: str) -> bool:
        """Tell whether a file of a unit at the last publish is not there any more."""
        there = {path for path, _ in self._files_of(unit)}
        return self._last is not None and not there.issuperset(self._last.memory.files_of(unit))

    def _files_of(self, unit: str) -> Iterable[tuple[str, bytes]]:
        files = self._scan.units.get(unit)
        paths = [file.within for file in files.files] if files else [unit.partition(":")[2]]
        return ((path, self._scan.signatures.get(path, b"")) for path in paths)
