"""The parser's events of footnotes → drafts of their words, one paragraph each."""

from typing import NamedTuple

from api.errors import MARKDOWN_FOOTNOTE
from api.richtext.draft import TextDraft
from api.source.markdown_inline import SHOWN, InlineReader, Span, normal_label, unsupported


class Note(NamedTuple):
    """A footnote in the making: where it begins, how many bytes it has, and its words."""

    start: int
    size: int
    draft: TextDraft


class NoteReader(InlineReader):
    """Gathers the footnotes of a text by their labels, in `notes`."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.notes: dict[str, Note] = {}
        self._note: str | None = None
        self._note_draft: TextDraft | None = None
        self._found_before = 0

    def _begin_note(self, label: str, start: int) -> None:
        name = normal_label(label)
        if first := self.notes.get(name):
            what = f"the footnote '[^{name[:SHOWN]}]' is defined a second time"
            self._refuse(start, what, MARKDOWN_FOOTNOTE, other=first.start)
            return
        self._note = name
        self._found_before = len(self.findings)

    def _begin_note_paragraph(self, start: int) -> None:
        if self._note_draft:
            self._refuse(start, unsupported("a footnote with more than one paragraph"))
        else:
            self._draft = self._note_draft = TextDraft("footnote")

    def _end_note(self, span: Span) -> None:
        start, name, draft = span["start"], self._note or "", self._note_draft
        self._note = self._note_draft = None
        if draft is not None:
            self.notes[name] = Note(start, span["end"] - start, draft)
        elif len(self.findings) == self._found_before:
            what = f"the footnote '[^{name[:SHOWN]}]' has no words"
            self._find(start, what, MARKDOWN_FOOTNOTE)
