from collections.abc import Mapping
from typing import Any

import pytest

from api.compiler.tools import contract_of
from tests.support import own_models

Json = Any


@pytest.fixture(scope="module")
def paths() -> Mapping[str, Json]:
    found: Mapping[str, Json] = contract_of(own_models())["paths"]
    return found


@pytest.mark.parametrize(
    ("path", "links"),
    [
        pytest.param(
            "/v1/articles",
            {
                "getArticle": {"slug": "$response.body#/data/0/slug"},
                "listArticleSections": {"slug": "$response.body#/data/0/slug"},
            },
            id="list",
        ),
        pytest.param(
            "/v1/articles/{slug}",
            {"listArticleSections": {"slug": "$request.path.slug"}},
            id="item",
        ),
        pytest.param(
            "/v1/articles/{slug}/sections",
            {
                "getArticleSection": {
                    "slug": "$request.path.slug",
                    "key": "$response.body#/data/0/key",
                }
            },
            id="list below an item",
        ),
    ],
)
def test_operation_leads_to_what_is_below_it(
    paths: Mapping[str, Json], path: str, links: Mapping[str, Mapping[str, str]]
) -> None:
    found = paths[path]["get"]["responses"]["200"]["links"]
    assert {name: one["parameters"] for name, one in found.items()} == links
    assert all(one["operationId"] == name for name, one in found.items())


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/contact", "/v1/sections", "/v1/schemas", "/v1/topics/{slug}"]
)
def test_operation_with_nothing_below_it_leads_nowhere(
    paths: Mapping[str, Json], path: str
) -> None:
    assert "links" not in paths[path]["get"]["responses"]["200"]


@pytest.mark.parametrize(
    ("path", "examples"),
    [
        pytest.param("/v1/articles/{slug}", ["example-article"], id="slug"),
        pytest.param(
            "/v1/articles/{slug}/sections/{key}", ["example-article", "example-section"], id="key"
        ),
        pytest.param("/v1/schemas/{type}", ["article"], id="type"),
        pytest.param("/docs/problems/{code}", ["not_found"], id="code"),
    ],
)
def test_variable_part_has_an_example(
    paths: Mapping[str, Json], path: str, examples: list[str]
) -> None:
    parts = [one for one in paths[path]["get"]["parameters"] if one["in"] == "path"]
    assert [one["example"] for one in parts] == examples
