"""A folder of models is read in the order of its files; what is declared wrongly is named."""

import importlib
import sys
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.discovery import OWN_FOLDER, discover, parent_field
from schemas.section import Section
from schemas.shape import SchemaError
from tests.support import OWN_TYPES, write

HEAD = """\
from typing import Annotated, ClassVar, Literal

from schemas.collection import Embedded, Folder, SingleFile
from schemas.entry import EmbeddedEntry, Entry
from schemas.fields import Model, Reference, RichText, Title, Use

"""
BOOK = '''
class Book(Entry):
    """A book."""

    collection: ClassVar = Folder(name="books", path="/books/{slug}")
    title: Title
    example: ClassVar[str] = "title: Example book\\n"
'''
FILM = BOOK.replace("Book", "Film").replace("book", "film")


def _models(folder: Path, **files: str) -> Path:
    return write(folder, {f"{name}.py": HEAD + text for name, text in files.items()})


def test_own_folder_has_the_eight_types_in_the_order_of_their_files() -> None:
    found = list(discover())
    assert [name for name in found if name in OWN_TYPES] == [
        "article",
        "comment",
        "contact",
        "person",
        "section",
        "service",
        "site",
        "topic",
    ]
    assert discover()["article"] is Article
    assert discover(OWN_FOLDER)["section"] is Section


def test_types_come_in_the_order_of_file_names_then_of_classes(tmp_path: Path) -> None:
    twice = FILM + FILM.replace("Film", "Album").replace("film", "album")
    folder = _models(tmp_path, zebra=BOOK, alpha=twice)
    assert list(discover(folder)) == ["film", "album", "book"]


def test_mapping_of_types_is_frozen() -> None:
    with pytest.raises(TypeError):
        discover()["note"] = Article  # type: ignore[index]


def test_file_with_an_underscore_is_passed_over(tmp_path: Path) -> None:
    folder = _models(tmp_path, book=BOOK, _draft="raise RuntimeError\n")
    assert list(discover(folder)) == ["book"]


def test_class_without_a_collection_of_its_own_is_no_type(tmp_path: Path) -> None:
    base = "class Base(Entry):\n    '''What films share.'''\n\n    year: int | None = None\n"
    folder = _models(tmp_path, film=base + FILM.replace("(Entry)", "(Base)"))
    assert list(discover(folder)) == ["film"]


def test_models_of_a_folder_may_import_each_other(tmp_path: Path) -> None:
    inner = "class Cover(Model):\n    '''A cover.'''\n\n    title: Title\n"
    text = BOOK.replace("title: Title", "title: Title\n    cover: Cover | None = None")
    folder = _models(tmp_path, cover=inner, book=f"from .cover import Cover\n{text}")
    model = discover(folder)["book"]
    book = model.model_validate({"title": "A", "cover": {"title": "B"}})
    assert book.model_dump()["cover"] == {"title": "B"}


def test_type_that_another_file_imports_is_counted_once(tmp_path: Path) -> None:
    folder = _models(tmp_path, book=BOOK, film=f"from .book import Book\n{FILM}")
    assert list(discover(folder)) == ["book", "film"]


def test_folders_with_like_names_have_their_own_types(tmp_path: Path) -> None:
    first = _models(tmp_path / "my-types", thing=BOOK)
    second = _models(tmp_path / "my_types", thing=FILM)
    assert list(discover(first)) == ["book"]
    assert list(discover(second)) == ["film"]


def test_folder_is_found_by_any_name_of_it(tmp_path: Path) -> None:
    folder = _models(tmp_path / "types", book=BOOK)
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert discover(link)["book"] is discover(folder)["book"]


def test_importing_a_model_from_elsewhere_registers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _models(tmp_path, stranger_of_discovery=BOOK)
    monkeypatch.syspath_prepend(tmp_path)
    before = list(discover())
    module = importlib.import_module("stranger_of_discovery")
    assert module.Book.type_name() == "book"
    assert list(discover()) == before
    del sys.modules["stranger_of_discovery"]


def _embedded(name: str, parent: str) -> str:
    return f'''
class {name}(EmbeddedEntry):
    """A part."""

    collection: ClassVar = Embedded(name="{name.lower()}s", parent="{parent}")
    title: Title | None = None
'''


CHAPTERS = _embedded("Chapter", "book") + BOOK.replace(
    "title: Title", "title: Title\n    chapters: list[Chapter] = []"
)
"""A type with its embedded one."""
WRONG = [
    pytest.param(
        {"a": BOOK, "b": BOOK.replace('"books"', '"others"')},
        "b.py: the type 'book' is declared twice",
        id="type twice",
    ),
    pytest.param(
        {"a": BOOK, "b": FILM.replace('"films"', '"books"')},
        "Film: the collection 'books' is Book's already",
        id="collection twice",
    ),
    pytest.param(
        {
            "a": BOOK.replace(
                "title: Title", 'title: Title\n    by: Reference[Literal["autor"]] | None = None'
            )
        },
        "Book.by: there is no type 'autor'; there are book",
        id="unknown target",
    ),
    pytest.param(
        {
            "a": "class Inner(Model):\n    by: list[dict[str, Reference[Literal['autor']]]]\n"
            + BOOK.replace("title: Title", "title: Title\n    inner: list[Inner] = []")
        },
        "Book.inner: there is no type 'autor'; there are book",
        id="unknown target deep inside",
    ),
    pytest.param(
        {
            "a": "class Menu(Model):\n    items: list['Menu'] = []\n"
            + BOOK.replace("title: Title", "title: Title\n    menu: Menu | None = None")
        },
        "Menu: a model cannot be a part of itself",
        id="model in itself",
    ),
    pytest.param(
        {"a": BOOK + _embedded("Chapter", "book")},
        "Chapter: the parent type 'book' has no field 'list[Chapter]'",
        id="parent without the field",
    ),
    pytest.param(
        {"a": BOOK + _embedded("Chapter", "novel")},
        "Chapter: the parent type 'novel' has no field 'list[Chapter]'",
        id="no such parent",
    ),
    pytest.param(
        {
            "a": _embedded("Chapter", "book")
            + BOOK.replace(
                "title: Title", "title: Title\n    a: list[Chapter] = []\n    b: list[Chapter] = []"
            )
        },
        "Book: the fields a and b are both lists of Chapter, of which a parent has one",
        id="parent with two such fields",
    ),
    pytest.param(
        {
            "a": BOOK.replace(
                'Folder(name="books", path="/books/{slug}")', 'Embedded(name="b", parent="c")'
            )
        },
        "Book: an embedded type extends EmbeddedEntry",
        id="embedded entry of the wrong base",
    ),
    pytest.param(
        {"a": BOOK.replace("(Entry)", "(EmbeddedEntry)")},
        "Book: a type with files extends Entry",
        id="entry of the wrong base",
    ),
    pytest.param(
        {"a": BOOK.replace("title: Title", "name: Title")},
        "Book: there is no public field 'title' for the title",
        id="no field for the title",
    ),
    pytest.param(
        {"a": BOOK.replace('path="/', 'path="')},
        "Book: the path 'books/{slug}' does not begin with '/'",
        id="path without a slash",
    ),
    pytest.param(
        {"a": BOOK.replace('slug}")', 'slug}", order=("-yaer",))')},
        "Book: the order has 'yaer', which is no field marked with Use.SORT",
        id="order by an unknown field",
    ),
    pytest.param(
        {
            "a": BOOK.replace('slug}")', 'slug}", order=("tags",))').replace(
                "title: Title", "title: Title\n    tags: list[str] = []"
            )
        },
        "Book: the order has 'tags', which is no field marked with Use.SORT",
        id="order by a list",
    ),
    pytest.param(
        {
            "a": BOOK.replace('slug}")', 'slug}", order=("-year",))').replace(
                "title: Title", "title: Title\n    year: int = 0"
            )
        },
        "Book: the order has 'year', which is no field marked with Use.SORT",
        id="order by a field without the mark",
    ),
    pytest.param(
        {
            "a": BOOK.replace('slug}")', 'slug}", order=("year",))').replace(
                "title: Title",
                "title: Title\n    year: Annotated[int, Use.SORT, Use.PRIVATE] = 0",
            )
        },
        "Book: the order has the private field 'year'",
        id="order by a private field",
    ),
    pytest.param(
        {"a": BOOK.replace("title: Title", "title: Title\n    status: Title")},
        "Book: 'status' is declared by Entry for all types",
        id="a field of the lifecycle that would be public",
    ),
    pytest.param(
        {"a": BOOK.replace("title: Title", "title: Annotated[Title, Use.PRIVATE]")},
        "Book: there is no public field 'title' for the title",
        id="private title",
    ),
    pytest.param(
        {
            "a": BOOK.replace('slug}")', 'slug}", title="name")').replace(
                "title: Title", "title: Title\n    name: Annotated[Title, Use.PRIVATE]"
            )
        },
        "Book: there is no public field 'name' for the title",
        id="private name",
    ),
    pytest.param(
        {"a": CHAPTERS + FILM.replace("title: Title", "title: Title\n    c: list[Chapter] = []")},
        "Film.c: Chapter can only be a 'list[Chapter]' of its parent type 'book'",
        id="embedded type in a list of another type",
    ),
    pytest.param(
        {"a": CHAPTERS.replace("[]\n", "[]\n    last: Chapter\n", 1)},
        "Book.last: Chapter can only be a 'list[Chapter]' of its parent type 'book'",
        id="embedded type by itself in its parent",
    ),
    pytest.param(
        {"a": CHAPTERS.replace("[]\n", "[]\n    named: dict[str, list[Chapter]] = {}\n", 1)},
        "Book.named: Chapter can only be a 'list[Chapter]' of its parent type 'book'",
        id="embedded type below names in its parent",
    ),
    pytest.param(
        {
            "a": CHAPTERS
            + "\nclass Inner(Model):\n    chapters: list[Chapter] = []\n"
            + FILM.replace("title: Title", "title: Title\n    inner: Inner")
        },
        "Film.inner: Chapter can only be a 'list[Chapter]' of its parent type 'book'",
        id="embedded type deep inside another type",
    ),
    pytest.param(
        {
            "a": "from schemas.section import Section\n"
            + BOOK.replace("title: Title", "title: Title\n    parts: list[Section] = []")
        },
        "Book.parts: Section is not declared in this folder",
        id="embedded type of another folder",
    ),
    pytest.param(
        {"a": BOOK.partition("    example")[0]}, "Book: it has no example", id="no example"
    ),
    pytest.param(
        {"a": BOOK.replace("title: Title", "title: Title\n    cover: bytes")},
        "Book.cover: <class 'bytes'> is no field type; schemas/fields.py has them",
        id="unsupported field",
    ),
    pytest.param(
        {"a": BOOK + '    sequel: Annotated[Reference[Literal["book"]] | None, Use.LINK] = None\n'},
        "Book.sequel: a link shows plain values, neither links nor rich text: take Use.LINK away",
        id="link that leads on",
    ),
    pytest.param(
        {"a": BOOK + "    text: Annotated[RichText | None, Use.LINK] = None\n"},
        "Book.text: a link shows plain values, neither links nor rich text: take Use.LINK away",
        id="link with rich text",
    ),
]


@pytest.mark.parametrize(("files", "words"), WRONG)
def test_wrong_declaration_is_told_to_its_author(
    tmp_path: Path, files: dict[str, str], words: str
) -> None:
    with pytest.raises(SchemaError) as caught:
        discover(_models(tmp_path, **files))
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("class Book(:\n", "SyntaxError: ", id="syntax"),
        pytest.param("import no_such_module\n", "ModuleNotFoundError: ", id="import"),
        pytest.param("1 / 0\n", "ZeroDivisionError: division by zero", id="runtime"),
        pytest.param(
            BOOK.replace("(Entry)", "(Entri)"), "NameError: name 'Entri' is not defined", id="name"
        ),
    ],
)
def test_broken_module_is_told_with_its_file(tmp_path: Path, text: str, words: str) -> None:
    folder = _models(tmp_path, fine=FILM, broken=text)
    with pytest.raises(SchemaError) as caught:
        discover(folder)
    assert str(caught.value).startswith(f"{folder / 'broken.py'}: {words}")


def test_schema_error_of_a_module_keeps_its_words(tmp_path: Path) -> None:
    text = "from schemas.shape import SchemaError\nraise SchemaError('not like this')\n"
    with pytest.raises(SchemaError, match=r"^not like this$"):
        discover(_models(tmp_path, a=text))


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="empty folder"),
        pytest.param({"notes.txt": "nothing"}, id="no Python file"),
        pytest.param({"models.py": "X = 1\n"}, id="no model"),
    ],
)
def test_folder_without_a_type_is_told(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, files)
    with pytest.raises(SchemaError) as caught:
        discover(tmp_path)
    assert str(caught.value) == f"{tmp_path}: no content type is declared here"


def test_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="no content type is declared here"):
        discover(tmp_path / "none")


def test_order_by_the_title_holds_for_a_type_that_has_a_name(tmp_path: Path) -> None:
    text = BOOK.replace('slug}")', 'slug}", title="name")').replace("title: Title", "name: Title")
    assert list(discover(_models(tmp_path, book=text))) == ["book"]


@pytest.mark.parametrize("order", ["year", "-year", "title", "-title", "-updated_at"])
def test_order_by_a_marked_field_or_the_title_holds(tmp_path: Path, order: str) -> None:
    text = BOOK.replace('slug}")', f'slug}}", order=("{order}",))').replace(
        "title: Title", "title: Title\n    year: Annotated[int, Use.SORT] = 0"
    )
    assert list(discover(_models(tmp_path, book=text))) == ["book"]


def test_embedded_type_in_its_parent_s_list_holds(tmp_path: Path) -> None:
    assert list(discover(_models(tmp_path, book=CHAPTERS))) == ["chapter", "book"]


def test_parent_field_holds_the_embedded_entries() -> None:
    assert parent_field(discover(), Section) == "sections"


def test_embedded_entry_cannot_be_a_parent(tmp_path: Path) -> None:
    text = (
        _embedded("Page", "chapter")
        + _embedded("Chapter", "book")
        + "    pages: list[Page] = []\n"
        + BOOK.replace("title: Title", "title: Title\n    chapters: list[Chapter] = []")
    )
    with pytest.raises(SchemaError, match=r"Page: the parent type 'chapter' has no field"):
        discover(_models(tmp_path, book=text))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        pytest.param(
            {"a": BOOK.replace("title: Title", "title: Title\n    hash: Title")},
            "Book: the API gives 'hash' itself",
            id="field with a derived name",
        ),
        pytest.param(
            {"a": "import sys\nsys.exit(0)\n"},
            "a.py: SystemExit: 0",
            id="module that ends the program",
        ),
    ],
)
def test_declaration_that_would_lose_something_is_told(
    tmp_path: Path, files: dict[str, str], words: str
) -> None:
    with pytest.raises(SchemaError) as caught:
        discover(_models(tmp_path, **files))
    assert str(caught.value).endswith(words)
