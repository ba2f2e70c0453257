"""Write what is generated: openapi.yaml, and the reference pages of settings, problems and Issues.

`python docs/generate.py` writes the files; with `--check` it says which are stale, and exits 1.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from api import errors
from api.compiler.pipeline import contract_of
from api.contract.openapi import to_yaml
from api.settings import Settings
from schemas.discovery import discover

REPOSITORY = Path(__file__).parent.parent


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


def issues_page() -> str:
    """Return the page that lists every kind of Issue."""
    rows = [f"| `{kind.code}` | {_capital(kind.mend)}. |" for kind in _issue_kinds()]
    return _page(
        "Issues",
        "`keypoint check` tells each mistake in the content with its place and one of these "
        "codes. A code never changes its meaning.",
        ["| Code | How it is mended |", "|---|---|", *rows],
    )


def _issue_kinds() -> Iterator[errors.IssueKind]:
    return (kind for kind in vars(errors).values() if isinstance(kind, errors.IssueKind))


def _page(title: str, lead: str, table: list[str]) -> str:
    return "\n".join([f"# {title}", "", lead, "", *table, ""])


def _default(value: object) -> str:
    return "none" if value is None else f"`{value}`"


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def generated() -> dict[str, str]:
    """Return the text of each generated file by its path in the repository."""
    return {
        "openapi.yaml": to_yaml(contract_of(discover())),
        "docs/reference/settings.md": settings_page(),
        "docs/reference/problems.md": problems_page(),
        "docs/reference/issues.md": issues_page(),
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
