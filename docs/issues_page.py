"""The page of all kinds of Issues, each with its example and what Keypoint says of it."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from api.errors import IssueKind
from docs.issue_examples import Example, check_wrong, load

EXAMPLES = Path(__file__).parent / "issues"
LEAD = """\
`keypoint check` tells each mistake in the content with its place and one of these codes. A code
never changes its meaning. An error keeps the content from being published, a warning does not.
[check.md](check.md) tells how a report is read, by people and by programs."""
_LANGUAGES = {".md": "markdown", ".json": "json", ".yaml": "yaml", ".yml": "yaml"}


def issues_page(kinds: Iterable[IssueKind]) -> str:
    """Return the page; raises FileNotFoundError for a kind without docs/issues/{code}.yaml."""
    ordered = list(kinds)
    rows = [
        f"| [`{kind.code}`](#{kind.code}) | {kind.severity} | {_sentence(kind.mend)} |"
        for kind in ordered
    ]
    table = "\n".join(["| Code | Severity | How it is mended |", "|---|---|---|", *rows])
    sections = (part for kind in ordered for part in _section(kind))
    return "\n\n".join(["# Issues", LEAD, table, *sections]) + "\n"


def _section(kind: IssueKind) -> Iterator[str]:
    example = load(EXAMPLES / f"{kind.code}.yaml")
    yield f"## {kind.code}"
    weight = f"{kind.severity.capitalize()}."
    meaning = f"{weight} {example.means}" if example.means else weight
    yield f"{meaning}\n\nTo mend: {as_words(kind.mend)}."
    if example.says:
        yield f"Example: {example.says}"
        return
    for name, text in example.others.items():
        yield _file("In both", name, text)
    yield _file("Wrong", example.file, example.wrong, _note(example))
    yield f"Keypoint says:\n\n{_fenced('text', check_wrong(example).said)}"
    yield _file("Right", example.right_file or example.file, example.right, _note(example))


def _note(example: Example) -> str:
    return " (bytes that are not ASCII are written as `\\x…`)" if example.bytes else ""


def _file(lead: str, name: str, text: str, note: str = "") -> str:
    language = _LANGUAGES.get(Path(name).suffix, "text")
    return f"{lead}, `content/{name}`{note}:\n\n{_fenced(language, text)}"


def _fenced(language: str, text: str) -> str:
    return f"````{language}\n{text.rstrip()}\n````"


def _sentence(text: str) -> str:
    return as_words(text[0].upper() + text[1:] + ".")


def as_words(text: str) -> str:
    """Write a text in Markdown so that its links, stars and tags are shown, not followed."""
    return re.sub(r"[\[*<]", r"\\\g<0>", text)
