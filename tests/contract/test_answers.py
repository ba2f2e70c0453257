from collections.abc import Mapping
from typing import Any

import pytest

from api import __version__
from api.contract.answers import COMMON, item_envelope
from api.contract.proof import Proof
from api.contract.schema import ref

Json = Any


@pytest.fixture(scope="module")
def proof() -> Proof:
    return Proof({"components": {"schemas": COMMON}})


def test_item_envelope_has_three_members_and_no_other() -> None:
    schema = item_envelope(ref("ApiIndex"), "An index.")
    assert schema["required"] == ["data", "included", "meta"]
    assert schema["properties"] == {
        "data": {"$ref": "#/components/schemas/ApiIndex"},
        "included": {"$ref": "#/components/schemas/Included"},
        "meta": {"$ref": "#/components/schemas/ItemMeta"},
    }


PAGE = {"self": "/x", "first": "/x", "prev": None, "next": None, "last": "/x"}
ROOT = {
    "name": "Keypoint",
    "version": __version__,
    "versions": [{"name": "v1", "status": "current", "href": "/v1"}],
    "links": {"contract": "/openapi.yaml", "health": "/healthz", "readiness": "/readyz"},
}
FAILURE = {
    "at": "2026-11-23T12:00:00Z",
    "reason": "content",
    "issues": 2,
    "codes": ["unknown_field"],
    "texts": ["content/site.yaml:1:1 unknown field 'nmae' [unknown_field]"],
}
READY = {
    "status": "degraded",
    "revision": "0f343b0931126a20",
    "published_at": "2026-11-23T12:00:00Z",
    "served_since": "2026-11-23T12:00:01Z",
    "next_change": None,
    "folder_changed": True,
    "store_damage": None,
    "last_failure": FAILURE,
}
SCHEMA = {"$schema": "", "$id": "", "title": "", "type": "", "properties": {}, "$defs": {}}
PROBLEM = {
    "type": "/docs/problems/not_found",
    "title": "Not found",
    "status": 404,
    "detail": "Nothing is here.",
    "instance": "/",
    "request_id": "a",
    "errors": [
        {"in": "query", "name": "a", "code": "x", "allowed": [], "did_you_mean": None},
    ],
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("ApiRoot", ROOT, id="service"),
        pytest.param(
            "LocaleMeta", {"requested": "uk", "served": "en", "fallback": []}, id="language"
        ),
        pytest.param("PageMeta", {"total": 0, "page": 1, "limit": 20, "pages": 0}, id="page"),
        pytest.param("PageLinks", PAGE, id="links of the only page"),
        pytest.param("Health", {"status": "ok"}, id="health"),
        pytest.param("Readiness", READY, id="degraded"),
        pytest.param(
            "PublishFailure",
            {**FAILURE, "reason": "store", "issues": 0, "codes": [], "texts": None},
            id="store that could not be written",
        ),
        pytest.param(
            "Readiness",
            {
                "status": "unavailable",
                "revision": None,
                "published_at": None,
                "served_since": None,
                "next_change": None,
                "folder_changed": None,
                "store_damage": None,
                "last_failure": None,
            },
            id="unavailable",
        ),
        pytest.param("Problem", PROBLEM, id="problem"),
        pytest.param("JsonSchema", {**SCHEMA, "x": 1}, id="schema"),
        pytest.param(
            "OpenApiDocument",
            {"openapi": "", "info": {}, "paths": {}, "components": {}, "x": 1},
            id="contract",
        ),
    ],
)
def test_answer_is_what_its_schema_promises(
    proof: Proof, name: str, value: Mapping[str, Json]
) -> None:
    assert list(proof.faults(name, value)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("ApiRoot", {**ROOT, "versions": [{"name": "v1"}]}, id="half a version"),
        pytest.param("PageLinks", {**PAGE, "self": None}, id="no link to itself"),
        pytest.param("PageLinks", {"self": "/x"}, id="no link to the first page"),
        pytest.param(
            "PageMeta", {"total": "0", "page": 1, "limit": 20, "pages": 0}, id="a total as text"
        ),
        pytest.param("Health", {"status": "fine"}, id="another health"),
        pytest.param("Readiness", {**READY, "published_at": "yesterday"}, id="no instant"),
        pytest.param(
            "Readiness", {**READY, "last_failure": {**FAILURE, "issues": None}}, id="no count"
        ),
        pytest.param(
            "PublishFailure",
            {"at": "2026-11-23T12:00:00Z", "issues": 0, "codes": []},
            id="failure without a reason",
        ),
        pytest.param("Readiness", {**READY, "folder_changed": "perhaps"}, id="no yes or no"),
        pytest.param("PublishFailure", {**FAILURE, "reason": "weather"}, id="another reason"),
        pytest.param("Problem", {**PROBLEM, "errors": [{"in": "query"}]}, id="half a fault"),
        pytest.param("Problem", {**PROBLEM, "status": "404"}, id="a status as text"),
        pytest.param("JsonSchema", {"$schema": ""}, id="half a schema"),
        pytest.param("OpenApiDocument", {"openapi": "3.1.0"}, id="half a contract"),
    ],
)
def test_answer_that_breaks_its_promise_is_found(
    proof: Proof, name: str, value: Mapping[str, Json]
) -> None:
    assert list(proof.faults(name, value)) != []


def test_every_property_is_described_or_refers_to_what_is() -> None:
    undescribed = [
        f"{name}.{key}"
        for name, schema in COMMON.items()
        for key, value in schema.get("properties", {}).items()
        if "description" not in value and "$ref" not in value
    ]
    assert undescribed == []
    assert all("description" in schema for schema in COMMON.values())
