"""What is private is nowhere: a private field and one that there is not get the same bytes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support import Site, write

SECRET, NOTHING = "secret", "secreb"
"""The name of a private field, and one that no type has, equally far from all other names."""
CANARY = "quincunx"
FILMS = '''
from typing import Annotated, ClassVar
from schemas.collection import Embedded, Folder
from schemas.entry import EmbeddedEntry, Entry
from schemas.fields import Model, Reference, RichText, Title, Use
from typing import Literal


class Maker(Model):
    """Who made it."""

    name: Title
    """The name."""
    secret: Annotated[Title | None, Use.PRIVATE] = None
    """A note."""


class Scene(EmbeddedEntry):
    """A scene."""

    collection: ClassVar = Embedded(name="scenes", parent="film")

    title: Title
    """The name."""
    secret: Annotated[Title | None, Use.PRIVATE] = None
    """A note."""


class Film(Entry):
    """A film."""

    collection: ClassVar = Folder(name="films", path="/films/{slug}", order=("title",))

    title: Annotated[Title, Use.CARD]
    """The name."""
    maker: Maker
    """Who made it."""
    like: Reference[Literal["film"]] | None = None
    """Another one."""
    scenes: list[Scene] = []
    """Its scenes."""
    body: RichText | None = None
    """The story."""
    secret: Annotated[Title | None, Use.PRIVATE] = None
    """A note."""

    example: ClassVar[str] = """
title: Example
maker: {name: Example, secret: quincunx}
scenes: [{key: one, title: One, secret: quincunx}]
secret: quincunx
"""
'''
FILES = {
    f"films/{slug}.yaml": (
        f"title: {slug}\nmaker: {{name: A, secret: {CANARY}}}\nlike: {other}\n"
        f"scenes: [{{key: one, title: One, secret: {CANARY}}}]\nbody: Text.\nsecret: {CANARY}\n"
    )
    for slug, other in (("dune", "solaris"), ("solaris", "dune"))
}
PATHS = (
    *("/v1", "/v1/films", "/v1/scenes", "/v1/films/dune", "/v1/films/dune/scenes"),
    *("/v1/films/dune/scenes/one", "/v1/schemas/film", "/openapi.yaml", "/readyz", "/healthz"),
)
QUERIES = (
    *("", "?{}=a", "?{}", "?sort={}", "?sort=-{}", "?fields={}", "?include={}", "?filter[{}]=a"),
    *("?{}[gt]=a", "?search={}", "?q={}", "?cursor={}", "?after={}", "?rich_text={}", "?view={}"),
    *("?locale={}", "?rev={}", "?page={}", "?limit={}", "/{}", "?view=full&limit=100"),
)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[TestClient]:
    write(tmp_path / "types", {"film.py": FILMS})
    with Site(tmp_path, FILES, tmp_path / "types").served() as opened:
        yield opened


def _said(served: TestClient, target: str, method: str = "GET") -> str:
    answer = served.request(method, target, headers={"x-request-id": "same"})
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{answer.status_code}\n{headers}\n{answer.text}"


def test_private_field_and_none_get_the_same_bytes_from_every_question(served: TestClient) -> None:
    for path in PATHS:
        for query in QUERIES:
            for method in ("GET", "HEAD", "OPTIONS", "POST"):
                target = f"{path}{query}"
                one = _said(served, target.format(SECRET), method)
                other = _said(served, target.format(NOTHING), method)
                assert one == other.replace(NOTHING, SECRET), target
                assert CANARY not in one
                assert query not in {"", "?view=full&limit=100"} or SECRET not in one


def test_value_of_a_private_field_is_nowhere_in_the_store(
    served: TestClient, tmp_path: Path
) -> None:
    assert served.get("/v1/films/dune").status_code == 200
    for file in tmp_path.glob("store.db*"):
        if not file.name.endswith("memory"):
            assert CANARY.encode() not in file.read_bytes(), file
