"""What a scalar means as a value of each kind, and what an editor is told who wrote another one."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from math import isfinite

from schemas.shape import Kind

_BOOLEANS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
MEANT = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
"""The booleans that YAML 1.1 writes otherwise."""
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_NUMBER_LENGTH = 40
_INTEGER_BOUND = 10**15
"""Below it every client of JSON holds a whole number exactly (RFC 8259, 6)."""
PLAIN = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN})
"""The kinds that quotes make a text of."""


def _read_integer(text: str) -> int:
    if not _INTEGER.fullmatch(text) or len(text) > _NUMBER_LENGTH:
        raise ValueError(text)
    value = int(text, 0) if text[1:2] in ("o", "x") else int(text)
    if abs(value) >= _INTEGER_BOUND:
        raise OverflowError("has more than 15 digits")
    return value


def _read_number(text: str) -> float:
    if not _NUMBER.fullmatch(text) or len(text) > _NUMBER_LENGTH:
        raise ValueError(text)
    value = float(text)
    if not isfinite(value):
        raise OverflowError("is out of range")
    return value


def _read_boolean(text: str) -> bool:
    if text not in _BOOLEANS:
        raise ValueError(text)
    return _BOOLEANS[text]


def _read_instant(text: str) -> datetime:
    if not _INSTANT.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(text.upper())


def _read_date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


READ: Mapping[Kind, Callable[[str], object]] = {
    Kind.TEXT: str,
    Kind.INTEGER: _read_integer,
    Kind.NUMBER: _read_number,
    Kind.BOOLEAN: _read_boolean,
    Kind.INSTANT: _read_instant,
    Kind.DATE: _read_date,
}
"""Each reads a text as a value of its kind.

They raise ValueError for what is no such value, OverflowError for a number out of range.
"""
WANTED = {
    Kind.TEXT: "a text",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.INSTANT: "a point in time such as 2026-10-13T09:00:00Z",
    Kind.DATE: "a date such as 2026-10-13",
}
