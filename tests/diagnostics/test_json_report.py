"""The JSON document has everything, in the shape that its schema describes."""

import json
from typing import Any

import jsonschema_rs
import pytest

from api.diagnostics.json_report import render
from api.errors import UNKNOWN_FIELD, Issue, Place
from tests.diagnostics.samples import AUTOR, BASE, THREE, many
from tests.support import REPOSITORY

SCHEMA = json.loads((REPOSITORY / "docs/reference/check.schema.json").read_text(encoding="utf-8"))


def document(*issues: Issue) -> Any:
    return json.loads(render(issues, BASE))


def test_issue_has_all_its_parts() -> None:
    assert document(AUTOR)["issues"] == [
        {
            "code": "unknown_field",
            "severity": "error",
            "path": "content/articles/a.md",
            "line": 3,
            "column": 1,
            "message": "unknown field 'autor'",
            "allowed": ["author", "title"],
            "did_you_mean": "author",
            "mend": "remove the field, or write one of the allowed names",
            "also_at": None,
        }
    ]


def test_issues_come_by_place_and_are_counted() -> None:
    told = document(*THREE)
    assert [issue["path"] for issue in told["issues"]] == [
        "content/a.yaml",
        "content/articles/a.md",
        "content/b.yaml",
    ]
    assert told["issues"][2]["also_at"] == {
        "path": "content/articles/a.md",
        "line": 2,
        "column": 8,
    }
    assert told["counts"] == {
        "errors": 2,
        "warnings": 1,
        "files": 3,
        "codes": {"empty_section": 1, "unknown_field": 2},
    }


def test_nothing_is_cut() -> None:
    issues = many(100, 100)
    assert len(document(*issues)["issues"]) == len(issues)


@pytest.mark.parametrize(
    "issues",
    [
        pytest.param((), id="none"),
        pytest.param(THREE, id="three"),
        pytest.param(
            (
                UNKNOWN_FIELD.at(
                    Place("\udcff.md", 1, 1), "\ud800", allowed=["\udfff"], nearest="\ud800"
                ),
            ),
            id="text that UTF-8 does not have",
        ),
    ],
)
def test_document_is_what_its_schema_describes(issues: tuple[Issue, ...]) -> None:
    jsonschema_rs.Draft202012Validator(SCHEMA).validate(document(*issues))


@pytest.mark.parametrize("missing", ["issues", "counts"])
def test_schema_refuses_another_document(missing: str) -> None:
    told = document(AUTOR)
    del told[missing]
    assert not jsonschema_rs.Draft202012Validator(SCHEMA).is_valid(told)
    assert not jsonschema_rs.Draft202012Validator(SCHEMA).is_valid({**document(AUTOR), "more": 1})
