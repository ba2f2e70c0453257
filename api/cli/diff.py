"""`keypoint diff`: what two states of the content differ in."""

import sqlite3
import sys
from contextlib import ExitStack, closing
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, NamedTuple

import typer

from api.cli.options import SchemasOption, StoreOption, models_of, settings_of
from api.cli.output import errors, output, stop, tell
from api.cli.publishing import JOBS, now
from api.compiler import pipeline
from api.diff import github, json_report, text
from api.diff.compare import compare
from api.diff.difference import Difference
from api.errors import DANGLING_ANCHOR, DANGLING_PATH, ContentError, Issue
from api.progress import progress
from api.settings import Settings
from api.store.changes import Pinned, find
from api.store.database import open_readable
from schemas.discovery import Models

_LEADS_NOWHERE = {DANGLING_ANCHOR, DANGLING_PATH}


class DiffFormat(StrEnum):
    """How `keypoint diff` tells what differs."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


_ONE = "A revision's number or name, or a content folder."
OldArgument = Annotated[
    str | None, typer.Argument(metavar="OLD", help=f"{_ONE} Default: the current revision.")
]
NewArgument = Annotated[
    str | None, typer.Argument(metavar="NEW", help=f"{_ONE} Default: the content folder.")
]
FormatOption = Annotated[
    DiffFormat,
    typer.Option("--format", help="text for people, json for programs, github: Markdown."),
]


def diff(
    old: OldArgument = None,
    new: NewArgument = None,
    store: StoreOption = None,
    schemas: SchemasOption = None,
    form: FormatOption = DiffFormat.TEXT,
) -> None:
    """Say what differs between two revisions or folders; where one is given, it is NEW.

    Differences are no failure: the command exits with 1 where one of the two cannot be read, or
    the folder NEW not be published.
    """
    if new is None:
        old, new = None, old
    folder = Path(new) if new and Path(new).is_dir() else None
    settings = settings_of(content=folder, store=store, schemas=schemas)
    with ExitStack() as opened:
        sides = _Sides(settings, models_of(settings), opened)
        try:
            before = sides.side(old)
        except ContentError as error:
            tell(error.issues)
            stop(f"{old}: what has errors cannot be compared")
        try:
            after = sides.side(new or str(settings.content))
        except ContentError as error:
            stopping = [issue for issue in error.issues if issue.is_error]
            difference = Difference(issues=stopping, publishable=False)
            _print(difference, before.said, str(new or settings.content), form)
            raise typer.Exit(1) from None
        difference = compare(before.pinned, after.pinned)
        nowhere = [issue for issue in after.warnings if issue.kind in _LEADS_NOWHERE]
        _print(replace(difference, issues=nowhere), before.said, after.said, form)


class _Side(NamedTuple):
    """A state of the content, what it is called, and the warnings of a folder."""

    pinned: Pinned
    said: str
    warnings: tuple[Issue, ...] = ()


class _Sides:
    """Opens states of the content; they stay open as long as `opened` does."""

    def __init__(self, settings: Settings, models: Models, opened: ExitStack) -> None:
        self._settings = settings
        self._models = models
        self._opened = opened
        self._store: sqlite3.Connection | None = None

    def side(self, what: str | None) -> _Side:
        """Open a folder or a revision, None: the current one; what is neither ends the command.

        Raises ContentError for a folder that cannot be published, and StoreError.
        """
        if what and Path(what).is_dir():
            return self._folder(Path(what))
        file = self._settings.store_file
        if self._store is None:
            self._store = self._open(file)
        revision = find(self._store, what)
        if revision is None and what:
            stop(f"{what}: there is no such folder, nor such a revision in {file}")
        if revision is None:
            stop(f"{file}: the store has no revision")
        said = f"revision {revision.number} ({revision.name})"
        return _Side(Pinned(self._store, revision), said)

    def _folder(self, folder: Path) -> _Side:
        file = Path(self._opened.enter_context(TemporaryDirectory())) / "store.db"
        with progress(errors) as report:
            warnings: list[Issue] = []
            done = pipeline.publish(
                folder, file, self._models, now(), report, jobs=JOBS, warn=warnings.extend
            )
        return _Side(Pinned(self._open(file), done.revision), str(folder), tuple(warnings))

    def _open(self, file: Path) -> sqlite3.Connection:
        return self._opened.enter_context(closing(open_readable(file)))


def _print(difference: Difference, old: str, new: str, form: DiffFormat) -> None:
    match form:
        case DiffFormat.JSON:
            told = json_report.render(difference, old, new, Path.cwd())
            sys.stdout.buffer.write(told.encode())
        case DiffFormat.GITHUB:
            told = github.render(difference, old, new)
            sys.stdout.buffer.write(told.encode(errors="backslashreplace"))
        case DiffFormat.TEXT:
            if difference.issues:
                tell(difference.issues)
            if not difference.publishable:
                stop(f"{new}: what has errors cannot be compared")
            for line in text.render(difference, old, new):
                output.print(line)
