from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pytest
import yaml
from openapi_spec_validator import validate

from api.compiler.pipeline import contract_of
from api.contract.openapi import to_yaml
from api.contract.operations import operations
from api.contract.proof import Proof
from schemas.collection import Folder
from schemas.discovery import Models
from schemas.entry import Entry
from schemas.fields import Title
from schemas.shape import SchemaError

Json = Any
BLOCKS = ["blocks", "html", "markdown", "text"]


def nodes(value: Json) -> Iterator[Mapping[str, Json]]:
    """Yield every object within a JSON value."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, dict | list):
            yield from nodes(one)


def gets(contract: Mapping[str, Json]) -> dict[str, Json]:
    """Return the operations of a contract by id."""
    return {path["get"]["operationId"]: path["get"] for path in contract["paths"].values()}


def test_document_is_valid_openapi(contract: Mapping[str, Json]) -> None:
    assert contract["openapi"] == "3.1.0"
    validate(contract)


def test_document_has_every_operation_and_no_other(
    contract: Mapping[str, Json], models: Models
) -> None:
    found = {path: next(iter(methods.items())) for path, methods in contract["paths"].items()}
    assert {path: (method, get["operationId"]) for path, (method, get) in found.items()} == {
        operation.path: ("get", operation.id) for operation in operations(models)
    }


def test_yaml_is_the_same_document_in_the_same_order(contract: Mapping[str, Json]) -> None:
    read = yaml.safe_load(to_yaml(contract))
    assert read == contract
    assert list(read) == list(contract)
    assert list(read["paths"]) == list(contract["paths"])


def test_yaml_has_neither_anchors_nor_aliases(contract: Mapping[str, Json]) -> None:
    events = list(yaml.parse(to_yaml(contract), Loader=yaml.CSafeLoader))
    assert not [event for event in events if isinstance(event, yaml.AliasEvent)]
    assert not [event for event in events if getattr(event, "anchor", None)]


def test_yaml_of_a_value_that_stands_twice_repeats_it() -> None:
    twice = {"a": ["ü"]}
    assert to_yaml({"x": twice, "y": twice}) == "x:\n  a:\n  - ü\ny:\n  a:\n  - ü\n"


def test_every_reference_leads_to_something(contract: Mapping[str, Json]) -> None:
    seen = 0
    for node in nodes(contract):
        for key, value in node.items():
            if key == "$ref" and value.startswith("#/components/"):
                _, _, kind, name = value.split("/")
                assert name in contract["components"][kind]
                seen += 1
    assert seen > 100


def test_every_answer_of_an_operation_has_an_example_that_is_proven_closed(
    contract: Mapping[str, Json],
) -> None:
    proof = Proof(contract)
    faults = {}
    for name, get in gets(contract).items():
        if name == "getMediaFile":
            continue  # bytes, of which JSON has no example
        ((_, media),) = get["responses"]["200"]["content"].items()
        schema = media["schema"]["$ref"].removeprefix("#/components/schemas/")
        faults[name] = list(proof.faults(schema, media["example"]))
    assert len(faults) == 25
    assert not any(faults.values()), faults


def test_every_problem_has_an_example_that_is_proven_closed(contract: Mapping[str, Json]) -> None:
    proof = Proof(contract)
    for code, answer in contract["components"]["responses"].items():
        example = answer["content"]["application/problem+json"]["example"]
        assert list(proof.faults("Problem", example)) == []
        assert example["type"] == f"/docs/problems/{code}"


@pytest.mark.parametrize(
    ("name", "media_type", "schema"),
    [
        pytest.param("getApiRoot", "application/json", "ApiRoot", id="service"),
        pytest.param("listArticles", "application/json", "ArticleList", id="list"),
        pytest.param("getArticle", "application/json", "ArticleItem", id="item"),
        pytest.param("getSchema", "application/schema+json", "JsonSchema", id="schema"),
        pytest.param("getOpenApiYaml", "application/yaml", "OpenApiDocument", id="contract"),
        pytest.param("getProblemPage", "text/html; charset=utf-8", "HtmlPage", id="page"),
        pytest.param("getHealth", "application/json", "Health", id="health"),
    ],
)
def test_operation_says_what_it_answers_with(
    contract: Mapping[str, Json], name: str, media_type: str, schema: str
) -> None:
    content = gets(contract)[name]["responses"]["200"]["content"]
    assert list(content) == [media_type]
    assert content[media_type]["schema"] == {"$ref": f"#/components/schemas/{schema}"}


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        pytest.param(
            "getApiRoot",
            ["200", "304", "400", "405", "406", "412", "413", "414", "431", "500"],
            id="what only the program decides",
        ),
        pytest.param(
            "listArticles",
            ["200", "304", "400", "405", "406", "410", "412", "413", "414", "431", "500", "503"],
            id="list",
        ),
        pytest.param(
            "getArticle",
            [
                "200",
                "304",
                "400",
                "404",
                "405",
                "406",
                "410",
                "412",
                "413",
                "414",
                "431",
                "500",
                "503",
            ],
            id="item",
        ),
        pytest.param(
            "getProblemPage",
            ["200", "304", "400", "404", "405", "406", "412", "413", "414", "431", "500"],
            id="page",
        ),
        pytest.param(
            "getReadiness", ["200", "400", "405", "413", "414", "431", "500", "503"], id="readiness"
        ),
    ],
)
def test_operation_says_every_status_that_it_has(
    contract: Mapping[str, Json], name: str, statuses: list[str]
) -> None:
    assert list(gets(contract)[name]["responses"]) == statuses


def test_operation_says_its_parameters_with_bounds_and_defaults(
    contract: Mapping[str, Json],
) -> None:
    parameters = gets(contract)["listArticleSections"]["parameters"]
    assert [(one["name"], one["in"], one["required"], one["schema"]) for one in parameters] == [
        (
            "slug",
            "path",
            True,
            {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 96},
        ),
        (
            "page",
            "query",
            False,
            {"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 1},
        ),
        (
            "limit",
            "query",
            False,
            {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
        ),
        (
            "view",
            "query",
            False,
            {"type": "string", "enum": ["card", "full"], "default": "card"},
        ),
        (
            "rich_text",
            "query",
            False,
            {"type": "string", "enum": BLOCKS, "default": "blocks"},
        ),
        ("locale", "query", False, {"type": "string", "maxLength": 64, "examples": ["uk-UA"]}),
        ("rev", "query", False, {"type": "string", "pattern": "^[0-9a-f]{16}$"}),
    ]
    assert "parameters" not in gets(contract)["getApiRoot"]


def test_list_is_a_page_of_cards_or_of_whole_items(contract: Mapping[str, Json]) -> None:
    schemas = contract["components"]["schemas"]
    assert schemas["ArticleList"]["anyOf"] == [
        {"$ref": "#/components/schemas/ArticlePage"},
        {"$ref": "#/components/schemas/ArticleCardPage"},
    ]
    page = schemas["ArticleCardPage"]
    assert page["properties"]["data"] == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/ArticleCard"},
    }
    assert page["required"] == ["data", "included", "meta", "links"]
    assert "ContactList" not in schemas
    assert "ContactItem" in schemas


def test_included_has_whole_entries_by_collection_and_id(contract: Mapping[str, Json]) -> None:
    included = contract["components"]["schemas"]["Included"]
    assert included["properties"]["services"]["additionalProperties"] == {
        "$ref": "#/components/schemas/Service"
    }
    assert sorted(included["properties"]) == [
        *("articles", "comments", "contact", "people", "sections", "services", "site", "topics")
    ]
    proof = Proof(contract)
    assert list(proof.faults("Included", {})) == []
    assert list(proof.faults("Included", {"services": {"care": {"id": "care"}}})) != []
    assert list(proof.faults("Included", {"pages": {}})) != []


def test_tags_are_those_of_the_operations(contract: Mapping[str, Json]) -> None:
    tags = [tag["name"] for tag in contract["tags"]]
    assert tags[:2] == ["service", "articles"]
    assert len(set(tags)) == len(tags)
    assert {tag for get in gets(contract).values() for tag in get["tags"]} == set(tags)


METADATA = {"Content-Encoding", "Content-Language", "Last-Modified", "X-Content-Type-Options"}


def test_current_copy_is_answered_with_the_headers_of_the_answer_but_its_metadata(
    contract: Mapping[str, Json],
) -> None:
    only = {"Content-Encoding", "Content-Disposition", "Content-Security-Policy", "Accept-Ranges"}
    for name, get in gets(contract).items():
        if "304" in get["responses"]:
            left_out = only if name == "getMediaFile" else METADATA
            headers = set(get["responses"]["200"]["headers"]) - left_out
            assert set(get["responses"]["304"]["headers"]) == headers


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Problem", id="a schema of the API's own"),
        pytest.param("TopicPage", id="an envelope of another type"),
        pytest.param("RichText", id="a schema of rich text"),
        pytest.param("TopicCard", id="a card of another type"),
    ],
)
def test_model_cannot_take_the_name_of_another_schema(models: Models, name: str) -> None:
    model: type[Entry] = type(
        name,
        (Entry,),
        {
            "__module__": __name__,
            "__annotations__": {"title": Title, "collection": ClassVar, "example": ClassVar},
            "collection": Folder(name="taken", path="/taken/{slug}"),
            "example": "title: Example\n",
        },
    )
    with pytest.raises(SchemaError, match=f"'{name}'"):
        contract_of({**models, model.type_name(): model})
