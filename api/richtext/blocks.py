"""Portable Text blocks as Keypoint stores them (https://github.com/portabletext/portabletext).

A rich text is a list of blocks. `_key`s are deterministic: block n is `b{n}`, its m-th span
`b{n}s{m}`, its m-th mark definition `b{n}m{m}`.
"""

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict


class Span(TypedDict):
    """A run of text; `marks` are decorators (strong, em, code) or keys of mark definitions."""

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


class TextBlock(TypedDict):
    """A paragraph, heading (h1 to h6), quote or list item.

    A list item has `listItem` and `level` (from 1); other blocks leave both out.
    """

    _type: Literal["block"]
    _key: str
    style: str
    listItem: NotRequired[Literal["bullet", "number"]]
    level: NotRequired[int]
    markDefs: list[MarkDef]
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


CustomBlock = CodeBlock | ImageBlock
Block = TextBlock | CustomBlock
Blocks = Sequence[Block]
