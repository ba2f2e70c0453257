"""Every entry has one id, one path and one address; two that claim the same are both named."""

from pathlib import Path

import pytest

from api.compiler.catalogue import Index
from api.compiler.paths import Locales, PlacedEntry, ValidEntry, place
from api.compiler.validate import validate
from api.errors import Issue
from api.source.document import parse_document
from api.source.tree import ContentFile
from schemas.discovery import discover
from schemas.entry import Entry
from tests.placed import faced, found, index_of
from tests.support import SMALL

MODELS = discover()
LOCALES = Locales("en", ("en",))
SECTION = "\n## {title} {{#{key}}}\n\nLead.\n"


def _read(name: str, text: str, type_name: str) -> ValidEntry:
    file = ContentFile(Path(), name, type_name, Path(name).stem)
    document, issues = parse_document(file, text.encode(), MODELS[type_name])
    assert document is not None, issues
    value, issues = validate(document, MODELS[type_name])
    assert isinstance(value, Entry), issues
    return ValidEntry(document, value)


def _article(slug: str, fields: str = "", *keys: str) -> ValidEntry:
    sections = "".join(SECTION.format(title=key.title(), key=key) for key in keys)
    return _read(f"{slug}.md", f"---\ntitle: {slug}\n{fields}---\nText.\n{sections}", "article")


def _all(*read: ValidEntry) -> tuple[Index, list[Issue]]:
    placed = [place([one], MODELS, LOCALES) for one in read]
    catalogue, issues = faced([one.entries for one in placed], MODELS)
    entries = [entry for one in placed for entry in one.entries]
    return index_of(entries, catalogue), [
        *issues,
        *(issue for one in placed for issue in one.issues),
    ]


def _placed(*read: ValidEntry) -> Index:
    index, issues = _all(*read)
    assert issues == []
    return index


def _issue(*read: ValidEntry) -> Issue:
    _, (issue,) = _all(*read)
    return issue


def _one(index: Index, type_name: str, name: str) -> PlacedEntry:
    face = index.find([type_name], name)
    entry = found(index, type_name, name)
    assert face is not None
    assert face.address == entry.address
    return entry


def test_slug_is_the_id_where_no_id_is_given() -> None:
    entry = _one(_placed(_article("first")), "article", "first")
    assert (entry.id, entry.slug) == ("first", "first")
    assert (entry.path, entry.address) == ("/articles/first", "/v1/articles/first")
    assert (entry.parent, entry.number, entry.other_address) == (None, 0, None)
    assert entry.title == "first"
    assert entry.place == ("first.md", 1, 1)


def test_id_is_another_name_with_another_address() -> None:
    index = _placed(_article("renamed", "id: stable\n", "part"))
    entry = _one(index, "article", "stable")
    assert _one(index, "article", "renamed") is entry
    assert (entry.id, entry.slug) == ("stable", "renamed")
    assert (entry.path, entry.address) == ("/articles/renamed", "/v1/articles/renamed")
    assert entry.other_address == "/v1/articles/stable"


def test_id_that_is_the_slug_makes_no_other_address() -> None:
    assert _one(_placed(_article("a", "id: a\n")), "article", "a").other_address is None


def test_embedded_entry_has_its_parents_names_before_its_own() -> None:
    index = _placed(_article("renamed", "id: stable\n", "one", "two"))
    second = _one(index, "section", "stable.two")
    parent = _one(index, "article", "stable")
    assert _one(index, "section", "renamed.two") is second
    assert (second.id, second.slug, second.number) == ("stable.two", "two", 2)
    assert second.parent is parent
    assert second.path == "/articles/renamed#two"
    assert second.address == "/v1/articles/renamed/sections/two"
    assert second.other_address == "/v1/articles/stable/sections/two"
    assert (second.title, second.own) == ("Two", parent.value)
    assert second.place == ("renamed.md", 11, 1)


def test_embedded_entry_is_not_found_by_its_key_alone() -> None:
    index = _placed(_article("first", "", "part"))
    assert index.find(["section"], "part") is None
    assert index.find(["section"], "first.part") is not None


def test_single_file_has_its_own_path_and_no_slug_in_its_address() -> None:
    entry = _one(_placed(_read("contact.yaml", "name: C\n", "contact")), "contact", "contact")
    assert (entry.path, entry.address, entry.title) == ("/contact", "/v1/contact", "C")


def test_title_is_the_name_of_what_has_a_name() -> None:
    index = _placed(_read("ann.yaml", "name: Ann\n", "person"))
    assert _one(index, "person", "ann").title == "Ann"


def test_section_without_a_heading_has_no_title() -> None:
    text = "---\ntitle: A\n---\nText.\n\n## {#key}\n\nLead.\n"
    index = _placed(_read("a.md", text, "article"))
    assert _one(index, "section", "a.key").title is None


def test_entries_are_found_by_the_first_type_that_has_the_name() -> None:
    index = _placed(
        _read("same.yaml", "title: T\n", "topic"), _read("same.yaml", "title: S\n", "service")
    )
    both = index.find(["service", "topic"], "same")
    assert both is not None
    assert both.type == "service"
    assert index.find(["article"], "same") is None
    assert index.find([], "same") is None
    assert index.names(("topic", "service", "article")) == ["same"]


def test_entries_keep_the_order_of_their_files() -> None:
    index = _placed(_article("a", "", "x", "y"), _article("b"))
    assert [entry.id for entry in index.entries] == ["a", "a.x", "a.y", "b"]


def test_same_key_in_two_articles_is_no_conflict() -> None:
    index = _placed(_article("a", "", "part"), _article("b", "", "part"))
    assert index.names(("section",)) == ["a.part", "b.part"]


def test_id_given_twice_is_told_with_both_places() -> None:
    issue = _issue(_article("a", "id: same\n", "part"), _article("b", "id: same\n", "part"))
    assert (issue.code, issue.what) == ("duplicate_id", "the id 'same' is another article's")
    assert (issue.place, issue.other) == (("b.md", 3, 5), ("a.md", 1, 1))


def test_id_that_is_anothers_slug_is_told_where_it_is_given() -> None:
    issue = _issue(_article("a"), _article("b", "id: a\n"))
    assert (issue.code, issue.what) == ("duplicate_id", "the id 'a' is another article's")
    assert (issue.place, issue.other) == (("b.md", 3, 5), ("a.md", 1, 1))


@pytest.mark.parametrize(
    ("fields", "place_told"),
    [
        pytest.param("", ("b.md", 1, 1), id="no id of its own"),
        pytest.param("id: c\n", ("b.md", 3, 5), id="an id of its own"),
    ],
)
def test_slug_that_is_anothers_id_is_told_by_its_name(
    fields: str, place_told: tuple[str, int, int]
) -> None:
    issue = _issue(_article("a", "id: b\n"), _article("b", fields))
    assert (issue.code, issue.what) == ("duplicate_id", "the id 'b' is another article's")
    assert (issue.place, issue.other) == (place_told, ("a.md", 1, 1))


def test_path_of_two_types_is_told_with_both_places(tmp_path: Path) -> None:
    source = (
        "from typing import ClassVar\n"
        "from schemas.collection import Folder\n"
        "from schemas.entry import Entry\n"
        "from schemas.fields import Title\n"
    )
    for name in ("Film", "Book"):
        source += (
            f"class {name}(Entry):\n"
            f"    '''A {name}.'''\n"
            f"    collection: ClassVar = Folder(name='{name.lower()}s', path='/{{slug}}')\n"
            "    title: Title\n"
            "    example: ClassVar[str] = 'title: A'\n"
        )
    (tmp_path / "both.py").write_text(source, encoding="utf-8")
    models = discover(tmp_path)
    units = []
    for type_name in ("film", "book"):
        file = ContentFile(Path(), f"{type_name}s/dune.yaml", type_name, "dune")
        document, _ = parse_document(file, b"title: Dune\n", models[type_name])
        assert document is not None
        value, _ = validate(document, models[type_name])
        assert isinstance(value, Entry)
        units.append(place([ValidEntry(document, value)], models, LOCALES).entries)
    _, (issue,) = faced(units, models)
    assert (issue.code, issue.what) == ("duplicate_path", "the path '/dune' is another entry's")
    assert (issue.place, issue.other) == (("films/dune.yaml", 1, 1), ("books/dune.yaml", 1, 1))


def test_key_given_twice_in_a_list_is_told_with_both_places() -> None:
    text = "title: A\nbody: B\nsections:\n  - key: one\n  - key: two\n  - key: one\n"
    issue = _issue(_read("a.yaml", text, "article"))
    assert (issue.code, issue.what) == ("duplicate_section_key", "the key 'one' is taken")
    assert (issue.place, issue.other) == (("a.yaml", 6, 10), ("a.yaml", 4, 10))


@pytest.mark.parametrize("sections", ["", "sections:\n", "sections: []\n"])
def test_article_may_have_no_sections(sections: str) -> None:
    index = _placed(_read("a.yaml", f"title: A\nbody: B\n{sections}", "article"))
    assert [entry.id for entry in index.entries] == ["a"]


def test_small_site_has_an_address_for_everything() -> None:
    types = {"articles": "article", "people": "person", "services": "service", "topics": "topic"}
    read = []
    for name, text in SMALL.items():
        folder, _, rest = name.rpartition("/")
        stem = Path(name).stem
        assert isinstance(text, str)
        read.append(_read(rest, text, types.get(folder, stem)))
    assert [entry.address for entry in _placed(*read).entries] == [
        "/v1/site",
        "/v1/contact",
        "/v1/topics/one",
        "/v1/topics/two",
        "/v1/services/care",
        "/v1/people/ann",
        "/v1/articles/first",
        "/v1/articles/first/sections/part",
        "/v1/articles/second",
    ]
