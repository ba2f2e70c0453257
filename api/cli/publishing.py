"""What commands that publish share."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.cli.output import errors, tell
from api.compiler import pipeline
from api.errors import ContentError
from api.progress import progress
from api.serving.publisher import Bounds, Publisher
from api.settings import Settings
from api.store.retention import Retention
from api.store.writer import Published
from schemas.discovery import Models


def publish_into(
    store: Path, settings: Settings, models: Models, report: pipeline.Report
) -> Published:
    """Publish the folder into a store, and tell its warnings."""
    content = pipeline.check(settings.content, models, report)
    if content.warnings:
        tell(content.warnings)
    return pipeline.publish_content(
        content, store, models, now(), report, retention=retention(settings)
    )


def retention(settings: Settings) -> Retention:
    """Return how long a store keeps what was published before."""
    return Retention(
        timedelta(days=settings.keep_days),
        settings.keep_revisions,
        timedelta(days=settings.deleted_days),
    )


def publish_folder(settings: Settings, models: Models) -> Published:
    """Publish the folder into its store; tell how far that is, and every Issue.

    Raises ContentError or StoreError.
    """
    with progress(errors) as report:
        try:
            return publish_into(settings.store_file, settings, models, report)
        except ContentError as error:
            tell(error.issues)
            raise


def publisher_of(settings: Settings, models: Models) -> Publisher:
    """Return what publishes the folder in a process of its own."""
    bounds = Bounds(settings.publish_memory * 2**20, settings.publish_seconds)
    return Publisher(lambda: publish_folder(settings, models), bounds)


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)
