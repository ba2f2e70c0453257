"""YAML (1.2.2) as far as content needs it: one guarded pass over libyaml's events.

Only libyaml's parser is used, no constructor and no resolver, so a scalar stays the text that was
written. What content has no need of (aliases, tags, merge keys, directives, a second document) is
refused; it is also what kills or stalls readers of YAML.
"""

from collections.abc import Callable
from typing import Protocol, cast

from yaml._yaml import CParser
from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from api.errors import (
    FILE_TOO_LARGE,
    INVALID_ENCODING,
    INVALID_KEY,
    NOT_A_MAPPING,
    YAML_ALIAS,
    YAML_DOCUMENT,
    YAML_MERGE_KEY,
    YAML_TAG,
    ContentError,
    Place,
)
from api.source.bounds import LENGTH, BoundedReader
from api.source.node import Fields, Items, Node, Scalar
from api.source.yaml_syntax import explain

INVISIBLE = "\r\x85\u2028\u2029\ufeff"
"""The byte order mark, and what libyaml takes for a line's end though editors do not count it."""

# mypy holds these classes and _Event for different things; `type` is what they have in common.
_SCALAR: type = ScalarEvent
_ALIAS: type = AliasEvent
_SEQUENCE: type = SequenceStartEvent
_SEQUENCE_END: type = SequenceEndEvent
_MAPPING: type = MappingStartEvent
_MAPPING_END: type = MappingEndEvent
_STREAM_END: type = StreamEndEvent

# A NamedTuple's own constructor takes twice as long, and a file has two places a field.
_new = tuple.__new__


class _Mark(Protocol):
    line: int
    column: int
    index: int


class _Event(Protocol):
    """What libyaml's events carry between them; PyYAML's stubs call the mark optional."""

    start_mark: _Mark
    end_mark: _Mark
    anchor: str | None
    tag: str | None
    implicit: tuple[bool, bool]
    value: str
    style: str


def parse_yaml(text: str, path: str, first_line: int = 1) -> Fields:
    r"""Return the fields that a YAML text holds, every scalar as it was written.

    `text` has `\n` line ends (see `decode`) and starts on `first_line` of the file at `path`. An
    empty text is an empty Fields. Raises ContentError with every Issue up to the one that makes
    reading on impossible: a syntax error, a bound (LENGTH, DEPTH, VALUES), a second document.
    """
    reader = _Reader(text, path, first_line)
    reader.guard()
    try:
        fields = reader.document()
    except YAMLError as error:
        mistake = explain(error, text)
        other = None if mistake.other is None else reader.place_of(mistake.other)
        place = reader.place_of(mistake.at)
        reader.stop(mistake.kind, place, mistake.what, other)
    if reader.issues:
        raise ContentError(*reader.issues)
    return fields


class _Reader(BoundedReader):
    """Turns one text's events into nodes, and gathers the Issues that do not end the reading."""

    def __init__(self, text: str, path: str, first_line: int) -> None:
        super().__init__()
        self._text = text
        self._path = path
        self._first_line = first_line

    def guard(self) -> None:
        """Refuse what must not reach libyaml: it counts lines otherwise, or takes seconds."""
        if len(self._text) > LENGTH:
            what = f"the text is longer than {LENGTH:,} characters"
            self.stop(FILE_TOO_LARGE, self.place_of(0), what)
        for sign in INVISIBLE:
            if sign in self._text:
                what = f"the invisible sign U+{ord(sign):04X} stands here"
                self.stop(INVALID_ENCODING, self.place_of(self._text.index(sign)), what)
        # At the start of a line `%` is a directive wherever it stands; libyaml compares each with
        # all others.
        directive = ("\n" + self._text).find("\n%")
        if directive >= 0:
            what = "a line that starts with '%' is a directive"
            self.stop(YAML_DOCUMENT, self.place_of(directive), what)

    def document(self) -> Fields:
        """Read the whole text: stream start, document start, a mapping, and both ends."""
        self._next = self._events()
        self._next()
        if type(self._next()) is _STREAM_END:
            return Fields({}, {}, self.place_of(0))
        fields = self._root(self._next())
        self._next()
        event = self._next()
        if type(event) is not _STREAM_END:
            self.stop(YAML_DOCUMENT, self._place(event), "a second document starts here")
        return fields

    def _events(self) -> Callable[[], _Event]:
        try:
            return cast("Callable[[], _Event]", CParser(self._text).get_event)
        except UnicodeEncodeError as error:
            what = f"the sign U+{ord(self._text[error.start]):04X} is no character"
            self.stop(INVALID_ENCODING, self.place_of(error.start), what)

    def _root(self, event: _Event) -> Fields:
        place = self._place(event)
        if type(event) is _SEQUENCE:
            self.stop(NOT_A_MAPPING, place, "a list stands where fields belong")
        node = self._node(event, 1)
        if isinstance(node, Fields):
            return node
        if node != Scalar("", plain=True, place=place):
            what = "a text stands where fields belong: is a ':' missing, or the space after it?"
            self.stop(NOT_A_MAPPING, place, what)
        return Fields({}, {}, place)

    def _node(self, event: _Event, depth: int) -> Node:
        kind = type(event)
        place = self._place(event)
        self.count(place)
        if kind is _ALIAS or event.anchor is not None or event.tag is not None:
            self._note_properties(event, place)
        if kind is _SCALAR:
            indent = self._indent(event) if event.style == "|" else 0
            return _new(Scalar, (event.value, event.implicit[0], place, indent))
        if kind is _ALIAS:
            return Scalar("", plain=True, place=place)
        self.descend(depth, place)
        if kind is _MAPPING:
            return self._fields(place, depth + 1)
        return self._items(place, depth + 1)

    def _items(self, place: Place, depth: int) -> Items:
        items = []
        while type(event := self._next()) is not _SEQUENCE_END:
            items.append(self._node(event, depth))
        return Items(tuple(items), place)

    def _fields(self, place: Place, depth: int) -> Fields:
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while type(event := self._next()) is not _MAPPING_END:
            key_place = self._place(event)
            key = self._key(event, key_place, depth)
            self.values += 1
            value = self._node(self._next(), depth)
            if key in keys:
                self.note_duplicate(key, key_place, keys[key])
            elif key:
                keys[key] = key_place
                values[key] = value
        return Fields(values, keys, place)

    def _key(self, event: _Event, place: Place, depth: int) -> str:
        """Return a field's name, or an empty one when an Issue says why it is none."""
        if type(event) is not _SCALAR:
            self._node(event, depth)
            self.note(INVALID_KEY, place, "a field's name belongs here")
            return ""
        if event.anchor is not None or event.tag is not None:
            self._note_properties(event, place)
        if not event.value:
            self.note(INVALID_KEY, place, "the field has no name")
        elif event.value == "<<" and event.implicit[0]:
            self.note(YAML_MERGE_KEY, place, "'<<' would copy fields from elsewhere")
            return ""
        return event.value

    def _indent(self, event: _Event) -> int:
        """Compare the first line that is not blank as it stands in the file with its value."""
        if not event.value.strip(" \n"):
            return 0
        start = self._text.index("\n", event.start_mark.index)
        written = self._text[start : event.end_mark.index]
        return _margin(written) - _margin(event.value)

    def _place(self, event: _Event) -> Place:
        mark = event.start_mark
        return _new(Place, (self._path, self._first_line + mark.line, mark.column + 1))

    def place_of(self, index: int) -> Place:
        """Return the place of a character of the text."""
        line = self._first_line + self._text.count("\n", 0, index)
        return Place(self._path, line, index - self._text.rfind("\n", 0, index))

    def _note_properties(self, event: _Event, place: Place) -> None:
        """Refuse a node's properties (6.9) and aliases (7.1)."""
        if type(event) is _ALIAS:
            self.note(YAML_ALIAS, place, "a value that starts with '*' is a pointer to another")
        elif event.anchor is not None:
            self.note(YAML_ALIAS, place, "a value that starts with '&' is a name to point at")
        else:
            self.note(YAML_TAG, place, "a value that starts with '!' names a type")


def _margin(text: str) -> int:
    """Return the number of spaces at the start of the first line that is not blank."""
    blank = len(text) - len(text.lstrip(" \n"))
    return blank - 1 - text.rfind("\n", 0, blank)
