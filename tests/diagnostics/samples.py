"""Issues that many tests of reports tell."""

from collections.abc import Mapping
from pathlib import Path

from api.diagnostics.source import SourceLine
from api.errors import EMPTY_SECTION, MISSING_FIELD, UNKNOWN_FIELD, Issue, Place

BASE = Path("/site")
AUTOR = UNKNOWN_FIELD.at(
    Place("content/articles/a.md", 3, 1),
    "unknown field 'autor'",
    allowed=["author", "title"],
    nearest="author",
)
TWICE = UNKNOWN_FIELD.at(
    Place("content/b.yaml", 1, 1), "x: 100%, y", other=Place("content/articles/a.md", 2, 8)
)
WARNING = EMPTY_SECTION.at(Place("content/a.yaml", 9, 2), "there is no text")
THREE = (AUTOR, TWICE, WARNING)


def of(texts: Mapping[str, str]) -> SourceLine:
    """Return what gives the lines of texts by path."""

    def line(place: Place) -> str | None:
        lines = texts.get(place.path, "").split("\n")
        return lines[place.line - 1] if place.path in texts else None

    return line


def many(files: int, each: int, code: str = "unknown") -> list[Issue]:
    """Return Issues of one code, so many in each of so many files."""
    kind = UNKNOWN_FIELD if code == "unknown" else MISSING_FIELD
    return [
        kind.at(Place(f"content/topics/t{file:05}.yaml", line, 1), f"field {line}", allowed=["a"])
        for file in range(files)
        for line in range(1, each + 1)
    ]
