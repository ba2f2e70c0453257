"""What libyaml says of a syntax error → what an editor needs to know of it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from yaml.error import MarkedYAMLError, YAMLError
from yaml.reader import ReaderError

from api.errors import (
    INVALID_ENCODING,
    INVALID_KEY,
    INVALID_YAML,
    YAML_ALIAS,
    YAML_TAG,
    IssueKind,
)

KEY_LENGTH = 1_024
"""Characters that a field's name may have before its colon (YAML 1.2.2, 7.4.2)."""


class Mistake(NamedTuple):
    """A syntax error: its kind, what is wrong in plain words, and the characters it is about."""

    kind: IssueKind
    at: int
    what: str
    other: int | None = None


class _Stop(NamedTuple):
    """Where libyaml gave up, at `at`, in something that began at `start`."""

    text: str
    start: int
    at: int

    @property
    def sign(self) -> str:
        return self.text[self.at : self.at + 1]

    @property
    def before(self) -> str:
        """The part of the line that stands before the place."""
        return self.text[self.text.rfind("\n", 0, self.at) + 1 : self.at]

    @property
    def ends(self) -> bool:
        return not self.text[self.at :].strip()

    def wrong(self, what: str) -> Mistake:
        return Mistake(INVALID_YAML, self.at, what)


def explain(error: YAMLError, text: str) -> Mistake:
    """Return what an editor did wrong in `text`, where libyaml stopped with `error`."""
    if isinstance(error, ReaderError):
        index = len(text.encode()[: error.position].decode())
        what = f"the invisible sign U+{ord(text[index]):04X} stands here"
        return Mistake(INVALID_ENCODING, index, what)
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Mistake(INVALID_YAML, 0, "the text is not YAML")
    index = min(error.problem_mark.index, len(text))
    start = index if error.context_mark is None else error.context_mark.index
    stop = _Stop(text, start, index)
    for words, tell in _BY_CONTEXT.items():
        if words in (error.context or ""):
            return tell(stop)
    return _BY_PROBLEM.get(error.problem or "", _unreadable)(stop)


def _unreadable(stop: _Stop) -> Mistake:
    return stop.wrong("the text cannot be read as YAML from here on")


def _alias(stop: _Stop) -> Mistake:
    sign = stop.text[stop.start]
    return Mistake(YAML_ALIAS, stop.start, f"a text that starts with '{sign}' needs quotes")


def _tag(stop: _Stop) -> Mistake:
    return Mistake(YAML_TAG, stop.start, "a value that starts with '!' names a type")


def _block(stop: _Stop) -> Mistake:
    if stop.sign == "\t":
        return _tab(stop)
    sign = stop.text[stop.start]
    what = f"a text that starts with '{sign}' needs quotes, or begins on the next line"
    return Mistake(INVALID_YAML, stop.start, what)


def _tab(stop: _Stop) -> Mistake:
    return stop.wrong("a tab stands where the line must be indented with spaces")


def _colon(stop: _Stop) -> Mistake:
    if ": " in stop.before:
        return stop.wrong("a text that holds ': ' needs quotes")
    if len(stop.before) > KEY_LENGTH:
        return _long_name(stop)
    return stop.wrong(
        "the line continues the one above: give both the same indent, or end that one with ':'"
    )


def _colon_in_brackets(stop: _Stop) -> Mistake:
    return stop.wrong("within brackets, a space is missing after ':', or the text needs quotes")


def _long_name(stop: _Stop) -> Mistake:
    what = f"a field's name is longer than {KEY_LENGTH:,} characters"
    return Mistake(INVALID_KEY, stop.start, what)


def _no_colon(stop: _Stop) -> Mistake:
    line, _, _ = stop.text[stop.start :].partition("\n")
    if ": " in line[KEY_LENGTH:]:
        return _long_name(stop)
    missing = "a space after ':'" if ":" in line else "the ':' after the field's name"
    return Mistake(INVALID_YAML, stop.start, f"{missing} is missing")


def _first_sign(stop: _Stop) -> Mistake:
    if stop.sign == "\t":
        return _tab(stop)
    return stop.wrong(f"a text that starts with '{stop.sign}' needs quotes")


def _line(stop: _Stop) -> Mistake:
    before = stop.before.rstrip()
    if before.endswith(("'", '"')):
        return stop.wrong("the text goes on after its closing quote: write '' for ' within '…'")
    if before.endswith(("]", "}")):
        return stop.wrong("the text goes on after a closing bracket: put all of it in quotes")
    if stop.sign in {"]", "}"}:
        return stop.wrong(f"'{stop.sign}' closes a bracket that was not opened")
    if stop.sign == ":":
        return _nameless(stop)
    if stop.sign == "-":
        return stop.wrong("the '-' fits neither a list nor the fields above: check its indent")
    return stop.wrong("the indent fits none of the lines above")


def _nameless(stop: _Stop) -> Mistake:
    return Mistake(INVALID_KEY, stop.at, "the field has no name before its ':'")


def _dash(stop: _Stop) -> Mistake:
    return stop.wrong(
        "a list begins on a line of its own; a text that starts with '-' needs quotes"
    )


def _unclosed_quote(stop: _Stop) -> Mistake:
    return Mistake(INVALID_YAML, stop.start, "the quote that opens here is not closed")


def _unclosed_bracket(stop: _Stop) -> Mistake:
    if stop.ends:
        return Mistake(INVALID_YAML, stop.start, "the bracket that opens here is not closed")
    what = f"',' or a closing bracket is missing before '{stop.sign}'"
    return Mistake(INVALID_YAML, stop.at, what, stop.start)


def _no_value(stop: _Stop) -> Mistake:
    if stop.ends:
        return stop.wrong("the text ends within brackets")
    if stop.sign == ":":
        return _nameless(stop)
    what = f"a value is missing before '{stop.sign}', or a text that starts with it needs quotes"
    return stop.wrong(what)


def _escape(stop: _Stop) -> Mistake:
    index = stop.text.rfind("\\", stop.start, stop.at + 1)
    what = r"this '\' begins no escape: write '\\' for a '\', or put the text in single quotes"
    return Mistake(INVALID_YAML, index, what)


_BY_CONTEXT: Mapping[str, Callable[[_Stop], Mistake]] = MappingProxyType(
    {
        "scanning an alias": _alias,
        "scanning an anchor": _alias,
        "scanning a tag": _tag,
        "parsing a tag": _tag,
        "scanning a block scalar": _block,
    }
)

_BY_PROBLEM: Mapping[str, Callable[[_Stop], Mistake]] = MappingProxyType(
    {
        "mapping values are not allowed in this context": _colon,
        "could not find expected ':'": _no_colon,
        "found unexpected ':'": _colon_in_brackets,
        "found character that cannot start any token": _first_sign,
        "mapping keys are not allowed in this context": _first_sign,
        "block sequence entries are not allowed in this context": _dash,
        "found a tab character that violates indentation": _tab,
        "did not find expected key": _line,
        "did not find expected '-' indicator": _line,
        "did not find expected <document start>": _line,
        "did not find expected ',' or ']'": _unclosed_bracket,
        "did not find expected ',' or '}'": _unclosed_bracket,
        "did not find expected node content": _no_value,
        "found unexpected end of stream": _unclosed_quote,
        "found unexpected document indicator": _unclosed_quote,
        "found unknown escape character": _escape,
        "did not find expected hexdecimal number": _escape,
        "found invalid Unicode character escape code": _escape,
        "found undefined tag handle": _tag,
    }
)
