r"""The examples of Issues, `docs/issues/{code}.yaml`: a wrong file and a right one.

`means` says in a sentence what is wrong. `file` is the file's path below `content/`, `right_file`
the right one's where it has another; `wrong` and `right` are their texts; `others` are files that
both need. With `bytes: true` all are bytes whose escapes are written as `\xff`. What no text can
show has `says` instead of all these.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from api.compiler import pipeline
from api.diagnostics.source import SourceLine, source_lines
from api.diagnostics.text import plain, render
from api.errors import ContentError, Issue, Place
from schemas.discovery import discover

AT = datetime(2026, 7, 1, tzinfo=UTC)
"""The instant at which the examples are checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One file of docs/issues."""

    means: str = ""
    says: str = ""
    file: str = ""
    right_file: str = ""
    wrong: str = ""
    right: str = ""
    bytes: bool = False
    others: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """What `keypoint check` finds in an example, and the text that it says."""

    issues: tuple[Issue, ...]
    said: str


def load(file: Path) -> Example:
    """Read an example; raises TypeError where it has another name than those above."""
    return Example(**yaml.safe_load(file.read_text(encoding="utf-8")))


def check_wrong(example: Example) -> Checked:
    """Check the wrong file beside the others."""
    return _check(example, example.file, example.wrong)


def check_right(example: Example) -> Checked:
    """Check the right file beside the others."""
    return _check(example, example.right_file or example.file, example.right)


def _check(example: Example, name: str, text: str) -> Checked:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for path, content in {**example.others, name: text}.items():
            file = root / "content" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(_unescaped(content) if example.bytes else content.encode())
        try:
            issues = pipeline.check(root / "content", discover(), at=AT).warnings
        except ContentError as error:
            issues = error.issues
        below = tuple(_seen_from(root, issue) for issue in issues)
        return Checked(below, plain(render(below, _lines_below(root))))


def _unescaped(text: str) -> bytes:
    return text.encode("latin-1").decode("unicode_escape").encode("latin-1")


def _lines_below(root: Path) -> SourceLine:
    line = source_lines()
    return lambda place: line(place._replace(path=f"{root.as_posix()}/{place.path}"))


def _seen_from(root: Path, issue: Issue) -> Issue:
    def shorter(place: Place) -> Place:
        return place._replace(path=place.path.removeprefix(f"{root.as_posix()}/"))

    other = shorter(issue.other) if issue.other else None
    return dataclasses.replace(issue, place=shorter(issue.place), other=other)
