"""What commands that publish share."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.cli.output import tell
from api.compiler import pipeline
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


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)
