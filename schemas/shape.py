"""What a model's fields are, read from its annotations: the one description all else follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AwareDatetime
from pydantic.fields import FieldInfo

from schemas.fields import Model, Outline, Reference, RichText, Use


class SchemaError(Exception):
    """A content type that is declared wrongly: a message for its author."""


class Kind(StrEnum):
    """The kinds of single values."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Single:
    """A single value; `values` are the only ones allowed, where there is such a list."""

    kind: Kind
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Formatted:
    """Rich text."""


@dataclass(frozen=True, slots=True)
class Referring:
    """A reference to an entry of one of the types `targets`."""

    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values of one shape."""

    item: "Shape"


@dataclass(frozen=True, slots=True)
class Keyed:
    """A mapping of free names to values of one shape."""

    item: "Shape"


@dataclass(frozen=True, slots=True)
class Nested:
    """A value that is itself a model."""

    model: type[Model]


Shape = Single | Formatted | Referring | Many | Keyed | Nested


@dataclass(frozen=True, slots=True)
class ModelField:
    """A field of a model: its shape, whether it may be null, and what the API may do with it."""

    name: str
    shape: Shape
    nullable: bool
    required: bool
    uses: frozenset[Use]
    outline: bool
    description: str | None

    @property
    def private(self) -> bool:
        """Whether the field never leaves the server."""
        return Use.PRIVATE in self.uses

    @property
    def shared(self) -> bool:
        """Whether the value is the same in all languages."""
        return Use.SHARED in self.uses

    @property
    def own(self) -> bool:
        """Whether each language has a value of its own."""
        return Use.OWN in self.uses


_KINDS: Mapping[Any, Kind] = MappingProxyType(
    {
        str: Kind.TEXT,
        int: Kind.INTEGER,
        float: Kind.NUMBER,
        bool: Kind.BOOLEAN,
        AwareDatetime: Kind.INSTANT,
        date: Kind.DATE,
    }
)


@cache
def fields_of(model: type[Model]) -> Mapping[str, ModelField]:
    """Return the fields of a model by name, in the order in which they are declared.

    Raises SchemaError for a field type that no content file can hold.
    """
    return MappingProxyType(
        {name: _field(model, name, info) for name, info in model.model_fields.items()}
    )


@cache
def fields_holding(model: type[Model], wanted: type[Shape]) -> tuple[ModelField, ...]:
    """Return the fields of a model that have a shape at any depth."""
    return tuple(field for field in fields_of(model).values() if _holds(field.shape, wanted))


def _holds(shape: Shape, wanted: type[Shape]) -> bool:
    match shape:
        case _ if isinstance(shape, wanted):
            return True
        case Many(item) | Keyed(item):
            return _holds(item, wanted)
        case Nested(model):
            return any(_holds(field.shape, wanted) for field in fields_of(model).values())
        case _:
            return False


def _field(model: type[Model], name: str, info: FieldInfo) -> ModelField:
    try:
        annotation, nullable = _without_none(info.annotation)
        shape = _shape(annotation)
    except SchemaError as error:
        raise SchemaError(f"{model.__name__}.{name}: {error}") from None
    return ModelField(
        name=name,
        shape=shape,
        nullable=nullable,
        required=info.is_required(),
        uses=frozenset(mark for mark in info.metadata if isinstance(mark, Use)),
        outline=any(isinstance(mark, Outline) for mark in info.metadata),
        description=info.description,
    )


def _without_none(annotation: Any) -> tuple[Any, bool]:  # noqa: ANN401 - a type expression
    if get_origin(annotation) not in (Union, UnionType):
        return annotation, False
    rest = [member for member in get_args(annotation) if member is not NoneType]
    if len(rest) == 1:
        _hold_unmarked(rest[0])
        return rest[0], True
    raise SchemaError("a field has one type, which may be '| None'")


def _shape(annotation: Any) -> Shape:  # noqa: ANN401 - a type expression
    arguments = get_args(annotation)
    match get_origin(annotation):
        case None:
            return _plain(annotation)
        case origin if origin is Annotated:
            return _shape(arguments[0])
        case origin if origin is Literal and all(isinstance(value, str) for value in arguments):
            return Single(Kind.TEXT, arguments)
        case origin if origin is Reference:
            return Referring(Reference.targets(annotation))
        case origin if origin is list:
            _hold_unmarked(arguments[0])
            return Many(_shape(arguments[0]))
        case origin if origin is dict and _is_text(arguments[0]):
            _hold_unmarked(arguments[1])
            return Keyed(_shape(arguments[1]))
        case _:
            raise _unknown(annotation)


def _is_text(annotation: Any) -> bool:  # noqa: ANN401 - a type expression
    return annotation is str or getattr(annotation, "__origin__", None) is str


def _hold_unmarked(annotation: Any) -> None:  # noqa: ANN401 - a type expression
    """Hold that no marker stands where it would mean nothing: it belongs around the whole field."""
    for mark in getattr(annotation, "__metadata__", ()):
        if isinstance(mark, Use | Outline):
            raise SchemaError(f"the marker {mark!r} stands around the whole type alone")


def _plain(annotation: Any) -> Shape:  # noqa: ANN401 - a type expression
    if annotation in _KINDS:
        return Single(_KINDS[annotation])
    if annotation is RichText:
        return Formatted()
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return Single(Kind.TEXT, tuple(member.value for member in annotation))
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return Nested(annotation)
    raise _unknown(annotation)


def _unknown(annotation: object) -> SchemaError:
    return SchemaError(f"{annotation!r} is no field type; schemas/fields.py has them")
