"""What commands that publish share."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.cli.output import tell
from api.compiler import pipeline
from api.compiler.compiling import Report
from api.errors import Issue
from api.settings import Settings
from api.store.retention import Retention
from api.store.writer import Published
from schemas.discovery import Models

JOBS = os.cpu_count() or 1
"""How many processes compile: one a core."""


def publish_into(store: Path, settings: Settings, models: Models, report: Report) -> Published:
    """Publish the folder into a store, and tell its warnings."""
    return pipeline.publish(
        settings.content,
        store,
        models,
        now(),
        report,
        retention=retention(settings),
        jobs=JOBS,
        warn=_warn,
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


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)
