"""The tree that flat blocks and spans stand for: lists in items, marks in marks.

Portable Text is flat; HTML and Markdown nest.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from api.richtext.blocks import (
    Blocks,
    CustomBlock,
    FootnoteMark,
    MarkDef,
    Span,
    TextBlock,
    Words,
)

Decorator = Literal["strong", "em", "strike-through"]
_DECORATORS: tuple[Decorator, ...] = ("strong", "em", "strike-through")


class Item(NamedTuple):
    """A list item and the lists below it."""

    block: TextBlock
    lists: list["ListNode"]


class ListNode(NamedTuple):
    """A list."""

    numbered: bool
    level: int
    items: list[Item]


class Quote(NamedTuple):
    """A quote and its paragraphs."""

    blocks: list[TextBlock]


Node = TextBlock | CustomBlock | ListNode | Quote


class Text(NamedTuple):
    """Plain words; a newline is a hard break."""

    text: str


class Code(NamedTuple):
    """Words that are code."""

    text: str


class Mark(NamedTuple):
    """Emphasis, or words struck out, and what it holds."""

    name: Decorator
    content: list["Inline"]


class Anchor(NamedTuple):
    """A link and what it holds."""

    link: MarkDef
    content: list["Inline"]


class Note(NamedTuple):
    """The mark of a footnote."""

    number: int


Inline = Text | Code | Mark | Anchor | Note


def arrange(blocks: Blocks) -> list[Node]:
    """Put the items of a list together, those of a higher level below, and a quote's paragraphs."""
    nodes: list[Node] = []
    lists: list[ListNode] = []
    for block in blocks:
        if block["_type"] == "block" and "listItem" in block:
            _add_item(block, nodes, lists)
            continue
        lists.clear()
        if block["_type"] != "block" or block["style"] != "blockquote":
            nodes.append(block)
        elif nodes and isinstance(nodes[-1], Quote):
            nodes[-1].blocks.append(block)
        else:
            nodes.append(Quote([block]))
    return nodes


def _add_item(block: TextBlock, nodes: list[Node], lists: list[ListNode]) -> None:
    """Add an item to its list; `lists` are those that are open, the innermost last."""
    numbered, level = block["listItem"] == "number", block.get("level", 1)
    while lists and lists[-1].level >= level and lists[-1][:2] != (numbered, level):
        lists.pop()
    if not lists or lists[-1].level < level:
        node = ListNode(numbered, level, [])
        if lists:
            lists[-1].items[-1].lists.append(node)
        else:
            nodes.append(node)
        lists.append(node)
    lists[-1].items.append(Item(block, []))


class _Unit(NamedTuple):
    """What emphasis holds whole: a span, or all spans of a link."""

    spans: list[Span]
    marks: frozenset[str]
    link: MarkDef | FootnoteMark | None = None


def inlines(words: Words) -> list[Inline]:
    """Nest spans; a mark spans as many neighbours as it can, a link is never cut.

    Spans without text are left out, and marks that are neither known decorators nor defined by
    the block.
    """
    links = {definition["_key"]: definition for definition in words["markDefs"]}

    def link_of(span: Span) -> str | None:
        return next((mark for mark in span["marks"] if mark in links), None)

    units: list[_Unit] = []
    children = [span for span in words["children"] if span["text"]]
    for key, run in groupby(children, link_of):
        spans = _units(run)
        if key is None:
            units.extend(spans)
        else:
            shared = frozenset[str].intersection(*(unit.marks for unit in spans))
            units.append(_Unit([unit.spans[0] for unit in spans], shared, links[key]))
    return _nest(units, frozenset())


def _units(spans: Iterable[Span]) -> list[_Unit]:
    return [_Unit([span], frozenset(span["marks"])) for span in spans]


def _nest(units: Sequence[_Unit], applied: frozenset[str]) -> list[Inline]:
    """Nest units that stand within the applied marks already."""
    nested: list[Inline] = []
    start = 0
    while start < len(units):
        lengths = {name: _reach(units, start, name) for name in _DECORATORS if name not in applied}
        name = max(lengths, key=lambda name: lengths[name], default=None)
        if name and (length := lengths[name]):
            inside = _nest(units[start : start + length], applied | {name})
            nested.append(Mark(name, inside))
            start += length
        else:
            nested.append(_leaf(units[start], applied))
            start += 1
    return nested


def _reach(units: Sequence[_Unit], start: int, mark: str) -> int:
    """Count the neighbours from `start` on that all have the mark."""
    end = start
    while end < len(units) and mark in units[end].marks:
        end += 1
    return end - start


def _leaf(unit: _Unit, applied: frozenset[str]) -> Inline:
    if unit.link and unit.link["_type"] == "footnote":
        return Note(unit.link["number"])
    if unit.link:
        return Anchor(unit.link, _nest(_units(unit.spans), applied))
    text = unit.spans[0]["text"]
    return Code(text) if "code" in unit.marks else Text(text)
