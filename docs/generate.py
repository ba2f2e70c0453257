"""Write what is generated: openapi.yaml, and the reference pages.

`python docs/generate.py` writes the files; with `--check` it says which are stale, and exits 1.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from api import errors
from api.compiler.tools import contract_of
from api.contract.openapi import to_yaml
from api.contract.operations import PAGE_DEFAULT, PAGE_LIMIT, PAGE_MOST
from api.settings import Settings
from api.web.middleware import LARGEST_HEADERS, LONGEST_TARGET, MOST_HEADERS
from api.web.params import MOST_PARAMETERS
from api.web.protocol import MOST_PIPELINED
from docs.commands_page import commands_page
from docs.issues_page import issues_page
from schemas.collection import SingleFile
from schemas.discovery import Models, discover
from schemas.entry import EmbeddedEntry, Entry, EntryModel
from schemas.fields import SLUG_LENGTH, Model
from schemas.shape import (
    Formatted,
    Keyed,
    Kind,
    Many,
    ModelField,
    Nested,
    Referring,
    Shape,
    Single,
    fields_of,
)

REPOSITORY = Path(__file__).parent.parent
HTTP_PAGE = "docs/reference/http.md"


def settings_page() -> str:
    """Return the page that lists every setting."""
    rows = [
        f"| `{name}` | `KEYPOINT_{name.upper()}` | {_default(field.default)} "
        f"| {_line(field.description)} |"
        for name, field in Settings.model_fields.items()
    ]
    return _page(
        "Settings",
        "Each setting is a variable of the environment; those that a command needs are its "
        "options too, and an option goes before the variable.",
        ["| Setting | Variable | Default | What it is |", "|---|---|---|---|", *rows],
    )


def problems_page() -> str:
    """Return the page that lists every kind of problem."""
    rows = [
        f"| `{kind.code}` | {kind.status} | {kind.meaning} |" for kind in errors.PROBLEMS.values()
    ]
    return _page(
        "Problems",
        "Every error is a problem document (RFC 9457) whose `type` is `/docs/problems/{code}`; "
        "the server has a page for each.",
        ["| Code | Status | Meaning |", "|---|---|---|", *rows],
    )


def http_page() -> str:
    """Return the page about HTTP, with what the code decides written in between its marks."""
    text = (REPOSITORY / HTTP_PAGE).read_text(encoding="utf-8")
    for name, table in (("problems", _problems_table()), ("limits", _limits_table())):
        start, end = f"<!-- generated: {name} -->\n", "<!-- end -->"
        before, _, rest = text.partition(start)
        text = f"{before}{start}{table}\n{end}{rest.partition(end)[2]}"
    return text


def _problems_table() -> str:
    rows = [
        f"| {kind.status} | `{kind.code}` | {kind.title} |" for kind in errors.PROBLEMS.values()
    ]
    return "\n".join(["| Status | Code | Title |", "|---|---|---|", *rows])


def _limits_table() -> str:
    rows = [
        ("Path and query together", f"{LONGEST_TARGET:,} bytes", "414"),
        ("Headers, names and values together", f"{LARGEST_HEADERS:,} bytes", "431"),
        ("Lines of headers", f"{MOST_HEADERS}", "431"),
        ("Body", "none", "413"),
        ("Parameters of a query", f"{MOST_PARAMETERS}", "400"),
        ("`page`", f"1 to {PAGE_MOST:,}", "400"),
        ("`limit`", f"1 to {PAGE_LIMIT}, {PAGE_DEFAULT} where it is not given", "400"),
        ("Slug, id or key", f"{SLUG_LENGTH} signs", "404"),
        ("Pipelined requests that wait", f"{MOST_PIPELINED}", "the connection is closed"),
    ]
    lines = [f"| {what} | {most} | {then} |" for what, most, then in rows]
    return "\n".join(["| What | At most | Else |", "|---|---|---|", *lines])


CONTENT_LEAD = """\
What an editor writes, by type. A file is Markdown below a front matter (`.md`), YAML (`.yaml` or
`.yml`) or JSON (`.json`), each type in any of them; [content-files.md](content-files.md) tells how
files are named, and where images go.

In a Markdown file the text fills `body`; in an article `## Title {#key}` opens a section of
`sections` (`{#key .ordered}` numbers its points) and `### Title {#key}` a point. A heading without
`{#key}` gets the key from its title; a key of its own keeps the address when the title changes.
What a text may hold beside that, [markdown.md](markdown.md) says. The command
`keypoint schema TYPE` prints a type's JSON Schema.

A translation is a file with its language before the ending: `slug.uk.md` beside `slug.md`. A field
that it does not give is shown as the source text has it, unless the last column says otherwise; a
list, the sections and points among them, is taken whole.
[Languages](content-files.md#languages) tells more, and
[ADR 9](../adr/0009-a-translation-is-a-file-laid-over-its-source.md) why."""


def content_page() -> str:
    """Return the page that lists the fields of every content type."""
    models = discover()
    return (
        "\n\n".join(
            [
                "# Content types",
                CONTENT_LEAD,
                *(_type_section(models, name) for name in models),
            ]
        )
        + "\n"
    )


def _type_section(models: Models, name: str) -> str:
    model = models[name]
    parts = [f"## {name}", _line(model.__doc__), _home(model), _fields_table(model)]
    if issubclass(model, Entry):
        language = "markdown" if model.example_suffix() == ".md" else "yaml"
        parts.append(f"````{language}\n{model.example}````")
    return "\n\n".join(parts)


def _home(model: EntryModel) -> str:
    if issubclass(model, EmbeddedEntry):
        return f"Part of the file of its {model.collection.parent}."
    name, suffix = model.collection.name, model.example_suffix()
    if isinstance(model.collection, SingleFile):
        return f"One file: `content/{name}{suffix}`."
    return f"One file an entry: `content/{name}/{{slug}}{suffix}`."


def _fields_table(model: type[Model]) -> str:
    rows = [
        f"| `{field.name}` | {_shape(field.shape)} | {'yes' if field.required else ''} "
        f"| {_line(field.description)} | {_translated(field)} |"
        for field in fields_of(model).values()
    ]
    table = [
        "| Field | Takes | Required | What it is | In a translation |",
        "|---|---|---|---|---|",
        *rows,
    ]
    nested = {model for field in fields_of(model).values() for model in _nested(field.shape)}
    below = [
        f"`{one.__name__}`: {_line(one.__doc__)}\n\n{_fields_table(one)}"
        for one in sorted(nested, key=lambda one: one.__name__)
        if not issubclass(one, EmbeddedEntry)
    ]
    return "\n\n".join(["\n".join(table), *below])


def _translated(field: ModelField) -> str:
    if field.shared:
        return "not given: the same in all languages"
    return "its own, or none" if field.own else ""


def _nested(shape: Shape) -> Iterator[type[Model]]:
    match shape:
        case Many(item) | Keyed(item):
            yield from _nested(item)
        case Nested(model):
            yield model
        case _:
            return


_KINDS = {
    Kind.TEXT: "text",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.INSTANT: "a point in time, as `2026-10-13T09:00:00Z`",
    Kind.DATE: "a date, as `2026-10-13`",
}


def _shape(shape: Shape) -> str:
    match shape:
        case Single(kind, values):
            return f"one of {', '.join(values)}" if values else _KINDS[kind]
        case Formatted():
            return "Markdown"
        case Referring(targets):
            return f"a reference: {' or '.join(targets)}"
        case Many(item):
            return f"a list: {_shape(item)}"
        case Keyed(item):
            return f"by name: {_shape(item)}"
        case Nested(model):
            return f"`{model.__name__}`"


def _issue_kinds() -> Iterator[errors.IssueKind]:
    return (kind for kind in vars(errors).values() if isinstance(kind, errors.IssueKind))


def _page(title: str, lead: str, table: list[str]) -> str:
    return "\n".join([f"# {title}", "", lead, "", *table, ""])


def _default(value: object) -> str:
    return "none" if value is None else f"`{value}`"


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def generated() -> dict[str, str]:
    """Return the text of each generated file by its path in the repository."""
    return {
        "openapi.yaml": to_yaml(contract_of(discover())),
        "docs/reference/content-types.md": content_page(),
        "docs/reference/commands.md": commands_page(),
        "docs/reference/settings.md": settings_page(),
        "docs/reference/problems.md": problems_page(),
        HTTP_PAGE: http_page(),
        "docs/reference/issues.md": issues_page(_issue_kinds()),
    }


def main(arguments: list[str]) -> int:
    """Write the files, or check them; return the exit code."""
    stale = [
        (REPOSITORY / name, text)
        for name, text in generated().items()
        if not (REPOSITORY / name).exists()
        or (REPOSITORY / name).read_text(encoding="utf-8") != text
    ]
    for file, text in stale:
        if "--check" in arguments:
            sys.stdout.write(f"{file.relative_to(REPOSITORY)} is stale: run `make openapi`\n")
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{file.relative_to(REPOSITORY)} is written\n")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
