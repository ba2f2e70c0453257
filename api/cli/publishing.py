"""What commands that publish share."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.cli.output import errors, tell
from api.compiler import pipeline
from api.compiler.compiling import Report
from api.compiler.tools import Tools, tools_of
from api.errors import ContentError, Issue
from api.progress import progress
from api.serving.agenda import Paths
from api.serving.publisher import Bounds, Note, Publisher
from api.settings import Settings
from api.store.retention import Retention
from api.store.verify import set_aside, verify
from api.store.writer import Published
from schemas.discovery import Models

JOBS = os.cpu_count() or 1
"""How many processes compile: one a core."""


def publish_into(  # noqa: PLR0913, PLR0917 - what is published, into what, and by which rules
    store: Path,
    settings: Settings,
    tools: Tools,
    report: Report,
    note: Note | None = None,
    paths: Paths = None,
) -> Published:
    """Publish the folder into a store, and tell its warnings.

    With a `note`, that is told what is wrong with the store, and such a one is set aside: not
    before there is content to be published in its place, since it may be served until then.
    `paths` are those that have changed since the last publish, where nothing else has.
    """
    damage = verify(store) if note else None
    if damage and note:
        note(damage.reason)
        try:
            pipeline.check(
                settings.content,
                tools.models,
                report,
                require_review=settings.require_review,
                jobs=JOBS,
                tools=tools,
            )
        except ContentError:
            errors.print(f"keypoint: {store} is damaged, {damage.reason}")
            raise
        aside = set_aside(store, now())
        errors.print(f"keypoint: {store} was damaged, {damage.reason}: it is now {aside}")
    return pipeline.publish(
        settings.content,
        store,
        tools.models,
        now(),
        report,
        retention=retention(settings),
        require_review=settings.require_review,
        jobs=JOBS,
        tools=tools,
        warn=_warn,
        allow_shrink=settings.allow_shrink,
        hints=paths,
    )


def _warn(warnings: tuple[Issue, ...]) -> None:
    if warnings:
        tell(warnings)


def retention(settings: Settings) -> Retention:
    """Return how long a store keeps what was published before."""
    return Retention(
        timedelta(days=settings.keep_days),
        settings.keep_revisions,
        timedelta(days=settings.deleted_days),
    )


def publish_folder(settings: Settings, tools: Tools, note: Note | None, paths: Paths) -> Published:
    """Publish the folder into its store; tell how far that is, and every Issue.

    Raises ContentError or StoreError.
    """
    with progress(errors) as report:
        try:
            return publish_into(settings.store_file, settings, tools, report, note, paths)
        except ContentError as error:
            tell(error.issues)
            raise


def publisher_of(settings: Settings, models: Models) -> Publisher:
    """Return what publishes the folder in a process of its own."""
    bounds = Bounds(settings.publish_memory * 2**20, settings.publish_seconds)
    tools = tools_of(models)  # made once, for all publishes
    return Publisher(lambda note, paths: publish_folder(settings, tools, note, paths), bounds)


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)
