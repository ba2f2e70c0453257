"""Which filters a field has: the operators that its type gives a meaning."""

from enum import StrEnum

from schemas.shape import Kind, Many, ModelField, Referring, Shape, Single


class Operator(StrEnum):
    """How a field is compared with what a request gives."""

    IN = "in"
    """It is one of the values; a list has one of them."""
    NE = "ne"
    """It is none of the values, or null; a list has none of them."""
    ALL = "all"
    """The list has all of the values."""
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    PREFIX = "prefix"
    """The text begins so, whatever its case."""
    CONTAINS = "contains"
    """The text has this in it, whatever its case."""
    EXISTS = "exists"
    """Whether there is a value: it is not null, and no empty list."""


_SAME = (Operator.IN, Operator.NE)
_RANGE = (Operator.LT, Operator.LTE, Operator.GT, Operator.GTE)


def operators(field: ModelField) -> tuple[Operator, ...]:
    """Return the operators of a field, none where it cannot be a filter."""
    match field.shape:
        case Many(item):
            return (*_SAME, Operator.ALL, Operator.EXISTS) if _compared(item) else ()
        case shape:
            found = _compared(shape)
            return (*found, Operator.EXISTS) if found and field.nullable else found


def _compared(shape: Shape) -> tuple[Operator, ...]:
    match shape:
        case Single(Kind.BOOLEAN):
            return (Operator.IN,)
        case Single(Kind.TEXT, ()):
            return (*_SAME, Operator.PREFIX, Operator.CONTAINS)
        case Single(Kind.TEXT) | Referring():
            return _SAME
        case Single():
            return (*_SAME, *_RANGE)
        case _:
            return ()
