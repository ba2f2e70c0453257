"""JSON (RFC 8259) → the same nodes as YAML, every name and value with its place.

libyaml cannot read it: it refuses the surrogate pairs by which JSON escapes some characters.
"""

import re
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import NoReturn

from api.errors import (
    FILE_TOO_LARGE,
    INVALID_JSON,
    INVALID_KEY,
    NOT_A_MAPPING,
    ContentError,
    Place,
)
from api.source.bounds import LENGTH, BoundedReader, shown
from api.source.node import Fields, Items, Node, Scalar

SPACE = re.compile(r"[ \t\n\r]+")
BLANK = frozenset(" \t\n\r")
WORD = re.compile(r"[\w.+-]+")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
HALF_PAIR = re.compile("[\ud800-\udfff]")
LITERALS = ("true", "false", "null")

# A NamedTuple's own constructor takes twice as long, and a file has two places a field.
_new = tuple.__new__

_decode_string = JSONDecoder().raw_decode


def parse_json(text: str, path: str) -> Fields:
    r"""Return the fields that a JSON text holds; numbers, booleans and null as they are written.

    `text` has `\n` line ends (see `decode`). Raises ContentError with every Issue up to the one
    that makes reading on impossible: a syntax error, or one of the bounds, which are YAML's.
    """
    reader = _Reader(text, path)
    fields = reader.document()
    if reader.issues:
        raise ContentError(*reader.issues)
    return fields


class _Reader(BoundedReader):
    """Moves through one text, and gathers the Issues that do not end the reading."""

    def __init__(self, text: str, path: str) -> None:
        super().__init__()
        self.values = 1  # the outermost object
        self._text = text
        self._path = path
        self._at = 0
        self._line = 1
        self._line_start = 0

    def document(self) -> Fields:
        """Read the whole text, which is one object (RFC 8259, 2 and 4)."""
        if len(self._text) > LENGTH:
            what = f"the text is longer than {LENGTH:,} characters"
            self.stop(FILE_TOO_LARGE, self._place(), what)
        self._move(0)
        self._refuse_foreign()
        if self._sign() != "{":
            self.stop(NOT_A_MAPPING, self._place(), "the text does not start with '{'")
        fields = self._fields(1)
        self._move(0)
        if self._sign():
            self._refuse("the text goes on after its last '}'")
        return fields

    def _node(self, depth: int) -> Node:
        place = self._place()
        self.count(place)
        sign = self._sign()
        if sign == '"':
            return _new(Scalar, (self._string(place), False, place, 0))
        if sign not in {"{", "["}:
            return self._literal(place)
        self.descend(depth, place)
        if sign == "{":
            return self._fields(depth)
        return Items(tuple([self._node(depth + 1) for _ in self._parts("]")]), place)

    def _fields(self, depth: int) -> Fields:
        place = self._place()
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for _ in self._parts("}"):
            key_place = self._place()
            key = self._key(key_place)
            self.values += 1
            value = self._node(depth + 1)
            if key in keys:
                self.note_duplicate(key, key_place, keys[key])
            else:
                keys[key] = key_place
                values[key] = value
        return Fields(values, keys, place)

    def _parts(self, close: str) -> Iterator[None]:
        """Pass the opening bracket, stop at each part for it to be read, pass the closing one."""
        place, opening = self._place(), self._sign()
        self._move(1)
        sign = self._sign()
        while sign != close:
            if not sign:
                self.stop(INVALID_JSON, place, f"the '{opening}' that opens here is not closed")
            yield
            self._move(0)
            sign = self._sign()
            if sign == ",":
                sign = self._after_comma(close)
            elif sign not in {close, ""}:
                self._refuse(f"',' or '{close}' is missing here")
        self._at += 1

    def _after_comma(self, close: str) -> str:
        """Pass a comma, and return the sign behind it."""
        line, column = self._line, self._at - self._line_start + 1
        self._move(1)
        sign = self._sign()
        if sign == close:
            comma = Place(self._path, line, column)
            self.stop(INVALID_JSON, comma, f"nothing follows this ',' before '{close}'")
        return sign

    def _key(self, place: Place) -> str:
        """Read a name and its colon, up to the value."""
        if self._sign() != '"':
            self._refuse("a field's name in double quotes belongs here")
        key = self._string(place)
        if not key:
            self.note(INVALID_KEY, place, "the field has no name")
        self._move(0)
        if self._sign() != ":":
            self._refuse(f"':' is missing after the name {shown(key)}")
        self._move(1)
        return key

    def _string(self, place: Place) -> str:
        try:
            text, end = _decode_string(self._text, self._at)
        except JSONDecodeError as error:
            self._refuse_string(place, error.pos)
        if not text.isascii() and HALF_PAIR.search(text):
            self.note(INVALID_JSON, place, "the text holds one half of a surrogate pair")
        self._at = end
        return str(text)

    def _refuse_string(self, place: Place, at: int) -> NoReturn:
        """Tell what is wrong at an index in the string that starts here (RFC 8259, 7)."""
        sign = self._text[at : at + 1]
        if at == self._at or sign in {"", "\n"}:
            self.stop(INVALID_JSON, place, "the quote that opens here is not closed")
        what = f"the sign U+{ord(sign):04X} must be written as \\u{ord(sign):04x}"
        if sign >= " ":
            at = self._text.rfind("\\", 0, at + 1)
            what = r"this '\' begins no escape of JSON: write '\\' for a '\'"
        self._at = at
        self.stop(INVALID_JSON, self._place(), what)

    def _literal(self, place: Place) -> Scalar:
        """Read a number (RFC 8259, 6) or true, false, null (3)."""
        match = WORD.match(self._text, self._at)
        if match is None:
            self._refuse("a value is missing here")
        word = match.group()
        if word not in LITERALS and not NUMBER.fullmatch(word):
            self._refuse(f"{shown(word)} is no value of JSON: a text needs double quotes")
        self._at = match.end()
        return _new(Scalar, (word, True, place, 0))

    def _refuse(self, what: str) -> NoReturn:
        self._refuse_foreign()
        self.stop(INVALID_JSON, self._place(), what)

    def _refuse_foreign(self) -> None:
        """Refuse what JavaScript and YAML allow in a place where JSON does not."""
        sign = self._sign()
        if sign in {"/", "#"}:
            self.stop(INVALID_JSON, self._place(), "JSON has no comments")
        if sign == "'":
            self.stop(INVALID_JSON, self._place(), "JSON has no single quotes: use double ones")

    def _sign(self) -> str:
        return self._text[self._at : self._at + 1]

    def _move(self, signs: int) -> None:
        """Go on by a number of signs and the space behind them, where alone a line may end."""
        self._at += signs
        if self._text[self._at : self._at + 1] not in BLANK:
            return
        space = SPACE.match(self._text, self._at)
        if space is None:
            return
        lines = space.group().count("\n")
        if lines:
            self._line += lines
            self._line_start = self._at + space.group().rindex("\n") + 1
        self._at = space.end()

    def _place(self) -> Place:
        return _new(Place, (self._path, self._line, self._at - self._line_start + 1))
