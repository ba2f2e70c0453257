"""The rich texts of an entry, each with its place and the level of the headings above it."""

from collections.abc import Iterator, Mapping, Sequence
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


Found = PlacedText | PlacedItem


def walk(value: Model, fields: Fields) -> Iterator[Found]:
    """Yield the rich texts, sections and points of an entry with a file, in its model's order.

    Those of private fields are passed over: no reader gets to see them.
    """
    yield from _model(value, fields, TITLE_LEVEL, within=False)


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


def _model(value: Model, fields: Fields, level: int, *, within: bool) -> Iterator[Found]:
    for field in fields_down_to(type(value), Formatted, Nested):
        node = fields.values.get(field.name)
        inside = getattr(value, field.name)
        if node is not None and inside is not None and not field.private:
            yield from _shape(field.shape, inside, node, level, within=within or field.outline)


def _shape(shape: Shape, value: Any, node: Node, level: int, *, within: bool) -> Iterator[Found]:  # noqa: ANN401 - any field's value
    if isinstance(shape, Formatted):
        yield PlacedText(value, node.place, level)
    elif isinstance(shape, Many) and isinstance(node, Items):
        for one, inner in zip(value, node.items, strict=True):
            yield from _shape(shape.item, one, inner, level, within=within)
    elif isinstance(shape, Keyed) and isinstance(node, Fields):
        for key, inner in node.values.items():
            yield from _shape(shape.item, value[key], inner, level, within=within)
    elif isinstance(shape, Nested) and isinstance(node, Fields):
        if within:
            yield PlacedItem(value, node.place, getattr(value, "title", None) or "")
        yield from _model(value, node, level + within, within=within)
