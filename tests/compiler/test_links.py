"""A reference that leads nowhere is told at its place, with the slugs that there are."""

from pathlib import Path

import pytest

from api.errors import Issue
from tests.support import SMALL, Site, write


def _issues(tmp_path: Path, files: dict[str, str]) -> list[Issue]:
    return Site(tmp_path, {**SMALL, **files}).issues()


def _told(issue: Issue) -> tuple[str, int, int, str]:
    return Path(issue.place.path).name, issue.place.line, issue.place.column, issue.what


def _article(fields: str) -> dict[str, str]:
    return {"articles/x.md": f"---\ntitle: X\n{fields}---\nText.\n"}


@pytest.mark.parametrize(
    ("fields", "place", "slug", "nearest"),
    [
        pytest.param("topics: [one, tow]\n", (3, 15), "tow", "two", id="in a list"),
        pytest.param("topics:\n  - one\n  - two-2\n", (5, 5), "two-2", "two", id="long list"),
        pytest.param("topics: [elephants]\n", (3, 10), "elephants", None, id="like none"),
    ],
)
def test_dangling_reference_in_a_list_names_the_nearest_slug(
    tmp_path: Path, fields: str, place: tuple[int, int], slug: str, nearest: str | None
) -> None:
    (issue,) = _issues(tmp_path, _article(fields))
    assert issue.code == "dangling_reference"
    assert _told(issue) == ("x.md", *place, f"no topic has the slug '{slug}'")
    assert (issue.allowed, issue.nearest) == (("one", "two"), nearest)


def test_dangling_reference_deep_inside_is_told_at_its_place(tmp_path: Path) -> None:
    fields = (
        "author: anne\n"
        "call_to_action:\n  body: Call.\n  contact: contakt\n  services: [care, cure]\n"
        "related: [frist]\n"
    )
    issues = _issues(tmp_path, _article(fields))
    assert [(_told(issue), issue.nearest) for issue in issues] == [
        (("x.md", 3, 9, "no person has the slug 'anne'"), "ann"),
        (("x.md", 6, 12, "no contact has the slug 'contakt'"), "contact"),
        (("x.md", 7, 20, "no service has the slug 'cure'"), "care"),
        (("x.md", 8, 11, "no article has the slug 'frist'"), "first"),
    ]


def test_reference_by_id_leads_to_the_entry(tmp_path: Path) -> None:
    files = {"topics/moved.yaml": "id: stable\ntitle: M\n", **_article("topics: [stable, moved]\n")}
    assert _issues(tmp_path, files) == []


def test_reference_to_the_entry_itself_is_right(tmp_path: Path) -> None:
    assert _issues(tmp_path, _article("related: [x]\n")) == []


def test_reference_to_an_entry_of_another_type_dangles(tmp_path: Path) -> None:
    (issue,) = _issues(tmp_path, _article("topics: [care]\n"))
    assert _told(issue) == ("x.md", 3, 10, "no topic has the slug 'care'")


def test_no_reference_is_no_dangling_one(tmp_path: Path) -> None:
    fields = "author:\ntopics: []\nrelated:\ncall_to_action: null\n"
    assert _issues(tmp_path, _article(fields)) == []


def test_reference_to_a_type_without_entries_says_so(tmp_path: Path) -> None:
    files = {"topics/one.yaml": "title: One\n", **_article("author: ann\n")}
    (issue,) = Site(tmp_path, files).issues()
    assert issue.what == "no person has the slug 'ann', nor is there any person"
    assert issue.allowed == ()


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("titel: Three\n", id="wrong field"),
        pytest.param("title: [", id="wrong YAML"),
        pytest.param("id: one\ntitle: Three\n", id="id of another entry"),
    ],
)
def test_reference_to_a_broken_file_gives_no_second_issue(tmp_path: Path, broken: str) -> None:
    files = {"topics/three.yaml": broken, **_article("topics: [three]\n")}
    told = {Path(issue.place.path).name for issue in _issues(tmp_path, files)}
    assert told == {"three.yaml"}


BOOKS = {
    "types/all.py": (
        "from typing import ClassVar, Literal\n"
        "from schemas.collection import Embedded, Folder\n"
        "from schemas.entry import EmbeddedEntry, Entry\n"
        "from schemas.fields import Reference, Title\n"
        "class Chapter(EmbeddedEntry):\n"
        "    '''Chapter.'''\n"
        "    collection: ClassVar = Embedded(name='chapters', parent='book')\n"
        "    title: Title\n"
        "class Book(Entry):\n"
        "    '''Book.'''\n"
        "    collection: ClassVar = Folder(name='books', path='/books/{slug}')\n"
        "    title: Title\n"
        "    chapters: list[Chapter] = []\n"
        "    read: list[Reference[Literal['chapter']]] = []\n"
        "    example: ClassVar[str] = 'title: A\\nchapters: [{key: a, title: B}]'\n"
    )
}
"""Types whose entries refer to parts of each other."""


def _books(folder: Path, files: dict[str, str]) -> list[Issue]:
    write(folder, BOOKS)
    return Site(folder, files, folder / "types").issues()


@pytest.mark.parametrize("name", ["old.part", "lasting.part"])
def test_part_of_a_parent_with_an_id_is_found_by_slug_and_by_id(tmp_path: Path, name: str) -> None:
    files = {
        "books/old.yaml": "id: lasting\ntitle: Old\nchapters: [{key: part, title: P}]\n",
        "books/new.yaml": f"title: New\nread: [{name}]\n",
    }
    assert _books(tmp_path, files) == []


def test_reference_to_a_part_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    files = {
        "books/old.yaml": "id: lasting\ntitle: Old\nchapters: [{key: part, title: P}]\n",
        "books/new.yaml": "title: New\nread: [old.prat]\n",
    }
    (issue,) = _books(tmp_path, files)
    assert _told(issue) == ("new.yaml", 2, 8, "no chapter has the slug 'old.prat'")
    assert (issue.allowed, issue.nearest) == (("lasting.part", "old.part"), "old.part")


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("titel: Old\nchapters: [{key: part, title: P}]\n", id="wrong field"),
        pytest.param("title: Old\nchapters: [{key: part, titel: P}]\n", id="wrong part"),
        pytest.param("title: [", id="wrong YAML"),
    ],
)
def test_reference_to_a_part_of_a_broken_file_gives_no_second_issue(
    tmp_path: Path, broken: str
) -> None:
    files = {"books/old.yaml": broken, "books/new.yaml": "title: New\nread: [old.part]\n"}
    told = {Path(issue.place.path).name for issue in _books(tmp_path, files)}
    assert told == {"old.yaml"}


def test_nearest_slug_is_looked_for_a_hundred_times_in_a_run(tmp_path: Path) -> None:
    articles = {
        f"articles/x-{number}.md": f"---\ntitle: X\ntopics: [{', '.join(['tow'] * 51)}]\n---\nT.\n"
        for number in (1, 2)
    }
    issues = _issues(tmp_path, articles)
    assert [issue.what for issue in issues] == ["no topic has the slug 'tow'"] * 102
    assert [issue.nearest for issue in issues] == ["two"] * 100 + [None] * 2
    assert {issue.allowed for issue in issues} == {("one", "two")}


def test_references_of_a_broken_file_are_told_with_its_other_mistakes(tmp_path: Path) -> None:
    issues = _issues(tmp_path, _article("titel: T\ntopics: [tow]\n"))
    assert [issue.code for issue in issues] == ["unknown_field", "dangling_reference"]


def test_reference_that_is_no_slug_gives_one_issue(tmp_path: Path) -> None:
    (issue,) = _issues(tmp_path, _article("topics: [Topic One]\n"))
    assert issue.code == "invalid_slug"
    assert _told(issue) == (
        "x.md",
        3,
        10,
        "item 1 of 'topics' cannot be 'Topic One': it has the capital letter 'T': write 't'",
    )
    assert issue.nearest == "topic-one"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        pytest.param(
            _article("topics: [one, null]\n"),
            ("x.md", 3, 15, "no topic has the slug 'null'"),
            id="item of a list",
        ),
    ],
)
def test_null_where_a_reference_must_stand_is_a_slug_like_any_other(
    tmp_path: Path, files: dict[str, str], told: tuple[str, int, int, str]
) -> None:
    (issue,) = _issues(tmp_path, files)
    assert _told(issue) == told


def test_twenty_slugs_are_listed_and_no_more(tmp_path: Path) -> None:
    names = [f"topic-{number:02}" for number in range(1, 22)]
    files = {f"topics/{name}.yaml": "title: T\n" for name in names}
    article = _article("topics: [topic-011]\n")
    (issue,) = Site(tmp_path / "more", {**files, **article}).issues()
    assert (issue.allowed, issue.nearest) == ((), "topic-11")
    del files["topics/topic-21.yaml"]
    (issue,) = Site(tmp_path / "few", {**files, **article}).issues()
    assert issue.allowed == tuple(names[:20])


def test_references_below_names_and_to_one_of_two_types_are_followed(tmp_path: Path) -> None:
    models = tmp_path / "types"
    models.mkdir()
    (models / "all.py").write_text(
        "from typing import ClassVar, Literal\n"
        "from schemas.collection import Folder\n"
        "from schemas.entry import Entry\n"
        "from schemas.fields import Model, Reference, Slug, Title\n"
        "class Inner(Model):\n"
        "    '''Inner.'''\n"
        "    either: Reference[Literal['film', 'book']] | None = None\n"
        "class Film(Entry):\n"
        "    '''Film.'''\n"
        "    collection: ClassVar = Folder(name='films', path='/films/{slug}')\n"
        "    title: Title\n"
        "    named: dict[Slug, Inner] = {}\n"
        "    example: ClassVar[str] = 'title: A'\n"
        "class Book(Entry):\n"
        "    '''Book.'''\n"
        "    collection: ClassVar = Folder(name='books', path='/books/{slug}')\n"
        "    title: Title\n"
        "    example: ClassVar[str] = 'title: A'\n",
        encoding="utf-8",
    )
    named = "named: {a: {either: dune}, b: {either: alien}, c: {either: done}}\n"
    files = {"films/alien.yaml": f"title: Alien\n{named}", "books/dune.yaml": "title: Dune\n"}
    (issue,) = Site(tmp_path, files, models).issues()
    assert _told(issue) == ("alien.yaml", 2, 60, "no film or book has the slug 'done'")
    assert (issue.allowed, issue.nearest) == (("alien", "dune"), "dune")


def test_reference_by_id_to_a_broken_file_gives_no_second_issue(tmp_path: Path) -> None:
    files = {
        "topics/z.yaml": "title: Z\nid: stable\nsumary: A mistake.\n",
        **_article("topics: [stable]\n"),
    }
    assert [issue.code for issue in _issues(tmp_path, files)] == ["unknown_field"]


def test_null_where_a_reference_is_required_is_a_missing_field_alone(tmp_path: Path) -> None:
    files = {"comments/c.md": "---\narticle: null\n---\nText.\n"}
    assert [issue.code for issue in _issues(tmp_path, files)] == ["missing_field"]
