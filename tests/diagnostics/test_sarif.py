"""SARIF 2.1.0: the parts that its schema requires, and places that code scanning finds."""

import json
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema_rs
import pytest

from api.diagnostics.sarif import render
from api.errors import UNKNOWN_FIELD, Issue, Place
from tests.diagnostics.samples import AUTOR, BASE, THREE, TWICE, many

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
LOCATION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["physicalLocation"],
    "properties": {
        "id": {"type": "integer", "minimum": -1},
        "message": TEXT,
        "physicalLocation": {
            "type": "object",
            "additionalProperties": False,
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"uri": {"type": "string", "format": "uri-reference"}},
                },
                "region": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "startLine": {"type": "integer", "minimum": 1},
                        "startColumn": {"type": "integer", "minimum": 1},
                    },
                },
            },
        },
    },
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
RESULT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["message"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": -1},
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "items": LOCATION, "minItems": 0},
        "relatedLocations": {"type": "array", "items": LOCATION, "uniqueItems": True},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
RULE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "shortDescription": TEXT,
        "help": {**TEXT, "properties": {"markdown": {"type": "string"}, "text": {}}},
        "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}},
    },
}
DRIVER = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "version": {"type": "string"},
        "rules": {"type": "array", "items": RULE, "uniqueItems": True},
    },
}
RUN = {
    "type": "object",
    "additionalProperties": False,
    "required": ["tool", "results"],
    "properties": {
        "tool": {"type": "object", "required": ["driver"], "properties": {"driver": DRIVER}},
        "invocations": {
            "type": "array",
            "items": {"type": "object", "required": ["executionSuccessful"]},
        },
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "results": {"type": "array", "items": RESULT},
    },
}
LOG = {
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": RUN},
    },
}
"""What SARIF's schema says of the properties that are in use here; no other may be there."""


def run(*issues: Issue) -> Any:
    log = json.loads(render(issues, BASE))
    jsonschema_rs.Draft202012Validator(LOG, validate_formats=True).validate(log)
    (only,) = log["runs"]
    return only


@pytest.mark.parametrize("issues", [(), THREE, tuple(many(20, 20))], ids=["none", "three", "400"])
def test_log_has_a_result_for_each_issue_and_a_rule_for_each_code(
    issues: tuple[Issue, ...],
) -> None:
    told = run(*issues)
    rules = told["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({issue.code for issue in issues})
    assert len(told["results"]) == len(issues)
    for result in told["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_result_stands_at_its_place_in_code_points() -> None:
    told = run(AUTOR)
    (result,) = told["results"]
    assert told["columnKind"] == "unicodeCodePoints"
    assert result["level"] == "error"
    assert result["message"]["text"].startswith("unknown field 'autor', did you mean 'author'?")
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "content/articles/a.md"},
        "region": {"startLine": 3, "startColumn": 1},
    }
    assert "relatedLocations" not in result


def test_second_place_is_a_related_location() -> None:
    (result,) = run(TWICE)["results"]
    (other,) = result["relatedLocations"]
    assert other["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 8}
    assert other["message"] == {"text": "also at"}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        pytest.param("/site/content/a.md", "content/a.md", id="below the folder"),
        pytest.param("content/a b#c?.md", "content/a%20b%23c%3F.md", id="signs of URIs"),
        pytest.param("a:b/c.md", "a%3Ab/c.md", id="no scheme"),
        pytest.param("/else/a.md", "file:///else/a.md", id="elsewhere"),
        pytest.param("content/ґ.md", "content/%D2%91.md", id="other letters"),
    ],
)
def test_address_is_a_relative_reference(path: str, uri: str) -> None:
    (result,) = run(UNKNOWN_FIELD.at(Place(path, 1, 1), "x"))["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": uri}
    assert unquote(urlsplit(uri).path) == path.removeprefix("/site/")


def test_fingerprint_survives_a_new_line_above_and_tells_equal_issues_apart() -> None:
    lower = AUTOR.kind.at(AUTOR.place._replace(line=4), AUTOR.what, nearest="author")
    (one,), (moved,), both = (
        run(*issues)["results"] for issues in ([AUTOR], [lower], [AUTOR, lower])
    )
    assert one["partialFingerprints"] == moved["partialFingerprints"]
    assert both[0]["partialFingerprints"] != both[1]["partialFingerprints"]
