"""The parser's inline events → pieces of text; what has no piece is a Finding."""

import re
from collections.abc import Mapping
from typing import NamedTuple, TypedDict, cast

from api.errors import MARKDOWN_HTML, MARKDOWN_LINK, MARKDOWN_UNSUPPORTED, IssueKind
from api.richtext.addresses import ALLOWED, mistake
from api.richtext.draft import Link, Piece, TextDraft

SHOWN = 40
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Signs that show nothing; a tab and a line feed are white space."""
"""How many signs of a wrong text its Finding shows."""

_REFUSED: Mapping[str, str] = {
    "FootnoteDefinition": "a footnote",
    "FootnoteReference": "a mark of a footnote",
    "Image": "an image",
    "Rule": "a rule across the page",
    "Table": "a table",
    "TaskListMarker": "a task list",
}


class Finding(NamedTuple):
    """An Issue whose place is still a byte offset."""

    start: int
    kind: IssueKind
    what: str
    allowed: tuple[str, ...] = ()


class Span(TypedDict):
    """The range of an event in the text, in UTF-8 bytes."""

    start: int
    end: int


class _LinkDetail(TypedDict):
    link_type: str
    dest_url: str
    title: str
    id: str


class InlineReader:
    """Gathers the text of one block after the other.

    `findings` are part of the outcome, `labels` those of the link definitions that were used.
    """

    def __init__(self, data: bytes) -> None:
        self.findings: list[Finding] = []
        self.labels: set[str] = set()
        self._data = data
        self._skipped = 0
        self._draft = TextDraft("normal")
        self._open_marks: list[str] = []
        self._marks: tuple[str, ...] = ()
        self._link: int | None = None
        self._link_text = 0

    def _leaf(self, name: str, detail: object, start: int) -> None:
        if name == "Text":
            text = cast("str", detail)
            self._text(text)
            if control := CONTROL.search(text):
                self._find(start, unsupported(f"the control sign U+{ord(control[0]):04X}"))
        elif name == "Code":
            self._put(cast("str", detail), (*self._marks, "code"))
        elif name == "SoftBreak":
            self._text(" ")
        elif name == "HardBreak":
            self._text("\n")
        elif name == "InlineHtml":
            self._html(cast("str", detail), start)
        else:
            self._find(start, refused(name))

    def _find(self, start: int, what: str, kind: IssueKind = MARKDOWN_UNSUPPORTED) -> None:
        allowed = ALLOWED if kind is MARKDOWN_LINK else ()
        self.findings.append(Finding(start, kind, what, allowed))

    def _refuse(self, start: int, what: str, kind: IssueKind = MARKDOWN_UNSUPPORTED) -> None:
        """Refuse what begins here, with everything in it."""
        self._find(start, what, kind)
        self._skipped = 1

    def _text(self, text: str) -> None:
        self._put(text, self._marks)

    def _put(self, text: str, marks: tuple[str, ...]) -> None:
        self._draft.pieces.append(Piece(text, marks, self._link))

    def _html(self, text: str, start: int) -> None:
        self._find(start, f"raw HTML: {text[:SHOWN]}", MARKDOWN_HTML)

    def open_emphasis(self, _: object, __: int) -> None:
        """Begin emphasis."""
        self._mark("em")

    def open_strong(self, _: object, __: int) -> None:
        """Begin strong emphasis."""
        self._mark("strong")

    def _mark(self, name: str) -> None:
        self._open_marks.append(name)
        self._settle()

    def close_mark(self, _: Span) -> None:
        """End the emphasis that began last."""
        self._open_marks.pop()
        self._settle()

    def _settle(self) -> None:
        self._marks = tuple(mark for mark in ("strong", "em") if mark in self._open_marks)

    def open_tilde(self, _: object, start: int) -> None:
        """Refuse `~~struck out~~`; a single tilde is a sign of its own, as in `~5 mg`."""
        if self._data.startswith(b"~~", start):
            self._refuse(start, unsupported("struck-out text (~~)"))
        else:
            self._text("~")

    def close_tilde(self, _: Span) -> None:
        """Keep the second single tilde."""
        self._text("~")

    def open_link(self, detail: object, start: int) -> None:
        """Begin a link; where its address is wrong, only its words stay."""
        link = cast("_LinkDetail", detail)
        mail = "mailto:" if link["link_type"] == "Email" else ""
        href = mail + link["dest_url"]
        self.labels.add(normal_label(link["id"]))
        self._link_text = len(self._draft.pieces)
        if what := mistake(href):
            self._find(start, what, MARKDOWN_LINK)
        else:
            self._link = len(self._draft.links)
            self._draft.links.append(Link(href, link["title"]))

    def close_link(self, span: Span) -> None:
        """End a link, which has to have words."""
        self._link = None
        if not self._draft.pieces[self._link_text :]:
            self._find(span["start"], "a link without text", MARKDOWN_LINK)


def refused(name: str) -> str:
    """Say that the construct of an event is not supported."""
    return unsupported(_REFUSED.get(name, name))


def unsupported(construct: str) -> str:
    """Say that a construct is not supported."""
    return f"{construct} is not supported"


def normal_label(label: str) -> str:
    """Return a link label as labels are compared (CommonMark 0.31, 4.7)."""
    return " ".join(label.split()).casefold()
