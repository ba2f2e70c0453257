"""The rich texts of an entry or a Document, the addresses in them, and the anchors of a page."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from api.compiler.paths import Index, PlacedEntry
from api.source.document import Document
from api.source.node import Fields, Items, Node, Rich
from schemas.entry import EmbeddedEntry, Entry, Part
from schemas.fields import Model, RichText, TextTarget
from schemas.shape import Formatted, Keyed, Many, Nested, Shape, fields_of


class Pointer(NamedTuple):
    """An address in a text: the path of the file that it stands in, and the address itself.

    `entry` is None for a file with Issues of its own.
    """

    file: str
    entry: PlacedEntry | None
    target: TextTarget


def pointers(documents: Iterable[Document], index: Index) -> Iterator[Pointer]:
    """Yield the addresses in the texts of all Documents that mean something in the folder.

    Private texts of entries are passed over: what they lead to is not published for them.
    """
    placed = {entry.place.path: entry for entry in index.entries if entry.parent is None}
    for document in documents:
        file = document.start.path
        entry = placed.get(file)
        texts = texts_of(entry.value) if entry else _texts_in(document.fields)
        for text in texts:
            for target in text.targets:
                yield Pointer(file, entry, target)


def texts_of(value: object) -> Iterator[RichText]:
    """Yield the texts of an entry's value that readers see."""
    match value:
        case RichText():
            yield value
        case Model():
            for name in _public(type(value)):
                yield from texts_of(getattr(value, name))
        case list():
            for one in value:
                yield from texts_of(one)
        case dict():
            for one in value.values():
                yield from texts_of(one)


def _texts_in(node: Node) -> Iterator[RichText]:
    match node:
        case Rich(value):
            yield value
        case Items(nodes):
            for one in nodes:
                yield from _texts_in(one)
        case Fields(values):
            for one in values.values():
                yield from _texts_in(one)


def anchors(value: Entry) -> frozenset[str]:
    """Return the anchors of an entry's page: the keys of its parts, and those of headings."""
    return frozenset(_keys(value)) | {
        str(block["anchor"])
        for text in texts_of(value)
        for block in text.blocks
        if "anchor" in block
    }


def _keys(value: object) -> Iterator[str]:
    match value:
        case Model():
            if isinstance(value, EmbeddedEntry | Part):
                yield value.key
            for name in _public(type(value)):
                yield from _keys(getattr(value, name))
        case list():
            for one in value:
                yield from _keys(one)
        case dict():
            for one in value.values():
                yield from _keys(one)


@cache
def _public(model: type[Model]) -> tuple[str, ...]:
    """Return the names of the fields that readers see and that may hold a text."""
    fields = fields_of(model).values()
    return tuple(
        field.name for field in fields if not field.private and _may_hold_text(field.shape)
    )


def _may_hold_text(shape: Shape) -> bool:
    match shape:
        case Many(item) | Keyed(item):
            return _may_hold_text(item)
        case _:
            return isinstance(shape, Formatted | Nested)
