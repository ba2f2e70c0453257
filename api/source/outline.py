"""The outline of a file's Markdown part: body, then sections (`##`) with their points (`###`)."""

from collections.abc import Iterator, Mapping
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
from api.source.markdown_inline import Finding
from api.source.markdown_parts import Attribute, Heading, Part
from api.source.names import is_slug, meant_by, slug_of, wrong_in
from api.source.node import Fields, Items, Rich, Scalar

# A NamedTuple's own constructor takes twice as long, and a point has several.
_new = tuple.__new__

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
    if issues:
        issues = sorted(issues, key=lambda issue: issue.place)[:ISSUES]
    return outlined, issues


class _Run(NamedTuple):
    """A section's or a point's heading, where it starts, and the blocks below it."""

    start: int
    heading: Heading
    parts: list[Part]


class _Section(NamedTuple):
    head: _Run
    points: list[_Run]


def _arrange(reading: Reading) -> tuple[list[Part], list[_Section]]:
    """Deal the blocks out to body, sections and points."""
    body: list[Part] = []
    sections: list[_Section] = []
    current = body
    for part in reading.parts:
        start, _, heading = part
        if heading is None:
            current.append(part)
        elif heading.level == _SECTION:
            current = []
            sections.append(_Section(_Run(start, heading, current), []))
        elif heading.level == _POINT and sections:
            current = []
            sections[-1].points.append(_Run(start, heading, current))
        else:
            current.append(part)
            _settle(start, heading, reading)
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


class _Nodes:
    """Makes nodes of sections and points, and holds that every key is there once."""

    def __init__(self, reading: Reading) -> None:
        self.issues: list[Issue] = []
        self._reading = reading
        self._places = reading.places
        self._keys: dict[str, Place] = {}

    def rich(self, parts: list[Part], empty: Place) -> Rich:
        """Make a rich text, which without any block stands at the place `empty`."""
        place = self._places.at(parts[0].start) if parts else empty
        return _new(Rich, (self._reading.rich_text(parts), place))

    def sections(self, sections: list[_Section]) -> Iterator[Fields]:
        """Make the nodes of sections, until there are ISSUES."""
        for section in sections:
            yield self._section(section)
            if len(self.issues) >= ISSUES:
                return

    def _section(self, section: _Section) -> Fields:
        """Make the node of a section."""
        start, heading, parts = section.head
        place = self._places.at(start)
        title = heading.draft.text.strip()
        node, classes = self._headed(section.head, place, title, (".ordered",))
        values, keys, _ = node
        if classes:
            values["ordered"] = Scalar("true", plain=True, place=place)
            keys["ordered"] = place
        if parts:
            values["lead"] = lead = self.rich(parts, place)
            keys["lead"] = lead.place
        if section.points:
            values["points"] = Items(tuple([self._point(point) for point in section.points]), place)
            keys["points"] = place
        return node

    def _point(self, point: _Run) -> Fields:
        start, heading, parts = point
        place = self._places.at(start)
        title = heading.draft.text.strip()
        if not title:
            self.issues.append(OUTLINE_ORDER.at(place, "a point '###' has no title"))
            title = "untitled"
        node, _ = self._headed(point, place, title)
        if parts:
            node.values["body"] = body = self.rich(parts, place)
            node.keys["body"] = body.place
        return node

    def compare(self, anchors: Mapping[str, int]) -> None:
        """Hold that no heading within text has the key of a section or point."""
        for name, start in anchors.items():
            if other := self._keys.get(name):
                what = f"the key '{name}' is taken"
                self.issues.append(
                    DUPLICATE_SECTION_KEY.at(self._places.at(start), what, other=other)
                )

    def _headed(
        self, run: _Run, start: Place, title: str, allowed: tuple[str, ...] = ()
    ) -> tuple[Fields, list[str]]:
        """Make a node with `key` and, where there is one, `title`, of plain words.

        A field's name stands where its value does. Returns with the node the heading's classes
        among those that are allowed.
        """
        heading = run.heading
        if heading.draft.formatted:
            what = "the title of a section or point is plain words, without formatting"
            self._reading.findings.append(Finding(heading.text_start, MARKDOWN_UNSUPPORTED, what))
        given, classes = self._attributes(heading, allowed) if heading.attributes else (None, [])
        # Between the heading's start and its text are ASCII signs of one line.
        column = start.column + heading.text_start - run.start
        place = _new(Place, (start.path, start.line, column))
        key_place = self._places.at(given.start) if given else place
        key = _new(Scalar, (self._key(given, title, key_place), False, key_place, 0))
        if not title:
            return _new(Fields, ({"key": key}, {"key": key_place}, start)), classes
        values = {"key": key, "title": _new(Scalar, (title, False, place, 0))}
        return _new(Fields, (values, {"key": key_place, "title": place}, start)), classes

    def _attributes(
        self, heading: Heading, allowed: tuple[str, ...]
    ) -> tuple[Attribute | None, list[str]]:
        """Return the one key that a heading has, and its classes that are allowed."""
        key: Attribute | None = None
        classes = []
        for attribute in heading.attributes:
            if attribute.word.startswith("#") and key is None:
                key = attribute
            elif attribute.word in allowed:
                classes.append(attribute.word)
            else:
                self._reading.findings.append(unknown_attribute(attribute, ("#key", *allowed)))
        return key, classes

    def _key(self, given: Attribute | None, title: str, place: Place) -> str:
        key = self._given(given, place) if given else slug_of(title)
        if not key:
            if not given:
                self.issues.append(MISSING_SECTION_KEY.at(place, "the heading gives no key"))
            return _UNNAMED
        if other := self._keys.get(key):
            what = f"the key '{key}' is taken"
            self.issues.append(DUPLICATE_SECTION_KEY.at(place, what, other=other))
        else:
            self._keys[key] = place
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
