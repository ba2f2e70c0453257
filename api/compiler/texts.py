"""Rich texts: the links, headings, images and words in them, and the fields that have them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from api.errors import Place
from schemas.fields import Model, RichText
from schemas.shape import Keyed, Many, ModelField, Shape, fields_of


class PlacedText(NamedTuple):
    """A rich text, where it begins, and the level of the heading that it stands below."""

    value: RichText
    place: Place
    level: int


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
