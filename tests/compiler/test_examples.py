"""The models' own examples are compiled as content is; a wrong one is told to its author."""

from pathlib import Path

import pytest

from api.compiler.examples import examples
from api.contract.operations import operations
from schemas.discovery import discover
from schemas.shape import SchemaError
from tests.support import write

HEAD = """\
from typing import ClassVar, Literal

from schemas.collection import Embedded, Folder, SingleFile
from schemas.entry import EmbeddedEntry, Entry
from schemas.fields import Reference, RichText, Title

"""
FILM = '''
class Film(Entry):
    """A film."""

    collection: ClassVar = Folder(name="films", path="/films/{slug}")
    title: Title
    next: Reference[Literal["film"]] | None = None
    body: RichText | None = None
    example: ClassVar[str] = EXAMPLE
'''


def _film(example: str) -> str:
    return HEAD + FILM.replace("EXAMPLE", repr(example))


def _message(folder: Path, source: str) -> str:
    models = discover(write(folder, {"all.py": source}))
    with pytest.raises(SchemaError) as caught:
        examples(models)
    return str(caught.value)


def test_every_operation_that_serves_content_has_an_example() -> None:
    models = discover()
    answers = examples(models)
    expected = {one.id for one in operations(models) if one.type is not None}
    assert len(expected) > 10
    assert expected <= answers.keys()
    assert {"getApiIndex", "listSchemas"} <= answers.keys()
    assert "getHealth" not in answers


def test_example_of_an_item_shows_links_and_text() -> None:
    article = examples(discover())["getArticle"]["data"]
    assert (article["slug"], article["title"]) == ("example-article", "Example article")
    assert article["author"]["path"] == "/people/example-person"
    assert (
        article["body"]["blocks"][0]["children"][0]["text"]
        == "An example of an introduction, with "
    )
    assert [section["key"] for section in article["sections"]] == ["example-section"]


def test_example_of_a_list_has_one_card_and_its_addresses() -> None:
    answers = examples(discover())
    page = answers["listTopics"]
    assert [card["title"] for card in page["data"]] == ["Example topic"]
    assert page["meta"] == {"total": 1, "page": 1, "limit": 20, "pages": 1}
    assert page["links"]["self"] == "/v1/topics"
    assert page["links"]["next"] is None
    sections = answers["listArticleSections"]
    assert sections["links"]["self"] == "/v1/articles/example-article/sections"


@pytest.mark.parametrize(
    ("example", "words"),
    [
        pytest.param(
            "titel: A\n",
            "Film.example.yaml:1:1 unknown field 'titel', did you mean 'title'?",
            id="wrong field",
        ),
        pytest.param("title: [\n", "Film.example.yaml:", id="wrong YAML"),
        pytest.param(
            "---\ntitle: A\n---\n<br>\n", "Film.example.md:4:1 raw HTML", id="wrong Markdown"
        ),
    ],
)
def test_wrong_example_is_told_with_its_place(tmp_path: Path, example: str, words: str) -> None:
    told = _message(tmp_path, _film(example))
    assert told.startswith("the example of film is wrong:\n")
    assert words in told


def test_example_that_refers_elsewhere_is_told(tmp_path: Path) -> None:
    assert _message(tmp_path, _film("title: A\nnext: other-film\n")) == (
        "the example of film refers to other-film: "
        "examples refer to each other as 'example-{type}' alone"
    )


def test_examples_that_claim_the_same_path_are_told(tmp_path: Path) -> None:
    film = _film("title: A\n").replace("/films/{slug}", "/page")
    book = FILM.replace("EXAMPLE", "'title: A'").replace("Film", "Book").replace("film", "book")
    told = _message(tmp_path, film + book.replace("/books/{slug}", "/page"))
    assert told.startswith("the examples are in each other's way: Film.example.yaml:1:1 ")


def test_embedded_type_that_no_example_shows_is_told(tmp_path: Path) -> None:
    scene = '''
class Scene(EmbeddedEntry):
    """A scene."""

    collection: ClassVar = Embedded(name="scenes", parent="film")
'''
    film = FILM.replace("EXAMPLE", "'title: A'").replace(
        "body:", "scenes: list[Scene] = []\n    body:"
    )
    assert _message(tmp_path, HEAD + scene + film) == (
        "no example has a scene: add one to its parent's example"
    )
