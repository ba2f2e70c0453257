import re
from typing import ClassVar

import pytest

from api.contract.operations import (
    ITEM_PARAMETERS,
    LIST_PARAMETERS,
    REV,
    Choice,
    Does,
    Language,
    Number,
    Operation,
    RevisionName,
    embedded_address,
    item_address,
    operations,
    schema_address,
)
from schemas.article import Article
from schemas.collection import Embedded, Folder, SingleFile
from schemas.contact import Contact
from schemas.discovery import Models
from schemas.entry import EmbeddedEntry, Entry
from schemas.fields import Sections, Title
from schemas.section import Section
from schemas.shape import SchemaError


def model(type_name: str, collection: Folder | SingleFile) -> type[Entry]:
    """Return a model of a name, with a collection."""
    return type(
        type_name,
        (Entry,),
        {
            "__module__": __name__,
            "__annotations__": {"title": str, "collection": ClassVar, "example": ClassVar},
            "collection": collection,
            "example": "title: Example\n",
        },
    )


@pytest.fixture(scope="module")
def found(models: Models) -> tuple[Operation, ...]:
    return operations(models)


def test_operations_stand_in_the_order_of_the_contract(found: tuple[Operation, ...]) -> None:
    assert [(operation.id, operation.path) for operation in found] == [
        ("getApiRoot", "/"),
        ("getApiIndex", "/v1"),
        ("listArticles", "/v1/articles"),
        ("getArticle", "/v1/articles/{slug}"),
        ("listComments", "/v1/comments"),
        ("getComment", "/v1/comments/{slug}"),
        ("getContact", "/v1/contact"),
        ("listPeople", "/v1/people"),
        ("getPerson", "/v1/people/{slug}"),
        ("listSections", "/v1/sections"),
        ("listArticleSections", "/v1/articles/{slug}/sections"),
        ("getArticleSection", "/v1/articles/{slug}/sections/{key}"),
        ("listServices", "/v1/services"),
        ("getService", "/v1/services/{slug}"),
        ("getSite", "/v1/site"),
        ("listTopics", "/v1/topics"),
        ("getTopic", "/v1/topics/{slug}"),
        ("listSchemas", "/v1/schemas"),
        ("getSchema", "/v1/schemas/{type}"),
        ("getOpenApiYaml", "/v1/openapi.yaml"),
        ("getOpenApiJson", "/v1/openapi.json"),
        ("getCurrentOpenApi", "/openapi.yaml"),
        ("getMediaFile", "/media/{digest}/{name}"),
        ("getProblemPage", "/docs/problems/{code}"),
        ("getHealth", "/healthz"),
        ("getReadiness", "/readyz"),
    ]


def test_ids_and_paths_are_unique_and_ids_are_camel_case(found: tuple[Operation, ...]) -> None:
    ids = [operation.id for operation in found]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"(?:get|list)(?:[A-Z][a-z0-9]*)+", name) for name in ids)
    assert len({operation.path for operation in found}) == len(found)


def test_variable_parts_are_those_of_the_path(found: tuple[Operation, ...]) -> None:
    for operation in found:
        names = re.findall(r"{([a-z]+)}", operation.path)
        assert [part.name for part in operation.parts] == names


def test_lists_take_a_page_a_limit_and_a_view_and_all_content_a_form_and_a_language(
    found: tuple[Operation, ...],
) -> None:
    for operation in found:
        match operation:
            case Operation(does=Does.LIST):
                assert operation.parameters == LIST_PARAMETERS
            case Operation(does=Does.READ, type=str()):
                assert operation.parameters == ITEM_PARAMETERS
            case Operation(response="ApiIndexItem" | "SchemaIndexItem" | "JsonSchema"):
                assert operation.parameters == (REV,)
            case _:
                assert operation.parameters == ()
    assert {parameter.name: parameter.takes for parameter in LIST_PARAMETERS} == {
        "page": Number(1, 1_000_000, 1),
        "limit": Number(1, 100, 20),
        "view": Choice(("card", "full")),
        "rich_text": Choice(("blocks", "html", "markdown", "text")),
        "locale": Language(),
        "rev": RevisionName(),
    }
    assert [parameter.name for parameter in ITEM_PARAMETERS] == ["rich_text", "locale", "rev"]


def test_list_below_a_parent_names_it(found: tuple[Operation, ...]) -> None:
    by_id = {operation.id: operation for operation in found}
    assert by_id["listArticleSections"].parent == "article"
    assert by_id["listArticleSections"].type == "section"
    assert by_id["listArticleSections"].summary == "List sections of one article"
    assert by_id["listSections"].parent is None
    assert by_id["listSections"].summary == "List sections"
    assert by_id["getArticle"].summary == "Read one article"
    assert by_id["getContact"].summary == "Read the contact"


@pytest.mark.parametrize(
    "name", ["schemas", "resolve", "search", "manifest", "bundle", "sync", "events"]
)
def test_collection_cannot_take_a_name_of_the_api_s_own(name: str) -> None:
    taken = model("Note", Folder(name=name, path="/x/{slug}"))
    with pytest.raises(SchemaError) as caught:
        operations({"note": taken})
    assert str(caught.value) == f"Note: the collection's name '{name}' is one of the API's own"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("My_Notes", id="no slug"),
        pytest.param("a/b", id="two names"),
        pytest.param("notes ", id="a blank at the end"),
        pytest.param("", id="empty"),
    ],
)
def test_collection_cannot_take_a_name_that_no_address_has(name: str) -> None:
    taken = model("Note", Folder(name=name, path="/x/{slug}"))
    with pytest.raises(SchemaError, match=r"^Note: the collection's name '.*' is no slug: write"):
        operations({"note": taken})


def test_two_operations_of_one_name_are_refused() -> None:
    taken = model("Health", Folder(name="health", path="/x/{slug}"))
    with pytest.raises(SchemaError, match="would be named getHealth: rename a type or collection"):
        operations({"health": taken})


def test_name_of_several_words_is_camel_case_in_ids_and_itself_in_paths() -> None:
    found = operations({"blog_post": model("BlogPost", Folder(name="blog-posts", path="/{slug}"))})
    assert [(operation.id, operation.path) for operation in found[2:4]] == [
        ("listBlogPosts", "/v1/blog-posts"),
        ("getBlogPost", "/v1/blog-posts/{slug}"),
    ]


class Chapter(EmbeddedEntry):
    """A chapter of the only book."""

    collection: ClassVar = Embedded(name="chapters", parent="book")


class Book(Entry):
    """The only book."""

    collection: ClassVar = SingleFile(name="book", path="/book")

    title: Title
    chapters: Sections[Chapter]

    example: ClassVar[str] = "title: Example\n"


def test_parts_of_a_single_entry_stand_right_below_it() -> None:
    found = operations({"book": Book, "chapter": Chapter})
    assert [(one.id, one.path, [part.name for part in one.parts]) for one in found[2:6]] == [
        ("getBook", "/v1/book", []),
        ("listChapters", "/v1/chapters", []),
        ("listBookChapters", "/v1/book/chapters", []),
        ("getBookChapter", "/v1/book/chapters/{key}", ["key"]),
    ]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param(item_address(Article, "a"), "/v1/articles/a", id="entry of a folder"),
        pytest.param(item_address(Contact, "contact"), "/v1/contact", id="single entry"),
        pytest.param(
            embedded_address("/v1/articles/a", Section, "k"),
            "/v1/articles/a/sections/k",
            id="embedded entry",
        ),
        pytest.param(schema_address("article"), "/v1/schemas/article", id="schema"),
    ],
)
def test_address_follows_from_the_model_and_the_name(address: str, expected: str) -> None:
    assert address == expected
