"""The outline of a file's Markdown part: body, then sections (`##`) with their points (`###`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from api.errors import (
    DUPLICATE_SECTION_KEY,
    INVALID_SLUG,
    MARKDOWN_UNSUPPORTED,
    MISSING_SECTION_KEY,
    OUTLINE_ORDER,
    Issue,
    Place,
)
from api.source.bounds import ISSUES
from api.source.markdown import Origin, Reading, read, unknown_attribute
from api.source.markdown_blocks import Attribute, Heading, Part
from api.source.markdown_inline import Finding
from api.source.names import is_slug, meant_by, slug_of, wrong_in
from api.source.node import Fields, Items, Node, Rich, Scalar

_SECTION, _POINT = 2, 3
_UNNAMED = "unnamed"


class Outlined(NamedTuple):
    """The Markdown part of a file: what stands before the first `##`, and the sections."""

    body: Rich
    sections: Items


def parse_outline(text: str, origin: Origin) -> tuple[Outlined, list[Issue]]:
    """Parse a file's whole Markdown part once, so that link definitions hold everywhere in it.

    A section has `key`, `ordered`, `points`, and where there are any `title` and `lead`; a point
    has `key`, `title` and `body`. Every mistake is told at its place; a wrong key or a missing
    title has a stand-in then, so that no second Issue arises from the first.
    """
    reading = read(text, origin)
    body, sections = _arrange(reading)
    nodes = _Nodes(reading)
    outlined = Outlined(
        nodes.rich(body, origin.place),
        Items(tuple(nodes.sections(sections)), origin.place),
    )
    nodes.compare(reading.anchors)
    issues = [*reading.issues(), *nodes.issues]
    return outlined, sorted(issues, key=lambda issue: issue.place)[:ISSUES]


class _Head(NamedTuple):
    """A heading that opens a section or a point; `key` is None where none is written."""

    start: int
    title: str
    title_start: int
    key: Attribute | None
    ordered: bool


@dataclass(slots=True)
class _Point:
    head: _Head
    parts: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class _Section:
    head: _Head
    parts: list[Part] = field(default_factory=list)
    points: list[_Point] = field(default_factory=list)


def _arrange(reading: Reading) -> tuple[list[Part], list[_Section]]:
    """Deal the blocks out to body, sections and points."""
    body: list[Part] = []
    sections: list[_Section] = []
    current = body
    for part in reading.parts:
        if part.heading and part.heading.level == _SECTION:
            section = _Section(_head(part.start, part.heading, reading.findings, ".ordered"))
            sections.append(section)
            current = section.parts
        elif part.heading and part.heading.level == _POINT and sections:
            point = _Point(_head(part.start, part.heading, reading.findings))
            sections[-1].points.append(point)
            current = point.parts
        else:
            current.append(part)
            if part.heading:
                _settle(part.start, part.heading, reading)
    return body, sections


def _settle(start: int, heading: Heading, reading: Reading) -> None:
    """Give a heading within text its anchor, or refuse one that the outline has no place for."""
    if heading.level == 1:
        what = "a heading '#' has no place here: the title is a field"
        reading.findings.append(Finding(start, OUTLINE_ORDER, what))
    elif heading.level == _POINT:
        what = "a point '###' stands before the first section '##'"
        reading.findings.append(Finding(start, OUTLINE_ORDER, what))
    else:
        reading.settle(heading)


def _head(start: int, heading: Heading, findings: list[Finding], *classes: str) -> _Head:
    """Read a heading of the outline: plain words, one key, and no class besides these."""
    pieces = heading.draft.pieces
    if any(piece.marks or piece.link is not None or "\n" in piece.text for piece in pieces):
        what = "the title of a section or point is plain words, without formatting"
        findings.append(Finding(heading.text_start, MARKDOWN_UNSUPPORTED, what))
    key: Attribute | None = None
    for attribute in heading.attributes:
        if attribute.word.startswith("#") and key is None:
            key = attribute
        elif attribute.word not in classes:
            findings.append(unknown_attribute(attribute, ("#key", *classes)))
    return _Head(
        start=start,
        title=heading.draft.text.strip(),
        title_start=heading.text_start,
        key=key,
        ordered=any(attribute.word in classes for attribute in heading.attributes),
    )


class _Nodes:
    """Makes nodes of sections and points, and holds that every key is there once."""

    def __init__(self, reading: Reading) -> None:
        self.issues: list[Issue] = []
        self._reading = reading
        self._places = reading.places
        self._keys: dict[str, Place] = {}

    def rich(self, parts: list[Part], empty: Place) -> Rich:
        """Make a rich text, which without any block stands at the place `empty`."""
        return Rich(
            self._reading.rich_text(parts), self._places.at(parts[0].start) if parts else empty
        )

    def sections(self, sections: list[_Section]) -> Iterator[Fields]:
        """Make the nodes of sections, until there are ISSUES."""
        for section in sections:
            yield self._section(section)
            if len(self.issues) >= ISSUES:
                return

    def _section(self, section: _Section) -> Fields:
        """Make the node of a section."""
        place = self._places.at(section.head.start)
        values = self._named(section.head)
        if section.head.ordered:
            values["ordered"] = Scalar("true", plain=True, place=place)
        if section.parts:
            values["lead"] = self.rich(section.parts, place)
        if section.points:
            values["points"] = Items(tuple(self._point(point) for point in section.points), place)
        return _fields(values, place)

    def _point(self, point: _Point) -> Fields:
        place = self._places.at(point.head.start)
        if not point.head.title:
            self.issues.append(OUTLINE_ORDER.at(place, "a point '###' has no title"))
            point.head = point.head._replace(title="untitled")
        values = self._named(point.head)
        if point.parts:
            values["body"] = self.rich(point.parts, place)
        return _fields(values, place)

    def compare(self, anchors: Mapping[str, int]) -> None:
        """Hold that no heading within text has the key of a section or point."""
        for name, start in anchors.items():
            if other := self._keys.get(name):
                what = f"the key '{name}' is taken"
                self.issues.append(
                    DUPLICATE_SECTION_KEY.at(self._places.at(start), what, other=other)
                )

    def _named(self, head: _Head) -> dict[str, Node]:
        """Make the fields `key` and, where there is one, `title`."""
        title_place = self._places.at(head.title_start)
        key_place = self._places.at(head.key.start) if head.key else title_place
        key = Scalar(self._key(head, key_place), plain=False, place=key_place)
        if not head.title:
            return {"key": key}
        return {"key": key, "title": Scalar(head.title, plain=False, place=title_place)}

    def _key(self, head: _Head, place: Place) -> str:
        key = self._given(head.key, place) if head.key else slug_of(head.title)
        if not key:
            if not head.key:
                self.issues.append(MISSING_SECTION_KEY.at(place, "the heading gives no key"))
            return _UNNAMED
        if other := self._keys.get(key):
            what = f"the key '{key}' is taken"
            self.issues.append(DUPLICATE_SECTION_KEY.at(place, what, other=other))
        self._keys.setdefault(key, place)
        return key

    def _given(self, attribute: Attribute, place: Place) -> str | None:
        """Return a key that was written as `#key`, or the one that it seems to mean."""
        key = attribute.word.removeprefix("#")
        if is_slug(key):
            return key
        slug = meant_by(key)
        what = f"'{key}' is no key: {wrong_in(key)}"
        self.issues.append(INVALID_SLUG.at(place, what, nearest=slug))
        return slug


def _fields(values: dict[str, Node], place: Place) -> Fields:
    """Make a mapping whose names stand where their values do."""
    return Fields(values, {name: value.place for name, value in values.items()}, place)
