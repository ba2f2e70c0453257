"""What commands that publish share."""

from datetime import UTC, datetime
from pathlib import Path

from api.cli.output import tell
from api.compiler import pipeline
from api.settings import Settings
from api.store.writer import Published
from schemas.discovery import Models


def publish_into(
    store: Path, settings: Settings, models: Models, report: pipeline.Report
) -> Published:
    """Publish the folder into a store, and tell its warnings."""
    at = now()
    content = pipeline.check(
        settings.content, models, report, at=at, require_review=settings.require_review
    )
    if content.warnings:
        tell(content.warnings)
    return pipeline.publish_content(content, store, models, at, report)


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)
