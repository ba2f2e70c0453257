"""One field of a content file written anew, and nothing else of it changed, byte for byte."""

import re
from bisect import bisect_right
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from json import JSONDecoder, dumps
from pathlib import PurePath
from typing import NamedTuple, Protocol, cast

from yaml._yaml import CParser
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from api.errors import ContentError
from api.source.decode import decode
from api.source.frontmatter import split
from api.source.jsonfile import parse_json
from api.source.node import Fields, Items, Node, Rich, Scalar
from api.source.yaml import parse_yaml

_PLAIN = re.compile(r"[a-z0-9-]+")
_SPACE = re.compile(r"\s*")
_OUTERMOST = 1
# mypy holds these classes and _Event for different things; `type` is what they have in common.
_SCALAR: type = ScalarEvent
_STREAM_END: type = StreamEndEvent
_STARTS: tuple[type, ...] = (MappingStartEvent, SequenceStartEvent)
_ENDS: tuple[type, ...] = (MappingEndEvent, SequenceEndEvent)
_decode_value = JSONDecoder().raw_decode


class AmendError(Exception):
    """A file that has its fields in a form in which none can be written apart from the others."""


class _Mark(Protocol):
    index: int


class _Event(Protocol):
    """What libyaml's events carry; PyYAML's stubs call the marks optional."""

    start_mark: _Mark
    end_mark: _Mark
    value: str


class _Span(NamedTuple):
    """Where a field's name begins, its value begins, and its value ends."""

    key: int
    value: int
    end: int


class _Edit(NamedTuple):
    """What stands from `start` to `end` is replaced."""

    start: int
    end: int
    text: str


def amended(raw: bytes, path: PurePath, name: str, values: Mapping[str, str]) -> bytes:
    """Return a valid content file's bytes with a field that is this group of texts.

    Its fields are those of the front matter, of the YAML or of the JSON, by the ending of `path`.
    The field's present value is replaced; where there is none, it comes last. All other bytes are
    the file's: comments, order, quotes, line ends, byte order mark. Raises AmendError where that
    cannot be done, ContentError where the file cannot be read.
    """
    text = decode(raw, path.as_posix())
    others = _read(text, path)
    others.pop(name, None)
    for edit in _edits(text, path, name, values):
        if _says(_applied(text, edit), path, others, name, values):
            return _written(raw, edit)
    raise AmendError(f"{path}: the field '{name}' cannot be written there apart from the others")


def _edits(text: str, path: PurePath, name: str, values: Mapping[str, str]) -> Iterator[_Edit]:
    """Yield the edits that may do: the first that changes nothing else is taken."""
    start, end = _head(text, path)
    head = text[start:end]
    flow, spans = (True, _json(head)) if path.suffix == ".json" else _yaml(head)
    if not spans:
        return
    edits = _in_flow(head, spans, name, values) if flow else _in_block(head, spans, name, values)
    for edit in edits:
        yield _Edit(start + edit.start, start + edit.end, edit.text)


def _head(text: str, path: PurePath) -> tuple[int, int]:
    """Return where a file's fields stand."""
    if path.suffix != ".md":
        return 0, len(text)
    start = text.index("\n") + 1
    return start, start + len(split(text, path.as_posix()).yaml)


def _in_block(
    text: str, spans: Mapping[str, _Span], name: str, values: Mapping[str, str]
) -> Iterator[_Edit]:
    first = min(spans.values())
    top = _line_start(text, first.key)
    pad = text[top : first.key]
    lines = [f"{pad}{name}:", *(f"{pad}  {key}: {_scalar(one)}" for key, one in values.items())]
    block = "".join(f"{line}\n" for line in lines)
    if span := spans.get(name):
        end = _line_end(text, span.end)
        unended = end == len(text) and not text.endswith("\n")
        yield _Edit(
            _line_start(text, span.key), end, block.removesuffix("\n") if unended else block
        )
        return
    at = len(text)
    yield _Edit(at, at, block if text.endswith("\n") else "\n" + block.removesuffix("\n"))
    # Where the last value would take the new lines for its own.
    yield _Edit(top, top, block)


def _in_flow(
    text: str, spans: Mapping[str, _Span], name: str, values: Mapping[str, str]
) -> Iterator[_Edit]:
    group = dumps(dict(values), ensure_ascii=False)
    if span := spans.get(name):
        yield _Edit(span.value, span.end, group)
        return
    last = max(spans.values())
    before = text[_line_start(text, last.key) : last.key]
    gap = " " if before.strip() else f"\n{before}"
    yield _Edit(last.end, last.end, f',{gap}"{name}": {group}')


def _scalar(value: str) -> str:
    """Write a text in YAML: plain where it is so simple that it means itself."""
    if _PLAIN.fullmatch(value) and value != "null":
        return value
    return dumps(value, ensure_ascii=False)


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    """Return where the line ends in which a value does; blank lines below it are not its own."""
    if index and text[index - 1] == "\n":
        return len(text[:index].rstrip("\n")) + 1
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _yaml(text: str) -> tuple[bool, dict[str, _Span]]:
    """Return whether a YAML text's mapping is written in braces, and where its fields stand."""
    spans: dict[str, _Span] = {}
    in_braces, depth, value, end = False, 0, 0, 0
    key: _Event | None = None
    for event in _events(text):
        kind, start, stop = type(event), event.start_mark.index, event.end_mark.index
        if kind in _STARTS:
            depth += 1
            if depth == _OUTERMOST:
                in_braces = text[start : start + 1] == "{"
                continue
        elif kind in _ENDS:
            depth -= 1
        elif kind is not _SCALAR:
            continue
        # What ends by its indentation has no sign of its own: it ends where its last part did.
        end = stop if stop > start else end
        if depth == _OUTERMOST and kind is _SCALAR and key is None:
            key, value = event, 0
            continue
        value = value or start
        if depth == _OUTERMOST and key is not None:
            spans[key.value] = _Span(key.start_mark.index, value, max(end, value))
            key = None
    return in_braces, spans


def _events(text: str) -> Iterator[_Event]:
    following = cast("Callable[[], _Event]", CParser(text).get_event)
    while type(event := following()) is not _STREAM_END:
        yield event


def _json(text: str) -> dict[str, _Span]:
    """Return where the fields of a JSON object stand."""
    spans: dict[str, _Span] = {}
    at = _past_space(text, text.index("{") + 1)
    while text[at] != "}":
        key, end = _decode_value(text, at)
        value = _past_space(text, _past_space(text, end) + 1)
        _, end = _decode_value(text, value)
        spans[key] = _Span(at, value, end)
        at = _past_space(text, end)
        at = _past_space(text, at + 1) if text[at] == "," else at
    return spans


def _past_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _applied(text: str, edit: _Edit) -> str:
    return text[: edit.start] + edit.text + text[edit.end :]


def _says(
    text: str, path: PurePath, others: dict[str, object], name: str, values: Mapping[str, str]
) -> bool:
    """Tell whether a file's text has the other fields as they were, and this one as it is to be."""
    try:
        now = _read(text, path)
    except ContentError:
        return False
    written = now.pop(name, None)
    if not isinstance(written, dict):
        return False
    said = {key: one[0] for key, one in written.items() if isinstance(one, tuple)}
    return now == others and said == dict(values)


def _read(text: str, path: PurePath) -> dict[str, object]:
    """Return what a file's fields say, wherever they stand."""
    start, end = _head(text, path)
    parse = parse_json if path.suffix == ".json" else parse_yaml
    fields = parse(text[start:end], path.as_posix())
    return {name: _said(node) for name, node in fields.values.items()}


def _said(node: Node) -> object:
    match node:
        case Scalar(text, plain):
            return text, plain
        case Items(items):
            return [_said(one) for one in items]
        case Fields(values):
            return {name: _said(one) for name, one in values.items()}
        case Rich():
            return None


def _written(raw: bytes, edit: _Edit) -> bytes:
    """Return the file's own bytes with an edit of its text as `decode` gives it."""
    mark = BOM_UTF8 if raw.startswith(BOM_UTF8) else b""
    own = raw.removeprefix(BOM_UTF8).decode()
    newline = found[0] if (found := re.search(r"\r\n|\r|\n", own)) else "\n"
    # Where the text has one sign and the file two.
    longer = [found.start() - n for n, found in enumerate(re.finditer(r"\r\n", own))]
    start, end = (index + bisect_right(longer, index - 1) for index in (edit.start, edit.end))
    changed = own[:start] + edit.text.replace("\n", newline) + own[end:]
    return mark + changed.encode()
