"""A content type from outside the repository has everything, with no other edit."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from tests.support import Site, write

SCHEMAS = {
    "recipe.py": '''
"""A recipe."""

from typing import Annotated, ClassVar, Literal

from schemas.collection import Embedded, Folder
from schemas.entry import EmbeddedEntry, Entry
from schemas.fields import Reference, RichText, Title, Use


class Step(EmbeddedEntry):
    """One step of a recipe."""

    collection: ClassVar = Embedded(name="steps", parent="recipe")

    title: Annotated[Title, Use.CARD]
    """What is done."""
    minutes: int = 0
    """How long it takes."""
    tool: Reference[Literal["tool"]] | None = None
    """What it is done with."""


class Recipe(Entry):
    """A recipe with its steps."""

    collection: ClassVar = Folder(name="recipes", path="/kitchen/{slug}", order=("-servings",))

    title: Annotated[Title, Use.CARD]
    """The dish."""
    servings: Annotated[int, Use.CARD, Use.SORT] = 1
    """For how many."""
    tools: Annotated[list[Reference[Literal["tool"]]], Use.CARD] = []
    """What is needed."""
    steps: list[Step] = []
    """What to do, in order."""
    body: RichText | None = None
    """A story."""
    secret: Annotated[Title | None, Use.PRIVATE] = None
    """The cook's own note."""

    example: ClassVar[str] = """\\
---
title: Example dish
servings: 2
tools: [example-tool]
steps:
  - {key: stir, title: Stir, minutes: 3, tool: example-tool}
secret: An example of a note.
---
An example of a story.
"""
''',
    "tool.py": '''
"""A kitchen tool."""

from typing import Annotated, ClassVar, Literal

from schemas.collection import Folder
from schemas.entry import Entry
from schemas.fields import Reference, Title, Use


class Tool(Entry):
    """A kitchen tool."""

    collection: ClassVar = Folder(name="tools", path="/tools/{slug}", order=("name",), title="name")

    name: Annotated[Title, Use.CARD]
    """What it is called."""
    weight: Annotated[float | None, Use.LINK] = None
    """In kilograms."""
    best_for: Reference[Literal["recipe"]] | None = None
    """The recipe that it is made for."""

    example: ClassVar[str] = "name: Example tool\\nweight: 0.5\\nbest_for: example-recipe\\n"
''',
    "kitchen.py": '''
"""The kitchen."""

from typing import ClassVar, Literal

from schemas.collection import SingleFile
from schemas.entry import Entry
from schemas.fields import Reference, Title


class Kitchen(Entry):
    """The kitchen."""

    collection: ClassVar = SingleFile(name="kitchen", path="/kitchen", title="name")

    name: Title
    """What it is called."""
    favourite: Reference[Literal["recipe", "tool"]] | None = None
    """What the cook likes best."""

    example: ClassVar[str] = "name: Example kitchen\\nfavourite: example-recipe\\n"
''',
}
CONTENT = {
    "kitchen.yaml": "name: Home\nfavourite: whisk\n",
    "tools/whisk.yaml": "name: Whisk\nweight: 0.2\nbest_for: cake\n",
    "tools/bowl.json": '{"name": "Bowl"}',
    "recipes/cake.md": (
        "---\ntitle: Cake\nservings: 8\ntools: [whisk, bowl]\nsecret: canary\nsteps:\n"
        "  - {key: mix, title: Mix, minutes: 5, tool: whisk}\n"
        "  - {key: bake, title: Bake, minutes: 40}\n---\nA *story*.\n"
    ),
    "recipes/tea.yaml": "title: Tea\n",
}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    write(tmp_path / "types", SCHEMAS)
    return Site(tmp_path, CONTENT, tmp_path / "types")


@pytest.fixture
def served(site: Site) -> Iterator[TestClient]:
    with site.served() as opened:
        yield opened


def _data(served: TestClient, path: str) -> Any:
    answer = served.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def test_index_lists_the_types_of_the_folder_alone(served: TestClient) -> None:
    collections = _data(served, "/v1")["collections"]
    assert [(one["name"], one["kind"]) for one in collections] == [
        ("kitchen", "single"),
        ("recipes", "folder"),
        ("steps", "embedded"),
        ("tools", "folder"),
    ]
    assert served.get("/v1/articles").status_code == 404


def test_lists_stand_in_their_declared_orders(served: TestClient) -> None:
    assert [one["title"] for one in _data(served, "/v1/recipes")] == ["Cake", "Tea"]
    assert [one["title"] for one in _data(served, "/v1/tools")] == ["Bowl", "Whisk"]
    assert [one["key"] for one in _data(served, "/v1/steps")] == ["mix", "bake"]


def test_item_has_its_links_and_parts_and_no_private_field(served: TestClient) -> None:
    cake = _data(served, "/v1/recipes/cake")
    assert cake["path"] == "/kitchen/cake"
    assert cake["tools"][0] == {
        "type": "tool",
        "id": "whisk",
        "slug": "whisk",
        "path": "/tools/whisk",
        "title": "Whisk",
        "weight": 0.2,
    }
    assert [(step["id"], step["minutes"]) for step in cake["steps"]] == [
        ("cake.mix", 5),
        ("cake.bake", 40),
    ]
    assert "secret" not in cake
    assert "canary" not in served.get("/v1/recipes/cake").text


def test_references_lead_both_ways(served: TestClient) -> None:
    assert _data(served, "/v1/tools/whisk")["best_for"]["path"] == "/kitchen/cake"
    assert _data(served, "/v1/kitchen")["favourite"] == {
        "type": "tool",
        "id": "whisk",
        "path": "/tools/whisk",
        "title": "Whisk",
    }


def test_embedded_entry_is_reachable_on_its_own(served: TestClient) -> None:
    assert _data(served, "/v1/recipes/cake/steps/mix")["path"] == "/kitchen/cake#mix"
    assert [one["key"] for one in _data(served, "/v1/recipes/cake/steps")] == ["mix", "bake"]
    assert _data(served, "/v1/recipes/tea/steps") == []


def test_language_is_english_without_a_site(served: TestClient) -> None:
    assert _data(served, "/v1")["default_locale"] == "en"
    assert _data(served, "/v1/recipes/tea")["locale"] == "en"


def test_contract_has_the_types_paths_and_is_valid(served: TestClient) -> None:
    contract = yaml.load(served.get("/openapi.yaml").text, yaml.CSafeLoader)
    validate(contract)
    assert {path for path in contract["paths"] if path.startswith("/v1/")} == {
        "/v1/kitchen",
        "/v1/recipes",
        "/v1/recipes/{slug}",
        "/v1/recipes/{slug}/steps",
        "/v1/recipes/{slug}/steps/{key}",
        "/v1/steps",
        "/v1/tools",
        "/v1/tools/{slug}",
        "/v1/schemas",
        "/v1/schemas/{type}",
        "/v1/openapi.yaml",
        "/v1/openapi.json",
    }
    assert contract["paths"]["/v1/recipes/{slug}/steps"]["get"]["operationId"] == "listRecipeSteps"
    assert "secret" not in json.dumps(contract)


def test_json_schema_accepts_the_item_and_refuses_another(served: TestClient) -> None:
    schema = served.get("/v1/schemas/recipe").json()
    validator = jsonschema_rs.Draft202012Validator(schema)
    cake = _data(served, "/v1/recipes/cake")
    assert validator.is_valid(cake)
    assert not validator.is_valid({**cake, "servings": "eight"})


def test_messages_speak_of_the_types_fields(site: Site) -> None:
    write(
        site.content,
        {
            "recipes/cake.md": "---\ntitle: Cake\nserving: 8\n---\n",
            "recipes/soup.yaml": (
                "title: Soup\ntools: [wisk]\nsteps:\n  - {key: Mix It, title: M, minutes: soon}\n"
            ),
        },
    )
    told = [str(issue).splitlines()[0].rpartition("/")[2] for issue in site.issues()]
    assert told == [
        "cake.md:3:1 unknown field 'serving', did you mean 'servings'? [unknown_field]",
        "soup.yaml:2:9 no tool has the slug 'wisk', did you mean 'whisk'? [dangling_reference]",
        (
            "soup.yaml:4:11 'key' cannot be 'Mix It': it has the capital letter 'M': write 'm', "
            "did you mean 'mix-it'? [invalid_slug]"
        ),
        "soup.yaml:4:38 'minutes' is 'soon', not a whole number [wrong_type]",
    ]


def test_editor_schema_is_printed_for_the_type(site: Site) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "api", "schema", "recipe", "--schemas", str(site.schemas)],
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    schema = json.loads(done.stdout)
    jsonschema_rs.Draft202012Validator(schema).validate(
        {"title": "Tea", "servings": 1, "steps": [{"key": "pour", "title": "Pour"}]}
    )
    assert set(schema["required"]) == {"title"}
    assert {"title", "servings", "tools", "steps", "body", "secret"} <= set(schema["properties"])
