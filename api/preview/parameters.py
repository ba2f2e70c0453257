"""The preview's own parameters, `at` and `source`, apart from those of the operations."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import unquote_plus

from api.errors import INVALID_PARAMETER, Fault, ProblemError

AT = "at"
SOURCE = "source"
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)

_SAID = MappingProxyType(
    {
        AT: "'at' (an instant such as 2026-10-13T09:00:00Z; a + is written as %2B)",
        SOURCE: "'source' (it takes 1)",
    }
)


class Asked(NamedTuple):
    """What a query asks of the preview, and the rest of it, for the operation.

    `at` is None for the present instant.
    """

    rest: bytes
    at: datetime | None
    source: bool


def split(query: bytes) -> Asked:
    """Take the preview's parameters out of a query.

    Raises ProblemError with a Fault for each one that is wrong or repeated.
    """
    pieces = [piece for piece in query.split(b"&") if piece]
    own = [(name, value) for name, value in map(_pair, pieces) if name in {AT, SOURCE}]
    if faults := list(_faults(own)):
        wrong = ", ".join(_SAID[fault.name] for fault in faults)
        raise ProblemError(INVALID_PARAMETER, f"Wrong in the query: {wrong}.", *faults)
    given = dict(own)
    rest = b"&".join(piece for piece in pieces if _pair(piece)[0] not in {AT, SOURCE})
    return Asked(rest, _instant(given[AT]) if AT in given else None, SOURCE in given)


def no_source() -> ProblemError:
    """Return the problem of `source` where there is no item."""
    detail = "Wrong in the query: 'source' (only items have sources)."
    return ProblemError(
        INVALID_PARAMETER, detail, Fault("query", SOURCE, "unknown_parameter", (AT,))
    )


def _pair(piece: bytes) -> tuple[str, str]:
    name, _, value = piece.decode("latin-1").partition("=")
    return unquote_plus(name), unquote_plus(value)


def _faults(own: list[tuple[str, str]]) -> Iterator[Fault]:
    names = [name for name, _ in own]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield Fault("query", name, "repeated_parameter")
    for name, value in own:
        if names.count(name) > 1:
            continue
        if name == SOURCE and value != "1":
            yield Fault("query", name, "invalid_value", ("1",), "1")
        if name == AT and _instant(value) is None:
            yield Fault("query", name, "invalid_value")


def _instant(text: str) -> datetime | None:
    """Read an instant (RFC 3339, 5.6)."""
    if not _INSTANT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
