"""The parser's inline events → pieces of text; what has no piece is a Finding."""

import re
from typing import NamedTuple, TypedDict, cast

from api.errors import (
    MARKDOWN_FOOTNOTE,
    MARKDOWN_HTML,
    MARKDOWN_LINK,
    MARKDOWN_UNSUPPORTED,
    IssueKind,
)
from api.richtext.addresses import ALLOWED, is_target, mistake
from api.richtext.draft import Link, NoteMark, Piece, TextDraft
from api.source.bounds import ISSUES

SHOWN = 40
"""How many signs of a wrong text its Finding shows."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Signs that show nothing; a tab and a line feed are white space."""

_DECORATORS = ("strong", "em", "strike-through")
_NOTE = re.compile(rb"(?<!\\)(?:\\\\)*(\[\^[^\[\]\s\\]+\])")
_LINK_END = re.compile(rb"(?<!\\)\][(\[]")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")


class Finding(NamedTuple):
    """An Issue whose places are still byte offsets."""

    start: int
    kind: IssueKind
    what: str
    allowed: tuple[str, ...] = ()
    other: int | None = None


class Span(TypedDict):
    """The range of an event in the text, in UTF-8 bytes."""

    start: int
    end: int


class LinkDetail(TypedDict):
    """What the parser says of a link or an image."""

    link_type: str
    dest_url: str
    title: str
    id: str


class InlineReader:
    """Gathers the text of one block after the other.

    `findings` are part of the outcome, `labels` those of the link definitions that were used,
    `noted` those of the footnotes that were marked.
    """

    def __init__(self, data: bytes) -> None:
        self.findings: list[Finding] = []
        self.labels: set[str] = set()
        self.noted: set[str] = set()
        self._data = data
        self._skipped = 0
        self._ended = False
        self._draft = TextDraft("normal")
        self._open_marks: list[str] = []
        self._marks: tuple[str, ...] = ()
        self._link: int | None = None
        self._link_text: int | None = None
        self._tags: dict[str, int] = {}
        self._alt: list[str] | None = None
        self._only_images = False
        self._breaks = 0

    @property
    def enough(self) -> bool:
        """Whether nothing more is to be read: a bound is passed, or many Issues are found."""
        return self._ended or len(self.findings) >= ISSUES

    def _leaf(self, name: str, detail: object, span: Span) -> None:
        match name:
            case "Text":
                self._words(cast("str", detail), span)
            case "Code":
                self._put(cast("str", detail), (*self._marks, "code"))
            case "SoftBreak":
                self._break(" ")
            case "HardBreak":
                self._break("\n")
            case "InlineHtml":
                self._html(cast("str", detail), span["start"])
            case "FootnoteReference":
                self._note_mark(cast("str", detail))
            case _:
                self._find(span["start"], unsupported(name))

    def _find(
        self,
        start: int,
        what: str,
        kind: IssueKind = MARKDOWN_UNSUPPORTED,
        other: int | None = None,
    ) -> None:
        allowed = ALLOWED if kind is MARKDOWN_LINK else ()
        self.findings.append(Finding(start, kind, what, allowed, other))

    def _refuse(
        self,
        start: int,
        what: str,
        kind: IssueKind = MARKDOWN_UNSUPPORTED,
        other: int | None = None,
    ) -> None:
        """Refuse what begins here, with everything in it."""
        self._find(start, what, kind, other)
        self._skipped = 1

    def _words(self, text: str, span: Span) -> None:
        """Take words, in which marks of footnotes that there are not would go unseen."""
        start, end = span["start"], span["end"]
        if self._draft.pieces and self._draft.pieces[-1].text == "":
            self._check_link_around(start, end)
        self._put(text, self._marks)
        if not text.isprintable() and (control := CONTROL.search(text)):
            self._find(start, unsupported(f"the control sign U+{ord(control[0]):04X}"))
        if "[^" in text:
            for found in _NOTE.finditer(self._data, start, end):
                touches = self._data[found.end() : found.end() + 1] == b"["
                self._wrong_mark(found[1].decode(), found.start(1), touches=touches)

    def _check_link_around(self, start: int, end: int) -> None:
        """Refuse a link that the parser takes for signs because a footnote is marked in it."""
        if found := _LINK_END.search(self._data, start, end + 1):
            self._find(found.start(), unsupported("the mark of a footnote in a link or an image"))

    def _wrong_mark(self, mark: str, start: int, *, touches: bool) -> None:
        if touches:
            what = f"the mark '{mark}' of a footnote runs into a link: put a space between them"
        else:
            what = f"no footnote is defined as '{mark}:' (to show these signs, write '\\{mark}')"
        self._find(start, what, MARKDOWN_FOOTNOTE)

    def _put(self, text: str, marks: tuple[str, ...]) -> None:
        if self._alt is not None:
            self._alt.append(text)
        else:
            self._only_images = False
            self._draft.pieces.append(Piece(text, marks, self._link))

    def _break(self, text: str) -> None:
        if self._alt is not None:
            self._alt.append(text)
        else:
            self._breaks += 1
            self._draft.pieces.append(Piece(text, self._marks, self._link))

    def _html(self, text: str, start: int) -> None:
        """Refuse HTML; the end of an element is no second mistake."""
        tag = _TAG.match(text)
        name = tag[2].casefold() if tag else ""
        if tag and tag[1] and self._tags.get(name):
            self._tags[name] -= 1
            return
        if tag and not tag[1]:
            self._tags[name] = self._tags.get(name, 0) + 1
        self._find(start, f"raw HTML: {text[:SHOWN]}", MARKDOWN_HTML)

    def _note_mark(self, label: str) -> None:
        """Take the mark of a footnote."""
        self._only_images = False
        self.noted.add(normal_label(label))
        self._draft.pieces.append(Piece("", self._marks, len(self._draft.links)))
        self._draft.links.append(NoteMark(normal_label(label)))

    def open_emphasis(self, _: object, __: int) -> None:
        """Begin emphasis."""
        self._mark("em")

    def open_strong(self, _: object, __: int) -> None:
        """Begin strong emphasis."""
        self._mark("strong")

    def open_tilde(self, _: object, start: int) -> None:
        """Begin words struck out; a single tilde is a sign of its own, as in `~5 mg`."""
        if self._data.startswith(b"~~", start):
            self._mark("strike-through")
        else:
            self._put("~", self._marks)

    def close_tilde(self, span: Span) -> None:
        """End words struck out, or keep the second single tilde."""
        if self._data.startswith(b"~~", span["start"]):
            self.close_mark(span)
        else:
            self._put("~", self._marks)

    def _mark(self, name: str) -> None:
        if self._alt is None:
            self._only_images = False
        self._open_marks.append(name)
        self._settle()

    def close_mark(self, _: Span) -> None:
        """End the emphasis that began last."""
        self._open_marks.pop()
        self._settle()

    def _settle(self) -> None:
        self._marks = tuple(mark for mark in _DECORATORS if mark in self._open_marks)

    def open_link(self, detail: object, start: int) -> None:
        """Begin a link; where its address is wrong, only its words stay."""
        link = cast("LinkDetail", detail)
        self.labels.add(normal_label(link["id"]))
        if self._alt is not None:
            self._refuse(start, unsupported("a link in the words of an image"))
            return
        self._only_images = False
        if mark := _NOTE.match(self._data, start):
            self._wrong_mark(mark[1].decode(), start, touches=True)
        mail = "mailto:" if link["link_type"] == "Email" else ""
        href = mail + link["dest_url"]
        self._link_text = len(self._draft.pieces)
        if is_target(href):
            self._begin_link(Link(href, link["title"], start))
        elif what := mistake(href):
            self._find(start, what, MARKDOWN_LINK)
        else:
            self._begin_link(Link(href, link["title"]))

    def _begin_link(self, link: Link) -> None:
        self._link = len(self._draft.links)
        self._draft.links.append(link)

    def close_link(self, span: Span) -> None:
        """End a link, which has to have words."""
        if not self._draft.pieces[self._link_text :]:
            self._find(span["start"], "a link without text", MARKDOWN_LINK)
        self._link = self._link_text = None


def unsupported(construct: str) -> str:
    """Say that a construct is not supported."""
    return f"{construct} is not supported"


def normal_label(label: str) -> str:
    """Return a link label as labels are compared (CommonMark 0.31, 4.7)."""
    return " ".join(label.split()).casefold()
