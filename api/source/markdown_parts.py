"""Blocks in the making, with their places; those of words alone are read at a glance."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from api.richtext.draft import Draft, PlainDraft, TextDraft
from api.source.markdown_inline import Span

Event = str | Mapping[str, Any]
"""An event, or the construct that it begins or ends: a bare name, or a name with its detail."""
Ranged = tuple[Any, Span]
"""An event with its range in the text."""

_ATTRIBUTE = re.compile(rb"[^\s{}]+")

# A NamedTuple's own constructor takes twice as long, and a text has a Part for each block.
_new = tuple.__new__


class Attribute(NamedTuple):
    """A word of a heading's `{…}`, as `#key` or `.class`."""

    start: int
    word: str


class Heading(NamedTuple):
    """A heading's text, its level (1 to 6), where the text starts, and its attributes."""

    draft: TextDraft | PlainDraft
    level: int
    text_start: int
    attributes: tuple[Attribute, ...]


class Part(NamedTuple):
    """A block in the making, with the byte offset of its first sign.

    `heading` is there for headings alone.
    """

    start: int
    draft: Draft
    heading: Heading | None = None


def named(event: Event) -> tuple[str, Any]:
    """Take an event or a construct apart."""
    if isinstance(event, str):
        return event, None
    (named,) = event.items()
    return named


def plain(data: bytes, begin: Ranged, words: Ranged, end: Ranged) -> Part | None:
    """Return the block of three events at the top level, if it is nothing but words on one line.

    `begin` is a start and `words` are a text. Nearly all blocks are plain, and need none of what a
    Reader keeps in mind for others; it makes the same blocks of them.
    """
    text: str = words[0]["Text"]
    if "End" not in end[0] or "[^" in text or not text.isprintable():
        return None
    construct, span = begin[0]["Start"], begin[1]
    if construct == "Paragraph":
        return _new(Part, (span["start"], PlainDraft("normal", text), None))
    if "Heading" not in construct:
        return None
    draft = PlainDraft(construct["Heading"]["level"].lower(), text)
    return _new(Part, (span["start"], draft, heading_of(data, draft, span, words[1]["end"])))


def heading_of(data: bytes, draft: TextDraft | PlainDraft, span: Span, edge: int) -> Heading:
    """Return a heading whose words end at `edge`.

    The parser forgets some attributes, so they are read from the text itself.
    """
    start, end = span["start"], span["end"]
    line = data[start:edge]
    text_start = start + len(line) - len(line.lstrip(b"# \t"))
    # Most headings have nothing but the line's end behind their words.
    attributes = _attributes(data, edge, end) if end - edge > 1 else ()
    return _new(Heading, (draft, int(draft.style[1]), text_start, attributes))


def _attributes(data: bytes, start: int, end: int) -> tuple[Attribute, ...]:
    brace = data.find(b"{", start, end)
    closing = data.rfind(b"}", start, end)
    if not 0 <= brace < closing:
        return ()
    return tuple(
        Attribute(word.start(), word.group().decode())
        for word in _ATTRIBUTE.finditer(data, brace, closing)
    ) or (Attribute(brace, "{}"),)
