"""Markdown (CommonMark 0.31) → Portable Text blocks; what has no block yet is an Issue.

Nothing is lost: a construct either becomes blocks or is refused at its line and column. Words
come out as they went in: no smart punctuation. A soft break becomes a space, as a browser shows
it; a hard break becomes a newline in the span's text.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pyromark
from pyromark.event import LinkDef

from api.errors import FILE_TOO_LARGE, INVALID_ENCODING, MARKDOWN_UNSUPPORTED, Issue, Place
from api.source.markdown_blocks import Attribute, Part, Reader
from api.source.markdown_inline import Finding, Span, normal_label
from schemas.fields import RichText

TEXT_LENGTH = 1_048_576
"""The longest text, in code points."""

_PARSER = pyromark.Markdown(
    options=pyromark.Options.ENABLE_HEADING_ATTRIBUTES
    | pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_GFM
)


class Origin(NamedTuple):
    """Where a text stands in its file.

    `place` is that of its first character, `indent` the columns before every further line (those
    of a YAML literal block). Without `exact` the lines are not known, and everything is at `place`.
    """

    place: Place
    indent: int = 0
    exact: bool = True


class Places:
    """Turns byte offsets of a text into Places; quick as long as the offsets do not fall."""

    def __init__(self, data: bytes, origin: Origin) -> None:
        self._data = data
        self._origin = origin
        self._offset = 0
        _, self._line, self._column = origin.place

    def at(self, offset: int) -> Place:
        """Return the Place of the character that begins at a byte of the text."""
        if not self._origin.exact:
            return self._origin.place
        if offset < self._offset:
            self._offset = 0
            _, self._line, self._column = self._origin.place
        lines = self._data.count(b"\n", self._offset, offset)
        if lines:
            self._line += lines
            self._offset = self._data.rindex(b"\n", self._offset, offset) + 1
            self._column = self._origin.indent + 1
        self._column += len(self._data[self._offset : offset].decode())
        self._offset = offset
        return Place(self._origin.place.path, self._line, self._column)


class Reading(NamedTuple):
    """What was read of a whole text: its blocks in order, what is wrong, and the way to Places."""

    parts: list[Part]
    findings: list[Finding]
    places: Places

    def issues(self) -> list[Issue]:
        """Return the findings as Issues, in the order of the text."""
        return [
            kind.at(self.places.at(start), what, allowed=allowed)
            for start, kind, what, allowed in sorted(self.findings, key=lambda found: found.start)
        ]


def parse(text: str, origin: Origin) -> tuple[RichText, list[Issue]]:
    """Parse a text that has no outline.

    Returns the blocks, keys counted from `b0`, and every mistake at its place. With Issues the
    blocks lack what was refused.
    """
    reading = read(text, origin)
    for part in reading.parts:
        if part.heading:
            reading.findings.extend(map(unknown_attribute, part.heading.attributes))
    return rich_text(reading.parts), reading.issues()


def rich_text(parts: Iterable[Part]) -> RichText:
    """Make a rich text of these blocks, keys counted from `b0`."""
    return RichText(tuple(part.draft.block(n) for n, part in enumerate(parts)))


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
    reader.read(_PARSER.events_with_range(text, merge_text=True))
    if "]:" in text and not reader.findings:
        reader.findings.extend(_lost_definitions(text, data, reader))
    return Reading(reader.parts, reader.findings, Places(data, origin))


def _second_definitions(
    data: bytes, span: Span, definitions: Mapping[str, LinkDef]
) -> Iterator[Finding]:
    """Find link definitions in a list or quote that another one of their label goes before."""
    first = {normal_label(label): (one["dest"], one["title"]) for label, one in definitions.items()}
    within = _PARSER.reference_definitions(data[span["start"] : span["end"]].decode())
    for label, one in within.items():
        if first.get(normal_label(label)) != (one["dest"], one["title"]):
            start = span["start"] + one["span"]["start"]
            what = f"the link '[{label}]' is defined a second time"
            yield Finding(start, MARKDOWN_UNSUPPORTED, what)


def _lost_definitions(text: str, data: bytes, reader: Reader) -> Iterator[Finding]:
    """Find link definitions that no link uses: their words would reach no reader."""
    rest = bytearray(data)
    definitions = _PARSER.reference_definitions(text)
    for span in (*reader.spans, *(definition["span"] for definition in definitions.values())):
        start, end = span["start"], span["end"]
        rest[start:end] = b" " * (end - start)
    for span in reader.containers:
        yield from _second_definitions(data, span, definitions)
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
