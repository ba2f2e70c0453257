"""The Markdown parser's events → blocks in the making; what has no block is a Finding.

The events are those of pulldown-cmark, as pyromark gives them: each with its range in the text, in
UTF-8 bytes.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import ClassVar, Literal, TypedDict, cast

from api.errors import TOO_DEEP, TOO_MANY_VALUES
from api.richtext.draft import CodeDraft, ListKind, RuleDraft, TextDraft
from api.source.markdown_footnotes import NoteReader
from api.source.markdown_images import ImageReader
from api.source.markdown_inline import SHOWN, InlineReader, Span, unsupported
from api.source.markdown_parts import Event, Part, Ranged, heading_of, named, plain
from api.source.markdown_tables import TableReader

DEPTH = 32
"""How many constructs may stand in each other: 16 lists, each with its item."""
EVENTS = 200_000
"""How many events of the parser are taken: a long book has fewer."""

_LANGUAGE = re.compile(r"[\w.+#-]{1,40}", re.ASCII)


class _HeadingDetail(TypedDict):
    level: str


class Reader(ImageReader, NoteReader, TableReader):
    """Gathers the blocks of one text; one method for each kind of event.

    `parts`, `notes` (by label) and `findings` are the outcome.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.parts: list[Part] = []
        self._depth = 0
        self._items: list[TextDraft] = []
        self._lists: list[ListKind] = []
        self._last: ListKind | Literal["quote"] | None = None
        self._last_before_note: ListKind | Literal["quote"] | None = None
        self._quoted = False
        self._language = ""
        self._edge = 0

    def read(self, events: Iterator[Ranged]) -> None:
        """Take the events of the text, in their order, until there is enough."""
        taken = islice(events, EVENTS)
        for begin in taken:
            if self.findings and self.enough:
                return
            words = end = None
            # Two events are looked ahead at: a plain block has no more than its start and these.
            if not self._depth and "Start" in begin[0]:
                words = next(taken, None)
                if words is not None and "Text" in words[0]:
                    end = next(taken, None)
                    if end is not None and (part := plain(self._data, begin, words, end)):
                        self.parts.append(part)
                        self._last = None
                        continue
            for event, span in filter(None, (begin, words, end)):
                self._take(event, span)
        beyond = None if self.enough else next(events, None)
        if beyond is not None:
            what = f"the text has more than {EVENTS:,} beginnings, ends and runs of words"
            self._find(beyond[1]["start"], what, TOO_MANY_VALUES)
            self._ended = True

    def _take(self, event: Event, span: Span) -> None:
        name, detail = named(event)
        if name == "Start":
            construct, its_detail = named(detail)
            self._open(construct, its_detail, span["start"])
            return
        if name == "End":
            self._close(named(detail)[0], span)
        elif not self._skipped:
            self._leaf(name, detail, span)
        self._edge = span["end"]

    def _open(self, name: str, detail: object, start: int) -> None:
        self._depth += 1
        if self._skipped:
            self._skipped += 1
        elif self._depth > DEPTH:
            self._refuse(start, f"more than {DEPTH} constructs in each other", TOO_DEEP)
            self._ended = True
        elif opener := self._OPENERS.get(name):
            opener(self, detail, start)
        else:
            self._refuse(start, unsupported(name))
        self._last = None

    def _close(self, name: str, span: Span) -> None:
        self._depth -= 1
        self._last = None
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
        elif self._note is not None:
            self._refuse(start, unsupported(f"{what} in a footnote"))
        return bool(self._skipped)

    def _leaf(self, name: str, detail: object, span: Span) -> None:
        start = span["start"]
        if name == "TaskListMarker":
            self._items[-1].checked = bool(detail)
        elif name == "FootnoteReference" and self._note is not None:
            self._find(start, unsupported("the mark of a footnote in a footnote"))
        elif name != "Rule":
            super()._leaf(name, detail, span)
        elif not self._refuse_within(start, "a rule"):
            self.parts.append(Part(start, RuleDraft()))
            self._last = None
        else:
            # A rule has no end, so nothing is left to be skipped.
            self._skipped = 0

    def _begin(self, draft: TextDraft, start: int) -> None:
        self._draft = draft
        self.parts.append(Part(start, draft))

    def _open_html(self, _: object, start: int) -> None:
        line = self._data[start : start + 4 * SHOWN].partition(b"\n")[0]
        self._html(line.decode(errors="ignore").strip(), start)
        self._skipped = 1

    def _open_paragraph(self, _: object, start: int) -> None:
        if self._note is not None:
            self._begin_note_paragraph(start)
        elif not self._items:
            self._begin(TextDraft("blockquote" if self._quoted else "normal"), start)
            if not self._quoted:
                self._begin_images()
        elif self._draft.pieces or self.parts[-1].draft is not self._draft:
            self._refuse(start, unsupported("a list item with more than one paragraph"))

    def _close_paragraph(self, _: Span) -> None:
        images = self._end_images()
        if images is not None:
            self.parts[-1:] = [Part(image.start, image) for image in images]

    def _open_note(self, label: object, start: int) -> None:
        if not self._refuse_within(start, "a footnote"):
            self._last_before_note = self._last
            self._begin_note(cast("str", label), start)

    def _close_note(self, span: Span) -> None:
        self._end_note(span)
        # It goes to the end, so what stands around it becomes neighbours.
        self._last = self._last_before_note

    def _open_table(self, alignments: object, start: int) -> None:
        if not self._refuse_within(start, "a table"):
            self.parts.append(Part(start, self._begin_table(alignments)))

    def _open_heading(self, detail: object, start: int) -> None:
        if not self._refuse_within(start, "a heading"):
            level = cast("_HeadingDetail", detail)["level"]
            self._begin(TextDraft(level.lower()), start)
            self._edge = start

    def _close_heading(self, span: Span) -> None:
        heading = heading_of(self._data, self._draft, span, self._edge)
        self.parts[-1] = self.parts[-1]._replace(heading=heading)

    def _open_quote(self, kind: object, start: int) -> None:
        if kind:
            self._refuse(start, unsupported(f"an alert (> [!{str(kind).upper()}])"))
        elif self._refuse_within(start, "a quote"):
            return
        elif self._last == "quote":
            self._refuse(start, unsupported("a quote right below another"))
        else:
            self._quoted = True

    def _close_quote(self, _: Span) -> None:
        self._quoted = False
        self._last = "quote"

    def _open_list(self, first: object, start: int) -> None:
        kind: ListKind = "bullet" if first is None else "number"
        if self._quoted or self._note is not None:
            holder = "quote" if self._quoted else "footnote"
            self._refuse(start, unsupported(f"a list in a {holder}"))
        elif first not in (None, 1):
            self._refuse(
                start,
                f"a numbered list starts with {first}, not with 1 "
                f"(to begin a line with a number, write '{first}\\.')",
            )
        elif kind == self._last:
            self._refuse(start, unsupported("a list right below another of its kind"))
        elif self._items and self._last:
            self._refuse(start, unsupported("a second list in a list item"))
        else:
            self._lists.append(kind)

    def _close_list(self, _: Span) -> None:
        self._last = self._lists.pop()

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
        "FootnoteDefinition": _open_note,
        "Heading": _open_heading,
        "HtmlBlock": _open_html,
        "Image": ImageReader.open_image,
        "Item": _open_item,
        "Link": InlineReader.open_link,
        "List": _open_list,
        "Paragraph": _open_paragraph,
        "Strikethrough": InlineReader.open_tilde,
        "Strong": InlineReader.open_strong,
        "Table": _open_table,
        "TableCell": TableReader.open_cell,
        "TableHead": TableReader.open_row,
        "TableRow": TableReader.open_row,
    }
    _CLOSERS: ClassVar[Mapping[str, Callable[["Reader", Span], None]]] = {
        "BlockQuote": _close_quote,
        "CodeBlock": _close_code,
        "Emphasis": InlineReader.close_mark,
        "FootnoteDefinition": _close_note,
        "Heading": _close_heading,
        "Image": ImageReader.close_image,
        "Item": _close_item,
        "Link": InlineReader.close_link,
        "List": _close_list,
        "Paragraph": _close_paragraph,
        "Strikethrough": InlineReader.close_tilde,
        "Strong": InlineReader.close_mark,
        "TableCell": TableReader.close_cell,
        "TableHead": TableReader.close_row,
        "TableRow": TableReader.close_row,
    }
