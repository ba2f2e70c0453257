"""Portable Text blocks as Keypoint stores them (https://github.com/portabletext/portabletext).

A rich text is a list of blocks. `_key`s are deterministic: block n is `b{n}`, its m-th span
`b{n}s{m}`, its m-th mark definition `b{n}m{m}`; a table's rows are `b{n}r{m}`, their cells
`b{n}r{m}c{k}`, and what a cell has goes on from there.
"""

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict


class Span(TypedDict):
    """A run of text; `marks` are decorators or keys of mark definitions.

    The decorators are strong, em, code and strike-through.
    """

    _type: Literal["span"]
    _key: str
    text: str
    marks: list[str]


class EntryReference(TypedDict):
    """The entry of this site that a link leads to."""

    type: str
    id: str


class MarkDef(TypedDict):
    """A link: the annotation that spans name in their marks; `title` is null where it has none.

    `reference` is there where the link leads to an entry: `href` is its path then.
    """

    _type: Literal["link"]
    _key: str
    href: str
    title: str | None
    reference: NotRequired[EntryReference]


class FootnoteMark(TypedDict):
    """What a span names that marks a footnote; the span's text is the number as `[1]`."""

    _type: Literal["footnote"]
    _key: str
    number: int


class Words(TypedDict):
    """Formatted words, as blocks, table cells and footnotes have them."""

    markDefs: list[MarkDef | FootnoteMark]
    children: list[Span]


class TextBlock(TypedDict):
    """A paragraph, heading (h1 to h6), quote or list item.

    A list item has `listItem` and `level` (from 1), and `checked` where it is a task; a heading
    may have an `anchor`, the name that `#anchor` leads to. Other blocks leave these out.
    """

    _type: Literal["block"]
    _key: str
    style: str
    listItem: NotRequired[Literal["bullet", "number"]]
    level: NotRequired[int]
    checked: NotRequired[bool]
    anchor: NotRequired[str]
    markDefs: list[MarkDef | FootnoteMark]
    children: list[Span]


class Fallback(TypedDict):
    """What a reader that does not know a custom block may show instead."""

    text: str
    html: str


class CodeBlock(TypedDict):
    """A block of code; `language` is null where the fence names none."""

    _type: Literal["code"]
    _key: str
    language: str | None
    code: str
    fallback: Fallback


class ImageBlock(TypedDict):
    """An image: a file beside the content, sizes in pixels, the placeholder a small data: URI."""

    _type: Literal["image"]
    _key: str
    src: str
    alt: str
    title: str | None
    width: int
    height: int
    placeholder: str
    fallback: Fallback


class RuleBlock(TypedDict):
    """A rule across the page, between two subjects."""

    _type: Literal["rule"]
    _key: str
    fallback: Fallback


Alignment = Literal["left", "center", "right"]


class TableCell(TypedDict):
    """A cell of a table."""

    _key: str
    markDefs: list[MarkDef | FootnoteMark]
    children: list[Span]


class TableRow(TypedDict):
    """A row of a table: it has a cell for each column."""

    _key: str
    cells: list[TableCell]


class TableBlock(TypedDict):
    """A table; the first row is the header, `align` says for each column where its words stand."""

    _type: Literal["table"]
    _key: str
    align: list[Alignment | None]
    rows: list[TableRow]
    fallback: Fallback


class FootnoteBlock(TypedDict):
    """A footnote, at the end of its rich text; numbers count from 1 in the order of their marks.

    Renderers of Portable Text take whatever has `children` for a text block and choose by its
    style, so it has one: they show a paragraph, until they are told what a footnote is.
    """

    _type: Literal["footnote"]
    _key: str
    style: Literal["footnote"]
    number: int
    markDefs: list[MarkDef | FootnoteMark]
    children: list[Span]
    fallback: Fallback


CustomBlock = CodeBlock | ImageBlock | RuleBlock | TableBlock | FootnoteBlock
Block = TextBlock | CustomBlock
Blocks = Sequence[Block]
