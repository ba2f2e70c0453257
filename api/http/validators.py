"""The validators of a representation: entity tags and HTTP dates (RFC 9110, 8.8 and 5.6.7)."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import orjson

TAG_LENGTH = 22
HASH_LENGTH = 32

# A gzip's bytes may differ between processors, so its tag cannot promise them (RFC 9110, 8.8.1).
_TAG_FORMS: Mapping[str, str] = MappingProxyType(
    {"identity": '"{}"', "br": '"{}-br"', "gzip": 'W/"{}-gzip"'}
)

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_LONG_DAY = f"(?:{'|'.join(_DAYS)})"
_SHORT_DAY = f"(?:{'|'.join(day[:3] for day in _DAYS)})"
_MONTH = f"(?P<month>{'|'.join(_MONTHS)})"
_DAY = "(?P<day>[0-9]{2})"
_YEAR = "(?P<year>[0-9]{4})"
_TIME = "(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-5][0-9]|60)"

_IMF_FIXDATE = re.compile(f"{_SHORT_DAY}, {_DAY} {_MONTH} {_YEAR} {_TIME} GMT")
_RFC_850 = re.compile(f"{_LONG_DAY}, {_DAY}-{_MONTH}-(?P<year>[0-9]{{2}}) {_TIME} GMT")
_ASCTIME = re.compile(f"{_SHORT_DAY} {_MONTH} (?P<day>[0-9 ][0-9]) {_TIME} {_YEAR}")


def value_hash(value: Mapping[str, Any]) -> str:
    """Return 32 hex digits that differ where a value does, its own `hash` left out."""
    values = {name: one for name, one in value.items() if name != "hash"}
    return sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()[:HASH_LENGTH]


def entity_tag(identity: bytes) -> str:
    """Return the opaque tag, without quotes, of a representation whose uncoded bytes are given.

    It is the first 22 characters (132 bits) of the base64url (RFC 4648, 5) of their SHA-256.
    """
    return urlsafe_b64encode(sha256(identity).digest())[:TAG_LENGTH].decode("ascii")


def coded_tag(tag: str, coding: str) -> str:
    """Return the ETag field value of one coding of a representation (RFC 9110, 8.8.3).

    `tag` is what `entity_tag` gave. The tags of identity and br are strong, that of gzip is weak.

    Raises:
        KeyError: `coding` is not one of identity, br and gzip.
    """
    return _TAG_FORMS[coding].format(tag)


def http_date(instant: datetime) -> str:
    """Return an instant as an IMF-fixdate, to the second (RFC 9110, 5.6.7).

    Raises:
        ValueError: `instant` has no time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an HTTP date needs an instant with a time zone")
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def parse_http_date(text: str, *, now: datetime | None = None) -> datetime | None:
    """Return the instant, in UTC, that an HTTP date tells; None when `text` is not one.

    IMF-fixdate and the two obsolete forms, of RFC 850 and of asctime, are read (RFC 9110, 5.6.7).
    The name of the day is not checked against the date. `now` is what the two-digit year of
    RFC 850 is read by: the present where it is not given.
    """
    date = text.strip(" \t")
    found = _IMF_FIXDATE.fullmatch(date) or _RFC_850.fullmatch(date) or _ASCTIME.fullmatch(date)
    if found is None:
        return None
    year, day, hour, minute, second = (
        int(found[part]) for part in ("year", "day", "hour", "minute", "second")
    )
    month = _MONTHS.index(found["month"]) + 1
    if found.re is _RFC_850:
        year = _full_year(year, (month, day, hour, minute, second), now or datetime.now(UTC))
    try:
        # The grammar allows second 60, a leap second, which a datetime cannot hold.
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None


def _full_year(short: int, rest: tuple[int, ...], now: datetime) -> int:
    """Return the year that two digits mean, which is never more than 50 years after `now`."""
    present = tuple(now.utctimetuple()[:6])
    year = present[0] // 100 * 100 + short
    return year - 100 if (year - 50, *rest) > present else year
