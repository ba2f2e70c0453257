"""A difference as one JSON document; docs/reference/diff.schema.json describes it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from api.diagnostics import json_report
from api.diff.difference import Change, Difference, Kind


def render(difference: Difference, old: str, new: str, base: Path) -> str:
    """Return all that differs; `base` is the folder that paths of Issues are seen from."""
    report = {
        "old": old,
        "new": new,
        "publishable": difference.publishable,
        "counts": {
            "entries": {kind.value: difference.count(kind) for kind in Kind},
            "addresses": len(difference.addresses),
            "broken_links": len(difference.broken),
            "cache_tags": len(difference.cache_tags),
        },
        "entries": [_change(change) for change in difference.changes],
        "addresses": [asdict(one) for one in difference.addresses],
        "broken_links": [asdict(one) for one in difference.broken],
        "renames": [asdict(one) for one in difference.renames],
        "media": {"added": difference.media_added, "ended": difference.media_ended},
        "cache_tags": difference.cache_tags,
        "issues": orjson.loads(json_report.render(difference.issues, base))["issues"],
    }
    return orjson.dumps(report, option=orjson.OPT_INDENT_2).decode() + "\n"


def _change(change: Change) -> dict[str, Any]:
    return {
        "change": change.kind,
        "type": change.type,
        "id": change.id,
        "path": change.path,
        "title": change.title,
        "fields": [asdict(one) for one in change.fields],
        "of": change.of,
    }
