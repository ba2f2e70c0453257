"""Issues as workflow commands of GitHub Actions, which become annotations of the files.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions; the escapes are
those of actions/toolkit (packages/core/src/command.ts).
"""

from collections.abc import Sequence
from pathlib import Path

from api.diagnostics.paths import seen_from
from api.diagnostics.text import summary
from api.errors import Issue, printable

SHOWN_BY_GITHUB = 10
"""How many errors, and how many warnings, GitHub shows of one step."""


def render(issues: Sequence[Issue], base: Path) -> str:
    """Return a command for each Issue, errors first, and a line that counts them."""
    if not issues:
        return ""
    ordered = sorted(issues, key=lambda issue: (not issue.is_error, issue.order))
    lines = [_command(issue, base) for issue in ordered]
    return "".join(f"{line}\n" for line in [*lines, _last(issues)])


def _command(issue: Issue, base: Path) -> str:
    properties = {
        "file": seen_from(base, issue.place.path),
        "line": str(issue.place.line),
        "col": str(issue.place.column),
        "title": issue.code,
    }
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{issue.kind.severity} {given}::{_data(_message(issue, base))}"


def _message(issue: Issue, base: Path) -> str:
    lines = [issue.message]
    if issue.other:
        other = issue.other._replace(path=seen_from(base, issue.other.path))
        lines.append(f"also at: {printable(str(other))}")
    if issue.allowed:
        lines.append(f"allowed: {printable(', '.join(issue.allowed))}")
    return "\n".join([*lines, f"to mend: {issue.kind.mend}"])


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _last(issues: Sequence[Issue]) -> str:
    errors = sum(issue.is_error for issue in issues)
    if max(errors, len(issues) - errors) <= SHOWN_BY_GITHUB:
        return summary(issues)
    return f"{summary(issues)}; GitHub shows {SHOWN_BY_GITHUB} of each in a step"
