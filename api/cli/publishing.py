"""What commands that publish share."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.cli.output import errors, tell
from api.compiler import pipeline
from api.errors import ContentError
from api.progress import progress
from api.serving.publisher import Bounds, Note, Publisher
from api.settings import Settings
from api.store.retention import Retention
from api.store.verify import set_aside, verify
from api.store.writer import Published
from schemas.discovery import Models


def publish_into(
    store: Path,
    settings: Settings,
    models: Models,
    report: pipeline.Report,
    note: Note | None = None,
) -> Published:
    """Publish the folder into a store, and tell its warnings.

    With a `note`, that is told what is wrong with the store, and such a one is set aside: not
    before there is content to be published in its place, since it may be served until then.
    """
    damage = verify(store) if note else None
    if damage and note:
        note(damage.reason)
    content = pipeline.check(settings.content, models, report)
    if content.warnings:
        tell(content.warnings)
    if damage:
        aside = set_aside(store, now())
        errors.print(f"keypoint: {store} was damaged, {damage.reason}: it is now {aside}")
    return pipeline.publish_content(
        content,
        store,
        models,
        now(),
        report,
        retention=retention(settings),
        allow_shrink=settings.allow_shrink,
    )


def retention(settings: Settings) -> Retention:
    """Return how long a store keeps what was published before."""
    return Retention(
        timedelta(days=settings.keep_days),
        settings.keep_revisions,
        timedelta(days=settings.deleted_days),
    )


def publish_folder(settings: Settings, models: Models, note: Note | None) -> Published:
    """Publish the folder into its store; tell how far that is, and every Issue.

    Raises ContentError or StoreError.
    """
    with progress(errors) as report:
        try:
            return publish_into(settings.store_file, settings, models, report, note)
        except ContentError as error:
            tell(error.issues)
            raise


def publisher_of(settings: Settings, models: Models) -> Publisher:
    """Return what publishes the folder in a process of its own."""
    bounds = Bounds(settings.publish_memory * 2**20, settings.publish_seconds)
    return Publisher(lambda note: publish_folder(settings, models, note), bounds)


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)
