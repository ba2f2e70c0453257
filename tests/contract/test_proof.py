from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import jsonschema_rs
import pytest

from api.contract.proof import Proof, closed

Json = Any
Path = tuple[str | int, ...]


@pytest.fixture(scope="module")
def proof(contract: Mapping[str, Json]) -> Proof:
    return Proof(contract)


@pytest.fixture
def article(contract: Mapping[str, Json]) -> Json:
    """The contract's own example of an article: it has every part that an article can have."""
    get = contract["paths"]["/v1/articles/{slug}"]["get"]
    return deepcopy(get["responses"]["200"]["content"]["application/json"]["example"])


def published(contract: Mapping[str, Json], name: str) -> jsonschema_rs.Draft202012Validator:
    """Return a validator for a schema as it is published: open."""
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": contract["components"]},
        validate_formats=True,
    )


def at(value: Json, path: Path) -> Json:
    for step in path:
        value = value[step]
    return value


def test_example_of_an_article_is_proven(proof: Proof, article: Json) -> None:
    assert list(proof.faults("ArticleItem", article)) == []


def test_property_that_is_proven_already_is_passed_over_and_no_other(
    proof: Proof, article: Json
) -> None:
    article["data"] = 1
    assert list(proof.faults("ArticleItem", article))
    assert list(proof.faults("ArticleItem", article, "data")) == []
    article["meta"] = 1
    assert list(proof.faults("ArticleItem", article, "data"))
    del article["data"]
    assert len(list(proof.faults("ArticleItem", article, "data"))) == 2


@pytest.mark.parametrize(
    "path",
    [
        pytest.param((), id="envelope"),
        pytest.param(("included",), id="included"),
        pytest.param(("meta",), id="meta"),
        pytest.param(("meta", "locale"), id="locale"),
        pytest.param(("data",), id="item"),
        pytest.param(("data", "author"), id="link"),
        pytest.param(("data", "topics", 0), id="link in a list"),
        pytest.param(("data", "body"), id="rich text"),
        pytest.param(("data", "body", "blocks", 0), id="block"),
        pytest.param(("data", "body", "blocks", 0, "children", 0), id="span"),
        pytest.param(
            ("data", "call_to_action", "body", "blocks", 0, "markDefs", 0), id="mark definition"
        ),
        pytest.param(("data", "sections", 0), id="section"),
        pytest.param(("data", "sections", 0, "points", 0), id="point"),
        pytest.param(
            ("data", "sections", 0, "points", 0, "body", "blocks", 1, "fallback"), id="fallback"
        ),
        pytest.param(("data", "call_to_action"), id="nested model"),
        pytest.param(("data", "call_to_action", "contact"), id="link with a field of its target"),
    ],
)
def test_undeclared_property_is_refused_at_every_level_and_allowed_to_clients(
    proof: Proof, contract: Mapping[str, Json], article: Json, path: Path
) -> None:
    at(article, path)["undeclared"] = 1
    faults = list(proof.faults("ArticleItem", article))
    assert faults
    assert published(contract, "ArticleItem").is_valid(article)


def _remove(path: Path, name: str) -> Callable[[Json], None]:
    return lambda value: at(value, path).pop(name)


def _set(path: Path, name: str, new: Json) -> Callable[[Json], None]:
    return lambda value: at(value, path).update({name: new})


BLOCK: Path = ("data", "body", "blocks", 0)


@pytest.mark.parametrize(
    ("change", "start"),
    [
        pytest.param(_remove(("data",), "summary"), "/data: ", id="a null that is missing"),
        pytest.param(_remove((), "included"), "/: ", id="a part of the envelope is missing"),
        pytest.param(_set(("data",), "title", None), "/data/title: ", id="null for a value"),
        pytest.param(_set(("data",), "topics", None), "/data/topics: ", id="null for a list"),
        pytest.param(_set(("data",), "type", "topic"), "/data/type: ", id="another type"),
        pytest.param(
            _set(("data",), "updated_at", "2026-13-45"), "/data/updated_at: ", id="no date"
        ),
        pytest.param(
            _set(("data", "sections", 0, "points", 0), "number", "1"),
            "/data/sections/0/points/0/number: ",
            id="text for a number",
        ),
    ],
)
def test_fault_says_where_the_value_breaks_the_promise_to_clients(
    proof: Proof,
    contract: Mapping[str, Json],
    article: Json,
    change: Callable[[Json], None],
    start: str,
) -> None:
    change(article)
    assert [fault for fault in proof.faults("ArticleItem", article) if fault.startswith(start)]
    assert not published(contract, "ArticleItem").is_valid(article)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_set(BLOCK, "_type", "code"), id="a text that says that it is code"),
        pytest.param(_set(BLOCK, "_type", "image"), id="a type that there is not"),
        pytest.param(_set(BLOCK, "style", "h7"), id="a style that there is not"),
        pytest.param(_set(BLOCK, "code", "x"), id="a text with a field of code"),
        pytest.param(_set(BLOCK, "listItem", "bullet"), id="a list item without a level"),
        pytest.param(_set(BLOCK, "level", 1), id="a level without a list item"),
        pytest.param(_remove(BLOCK, "children"), id="a text without spans"),
    ],
)
def test_wrong_block_is_refused_and_allowed_to_clients(
    proof: Proof,
    contract: Mapping[str, Json],
    article: Json,
    change: Callable[[Json], None],
) -> None:
    change(article)
    assert [*proof.faults("ArticleItem", article)]
    assert published(contract, "ArticleItem").is_valid(article)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            lambda value: at(value, BLOCK).update(listItem="number", level=2), id="list item"
        ),
        pytest.param(
            lambda value: at(value, ("data", "body", "blocks")).append(
                {
                    "_type": "code",
                    "_key": "b1",
                    "language": None,
                    "code": "x",
                    "fallback": {"text": "x", "html": "<pre><code>x</code></pre>"},
                }
            ),
            id="code without a language",
        ),
        pytest.param(
            _set(
                BLOCK,
                "markDefs",
                [{"_type": "link", "_key": "b0m0", "href": "/a", "title": None}],
            ),
            id="link without a title",
        ),
        pytest.param(
            _set(BLOCK, "markDefs", [{"_type": "link", "_key": "m", "href": "/a", "title": "A"}]),
            id="link with a title",
        ),
        pytest.param(_set(("data", "body"), "blocks", None), id="rich text in another form"),
    ],
)
def test_all_that_portable_text_allows_is_proven(
    proof: Proof, article: Json, change: Callable[[Json], None]
) -> None:
    change(article)
    assert [*proof.faults("ArticleItem", article)] == []


def test_unknown_value_of_an_open_enum_is_refused_and_allowed_to_clients(
    proof: Proof, contract: Mapping[str, Json]
) -> None:
    value = {
        "status": "tired",
        "revision": None,
        "published_at": None,
        "served_since": None,
        "next_change": None,
        "folder_changed": None,
        "store_damage": None,
        "last_failure": None,
    }
    assert [*proof.faults("Readiness", value)]
    assert published(contract, "Readiness").is_valid(value)
    assert [*proof.faults("Readiness", {**value, "status": "unavailable"})] == []


def test_validator_that_was_made_serves_again(proof: Proof) -> None:
    assert [[*proof.faults("Health", {"status": "ok"})] for _ in range(2)] == [[], []]
    assert [*proof.faults("Health", {"status": "bad"})]


def test_schema_that_the_contract_has_not_is_a_key_error(proof: Proof) -> None:
    with pytest.raises(KeyError, match="Nothing"):
        list(proof.faults("Nothing", {}))


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        pytest.param(
            {"type": "object", "properties": {"a": {"type": "string"}}},
            {
                "type": "object",
                "properties": {"a": {"type": "string"}},
                "additionalProperties": False,
            },
            id="an object allows its own properties alone",
        ),
        pytest.param(
            {"type": "object", "properties": {}, "additionalProperties": True},
            {"type": "object", "properties": {}, "additionalProperties": True},
            id="an object that says that it is open stays open",
        ),
        pytest.param(
            {"type": "object", "additionalProperties": {"type": "object", "properties": {}}},
            {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "properties": {},
                    "additionalProperties": False,
                },
            },
            id="a map stays a map of closed objects",
        ),
        pytest.param(
            {"type": "string", "x-extensible-enum": ["a", "b"]},
            {"type": "string", "x-extensible-enum": ["a", "b"], "enum": ["a", "b"]},
            id="an extensible enum allows what is known",
        ),
        pytest.param(
            {"type": ["string", "null"], "x-extensible-enum": ["a"]},
            {"type": ["string", "null"], "x-extensible-enum": ["a"], "enum": ["a", None]},
            id="a nullable one allows null too",
        ),
        pytest.param(
            {"type": "object", "properties": {"x-extensible-enum": {"type": "string"}}},
            {
                "type": "object",
                "properties": {"x-extensible-enum": {"type": "string"}},
                "additionalProperties": False,
            },
            id="a property of that name is a property",
        ),
        pytest.param(
            {"type": "object", "x-block-types": {"block": "TextBlock", "code": "CodeBlock"}},
            {
                "oneOf": [
                    {"$ref": "#/components/schemas/TextBlock"},
                    {"$ref": "#/components/schemas/CodeBlock"},
                ]
            },
            id="a block is one of the types in use",
        ),
        pytest.param(
            {"anyOf": [{"type": "object", "properties": {}}]},
            {"anyOf": [{"type": "object", "properties": {}, "additionalProperties": False}]},
            id="schemas in lists are closed",
        ),
    ],
)
def test_closed_document_allows_nothing_undeclared(schema: Json, expected: Json) -> None:
    assert closed({"s": schema}) == {"s": expected}
