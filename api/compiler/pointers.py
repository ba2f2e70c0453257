"""The addresses in the texts of Documents that mean something in the content folder."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from api.compiler.paths import PlacedEntry
from api.source.document import Document
from api.source.node import Fields, Items, Node, Rich
from schemas.fields import RichText, TextTarget


class Pointer(NamedTuple):
    """An address in a text: the path of the file that it stands in, and the address itself.

    `entry` is None for a file with Issues of its own. `borrowed_by` is the language of a
    translation that shows the text as its source has it.
    """

    file: str
    entry: PlacedEntry | None
    target: TextTarget
    borrowed_by: str | None = None


def pointers(documents: Iterable[Document], entries: Iterable[PlacedEntry]) -> Iterator[Pointer]:
    """Yield the addresses in the texts of all Documents that mean something in the folder.

    Private texts of entries are passed over: what they lead to is not published for them.
    """
    placed = {entry.place.path: entry for entry in entries if entry.parent is None}
    for document in documents:
        file = document.start.path
        entry = placed.get(file)
        texts = (
            [text.value for text in entry.contents.texts] if entry else _texts_in(document.fields)
        )
        for text in texts:
            for target in text.targets:
                borrowed = entry is not None and target.place[0] != file
                yield Pointer(file, entry, target, entry.locale if entry and borrowed else None)


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
