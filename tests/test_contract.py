"""The contract is proven: every answer is what openapi.yaml promises, and nothing else passes.

The proof reads the committed openapi.yaml and raw HTTP bodies; it knows no model.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from httpx2 import Response
from starlette.testclient import TestClient

from api.compiler import pipeline
from api.contract.operations import operations
from api.contract.proof import closed
from api.settings import Settings
from api.web.content import Content
from api.web.readiness import Silent
from api.web.routes import routes
from schemas.discovery import discover
from tests.support import NOW, OWN_TYPES, REPOSITORY, SEED_CONTENT, client, write_examples

CONTRACT: dict[str, Any] = yaml.load(
    (REPOSITORY / "openapi.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
)
CLOSED = closed(CONTRACT)
FORMS = ("blocks", "html", "markdown", "text")
DOCUMENTS = ("/v1/schemas/{type}", "/v1/openapi.json")
"""Answers whose shape is another specification's."""
FREE_NAMES = {
    name
    for title, schema in CONTRACT["components"]["schemas"].items()
    for name, one in schema.get("properties", {}).items()
    if title != "Included" and isinstance(one.get("additionalProperties"), dict)
}
"""Properties within which the names are the content's own."""


@pytest.fixture(scope="module", params=["seed", "examples"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Serve the first content, and the models' own examples with every field in use."""
    folder: Path = tmp_path_factory.mktemp("contract")
    content = SEED_CONTENT
    if request.param == "examples":
        content = write_examples(folder / "content", discover())
    pipeline.publish(content, folder / "store.db", discover(), NOW)
    with client(Settings(store=folder / "store.db")) as opened:
        yield opened


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {**json.loads(schema), "components": CLOSED["components"]}, validate_formats=True
    )


def _schema_of(template: str, answer: Response) -> str:
    """Return the schema that the contract has for an answer, closed."""
    declared = CLOSED["paths"][template]["get"]["responses"][str(answer.status_code)]
    if "$ref" in declared:
        declared = CLOSED["components"]["responses"][declared["$ref"].split("/")[-1]]
    media_type = answer.headers["content-type"]
    return json.dumps(declared["content"][media_type]["schema"])


def _faults(template: str, answer: Response) -> list[str]:
    errors = _validator(_schema_of(template, answer)).iter_errors(answer.json())
    return [f"{answer.url} {error.instance_path}: {error.message}" for error in errors]


def _targets(served: TestClient) -> Iterator[tuple[str, str]]:
    """Yield every path of the contract that answers JSON, filled in with all there is."""
    for template, item in CONTRACT["paths"].items():
        media_types = item["get"]["responses"]["200"]["content"]
        if not any(name.endswith("json") for name in media_types):
            continue
        if _is_absent(served, template):
            continue
        for path in _filled(served, template):
            yield template, path


def _is_absent(served: TestClient, template: str) -> bool:
    """Return whether a path is of an added type of one entry that the content does not have."""
    return any(
        f"{template}/".startswith(f"{one['href']}/") and served.get(one["href"]).status_code == 404
        for one in served.get("/v1").json()["data"]["collections"]
        if one["kind"] == "single" and one["type"] not in OWN_TYPES
    )


def _filled(served: TestClient, template: str) -> Iterator[str]:
    if "{" not in template:
        yield template
    elif "{slug}" not in template and "{key}" in template:
        for part in served.get(template.replace("/{key}", "")).json()["data"]:
            yield template.replace("{key}", part["key"])
    elif "{type}" in template:
        for one in served.get("/v1/schemas").json()["data"]["schemas"]:
            yield template.replace("{type}", one["type"])
    else:
        collection = template.split("{slug}", maxsplit=1)[0].rstrip("/")
        for entry in served.get(f"{collection}?limit=100").json()["data"]:
            path = template.replace("{slug}", entry["slug"])
            if "{key}" not in path:
                yield path
                continue
            parts = path.replace("/{key}", "")
            for part in served.get(parts).json()["data"]:
                yield path.replace("{key}", part["key"])


def _queries(template: str) -> list[str]:
    names = {one["name"] for one in CONTRACT["paths"][template]["get"].get("parameters", [])}
    queries = [""]
    if "rich_text" in names:
        queries += [f"?rich_text={form}" for form in FORMS]
    if "view" in names:
        queries += [f"?view=full&rich_text={form}" for form in FORMS]
        queries += ["?view=full", "?limit=1", "?limit=1&page=2", "?page=1000"]
    return queries


def test_every_answer_is_what_the_contract_promises(served: TestClient) -> None:
    seen = set()
    for template, path in _targets(served):
        for query in _queries(template):
            answer = served.get(path + query)
            assert answer.status_code == 200, path + query
            assert _faults(template, answer) == []
            seen.add(template)
    operations = {path for path in CONTRACT["paths"] if "problems" not in path}
    unseen = operations - seen - {"/openapi.yaml", "/v1/openapi.yaml"}
    empty = {path for path in unseen if _is_empty(served, path)}
    assert unseen == empty, "every path that answers JSON has been asked for"


def _is_empty(served: TestClient, template: str) -> bool:
    """Return whether the collection has no entry that a path is of."""
    answer = served.get(template.partition("/{")[0])
    return answer.status_code == 404 or answer.json()["meta"]["total"] == 0


def test_every_schema_is_met_by_some_answer(served: TestClient) -> None:
    """Guard the proof itself: a walk over nothing would prove nothing."""
    paths = [path for _, path in _targets(served)]
    assert len(paths) == len(set(paths))
    assert len(paths) > 20
    assert "labels" in FREE_NAMES


PROBLEMS = [
    pytest.param("GET", "/v1/articles?autor=x", {}, 400, id="unknown parameter"),
    pytest.param("GET", "/v1/articles/nothing-here", {}, 404, id="no such entry"),
    pytest.param("POST", "/v1/articles", {}, 405, id="method"),
    pytest.param("GET", "/v1/articles", {"accept-encoding": "identity;q=0"}, 406, id="coding"),
    pytest.param("GET", "/v1/articles", {"if-match": '"other"'}, 412, id="precondition"),
    pytest.param("GET", "/v1/articles", {"content-length": "5"}, 413, id="body"),
    pytest.param("GET", "/v1/articles?" + "x" * 9000, {}, 414, id="long target"),
    pytest.param("GET", "/v1/articles", {"x-long": "x" * 33000}, 431, id="large headers"),
]


@pytest.mark.parametrize(("method", "target", "headers", "status"), PROBLEMS)
def test_every_problem_is_what_the_contract_promises(
    served: TestClient, method: str, target: str, headers: dict[str, str], status: int
) -> None:
    answer = served.request(method, target, headers=headers)
    assert answer.status_code == status
    template = "/v1/articles/{slug}" if status == 404 else "/v1/articles"
    assert _faults(template, answer) == []


def test_a_server_without_content_answers_as_promised(tmp_path: Path) -> None:
    with client(Settings(store=tmp_path / "none.db")) as served:
        for template in ("/v1/articles", "/v1", "/readyz"):
            answer = served.get(template)
            assert answer.status_code == 503
            assert _faults(template, answer) == []


def test_every_header_of_every_answer_is_described(served: TestClient) -> None:
    transport = {"content-type", "content-length"}
    for template, path in _targets(served):
        for coding in ("identity", "gzip"):
            answer = served.get(path, headers={"accept-encoding": coding})
            declared = CONTRACT["paths"][template]["get"]["responses"]["200"]["headers"]
            described = {name.lower() for name in declared} | transport
            assert set(answer.headers) <= described, path


def test_routes_and_paths_are_the_same_set(served: TestClient, tmp_path: Path) -> None:
    content = Content(tmp_path / "none.db")
    paths = {route.path for route in routes(operations(discover()), content, Silent())}
    assert paths == set(served.get("/v1/openapi.json").json()["paths"])
    assert paths == set(CONTRACT["paths"])


def test_every_example_is_what_the_contract_promises() -> None:
    for template, item in CONTRACT["paths"].items():
        for status, declared in item["get"]["responses"].items():
            response = declared
            if "$ref" in declared:
                response = CONTRACT["components"]["responses"][declared["$ref"].split("/")[-1]]
            for media in response.get("content", {}).values():
                if media["schema"] == {"$ref": "#/components/schemas/MediaFile"}:
                    continue  # bytes, of which JSON has no example
                validator = _validator(json.dumps(media["schema"]))
                errors = [error.message for error in validator.iter_errors(media["example"])]
                assert errors == [], f"{template} {status}"


Mutant = tuple[str, Any]


def _mutants(value: Any, where: tuple[str, ...] = ()) -> Iterator[Mutant]:
    """Yield a JSON value with one property deleted, renamed or retyped, for each in turn."""
    if isinstance(value, list):
        for index, one in enumerate(value):
            for what, mutant in _mutants(one, where):
                yield f"[{index}]{what}", [*value[:index], mutant, *value[index + 1 :]]
    if not isinstance(value, dict):
        return
    for name, one in value.items():
        rest = {key: other for key, other in value.items() if key != name}
        if FREE_NAMES.isdisjoint(where[-1:]):
            yield f".{name} deleted", rest
            yield f".{name} renamed", {**rest, f"{name}_": one}
        yield f".{name} retyped", {**value, name: _other_type(one)}
        for what, mutant in _mutants(one, (*where, name)):
            yield f".{name}{what}", {**value, name: mutant}


def _other_type(value: Any) -> Any:
    """Return a value of a type that no property that has this one allows."""
    match value:
        case None:
            return [None]
        case str():
            return 12
        case _:
            return "other"


def test_every_changed_property_is_caught(served: TestClient) -> None:
    count = 0
    for template, path in _targets(served):
        if template in DOCUMENTS:
            continue
        for query in (
            ("", "?rich_text=html") if "rich_text=html" in str(_queries(template)) else ("",)
        ):
            answer = served.get(path + query)
            validator = _validator(_schema_of(template, answer))
            for what, mutant in _mutants(answer.json()):
                assert not validator.is_valid(mutant), f"{path}{query}{what}"
                count += 1
    assert count > 1000


def test_every_changed_property_of_a_problem_is_caught(served: TestClient) -> None:
    answer = served.get("/v1/articles?autor=x")
    validator = _validator(_schema_of("/v1/articles", answer))
    mutants = list(_mutants(answer.json()))
    assert len(mutants) > 30
    for what, mutant in mutants:
        assert not validator.is_valid(mutant), what
