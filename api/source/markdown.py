"""Markdown (CommonMark 0.31, with GitHub's additions) → Portable Text blocks, or Issues.

Nothing is lost: a construct either becomes blocks or is refused at its line and column. Words
come out as they went in: no smart punctuation. A soft break becomes a space, as a browser shows
it; a hard break becomes a newline in the span's text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, count, islice
from typing import NamedTuple

import pyromark

from api.errors import (
    DUPLICATE_SECTION_KEY,
    FILE_TOO_LARGE,
    INVALID_ENCODING,
    INVALID_SLUG,
    MARKDOWN_FOOTNOTE,
    MARKDOWN_UNSUPPORTED,
    Issue,
    Place,
)
from api.richtext.draft import Address, Draft, TextDraft, footnote
from api.source.bounds import ISSUES
from api.source.markdown_blocks import Reader
from api.source.markdown_footnotes import Note
from api.source.markdown_inline import Finding, Span, normal_label
from api.source.markdown_parts import Attribute, Heading, Part, named
from schemas.fields import SLUG, SLUG_LENGTH, RichText, TextTarget

TEXT_LENGTH = 1_048_576
"""The longest text, in code points."""
NOTES_SIZE = 4 * TEXT_LENGTH
"""How many bytes the footnotes of all rich texts of a file have together, each as often as used."""

_PARSER = pyromark.Markdown(
    options=pyromark.Options.ENABLE_HEADING_ATTRIBUTES
    | pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_GFM
)

_CONTAINERS = frozenset({"BlockQuote", "FootnoteDefinition", "List"})

# A NamedTuple's own constructor takes twice as long, and a text has several places a block.
_new = tuple.__new__


class Origin(NamedTuple):
    """Where a text stands in its file.

    `place` is that of its first character, `indent` the columns before every further line (those
    of a YAML literal block). Without `exact` the lines are not known, and everything is at `place`.
    """

    place: Place
    indent: int = 0
    exact: bool = True


class Places:
    """Turns byte offsets of a text into Places; in a line, quick while the offsets do not fall."""

    def __init__(self, data: bytes, origin: Origin) -> None:
        self._data = data
        self._exact = origin.exact
        self._first = origin.place
        self._margin = origin.indent + 1
        self._lines: dict[int, int] = {}
        self._start = self._offset = self._column = 0
        self._end = -1

    def at(self, offset: int) -> Place:
        """Return the Place of the character that begins at a byte of the text."""
        if not self._exact:
            return self._first
        if not self._lines:
            lengths = [len(line) + 1 for line in self._data.split(b"\n")]
            starts = accumulate(lengths, initial=0)
            self._lines = dict(zip(starts, count(self._first.line), strict=False))
        line = self._lines.get(offset)
        if line is None or not offset:
            return self._within_line(offset)
        return _new(Place, (self._first.path, line, self._margin))

    def _within_line(self, offset: int) -> Place:
        if not self._offset <= offset <= self._end:
            self._start = self._offset = self._data.rfind(b"\n", 0, offset) + 1
            end = self._data.find(b"\n", offset)
            self._end = len(self._data) if end < 0 else end
            self._column = self._margin if self._start else self._first.column
        self._column += len(self._data[self._offset : offset].decode())
        self._offset = offset
        return _new(Place, (self._first.path, self._lines[self._start], self._column))


@dataclass(slots=True)
class Reading:
    """What was read of a whole text: its blocks in order, what is wrong, and the way to Places.

    `notes` are the footnotes by their labels, `anchors` the offsets of headings' own names.
    Without `linked` there is no link, image or mark of a footnote.
    """

    parts: list[Part]
    findings: list[Finding]
    places: Places
    notes: dict[str, Note] = field(default_factory=dict)
    anchors: dict[str, int] = field(default_factory=dict)
    copied: int = 0
    linked: bool = False

    def issues(self) -> list[Issue]:
        """Return the first ISSUES findings as Issues, in the order of the text."""
        first = sorted(self.findings, key=lambda found: found.start)[:ISSUES]
        return [
            found.kind.at(
                self.places.at(found.start),
                found.what,
                allowed=found.allowed,
                other=None if found.other is None else self.places.at(found.other),
            )
            for found in first
        ]

    def rich_text(self, parts: list[Part]) -> RichText:
        """Make a rich text of these blocks and the footnotes they mark, keys counted from `b0`."""
        if not self.linked:
            return RichText(tuple([part.draft.block(n) for n, part in enumerate(parts)]))
        drafts: list[Draft] = [part.draft for part in parts]
        labels = dict.fromkeys(label for draft in drafts for label in draft.labels)
        numbers = {label: number for number, label in enumerate(labels, 1)}
        blocks: list[Mapping[str, object]] = [
            draft.block(index, numbers) for index, draft in enumerate(drafts)
        ]
        for label, number in numbers.items():
            if note := self._copied(label):
                blocks.append(footnote(note, len(blocks), number))
                drafts.append(note)
        targets = [self._target(address) for draft in drafts for address in draft.addresses]
        return RichText(tuple(blocks), tuple(targets))

    def _copied(self, label: str) -> TextDraft | None:
        """Return a footnote for one more rich text; all copies together have a bound."""
        note = self.notes.get(label)
        if note is None:
            return None
        if self.copied <= NOTES_SIZE < self.copied + note.size:
            what = f"footnotes are repeated in so many texts that they pass {NOTES_SIZE:,} bytes"
            self.findings.append(Finding(note.start, FILE_TOO_LARGE, what))
        self.copied += note.size
        return note.draft if self.copied <= NOTES_SIZE else None

    def _target(self, address: Address) -> TextTarget:
        return TextTarget(address.text, address.image, self.places.at(address.start))

    def settle(self, heading: Heading) -> None:
        """Give a heading within text its anchor, `{#name}`, and refuse its other attributes."""
        for attribute in heading.attributes:
            name = attribute.word.removeprefix("#")
            if name == attribute.word or heading.draft.anchor is not None:
                self.findings.append(unknown_attribute(attribute, ("#name",)))
            elif len(name) > SLUG_LENGTH or not re.fullmatch(SLUG, name):
                self.findings.append(Finding(attribute.start, INVALID_SLUG, f"'{name}' is no key"))
            elif name in self.anchors:
                what = f"the key '{name}' is taken"
                other = self.anchors[name]
                self.findings.append(
                    Finding(attribute.start, DUPLICATE_SECTION_KEY, what, other=other)
                )
            else:
                self.anchors[name] = attribute.start
                heading.draft.anchor = name


def parse(text: str, origin: Origin) -> tuple[RichText, list[Issue]]:
    """Parse a text that has no outline.

    Returns the blocks, keys counted from `b0`, and every mistake at its place. With Issues the
    blocks lack what was refused.
    """
    reading = read(text, origin)
    for part in reading.parts:
        if part.heading:
            reading.settle(part.heading)
    return reading.rich_text(reading.parts), reading.issues()


def unknown_attribute(attribute: Attribute, allowed: tuple[str, ...] = ()) -> Finding:
    """Refuse a heading's attribute that means nothing where it stands."""
    what = f"the heading's attribute '{attribute.word}' has no meaning here"
    return Finding(attribute.start, MARKDOWN_UNSUPPORTED, what, allowed)


def read(text: str, origin: Origin) -> Reading:
    """Read a whole text once, so that its link definitions hold everywhere in it."""
    if len(text) > TEXT_LENGTH:
        what = f"the text has {len(text):,} signs, more than {TEXT_LENGTH:,}"
        return Reading([], [Finding(0, FILE_TOO_LARGE, what)], Places(b"", origin))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        what = f"a sign that is no Unicode character: {text[error.start]!r}"
        start = len(text[: error.start].encode())
        data = text.encode(errors="replace")
        return Reading([], [Finding(start, INVALID_ENCODING, what)], Places(data, origin))
    reader = Reader(data)
    # The box of a task without words is one only before the end of a line.
    ended = text if text.endswith("\n") else text + "\n"
    reader.read(iter(_PARSER.events_with_range(ended, merge_text=True)))
    if reader.enough:
        # What was not read cannot be told from what is missing.
        return Reading([], reader.findings, Places(data, origin))
    if "]:" in text and not reader.findings:
        reader.findings.extend(islice(_lost_definitions(ended, data, reader), ISSUES))
    return Reading(
        reader.parts,
        reader.findings,
        Places(data, origin),
        reader.notes,
        linked=bool(reader.labels or reader.noted),
    )


def _second_definitions(
    data: bytes, span: Span, first: Mapping[str, tuple[str, str | None]]
) -> Iterator[Finding]:
    """Find link definitions in a list or quote that another one of their label goes before.

    `first` has the addresses and titles that hold, by label.
    """
    within = _PARSER.reference_definitions(data[span["start"] : span["end"]].decode())
    for label, one in within.items():
        if first.get(normal_label(label)) != (one["dest"], one["title"]):
            start = span["start"] + one["span"]["start"]
            what = f"the link '[{label}]' is defined a second time"
            yield Finding(start, MARKDOWN_UNSUPPORTED, what)


def _lost_definitions(text: str, data: bytes, reader: Reader) -> Iterator[Finding]:
    """Find definitions of links and footnotes that none uses: no reader would get their words."""
    rest = bytearray(data)
    top = list(_top_level(text))
    definitions = _PARSER.reference_definitions(text)
    spans = (span for _, span in top)
    for span in (*spans, *(definition["span"] for definition in definitions.values())):
        start, end = span["start"], span["end"]
        rest[start:end] = b" " * (end - start)
    first = {normal_label(label): (one["dest"], one["title"]) for label, one in definitions.items()}
    for construct, span in top:
        if construct in _CONTAINERS:
            yield from _second_definitions(data, span, first)
    for label, note in reader.notes.items():
        if label not in reader.noted:
            what = f"no mark uses the footnote '[^{label}]'"
            yield Finding(note.start, MARKDOWN_FOOTNOTE, what)
    for label, definition in definitions.items():
        if normal_label(label) not in reader.labels:
            yield Finding(
                definition["span"]["start"],
                MARKDOWN_UNSUPPORTED,
                f"no link uses the definition '[{label}]:'",
            )
    if rest.strip():
        start = len(rest) - len(rest.lstrip())
        yield Finding(start, MARKDOWN_UNSUPPORTED, "the same link is defined a second time")


def _top_level(text: str) -> Iterator[tuple[str, Span]]:
    """Yield the constructs of a text that stand in no other, with their ranges."""
    depth = 0
    for event, span in _PARSER.events_with_range(text):
        name, detail = named(event)
        if name == "End":
            depth -= 1
            continue
        if not depth:
            yield named(detail)[0] if detail else name, span
        depth += name == "Start"
