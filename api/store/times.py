"""Instants as the store holds them: RFC 3339 in UTC, so that they sort as text."""

from datetime import UTC, datetime


def text_of(instant: datetime) -> str:
    """Return an instant as the store holds it, to the second."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
