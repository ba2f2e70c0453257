"""Instants as the store holds them: RFC 3339 in UTC, so that they sort as text."""

from datetime import UTC, datetime, timedelta

_LAST = datetime.max.replace(microsecond=0, tzinfo=UTC)


def text_of(instant: datetime) -> str:
    """Return an instant as the store holds it, to the second."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def exact_text_of(instant: datetime) -> str:
    """Return an instant to the microsecond; such texts are not compared to those of `text_of`."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def by_the_second(exact: str) -> str:
    """Return, as the store holds it, the first whole second not before an exact instant."""
    instant = min(datetime.fromisoformat(exact), _LAST)
    return text_of(instant + timedelta(seconds=bool(instant.microsecond)))
