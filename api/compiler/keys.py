"""The keys of an entry's sections and points, as its file gives them."""

from functools import cache
from typing import NamedTuple

from api.errors import Place
from api.source.node import Fields, Items, Node, Scalar
from schemas.entry import EmbeddedEntry, Part
from schemas.fields import Model
from schemas.shape import Keyed, Many, Nested, Shape, fields_of


class Key(NamedTuple):
    """A key and where it stands; `embedded` where it is that of an embedded entry."""

    name: str
    place: Place
    embedded: bool


class _Plan(NamedTuple):
    """What a model has: a key of its own, and fields with keys at any depth."""

    keyed: bool
    embedded: bool
    fields: tuple[tuple[str, Shape], ...]


def keys_in(model: type[Model], fields: Fields) -> list[Key]:
    """Return the keys in the fields of a model, in its order, private ones too."""
    found: list[Key] = []
    _of_model(model, fields, found)
    return found


def _of_model(model: type[Model], fields: Fields, found: list[Key]) -> None:
    plan = _plan(model)
    given = fields.values
    if plan.keyed and isinstance(key := given.get("key"), Scalar):
        found.append(Key(key.text, key.place, plan.embedded))
    for name, shape in plan.fields:
        if name in given:
            _in_shape(shape, given[name], found)


def _in_shape(shape: Shape, node: Node, found: list[Key]) -> None:
    if isinstance(shape, Nested) and isinstance(node, Fields):
        _of_model(shape.model, node, found)
    elif isinstance(shape, Many) and isinstance(node, Items):
        for one in node.items:
            _in_shape(shape.item, one, found)
    elif isinstance(shape, Keyed) and isinstance(node, Fields):
        for one in node.values.values():
            _in_shape(shape.item, one, found)


@cache
def _plan(model: type[Model]) -> _Plan:
    return _Plan(
        keyed=issubclass(model, EmbeddedEntry | Part),
        embedded=issubclass(model, EmbeddedEntry),
        fields=tuple(
            (field.name, field.shape)
            for field in fields_of(model).values()
            if _has_keys(field.shape)
        ),
    )


def _has_keys(shape: Shape) -> bool:
    match shape:
        case Many(item) | Keyed(item):
            return _has_keys(item)
        case Nested(model):
            plan = _plan(model)
            return plan.keyed or bool(plan.fields)
        case _:
            return False
