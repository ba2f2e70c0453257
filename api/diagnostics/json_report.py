"""Issues as one JSON document; docs/reference/check.schema.json describes it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from api.diagnostics.paths import clean, seen_from
from api.errors import Issue, Place


def render(issues: Sequence[Issue], base: Path) -> str:
    """Return all Issues by place, and how many there are, by weight, code and file."""
    ordered = sorted(issues, key=lambda issue: issue.order)
    report = {
        "issues": [_issue(issue, base) for issue in ordered],
        "counts": {
            "errors": sum(issue.is_error for issue in issues),
            "warnings": sum(not issue.is_error for issue in issues),
            "files": len({issue.place.path for issue in issues}),
            "codes": dict(sorted(Counter(issue.code for issue in issues).items())),
        },
    }
    return orjson.dumps(report, option=orjson.OPT_INDENT_2).decode() + "\n"


def _issue(issue: Issue, base: Path) -> dict[str, Any]:
    return {
        "code": issue.code,
        "severity": issue.kind.severity,
        **_place(issue.place, base),
        "message": clean(issue.what),
        "allowed": [clean(value) for value in issue.allowed],
        "did_you_mean": clean(issue.nearest) if issue.nearest else None,
        "mend": issue.kind.mend,
        "also_at": _place(issue.other, base) if issue.other else None,
    }


def _place(place: Place, base: Path) -> dict[str, Any]:
    return {"path": seen_from(base, place.path), "line": place.line, "column": place.column}
