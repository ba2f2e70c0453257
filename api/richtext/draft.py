"""Blocks before they have keys: what a parser gathers, and the blocks that this becomes."""

from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import Literal, NamedTuple

from api.richtext.blocks import CodeBlock, Fallback, ImageBlock, MarkDef, Span, TextBlock

ListKind = Literal["bullet", "number"]


class Piece(NamedTuple):
    """A run of text with its decorators, and the index of its link among the draft's links."""

    text: str
    marks: tuple[str, ...] = ()
    link: int | None = None


class Link(NamedTuple):
    """Where a link leads; the title is empty where there is none."""

    href: str
    title: str = ""


@dataclass(slots=True)
class TextDraft:
    """A paragraph, heading, quote or list item that is being gathered."""

    style: str
    list_kind: ListKind | None = None
    level: int = 0
    pieces: list[Piece] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words without their formatting."""
        return "".join(piece.text for piece in self.pieces)

    def block(self, index: int) -> TextBlock:
        """Make the block that stands at `index` (from 0) in its rich text.

        Neighbours with the same marks become one span; without any text there is one empty span,
        as Portable Text has it.
        """
        key = f"b{index}"
        definitions: list[MarkDef] = [
            {"_type": "link", "_key": f"{key}m{n}", "href": link.href, "title": link.title or None}
            for n, link in enumerate(self.links)
        ]
        block: TextBlock = {
            "_type": "block",
            "_key": key,
            "style": self.style,
            "markDefs": definitions,
            "children": self._children(key),
        }
        if self.list_kind:
            block["listItem"] = self.list_kind
            block["level"] = self.level
        return block

    def _children(self, key: str) -> list[Span]:
        spans: list[Span] = []
        for (marks, link), run in groupby(self.pieces or [Piece("")], lambda piece: piece[1:]):
            spans.append(
                {
                    "_type": "span",
                    "_key": f"{key}s{len(spans)}",
                    "text": "".join(piece.text for piece in run),
                    "marks": [*marks] if link is None else [*marks, f"{key}m{link}"],
                }
            )
        return spans


@dataclass(slots=True)
class CodeDraft:
    """A block of code; the language is empty where none is named."""

    language: str
    code: str

    def block(self, index: int) -> CodeBlock:
        """Make the block that stands at `index` (from 0) in its rich text."""
        return {
            "_type": "code",
            "_key": f"b{index}",
            "language": self.language or None,
            "code": self.code,
            "fallback": {"text": self.code, "html": code_html(self.code, self.language)},
        }


@dataclass(slots=True)
class ImageDraft:
    """An image as it was written; its file tells sizes and placeholder, so they are missing."""

    src: str
    alt: str
    title: str = ""

    def block(self, index: int) -> ImageBlock:
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


def image_fallback(src: str, alt: str, title: str | None, width: int, height: int) -> Fallback:
    """Make what a reader that knows no image block may show: its text, or an element of HTML."""
    return {"text": alt, "html": image_html(src, alt, title, width, height)}


def image_html(src: str, alt: str, title: str | None, width: int, height: int) -> str:
    """Write an image as HTML has it; a size that is not known (0) is left out."""
    named = f' title="{escape(title)}"' if title else ""
    size = f' width="{width}" height="{height}"' if width and height else ""
    return f'<p><img src="{escape(src)}" alt="{escape(alt)}"{named}{size}></p>'


def code_html(code: str, language: str | None) -> str:
    """Write code as HTML has it (HTML, 4.5.15: the language is a class `language-…`)."""
    name = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{name}>{escape(code, quote=False)}\n</code></pre>"


Draft = TextDraft | CodeDraft | ImageDraft
