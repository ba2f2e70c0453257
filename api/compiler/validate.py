"""A Document and its model give an entry, or the Issues that say in an editor's words why not."""

from typing import get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from api.compiler.shaping import Wrong, shaped
from api.errors import INVALID_SLUG, INVALID_VALUE, Issue, Place
from api.source.document import Document
from api.source.names import meant_by, wrong_in
from api.source.node import Fields, Items, Node
from schemas.entry import EmbeddedEntry, Entry, EntryModel
from schemas.fields import REFERENCE_PATTERN, SLUG_PATTERN


def validate(
    document: Document, model: EntryModel
) -> tuple[Entry | EmbeddedEntry | None, list[Issue]]:
    """Return the entry of a Document, or None and all that is wrong with its values.

    A plain scalar has the type that its field wants: `1.10` and `no` reach a text field as they
    were written; a number is written as in YAML 1.2's core schema (10.3.2), an instant as in
    RFC 3339.
    """
    issues: list[Issue] = []
    values = shaped(model, document.fields, issues)
    try:
        entry = model.model_validate(values)
    except ValidationError as error:
        told = (_told(detail, document.fields) for detail in error.errors(include_url=False))
        return None, issues + [issue for issue in told if issue]
    return (None if issues else entry), issues


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
    if detail["type"] == "missing" or isinstance(detail["input"], Wrong):
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
