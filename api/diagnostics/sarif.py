"""Issues as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from api import __version__
from api.diagnostics.paths import seen_from
from api.errors import Issue, IssueKind, Place, printable

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
PAGE = "docs/reference/issues.md"
FINGERPRINT = "keypointIssue/v1"


def render(issues: Sequence[Issue], base: Path) -> str:
    """Return a log with one run: a rule for each code that occurs, a result for each Issue."""
    ordered = sorted(issues, key=lambda issue: issue.order)
    kinds = sorted({issue.kind for issue in ordered}, key=lambda kind: kind.code)
    numbers = {kind.code: number for number, kind in enumerate(kinds)}
    run = {
        "tool": {
            "driver": {
                "name": "Keypoint",
                "version": __version__,
                "rules": [_rule(kind) for kind in kinds],
            }
        },
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "results": _results(ordered, numbers, base),
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return orjson.dumps(log, option=orjson.OPT_INDENT_2).decode() + "\n"


def _rule(kind: IssueKind) -> dict[str, Any]:
    """Describe a kind (3.49); `helpUri` has to be absolute, and the page has no such address."""
    mend = f"{kind.mend[0].upper()}{kind.mend[1:]}."
    return {
        "id": kind.code,
        "shortDescription": {"text": f"{kind.code.replace('_', ' ').capitalize()}."},
        "help": {
            "text": f"{mend} See {PAGE}#{kind.code}.",
            "markdown": f"{mend} See `{PAGE}#{kind.code}`.",
        },
        "defaultConfiguration": {"level": kind.severity},
    }


def _results(
    issues: Iterable[Issue], numbers: Mapping[str, int], base: Path
) -> list[dict[str, Any]]:
    seen: Counter[str] = Counter()
    results = []
    for issue in issues:
        same = "\0".join([issue.code, seen_from(base, issue.place.path), issue.message])
        seen[same] += 1
        result = {
            "ruleId": issue.code,
            "ruleIndex": numbers[issue.code],
            "level": issue.kind.severity,
            "message": {"text": _message(issue)},
            "locations": [{"physicalLocation": _location(issue.place, base)}],
            "partialFingerprints": {FINGERPRINT: _fingerprint(same, seen[same])},
        }
        if issue.other:
            result["relatedLocations"] = [
                {
                    "id": 0,
                    "physicalLocation": _location(issue.other, base),
                    "message": {"text": "also at"},
                }
            ]
        results.append(result)
    return results


def _message(issue: Issue) -> str:
    """Say what is wrong; how it is mended is the rule's help."""
    allowed = f"\nallowed: {printable(', '.join(issue.allowed))}" if issue.allowed else ""
    return issue.message + allowed


def _location(place: Place, base: Path) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": _uri(seen_from(base, place.path))},
        "region": {"startLine": place.line, "startColumn": place.column},
    }


def _uri(path: str) -> str:
    """Return a relative reference, or for an absolute path a file URI (RFC 3986; RFC 8089)."""
    return f"file://{quote(path)}" if path.startswith("/") else quote(path)


def _fingerprint(same: str, number: int) -> str:
    """Name a result by what is wrong in which file, not by its line: lines move."""
    return sha256(f"{same}\0{number}".encode()).hexdigest()[:32]
