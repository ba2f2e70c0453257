"""The Markdown parser's events → blocks in the making; what has no block is a Finding.

The events are those of pulldown-cmark, as pyromark gives them: each with its range in the text, in
UTF-8 bytes.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, NamedTuple, TypedDict, cast

from api.errors import TOO_DEEP
from api.richtext.draft import CodeDraft, Draft, ListKind, TextDraft
from api.source.markdown_inline import SHOWN, InlineReader, Span, refused, unsupported

DEPTH = 32
"""How many constructs may stand in each other: 16 lists, each with its item."""

_CONTAINERS = frozenset({"BlockQuote", "List"})
_LANGUAGE = re.compile(r"[\w.+#-]{1,40}", re.ASCII)
_ATTRIBUTE = re.compile(rb"[^\s{}]+")


class Attribute(NamedTuple):
    """A word of a heading's `{…}`, as `#key` or `.class`."""

    start: int
    word: str


class Heading(NamedTuple):
    """A heading's text, its level (1 to 6), where the text starts, and its attributes."""

    draft: TextDraft
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


class _HeadingDetail(TypedDict):
    level: str


class Reader(InlineReader):
    """Gathers the blocks of one text; one method for each kind of event.

    `parts` and `findings` are the outcome, `spans` the byte ranges that blocks take up at the top
    level, `containers` those of lists and quotes among them.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.parts: list[Part] = []
        self.spans: list[Span] = []
        self.containers: list[Span] = []
        self._depth = 0
        self._items: list[TextDraft] = []
        self._lists: list[ListKind] = []
        self._ended_list: ListKind | None = None
        self._quoted = False
        self._language = ""
        self._edge = 0

    def read(self, events: Iterable[tuple[object, Span]]) -> None:
        """Take all events of the text, in their order."""
        for event, span in events:
            name, detail = _named(event)
            if name == "Start":
                if not self._depth:
                    self.spans.append(span)
                    if _named(detail)[0] in _CONTAINERS:
                        self.containers.append(span)
                self._open(*_named(detail), span["start"])
                continue
            if name == "End":
                self._close(_named(detail)[0], span)
            elif not self._skipped:
                self._leaf(name, detail, span["start"])
            self._edge = span["end"]

    def _open(self, name: str, detail: object, start: int) -> None:
        self._depth += 1
        if self._skipped:
            self._skipped += 1
        elif self._depth > DEPTH:
            self._refuse(start, f"more than {DEPTH} constructs in each other", TOO_DEEP)
        elif opener := self._OPENERS.get(name):
            opener(self, detail, start)
        else:
            self._refuse(start, refused(name))
        self._ended_list = None

    def _close(self, name: str, span: Span) -> None:
        self._depth -= 1
        self._ended_list = None
        if self._skipped:
            self._skipped -= 1
        elif closer := self._CLOSERS.get(name):
            closer(self, span)

    def _refuse_within(self, start: int, what: str) -> bool:
        """Refuse a block that lists and quotes cannot hold; say whether it stood in one."""
        if self._items:
            self._refuse(start, unsupported(f"{what} in a list item"))
        elif self._quoted:
            self._refuse(start, unsupported(f"{what} in a quote"))
        return bool(self._skipped)

    def _begin(self, draft: TextDraft, start: int) -> None:
        self._draft = draft
        self.parts.append(Part(start, draft))

    def _open_html(self, _: object, start: int) -> None:
        line = self._data[start : start + 4 * SHOWN].partition(b"\n")[0]
        self._html(line.decode(errors="ignore").strip(), start)
        self._skipped = 1

    def _open_paragraph(self, _: object, start: int) -> None:
        if not self._items:
            self._begin(TextDraft("blockquote" if self._quoted else "normal"), start)
        elif self._draft.pieces or self.parts[-1].draft is not self._draft:
            self._refuse(start, unsupported("a list item with more than one paragraph"))

    def _open_heading(self, detail: object, start: int) -> None:
        if not self._refuse_within(start, "a heading"):
            level = cast("_HeadingDetail", detail)["level"]
            self._begin(TextDraft(level.lower()), start)
            self._edge = start

    def _close_heading(self, span: Span) -> None:
        """Keep the attributes: the parser forgets some, so they are read from the text itself."""
        start, end = span["start"], span["end"]
        part = self.parts[-1]
        line = self._data[start : self._edge]
        brace = self._data.find(b"{", self._edge, end)
        closing = self._data.rfind(b"}", self._edge, end)
        words: tuple[Attribute, ...] = ()
        if 0 <= brace < closing:
            words = tuple(
                Attribute(word.start(), word.group().decode())
                for word in _ATTRIBUTE.finditer(self._data, brace, closing)
            ) or (Attribute(brace, "{}"),)
        heading = Heading(
            draft=self._draft,
            level=int(self._draft.style[1]),
            text_start=start + len(line) - len(line.lstrip(b"# \t")),
            attributes=words,
        )
        self.parts[-1] = part._replace(heading=heading)

    def _open_quote(self, kind: object, start: int) -> None:
        if kind:
            self._refuse(start, unsupported(f"an alert (> [!{str(kind).upper()}])"))
        elif not self._refuse_within(start, "a quote"):
            self._quoted = True

    def _close_quote(self, _: Span) -> None:
        self._quoted = False

    def _open_list(self, first: object, start: int) -> None:
        kind: ListKind = "bullet" if first is None else "number"
        if self._quoted:
            self._refuse(start, unsupported("a list in a quote"))
        elif first not in (None, 1):
            self._refuse(
                start,
                f"a numbered list starts with {first}, not with 1 "
                f"(to begin a line with a number, write '{first}\\.')",
            )
        elif kind == self._ended_list:
            self._refuse(start, unsupported("a list right below another of its kind"))
        else:
            self._lists.append(kind)

    def _close_list(self, _: Span) -> None:
        self._ended_list = self._lists.pop()

    def _open_item(self, _: object, start: int) -> None:
        item = TextDraft("normal", self._lists[-1], len(self._lists))
        self._items.append(item)
        self._begin(item, start)

    def _close_item(self, _: Span) -> None:
        self._items.pop()
        if self._items:
            self._draft = self._items[-1]

    def _open_code(self, kind: object, start: int) -> None:
        if self._refuse_within(start, "a block of code"):
            return
        info = cast("dict[str, str]", kind)["Fenced"] if isinstance(kind, dict) else ""
        self._language = info.strip()
        self._draft = TextDraft("code")
        self.parts.append(Part(start, CodeDraft(self._language, "")))
        if self._language and not _LANGUAGE.fullmatch(self._language):
            self._find(start, f"the language of code is one word, not '{self._language[:SHOWN]}'")

    def _close_code(self, _: Span) -> None:
        code = self._draft.text.removesuffix("\n")
        self.parts[-1] = self.parts[-1]._replace(draft=CodeDraft(self._language, code))

    _OPENERS: ClassVar[Mapping[str, Callable[["Reader", object, int], None]]] = {
        "BlockQuote": _open_quote,
        "CodeBlock": _open_code,
        "Emphasis": InlineReader.open_emphasis,
        "Heading": _open_heading,
        "HtmlBlock": _open_html,
        "Item": _open_item,
        "Link": InlineReader.open_link,
        "List": _open_list,
        "Paragraph": _open_paragraph,
        "Strikethrough": InlineReader.open_tilde,
        "Strong": InlineReader.open_strong,
    }
    _CLOSERS: ClassVar[Mapping[str, Callable[["Reader", Span], None]]] = {
        "BlockQuote": _close_quote,
        "CodeBlock": _close_code,
        "Emphasis": InlineReader.close_mark,
        "Heading": _close_heading,
        "Item": _close_item,
        "Link": InlineReader.close_link,
        "List": _close_list,
        "Strikethrough": InlineReader.close_tilde,
        "Strong": InlineReader.close_mark,
    }


def _named(event: object) -> tuple[str, object]:
    """Take an event or a tag apart: a bare name, or a name with its detail."""
    if isinstance(event, str):
        return event, None
    return next(iter(cast("dict[str, object]", event).items()))
