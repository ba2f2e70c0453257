"""What must hold for any bytes of a file: they are read, or refused by Issues within the text.

Each of HARNESSES takes the bytes of one file and raises when the promise does not hold.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from api.compiler.validate import validate
from api.errors import ContentError, Issue, Place
from api.source.decode import decode
from api.source.document import parse_document
from api.source.jsonfile import parse_json
from api.source.node import Fields, Items, Node
from api.source.tree import ContentFile
from api.source.yaml import parse_yaml
from schemas.discovery import discover

MODELS = discover()
SUFFIXES = (".md", ".yaml", ".json")


def read_yaml(raw: bytes) -> None:
    """Read the bytes as YAML."""
    _read(raw, parse_yaml)


def read_json(raw: bytes) -> None:
    """Read the bytes as JSON."""
    _read(raw, parse_json)


def read_markdown(raw: bytes) -> None:
    """Read the bytes as an article: front matter, Markdown, outline, model."""
    _document(raw, "article", ".md")


def read_document(raw: bytes) -> None:
    """Read the bytes as a file of the type and kind that the first two bytes choose."""
    head, raw = raw[:2].ljust(2, b"\0"), raw[2:]
    types = [name for name, model in MODELS.items() if hasattr(model, "example")]
    _document(raw, types[head[0] % len(types)], SUFFIXES[head[1] % len(SUFFIXES)])


HARNESSES: Mapping[str, Callable[[bytes], None]] = {
    "yaml": read_yaml,
    "json": read_json,
    "markdown": read_markdown,
    "document": read_document,
}


def _read(raw: bytes, parse: Callable[[str, str], Fields]) -> None:
    try:
        text = decode(raw, "x")
    except ContentError as error:
        _told(error.issues, None)
        return
    try:
        fields = parse(text, "x")
    except ContentError as error:
        _told(error.issues, text)
    else:
        _within(_places(fields), text)


def _document(raw: bytes, type_name: str, suffix: str) -> None:
    file = ContentFile(Path(), f"x{suffix}", type_name, "x")
    try:
        text = decode(raw, f"x{suffix}")
    except ContentError:
        text = None
    document, issues = parse_document(file, raw, MODELS[type_name])
    _told(issues, text)
    if document is None:
        assert issues
        return
    entry, found = validate(document, MODELS[type_name])
    _told(found, text)
    assert (entry is None) == bool(found)


def _told(issues: Sequence[Issue], text: str | None) -> None:
    for issue in issues:
        str(issue).encode()
        assert issue.what
        assert "\n" not in str(issue).partition("\n    ")[0]
    if text is not None:
        _within((issue.place for issue in issues), text)
        _within((issue.other for issue in issues if issue.other), text)


def _within(places: Iterable[Place], text: str) -> None:
    """Hold that each place is in the text, the line behind its last one counted."""
    lines = [*map(len, text.split("\n")), 0]
    for place in places:
        assert 1 <= place.line <= len(lines), place
        assert 1 <= place.column <= lines[place.line - 1] + 1, place


def _places(node: Node) -> Iterator[Place]:
    yield node.place
    if isinstance(node, Fields):
        yield from node.keys.values()
        for part in node.values.values():
            yield from _places(part)
    if isinstance(node, Items):
        for part in node.items:
            yield from _places(part)
