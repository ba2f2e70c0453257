"""Range requests: which bytes of a representation a client asks for (RFC 9110, 14)."""

import re
from enum import Enum, auto
from typing import NamedTuple

ACCEPT_RANGES = "bytes"
_ONE_RANGE = re.compile(
    r"bytes=[ \t]*(?:(?P<first>[0-9]{1,18})-(?P<last>[0-9]{1,18})?|-(?P<suffix>[0-9]{1,18}))[ \t]*",
    re.IGNORECASE,
)


class ByteRange(NamedTuple):
    """A part of a representation: the positions of its first and its last byte, from 0."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many bytes the part has."""
        return self.last - self.first + 1

    def content_range(self, length: int) -> str:
        """Return the Content-Range field value of a part of `length` bytes (RFC 9110, 14.4)."""
        return f"bytes {self.first}-{self.last}/{length}"


class Whole(Enum):
    """What there is instead of a part: everything, or status 416."""

    EVERYTHING = auto()
    NOT_SATISFIABLE = auto()


def asked_range(field: str | None, length: int) -> ByteRange | Whole:
    """Return which of `length` bytes the Range field asks for (RFC 9110, 14.1.2).

    A field of another unit, of several ranges or of no grammar is passed over, as 14.2 allows:
    then everything is meant. A range that begins behind the last byte cannot be satisfied.
    """
    found = _ONE_RANGE.fullmatch(field) if field is not None else None
    if found is None:
        return Whole.EVERYTHING
    if found["suffix"] is not None:
        wanted = min(int(found["suffix"]), length)
        return ByteRange(length - wanted, length - 1) if wanted else Whole.NOT_SATISFIABLE
    first = int(found["first"])
    last = length - 1 if found["last"] is None else min(int(found["last"]), length - 1)
    if found["last"] is not None and int(found["last"]) < first:
        return Whole.EVERYTHING
    return ByteRange(first, last) if first < length else Whole.NOT_SATISFIABLE


def range_holds(if_range: str | None, etag: str) -> bool:
    """Tell whether Range is to be heeded: If-Range names the present entity tag (RFC 9110, 13.1.5).

    The comparison is strong: a weak tag never holds. Nor does a date: what is served in ranges has
    none.
    """
    if if_range is None:
        return True
    return if_range.strip(" \t") == etag and not etag.startswith("W/")
