"""Conditional requests: whether a client's copy still holds (RFC 9110, 13)."""

import re
from collections.abc import Iterator
from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple

from api.http.validators import parse_http_date

_OWS = " \t"
_WEAK = "W/"

# Entity tags may hold commas between their quotes; a quote without its twin is plain garbage.
_MEMBER = re.compile(r'(?:"[^"]*"|[^,])+')


class Outcome(Enum):
    """What a request's conditions ask for: the method itself, status 304, or status 412."""

    PROCEED = auto()
    NOT_MODIFIED = auto()
    PRECONDITION_FAILED = auto()


class Conditions(NamedTuple):
    """The precondition fields of a request (RFC 9110, 13.1), each None where it was not sent.

    The lines of a field that was sent more than once are joined with commas.
    """

    if_match: str | None = None
    if_none_match: str | None = None
    if_modified_since: str | None = None
    if_unmodified_since: str | None = None


def evaluate(conditions: Conditions, etag: str, last_modified: datetime | None) -> Outcome:
    """Decide a GET or HEAD of an existing representation, in the order of RFC 9110, 13.2.2.

    `etag` is the representation's ETag field value; `last_modified` has a time zone, and is None
    where no date is known: conditions on dates are ignored then, as bad dates are.
    """
    if _precondition_fails(conditions, etag, last_modified):
        return Outcome.PRECONDITION_FAILED
    if conditions.if_none_match is not None:
        unmodified = _matches_weakly(conditions.if_none_match, etag)
    else:
        unmodified = _is_unmodified_since(conditions.if_modified_since, last_modified)
    return Outcome.NOT_MODIFIED if unmodified else Outcome.PROCEED


def _precondition_fails(conditions: Conditions, etag: str, last_modified: datetime | None) -> bool:
    if conditions.if_match is not None:
        return not _matches_strongly(conditions.if_match, etag)
    return _is_modified_since(conditions.if_unmodified_since, last_modified)


def _matches_strongly(field: str, etag: str) -> bool:
    """Tell whether If-Match holds: any representation for `*`, else strong comparison (8.8.3.2)."""
    if field.strip(_OWS) == "*":
        return True
    return not etag.startswith(_WEAK) and etag in _members(field)


def _matches_weakly(field: str, etag: str) -> bool:
    """Tell whether If-None-Match names the representation: `*`, or weak comparison (8.8.3.2)."""
    # What a client that holds the current copy sends is decided without parsing.
    if field == etag or field.strip(_OWS) == "*":
        return True
    opaque = etag.removeprefix(_WEAK)
    return any(member.removeprefix(_WEAK) == opaque for member in _members(field))


def _members(field: str) -> Iterator[str]:
    return (member.strip(_OWS) for member in _MEMBER.findall(field))


def _is_modified_since(field: str | None, last_modified: datetime | None) -> bool:
    if field is None or last_modified is None:
        return False
    since = parse_http_date(field)
    return since is not None and last_modified.replace(microsecond=0) > since


def _is_unmodified_since(field: str | None, last_modified: datetime | None) -> bool:
    if field is None or last_modified is None:
        return False
    since = parse_http_date(field)
    return since is not None and last_modified.replace(microsecond=0) <= since
