"""Blocks before they have keys: what a parser gathers, and the blocks that this becomes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import ClassVar, Literal, NamedTuple

from api.richtext.blocks import (
    Alignment,
    CodeBlock,
    CustomBlock,
    Fallback,
    FootnoteBlock,
    FootnoteMark,
    ImageBlock,
    MarkDef,
    RuleBlock,
    Span,
    TableBlock,
    TextBlock,
)
from api.richtext.elements import code_html, image_html
from api.richtext.html import render_html
from api.richtext.text import render_text

ListKind = Literal["bullet", "number"]
Numbers = Mapping[str, int]
"""The numbers of footnotes by their labels."""

_NO_NUMBERS: Numbers = MappingProxyType({})
_UNKNOWN: Fallback = {"text": "", "html": ""}


class Piece(NamedTuple):
    """A run of text with its decorators, and the index of its link among the draft's links."""

    text: str
    marks: tuple[str, ...] = ()
    link: int | None = None


_FORMATTING = itemgetter(1, 2)


class Link(NamedTuple):
    """Where a link leads; the title is empty where there is none.

    `start` is there where the address means something in the content folder: its byte offset.
    """

    href: str
    title: str = ""
    start: int | None = None


class NoteMark(NamedTuple):
    """The mark of a footnote, by the footnote's label; its piece has no text of its own."""

    label: str


class Address(NamedTuple):
    """An address that means something in the content folder, and its byte offset."""

    start: int
    text: str
    image: bool


@dataclass(slots=True)
class TextDraft:
    """A paragraph, heading, quote, list item, table cell or footnote that is being gathered."""

    style: str
    list_kind: ListKind | None = None
    level: int = 0
    pieces: list[Piece] = field(default_factory=list)
    links: list[Link | NoteMark] = field(default_factory=list)
    checked: bool | None = None
    anchor: str | None = None

    @property
    def text(self) -> str:
        """The words without their formatting."""
        return "".join([piece.text for piece in self.pieces])

    @property
    def formatted(self) -> bool:
        """Whether there is more than words on one line."""
        return any(
            piece.marks or piece.link is not None or "\n" in piece.text for piece in self.pieces
        )

    @property
    def labels(self) -> Sequence[str]:
        """The labels of the footnotes that are marked here, in their order."""
        return [link.label for link in self.links if isinstance(link, NoteMark)]

    @property
    def addresses(self) -> Sequence[Address]:
        """The addresses that mean something in the content folder, in their order."""
        return [
            Address(link.start, link.href, image=False)
            for link in self.links
            if isinstance(link, Link) and link.start is not None
        ]

    def block(self, index: int, numbers: Numbers = _NO_NUMBERS) -> TextBlock:
        """Make the block that stands at `index` (from 0) in its rich text."""
        key = f"b{index}"
        block: TextBlock = {
            "_type": "block",
            "_key": key,
            "style": self.style,
            "markDefs": self.mark_definitions(key, numbers),
            "children": self.spans(key, numbers),
        }
        if self.list_kind:
            block["listItem"] = self.list_kind
            block["level"] = self.level
        if self.checked is not None:
            block["checked"] = self.checked
        if self.anchor is not None:
            block["anchor"] = self.anchor
        return block

    def mark_definitions(self, key: str, numbers: Numbers) -> list[MarkDef | FootnoteMark]:
        """Make the definitions of links and of footnotes' marks below a key."""
        return [_definition(f"{key}m{n}", link, numbers) for n, link in enumerate(self.links)]

    def spans(self, key: str, numbers: Numbers) -> list[Span]:
        """Make the spans below a key.

        Neighbours with the same marks become one span; without any text there is one empty span,
        as Portable Text has it.
        """
        spans: list[Span] = []
        for (marks, link), run in groupby(self.pieces or [Piece("")], _FORMATTING):
            target = None if link is None else self.links[link]
            spans.append(
                {
                    "_type": "span",
                    "_key": f"{key}s{len(spans)}",
                    "text": f"[{numbers.get(target.label, 0)}]"
                    if isinstance(target, NoteMark)
                    else "".join([piece.text for piece in run]),
                    "marks": [*marks] if link is None else [*marks, f"{key}m{link}"],
                }
            )
        return spans


def _definition(key: str, link: Link | NoteMark, numbers: Numbers) -> MarkDef | FootnoteMark:
    if isinstance(link, NoteMark):
        return {"_type": "footnote", "_key": key, "number": numbers.get(link.label, 0)}
    return {"_type": "link", "_key": key, "href": link.href, "title": link.title or None}


class _Plain:
    """What has neither links nor marks of footnotes."""

    __slots__ = ()

    @property
    def labels(self) -> Sequence[str]:
        """No label."""
        return ()

    @property
    def addresses(self) -> Sequence[Address]:
        """No address."""
        return ()


@dataclass(slots=True)
class PlainDraft(_Plain):
    """A paragraph or heading of words on one line, without formatting: what nearly all are.

    Its block is that of a TextDraft of one piece.
    """

    style: str
    text: str
    anchor: str | None = None

    formatted: ClassVar = False

    def block(self, index: int, _: Numbers = _NO_NUMBERS) -> TextBlock:
        """Make the block that stands at `index` (from 0) in its rich text."""
        block: TextBlock = {
            "_type": "block",
            "_key": f"b{index}",
            "style": self.style,
            "markDefs": [],
            "children": [{"_type": "span", "_key": f"b{index}s0", "text": self.text, "marks": []}],
        }
        if self.anchor is not None:
            block["anchor"] = self.anchor
        return block


@dataclass(slots=True)
class CodeDraft(_Plain):
    """A block of code; the language is empty where none is named."""

    language: str
    code: str

    def block(self, index: int, _: Numbers = _NO_NUMBERS) -> CodeBlock:
        """Make the block that stands at `index` (from 0) in its rich text."""
        return {
            "_type": "code",
            "_key": f"b{index}",
            "language": self.language or None,
            "code": self.code,
            "fallback": {"text": self.code, "html": code_html(self.code, self.language)},
        }


@dataclass(slots=True)
class RuleDraft(_Plain):
    """A rule across the page."""

    def block(self, index: int, _: Numbers = _NO_NUMBERS) -> RuleBlock:
        """Make the block that stands at `index` (from 0) in its rich text."""
        return {"_type": "rule", "_key": f"b{index}", "fallback": {"text": "", "html": "<hr>"}}


@dataclass(slots=True)
class ImageDraft:
    """An image as it was written; its file tells sizes and placeholder, so they are missing."""

    src: str
    alt: str
    title: str = ""
    start: int = 0

    @property
    def labels(self) -> Sequence[str]:
        """No label."""
        return ()

    @property
    def addresses(self) -> Sequence[Address]:
        """The address of the image."""
        return [Address(self.start, self.src, image=True)]

    def block(self, index: int, _: Numbers = _NO_NUMBERS) -> ImageBlock:
        """Make the block that stands at `index` (from 0) in its rich text.

        `src` is as it was written, sizes are 0 and the placeholder is empty.
        """
        return {
            "_type": "image",
            "_key": f"b{index}",
            "src": self.src,
            "alt": self.alt,
            "title": self.title or None,
            "width": 0,
            "height": 0,
            "placeholder": "",
            "fallback": image_fallback(self.src, self.alt, self.title or None, 0, 0),
        }


@dataclass(slots=True)
class TableDraft:
    """A table that is being gathered; the first row is the header."""

    align: list[Alignment | None]
    rows: list[list[TextDraft]] = field(default_factory=list)

    @property
    def _cells(self) -> Iterator[TextDraft]:
        return (cell for row in self.rows for cell in row)

    @property
    def labels(self) -> Sequence[str]:
        """The labels of the footnotes that are marked in the cells, in their order."""
        return [label for cell in self._cells for label in cell.labels]

    @property
    def addresses(self) -> Sequence[Address]:
        """The addresses in the cells, in their order."""
        return [address for cell in self._cells for address in cell.addresses]

    def block(self, index: int, numbers: Numbers = _NO_NUMBERS) -> TableBlock:
        """Make the block that stands at `index` (from 0) in its rich text."""
        block: TableBlock = {
            "_type": "table",
            "_key": f"b{index}",
            "align": self.align,
            "rows": [
                {
                    "_key": f"b{index}r{r}",
                    "cells": [
                        {
                            "_key": (key := f"b{index}r{r}c{c}"),
                            "markDefs": cell.mark_definitions(key, numbers),
                            "children": cell.spans(key, numbers),
                        }
                        for c, cell in enumerate(row)
                    ],
                }
                for r, row in enumerate(self.rows)
            ],
            "fallback": _UNKNOWN,
        }
        block["fallback"] = fallback_of(block)
        return block


def footnote(draft: TextDraft, index: int, number: int) -> FootnoteBlock:
    """Make the block of a footnote that stands at `index` (from 0) in its rich text."""
    key = f"b{index}"
    block: FootnoteBlock = {
        "_type": "footnote",
        "_key": key,
        "style": "footnote",
        "number": number,
        "markDefs": draft.mark_definitions(key, _NO_NUMBERS),
        "children": draft.spans(key, _NO_NUMBERS),
        "fallback": _UNKNOWN,
    }
    block["fallback"] = fallback_of(block)
    return block


def fallback_of(block: CustomBlock) -> Fallback:
    """Make what a reader that does not know the block's type may show, from its other values."""
    return {"text": render_text([block]), "html": render_html([block])}


def image_fallback(src: str, alt: str, title: str | None, width: int, height: int) -> Fallback:
    """Make what a reader that knows no image block may show: its text, or an element of HTML."""
    return {"text": alt, "html": image_html(src, alt, title, width, height)}


Draft = TextDraft | PlainDraft | CodeDraft | RuleDraft | ImageDraft | TableDraft
