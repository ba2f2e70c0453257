"""What an entry with a file holds: its rich texts, its sections and points, and their keys."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from api.compiler.texts import PlacedText, fields_down_to
from api.errors import Place
from api.source.node import Fields, Items, Node, Scalar
from schemas.entry import EmbeddedEntry, Part
from schemas.fields import Model
from schemas.shape import Formatted, Keyed, Many, Nested, Shape

TITLE_LEVEL = 1
"""The level of an entry's title; its sections are one below it, their points two."""


class PlacedItem(NamedTuple):
    """A section or a point: an item of the outline, or of a list within one."""

    value: Model
    place: Place
    title: str


class Key(NamedTuple):
    """A key and where it stands; `embedded` where it is that of an embedded entry."""

    name: str
    place: Place
    embedded: bool


class Contents(NamedTuple):
    """What an entry holds, in its model's order.

    No reader gets to see the texts and items of private fields: they are passed over. Keys are
    not: each is there once in a page.
    """

    texts: Sequence[PlacedText] = ()
    items: Sequence[PlacedItem] = ()
    keys: Sequence[Key] = ()


class _Gathered(NamedTuple):
    """The contents so far."""

    texts: list[PlacedText]
    items: list[PlacedItem]
    keys: list[Key]


_Step = Callable[[Any, Node, int, _Gathered], None]
"""Adds what is in a value that stands at a node, below a heading of a level."""
_Plan = tuple[tuple[str, _Step], ...]
"""What to do with the fields of a model that may hold something."""


def walk(value: Model, fields: Fields) -> Contents:
    """Return what an entry holds, given its value and the fields of its file."""
    found = _Gathered([], [], [])
    _below(value, fields, TITLE_LEVEL, _plan(type(value), within=False, private=False), found)
    return Contents(*found)


def _below(value: Model, fields: Fields, level: int, plan: _Plan, found: _Gathered) -> None:
    given = fields.values
    for name, step in plan:
        node = given.get(name)
        if node is not None and (inside := getattr(value, name)) is not None:
            step(inside, node, level, found)


@cache
def _plan(model: type[Model], *, within: bool, private: bool) -> _Plan:
    """Make the plan of a model; `within` tells that it is in the outline."""
    steps = (
        (
            field.name,
            _of_shape(
                field.shape, within=within or field.outline, private=private or field.private
            ),
        )
        for field in fields_down_to(model, Formatted, Nested)
    )
    return tuple((name, step) for name, step in steps if step)


def _of_shape(shape: Shape, *, within: bool, private: bool) -> _Step | None:
    match shape:
        case Many(item):
            step = _of_shape(item, within=within, private=private)
            return step and _of_list(step)
        case Keyed(item):
            step = _of_shape(item, within=within, private=private)
            return step and _of_mapping(step)
        case Nested(model):
            plan = _plan(model, within=within, private=private)
            keyed = issubclass(model, EmbeddedEntry | Part)
            is_item = within and not private
            return _of_model(model, plan, is_item) if plan or keyed or is_item else None
        case _:
            return None if private else _of_text


def _of_text(value: Any, node: Node, level: int, found: _Gathered) -> None:  # noqa: ANN401 - any field's value
    found.texts.append(PlacedText(value, node.place, level))


def _of_list(item: _Step) -> _Step:
    def step(value: Any, node: Node, level: int, found: _Gathered) -> None:  # noqa: ANN401 - likewise
        if isinstance(node, Items):
            for one, inner in zip(value, node.items, strict=True):
                item(one, inner, level, found)

    return step


def _of_mapping(item: _Step) -> _Step:
    def step(value: Any, node: Node, level: int, found: _Gathered) -> None:  # noqa: ANN401 - likewise
        if isinstance(node, Fields):
            for key, inner in node.values.items():
                item(value[key], inner, level, found)

    return step


def _of_model(model: type[Model], plan: _Plan, is_item: bool) -> _Step:  # noqa: FBT001 - as the plan has it
    keyed = issubclass(model, EmbeddedEntry | Part)
    embedded = issubclass(model, EmbeddedEntry)

    def step(value: Any, node: Node, level: int, found: _Gathered) -> None:  # noqa: ANN401 - likewise
        if not isinstance(node, Fields):
            return
        if keyed and isinstance(key := node.values.get("key"), Scalar):
            found.keys.append(Key(key.text, key.place, embedded))
        if is_item:
            found.items.append(PlacedItem(value, node.place, getattr(value, "title", None) or ""))
        _below(value, node, level + is_item, plan, found)

    return step
