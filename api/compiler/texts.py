"""The rich texts of an entry, each with its place and the level of the headings above it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from api.errors import Place
from api.source.node import Fields, Items, Node
from schemas.fields import Model, RichText
from schemas.shape import Formatted, Keyed, Many, ModelField, Nested, Shape, fields_of

TITLE_LEVEL = 1
"""The level of an entry's title; its sections are one below it, their points two."""


class PlacedText(NamedTuple):
    """A rich text, where it begins, and the level of the heading that it stands below."""

    value: RichText
    place: Place
    level: int


class PlacedItem(NamedTuple):
    """A section or a point: an item of the outline, or of a list within one."""

    value: Model
    place: Place
    title: str


class Walked(NamedTuple):
    """The rich texts of an entry, and its sections and points, each in its model's order."""

    texts: list[PlacedText]
    items: list[PlacedItem]


_Walk = Callable[[Any, Node, int, Walked], None]
"""Adds what is in a value that stands at a node, below a heading of a level."""


def walk(value: Model, fields: Fields) -> Walked:
    """Return the rich texts, sections and points of an entry with a file.

    Those of private fields are passed over: no reader gets to see them.
    """
    found = Walked([], [])
    _below(value, fields, TITLE_LEVEL, _plan(type(value), within=False), found)
    return found


def links(text: RichText) -> Iterator[tuple[str, str]]:
    """Yield the address of each link of a rich text, and its words."""
    for block in _blocks(text):
        for words in worded(block):
            if words["markDefs"]:
                yield from _links(words)


def headings(text: RichText) -> Iterator[tuple[int, str]]:
    """Yield the level (1 to 6) and the words of each heading of a rich text."""
    for block in _blocks(text):
        style = block.get("style", "")
        if len(style) == len("h1") and style[0] == "h":
            yield int(style[1]), words_of(block)


def images(text: RichText) -> Iterator[tuple[str, str]]:
    """Yield the address and the alternative text of each image of a rich text."""
    for block in _blocks(text):
        if block["_type"] == "image":
            yield block["src"], block["alt"]


def worded(block: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return what of a block has formatted words: the block itself, or the cells of a table."""
    if "rows" in block:
        return [cell for row in block["rows"] for cell in row["cells"]]
    return (block,) if "markDefs" in block else ()


@cache
def fields_down_to(model: type[Model], *shapes: type[Shape]) -> tuple[ModelField, ...]:
    """Return the fields of a model that have, or whose items have, one of these shapes."""
    return tuple(
        field for field in fields_of(model).values() if isinstance(_innermost(field.shape), shapes)
    )


def _innermost(shape: Shape) -> Shape:
    return _innermost(shape.item) if isinstance(shape, Many | Keyed) else shape


def words_of(block: Mapping[str, Any]) -> str:
    """Return the words of a block of text; a block of another type has none."""
    return "".join([span["text"] for span in block.get("children", ())])


def _links(block: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    words: dict[str, str] = {}
    for span in block["children"]:
        for mark in span["marks"]:
            words[mark] = words.get(mark, "") + span["text"]
    for definition in block["markDefs"]:
        if definition["_type"] == "link":
            yield definition["href"], words.get(definition["_key"], "")


def _blocks(text: RichText) -> Sequence[Mapping[str, Any]]:
    return text.blocks


def _below(
    value: Model, fields: Fields, level: int, plan: tuple[tuple[str, _Walk], ...], found: Walked
) -> None:
    given = fields.values
    for name, step in plan:
        node = given.get(name)
        if node is not None and (inside := getattr(value, name)) is not None:
            step(inside, node, level, found)


@cache
def _plan(model: type[Model], *, within: bool) -> tuple[tuple[str, _Walk], ...]:
    """Return what to do with each field of a model; `within` tells that it is in the outline."""
    return tuple(
        (field.name, _of_shape(field.shape, within=within or field.outline))
        for field in fields_down_to(model, Formatted, Nested)
        if not field.private
    )


def _of_shape(shape: Shape, *, within: bool) -> _Walk:
    match shape:
        case Many(item):
            return _of_list(_of_shape(item, within=within))
        case Keyed(item):
            return _of_mapping(_of_shape(item, within=within))
        case Nested(model):
            return _of_model(model, within=within)
        case _:
            return _text


def _text(value: Any, node: Node, level: int, found: Walked) -> None:  # noqa: ANN401 - any field's value
    found.texts.append(PlacedText(value, node.place, level))


def _of_list(item: _Walk) -> _Walk:
    def step(value: Any, node: Node, level: int, found: Walked) -> None:  # noqa: ANN401 - likewise
        if isinstance(node, Items):
            for one, inner in zip(value, node.items, strict=True):
                item(one, inner, level, found)

    return step


def _of_mapping(item: _Walk) -> _Walk:
    def step(value: Any, node: Node, level: int, found: Walked) -> None:  # noqa: ANN401 - likewise
        if isinstance(node, Fields):
            for key, inner in node.values.items():
                item(value[key], inner, level, found)

    return step


def _of_model(model: type[Model], *, within: bool) -> _Walk:
    plan = _plan(model, within=within)

    def step(value: Any, node: Node, level: int, found: Walked) -> None:  # noqa: ANN401 - likewise
        if isinstance(node, Fields):
            if within:
                title = getattr(value, "title", None) or ""
                found.items.append(PlacedItem(value, node.place, title))
            _below(value, node, level + within, plan, found)

    return step
