"""A Document and its model give an entry, or the Issues that say in an editor's words why not."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from api.errors import (
    INVALID_SLUG,
    INVALID_VALUE,
    MISSING_FIELD,
    UNKNOWN_FIELD,
    WRONG_TYPE,
    Issue,
    Place,
    nearest,
)
from api.source.document import Document
from api.source.markdown import Origin, parse
from api.source.names import foreign_in, meant_by, wrong_in
from api.source.node import Fields, Items, Node, Rich, Scalar
from schemas.entry import BODY, EmbeddedEntry, Entry, EntryModel
from schemas.fields import REFERENCE_PATTERN, SLUG_PATTERN, Model, RichText
from schemas.shape import (
    Formatted,
    Keyed,
    Kind,
    Many,
    Nested,
    Referring,
    Shape,
    Single,
    fields_of,
)

_BOOLEANS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_MEANT = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_NUMBER_LENGTH = 40
_INTEGER_BOUND = 10**15
"""Below it every client of JSON holds a whole number exactly (RFC 8259, 6)."""
_PLAIN = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN})
"""The kinds that quotes make a text of."""


class _Wrong:
    """Stands where a value was that an Issue has told about already."""


WRONG = _Wrong()


def validate(
    document: Document, model: EntryModel
) -> tuple[Entry | EmbeddedEntry | None, list[Issue]]:
    """Return the entry of a Document, or None and all that is wrong with its values.

    A plain scalar has the type that its field wants: `1.10` and `no` reach a text field as they
    were written; a number is written as in YAML 1.2's core schema (10.3.2), an instant as in
    RFC 3339.
    """
    shaping = _Shaping()
    values = shaping.model(model, document.fields)
    try:
        entry = model.model_validate(values)
    except ValidationError as error:
        told = (_told(detail, document.fields) for detail in error.errors(include_url=False))
        return None, shaping.issues + [issue for issue in told if issue]
    return (None if shaping.issues else entry), shaping.issues


class _Shaping:
    """Nodes become the values that a model takes; Issues are gathered on the way."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []

    def model(self, model: type[Model], node: Fields) -> dict[str, Any]:
        known = fields_of(model)
        for name in node.values.keys() - known.keys():
            self.issues.append(
                UNKNOWN_FIELD.at(
                    node.keys[name],
                    _unknown(name),
                    allowed=known,
                    nearest=nearest(name, known),
                )
            )
        values: dict[str, Any] = {}
        missing: list[str] = []
        for name, field in known.items():
            value = node.values.get(name)
            is_null = isinstance(value, Scalar) and value.is_null
            # A null stands for the default of a field that has none.
            if value is None or (is_null and not field.nullable):
                if field.required:
                    missing.append(name)
            else:
                values[name] = None if is_null else self.shaped(field.shape, value, f"'{name}'")
        for name in missing:
            self.issues.append(MISSING_FIELD.at(node.keys.get(name, node.place), _missing(name)))
        return values

    def shaped(self, shape: Shape, node: Node, name: str) -> Any:  # noqa: ANN401 - any field's value
        match node:
            case Scalar() if isinstance(shape, Single):
                return self._single(shape, node, name)
            case Scalar() if isinstance(shape, Referring):
                return node.text
            case Scalar() if isinstance(shape, Formatted):
                return self._rich(node)
            case Rich() if isinstance(shape, Formatted):
                return node.value
            case Items() if isinstance(shape, Many):
                return [
                    self.shaped(shape.item, one, f"item {n} of {name}")
                    for n, one in enumerate(node.items, 1)
                ]
            case Fields() if isinstance(shape, Keyed):
                return {
                    key: self.shaped(shape.item, one, f"'{key}'")
                    for key, one in node.values.items()
                }
            case Fields() if isinstance(shape, Nested):
                return self.model(shape.model, node)
        return self._wrong(
            WRONG_TYPE.at(node.place, f"{name} is {_found(node)}, not {_wanted(shape)}")
        )

    def _wrong(self, issue: Issue) -> _Wrong:
        self.issues.append(issue)
        return WRONG

    def _rich(self, node: Scalar) -> RichText:
        value, issues = parse(node.text, _origin(node))
        self.issues += issues
        return value

    def _single(self, shape: Single, node: Scalar, name: str) -> Any:  # noqa: ANN401 - likewise
        if shape.values and node.text not in shape.values:
            return self._wrong(
                INVALID_VALUE.at(
                    node.place,
                    f"{name} cannot be '{node.text[:80]}'",
                    allowed=shape.values,
                    nearest=nearest(node.text, shape.values),
                )
            )
        try:
            return _read(shape.kind, node)
        except OverflowError as error:
            return self._wrong(INVALID_VALUE.at(node.place, f"{name} {error}"))
        except ValueError:
            quoted = "the text " if shape.kind in _PLAIN and not node.plain else ""
            return self._wrong(
                WRONG_TYPE.at(
                    node.place,
                    f"{name} is {quoted}'{node.text[:80]}', not {_wanted(shape)}",
                    nearest=_MEANT.get(node.text.lower()) if shape.kind is Kind.BOOLEAN else None,
                )
            )


def _origin(node: Scalar) -> Origin:
    if node.indent:
        return Origin(Place(node.place.path, node.place.line + 1, node.indent + 1), node.indent)
    return Origin(node.place, exact=False)


def _unknown(name: str) -> str:
    why = foreign_in(name)
    return f"unknown field '{name}'" + (f": {why}" if why else "")


def _missing(name: str) -> str:
    if name == BODY:
        return f"the text is missing: write it below, or as the field '{BODY}' in YAML"
    return f"the field '{name}' is missing"


def _read(kind: Kind, node: Scalar) -> object:
    """Raise ValueError for what is no such value, OverflowError for a number out of range."""
    if kind is Kind.TEXT:
        return node.text
    if kind in _PLAIN and not node.plain:
        raise ValueError(node.text)
    return _READ[kind](node.text)


def _read_integer(text: str) -> int:
    if not re.fullmatch(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", text) or len(text) > _NUMBER_LENGTH:
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
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text)


_READ: Mapping[Kind, Callable[[str], object]] = {
    Kind.INTEGER: _read_integer,
    Kind.NUMBER: _read_number,
    Kind.BOOLEAN: _read_boolean,
    Kind.INSTANT: _read_instant,
    Kind.DATE: _read_date,
}
_WANTED = {
    Kind.TEXT: "a text",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.INSTANT: "a point in time such as 2026-10-13T09:00:00Z",
    Kind.DATE: "a date such as 2026-10-13",
}


def _wanted(shape: Shape) -> str:
    match shape:
        case Single(kind):
            return _WANTED[kind]
        case Formatted():
            return "a text"
        case Referring(targets):
            return f"the slug of a {' or '.join(targets)}"
        case Many():
            return "a list: write [one, two], or each on a line of its own after '- '"
        case Keyed() | Nested():
            return "a group of fields, indented below its name"


def _found(node: Node) -> str:
    match node:
        case Scalar() | Rich():
            return "a single value"
        case Items():
            return "a list"
        case Fields():
            return "a group of fields"


_PYDANTIC = frozenset(get_args(ErrorType))
"""Errors in pydantic's own words; the words of any other are the model's."""
_LIMITS = {
    "gt": "it must be more than",
    "ge": "it must be at least",
    "lt": "it must be less than",
    "le": "it must be at most",
    "multiple_of": "it must be a multiple of",
    "too_short": "it must have at least",
    "too_long": "it must have at most",
}


def _told(detail: ErrorDetails, fields: Fields) -> Issue | None:
    """Say in an editor's words what pydantic refused; None for what an Issue has told already."""
    if detail["type"] == "missing" or isinstance(detail["input"], _Wrong):
        return None
    place, name = _where(detail["loc"], fields)
    context = detail.get("ctx", {})
    value = detail["input"]
    if context.get("pattern") in (SLUG_PATTERN, REFERENCE_PATTERN):
        return INVALID_SLUG.at(place, f"{name} {_refused(str(value))}", nearest=_meant(str(value)))
    match detail["type"]:
        case kind if kind not in _PYDANTIC:
            what = detail["msg"]
        case "value_error" | "assertion_error":
            what = str(context["error"])
        case "string_pattern_mismatch":
            what = f"cannot be '{str(value)[:80]}': it does not have the form {context['pattern']}"
        case "string_too_short":
            least = context["min_length"]
            what = "is empty" if value == "" else f"is shorter than {least} characters"
        case "too_short" | "too_long":
            limit = context.get("min_length", context.get("max_length"))
            what = f"has {context['actual_length']} items: {_LIMITS[detail['type']]} {limit}"
        case "string_too_long":
            what = f"is longer than {context['max_length']} characters"
        case _:
            limits = (f"{_LIMITS[key]} {limit}" for key, limit in context.items() if key in _LIMITS)
            what = ": ".join([f"cannot be '{str(value)[:80]}'", *limits])
    return INVALID_VALUE.at(place, f"{name} {what}")


def _refused(reference: str) -> str:
    why = next(filter(None, map(wrong_in, reference.split("."))), "it has a '.'")
    return f"cannot be '{reference[:80]}': {why}"


def _meant(reference: str) -> str | None:
    parts = [meant_by(part) for part in reference.split(".")]
    return ".".join(part for part in parts if part) if all(parts) else None


_KEY = "[key]"
"""What ends pydantic's location of a name that is wrong itself."""


def _where(location: tuple[int | str, ...], fields: Fields) -> tuple[Place, str]:
    """Follow pydantic's location to the deepest value that the file has there."""
    node: Node = fields
    place, name = fields.place, "the file"
    key_place = place
    for step in location:
        match node, step:
            case Fields(values, keys), str() if step in values:
                node, name, key_place = values[step], f"'{step}'", keys[step]
            case Items(items), int():
                node, name = items[step], f"item {step + 1} of {name}"
            case _:
                return (key_place if step == _KEY else place), name
        place = node.place
    return place, name
