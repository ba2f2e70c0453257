"""A site in several languages: what a translation lacks is the source's, and the answer says so."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.compiler import pipeline
from tests.support import SMALL, Site, write

FILES: Mapping[str, str] = {
    **SMALL,
    "site.yaml": "name: Example site\ndefault_locale: en\nlocales: [en, uk, pt-BR]\n",
    "site.uk.yaml": "name: Приклад сайту\n",
    "topics/one.uk.yaml": "title: Один\n",
    "articles/first.uk.md": (
        "---\ntitle: Перша\nupdated_at: 2026-01-03T00:00:00Z\n"
        "call_to_action:\n  body: Зателефонуйте нам.\n---\n"
        "Текст.\n\n## Розділ {#part}\n\nВступ.\n\n### Пункт {#point}\n\nСлова.\n"
    ),
    "articles/second.uk.md": "---\ntitle: Друга\n---\n",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with Site(tmp_path_factory.mktemp("site"), FILES).served() as opened:
        yield opened


def _get(served: TestClient, path: str) -> Any:
    answer = served.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _issues(tmp_path: Path, files: Mapping[str, str]) -> list[tuple[str, str, str]]:
    site = Site(tmp_path, {**FILES, **files})
    told = site.issues() or pipeline.check(site.content, site.models).warnings
    root = f"{site.content}/"
    return [(str(one.place).removeprefix(root), one.code, one.what) for one in told]


def test_translation_is_served_with_its_own_path_and_language(served: TestClient) -> None:
    answer = served.get("/v1/articles/first?locale=uk")
    item, meta = answer.json()["data"], answer.json()["meta"]
    assert (item["title"], item["locale"], item["path"]) == ("Перша", "uk", "/uk/articles/first")
    assert (item["id"], item["slug"]) == ("first", "first")
    assert answer.headers["content-language"] == "uk"
    assert meta["locale"]["requested"] == meta["locale"]["served"] == "uk"


def test_source_text_is_served_without_a_language(served: TestClient) -> None:
    plain, named = served.get("/v1/articles/first"), served.get("/v1/articles/first?locale=en")
    assert plain.content == named.content
    assert plain.json()["data"]["title"] == "First"
    assert plain.json()["meta"]["locale"] == {"requested": "en", "served": "en", "fallback": []}
    assert plain.headers["content-language"] == "en"


def test_alternates_are_all_languages_of_an_entry_in_each_of_them(served: TestClient) -> None:
    expected = [
        {"locale": "en", "path": "/articles/first"},
        {"locale": "uk", "path": "/uk/articles/first"},
    ]
    for locale in ("en", "uk", "pt-BR"):
        item = _get(served, f"/v1/articles/first?locale={locale}")["data"]
        assert item["alternates"] == expected
    assert _get(served, "/v1/site?locale=uk")["data"]["alternates"] == [
        {"locale": "en", "path": "/"},
        {"locale": "uk", "path": "/uk"},
    ]


def test_missing_values_fall_back_one_by_one_and_are_named(served: TestClient) -> None:
    body = _get(served, "/v1/articles/second?locale=uk&rich_text=text")
    assert body["data"]["title"] == "Друга"
    assert body["data"]["body"]["text"] == "Another body."
    assert body["meta"]["locale"] == {"requested": "uk", "served": "uk", "fallback": ["body"]}


def test_group_falls_back_field_by_field(served: TestClient) -> None:
    body = _get(served, "/v1/articles/first?locale=uk&rich_text=text")
    call = body["data"]["call_to_action"]
    assert call["body"]["text"] == "Зателефонуйте нам."
    assert [service["id"] for service in call["services"]] == ["care"]
    assert body["meta"]["locale"]["fallback"] == []


def test_shared_values_are_the_sources(served: TestClient) -> None:
    item = _get(served, "/v1/articles/first?locale=uk")["data"]
    assert item["author"]["id"] == "ann"
    assert [topic["id"] for topic in item["topics"]] == ["one", "two"]


def test_date_is_the_translations_own_or_none(served: TestClient) -> None:
    first = _get(served, "/v1/articles/first?locale=uk")["data"]
    assert first["updated_at"] == "2026-01-03T00:00:00Z"
    source = _get(served, "/v1/articles/first")["data"]
    assert source["updated_at"] == "2026-01-02T03:04:05Z"


def test_links_of_a_translation_lead_to_the_same_language_where_there_is_one(
    served: TestClient,
) -> None:
    topics = _get(served, "/v1/articles/first?locale=uk")["data"]["topics"]
    assert [(topic["title"], topic["path"]) for topic in topics] == [
        ("Один", "/uk/topics/one"),
        ("Two", "/topics/two"),
    ]


def test_entry_without_the_translation_is_served_in_the_default_language(
    served: TestClient,
) -> None:
    answer = served.get("/v1/topics/two?locale=uk")
    plain = _get(served, "/v1/topics/two")
    assert answer.json()["data"] == plain["data"]
    assert answer.json()["meta"]["locale"] == {
        "requested": "uk",
        "served": "en",
        "fallback": [],
    }
    assert answer.headers["content-language"] == "en"
    assert answer.headers["etag"] != served.get("/v1/topics/two").headers["etag"]


@pytest.mark.parametrize("form", ["html", "markdown", "text"])
def test_form_and_language_go_together(served: TestClient, form: str) -> None:
    translated = _get(served, f"/v1/articles/first?locale=uk&rich_text={form}")
    assert "Текст." in translated["data"]["body"][form]
    default = _get(served, f"/v1/people/ann?locale=uk&rich_text={form}")
    assert "About Ann." in default["data"]["body"][form]
    assert default["meta"]["locale"]["requested"] == "uk"


def test_tag_with_a_region_finds_the_language(served: TestClient) -> None:
    answer = served.get("/v1/articles/first?locale=uk-UA")
    assert answer.content == served.get("/v1/articles/first?locale=uk").content


@pytest.mark.parametrize("tag", ["fr", "", "uk_UA", "*", "pt", "%00", "u" * 4000])
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/articles/first", "/v1/site"])
def test_tag_that_means_no_language_of_the_site_is_refused(
    served: TestClient, path: str, tag: str
) -> None:
    answer = served.get(f"{path}?locale={tag}")
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["name"], error["code"]) == ("locale", "invalid_value")
    assert error["allowed"] == ["en", "uk", "pt-BR"]


def test_list_shows_each_entry_in_the_language_where_it_has_it(served: TestClient) -> None:
    body = _get(served, "/v1/topics?locale=uk")
    cards = {(card["id"], card["title"], card["locale"]) for card in body["data"]}
    assert cards == {("one", "Один", "uk"), ("two", "Two", "en")}
    assert body["meta"]["total"] == 2
    assert body["links"]["self"] == "/v1/topics?locale=uk"
    assert [card["title"] for card in _get(served, "/v1/topics")["data"]] == ["One", "Two"]


def test_pages_of_a_language_have_each_entry_once(served: TestClient) -> None:
    found: list[str] = []
    path: str | None = "/v1/articles?limit=1&locale=uk"
    while path:
        body = _get(served, path)
        found += [card["title"] for card in body["data"]]
        path = body["links"]["next"]
    assert found == ["Перша", "Друга"]


def test_whole_items_of_a_list_are_in_the_language(served: TestClient) -> None:
    items = _get(served, "/v1/articles?view=full&locale=uk&rich_text=text")["data"]
    assert [item["body"]["text"] for item in items] == ["Текст.", "Another body."]


def test_parts_of_a_translation_are_found_and_listed(served: TestClient) -> None:
    part = _get(served, "/v1/articles/first/sections/part?locale=uk")
    assert part["data"]["title"] == "Розділ"
    assert part["data"]["path"] == "/uk/articles/first#part"
    for path in ("/v1/sections", "/v1/articles/first/sections"):
        assert [one["title"] for one in _get(served, f"{path}?locale=uk")["data"]] == ["Розділ"]
        assert [one["title"] for one in _get(served, path)["data"]] == ["Section"]


def test_parts_that_fall_back_say_their_language(tmp_path: Path) -> None:
    files = {**FILES, "articles/first.uk.md": "---\ntitle: Перша\n---\nТекст.\n"}
    with Site(tmp_path, files).served() as served:
        whole = _get(served, "/v1/articles/first?locale=uk")
        assert whole["meta"]["locale"]["fallback"] == ["sections", "call_to_action"]
        assert [section["title"] for section in whole["data"]["sections"]] == ["Section"]
        part = _get(served, "/v1/articles/first/sections/part?locale=uk")
        assert part["meta"]["locale"]["served"] == "en"
        assert part["data"]["path"] == "/uk/articles/first#part"


def test_entry_is_found_by_its_id_in_each_language(tmp_path: Path) -> None:
    files = {**FILES, "topics/one.yaml": "id: stable\ntitle: One\n"}
    files["articles/first.md"] = SMALL["articles/first.md"]
    with Site(tmp_path, files).served() as served:
        by_id = served.get("/v1/topics/stable?locale=uk")
        assert by_id.content == served.get("/v1/topics/one?locale=uk").content
        assert by_id.json()["data"]["title"] == "Один"


def test_new_translation_changes_what_shows_it_and_nothing_else(tmp_path: Path) -> None:
    site = Site(tmp_path, {name: text for name, text in FILES.items() if "one.uk" not in name})
    addresses = ("/v1/topics/one", "/v1/topics/two", "/v1/articles/first", "/v1/articles/second")
    with site.served() as served:
        before = {
            f"{path}{query}": served.get(f"{path}{query}").headers["etag"]
            for path in addresses
            for query in ("", "?locale=uk")
        }
        write(site.content, {"topics/one.uk.yaml": FILES["topics/one.uk.yaml"]})
        site.publish()
        changed = {path for path in before if served.get(path).headers["etag"] != before[path]}
    assert changed == {
        "/v1/topics/one",
        "/v1/topics/one?locale=uk",
        "/v1/articles/first?locale=uk",
    }


@pytest.mark.parametrize(
    ("files", "told"),
    [
        pytest.param(
            {"articles/first.en.md": FILES["articles/first.uk.md"]},
            (
                "articles/first.en.md:1:1",
                "file_locale",
                "'en' is the site's default language: its files do not name it",
            ),
            id="the default language",
        ),
        pytest.param(
            {"articles/first.fr.md": FILES["articles/first.uk.md"]},
            (
                "articles/first.fr.md:1:1",
                "file_locale",
                "'fr' in the file's name is none of the site's other languages",
            ),
            id="a language that the site has not",
        ),
        pytest.param(
            {"articles/first.draft.md": FILES["articles/first.uk.md"]},
            (
                "articles/first.draft.md:1:1",
                "file_locale",
                "'draft' in the file's name is no language such as uk or pt-BR",
            ),
            id="no language",
        ),
        pytest.param(
            {"topics/thre.uk.yaml": "title: Три\n"},
            (
                "topics/thre.uk.yaml:1:1",
                "missing_source",
                "there is no topic 'thre' in the default language",
            ),
            id="no source text",
        ),
        pytest.param(
            {"topics/one.uk.yaml": "title: Один\nid: odyn\n"},
            ("topics/one.uk.yaml:2:1", "shared_field", "'id' is the same in all languages"),
            id="a shared value",
        ),
        pytest.param(
            {
                "articles/second.uk.md": "---\ntitle: Друга\ncall_to_action:\n"
                "  services: [care]\n  body: Т.\n---\n"
            },
            (
                "articles/second.uk.md:4:3",
                "shared_field",
                "'services' is the same in all languages",
            ),
            id="a shared value in a group",
        ),
        pytest.param(
            {"topics/one.uk.yaml": "titel: Один\n"},
            ("topics/one.uk.yaml:1:1", "unknown_field", "unknown field 'titel'"),
            id="an unknown field",
        ),
        pytest.param(
            {
                "articles/first.uk.md": "---\ntitle: Перша\n"
                "updated_at: 2026-01-03T00:00:00Z\n---\nТ.\n\n"
                "## Розділ {#part}\n\nВ.\n\n### П {#point}\n\nС.\n\n## Зайве {#prt}\n\nВ.\n"
            },
            (
                "articles/first.uk.md:15:11",
                "missing_source",
                "the source text has no section 'prt'",
            ),
            id="a section that the source text has not",
        ),
        pytest.param(
            {
                "articles/first.uk.md": "---\ntitle: Перша\n"
                "updated_at: 2026-01-01T00:00:00Z\n---\nТ.\n"
            },
            (
                "articles/first.uk.md:3:13",
                "stale_translation",
                "the translation is of 2026-01-01, its source text of 2026-01-02",
            ),
            id="older than its source text",
        ),
        pytest.param(
            {"articles/first.uk.md": "---\ntitle: Перша\n---\nТ.\n"},
            (
                "articles/first.uk.md:1:1",
                "stale_translation",
                "the translation has no `updated_at`, and its source text has one",
            ),
            id="without a date",
        ),
        pytest.param(
            {"topics/two.uk.yaml": ""},
            (
                "topics/two.uk.yaml:1:1",
                "stale_translation",
                "the file translates nothing: all is shown in the default language",
            ),
            id="that translates nothing",
        ),
        pytest.param(
            {
                "articles/first.uk.md": "---\ntitle: Перша\nupdated_at: 2026-01-03T00:00:00Z\n"
                "---\nТ.\n\n## Розділ {#part}\n\nВ.\n"
            },
            (
                "articles/first.uk.md:1:1",
                "stale_translation",
                "the translation lacks 1 sections or points of its source: 'point'",
            ),
            id="without a point",
        ),
        pytest.param(
            {"articles/second.md": "---\ntitle: Second\n---\n[a](first.uk.md)\n"},
            (
                "articles/second.md:4:1",
                "markdown_link",
                "'first.uk.md' is a translation, and a link leads to its own text's language",
            ),
            id="a link to a translation",
        ),
    ],
)
def test_what_is_wrong_with_a_translation_is_told(
    tmp_path: Path, files: Mapping[str, str], told: tuple[str, str, str]
) -> None:
    assert _issues(tmp_path, files) == [told]


def test_good_translations_are_told_nothing(tmp_path: Path) -> None:
    assert _issues(tmp_path, {}) == []


def test_mistake_of_the_source_text_is_told_once(tmp_path: Path) -> None:
    files = {"topics/one.yaml": "title: One\nautor: x\n"}
    assert _issues(tmp_path, files) == [
        ("topics/one.yaml:2:1", "unknown_field", "unknown field 'autor'")
    ]


def test_wrong_site_does_not_make_its_languages_unknown(tmp_path: Path) -> None:
    files = {"site.yaml": "name: Example site\ndefault_locale: en\nlocales: [en, uk]\nx: y\n"}
    assert [code for _, code, _ in _issues(tmp_path, files)] == ["unknown_field"]


def test_written_null_is_the_translations_own(tmp_path: Path) -> None:
    files = {
        **FILES,
        "topics/one.yaml": "title: One\nsummary: Words\n",
        "topics/one.uk.yaml": "title: Один\nsummary: ~\n",
    }
    with Site(tmp_path, files).served() as served:
        body = _get(served, "/v1/topics/one?locale=uk")
    assert (body["data"]["summary"], body["meta"]["locale"]["fallback"]) == (None, [])


def test_paths_of_two_languages_do_not_meet(tmp_path: Path) -> None:
    files = dict(FILES)
    with Site(tmp_path, files).served() as served:
        paths = [
            _get(served, f"/v1/{name}?locale={locale}")["data"]["path"]
            for name in ("articles/first", "topics/one", "site")
            for locale in ("en", "uk")
        ]
    assert len(set(paths)) == len(paths)


LINKED = {
    "articles/first.md": SMALL["articles/first.md"] + "\n### Two\n\nMore.\n",
    "articles/first.uk.md": FILES["articles/first.uk.md"] + "\n### Два {#dva}\n\nЩе.\n",
}


def _linking(tmp_path: Path, name: str, address: str) -> list[tuple[str, str, str]]:
    """Return what is told of an article that links to one whose languages differ in a point."""
    told = _issues(tmp_path, {**LINKED, name: f"---\ntitle: Друга\n---\n[a]({address})\n"})
    lacking = "the translation lacks 1 sections or points of its source: 'two'"
    assert lacking in [what for _, _, what in told]
    return [one for one in told if one[2] != lacking]


@pytest.mark.parametrize(
    ("name", "address", "code"),
    [
        pytest.param("articles/second.uk.md", "article:first#dva", None, id="its own part"),
        pytest.param("articles/second.uk.md", "first.md#dva", None, id="by the source's file"),
        pytest.param("articles/second.uk.md", "first.uk.md#dva", None, id="by its own file"),
        pytest.param(
            "articles/second.uk.md", "article:first#two", "dangling_reference", id="the source's"
        ),
        pytest.param("articles/second.md", "article:first#part", None, id="what both have"),
        pytest.param(
            "articles/second.md", "first.md#dva", "dangling_reference", id="the translation's"
        ),
    ],
)
def test_link_leads_to_a_part_of_the_page_in_its_own_language(
    tmp_path: Path, name: str, address: str, code: str | None
) -> None:
    told = [one for _, one, _ in _linking(tmp_path, name, address)]
    assert told == ([code] if code else [])


def test_borrowed_text_that_leads_nowhere_in_the_translation_is_a_warning(tmp_path: Path) -> None:
    assert _linking(tmp_path, "articles/second.md", "article:first#two") == [
        (
            "articles/second.uk.md:1:1",
            "dangling_anchor",
            (
                "the source's text, which is shown here, leads to 'article:first#two', and the "
                "page '/uk/articles/first' has no such part"
            ),
        )
    ]


def test_id_of_two_entries_is_not_told_of_their_translations_too(tmp_path: Path) -> None:
    files = {
        "topics/one.yaml": "id: same\ntitle: One\n",
        "topics/two.yaml": "id: same\ntitle: Two\n",
        "topics/two.uk.yaml": "title: Два\n",
        "articles/first.md": SMALL["articles/first.md"].replace("topics: [one, two]\n", ""),
    }
    assert [code for _, code, _ in _issues(tmp_path, files)] == ["duplicate_id"]


def test_translation_with_a_mistake_is_told_of_that_alone(tmp_path: Path) -> None:
    text = "---\ntitle: Перша\nupdated_at: 2026-01-03T00:00:00Z\n---\nТ.\n\n## Розділ\n\nВ.\n"
    codes = [code for _, code, _ in _issues(tmp_path, {"articles/first.uk.md": text})]
    assert codes == ["missing_section_key"]


FILMS = """\
from typing import Annotated, ClassVar
from schemas.collection import Folder, SingleFile
from schemas.entry import Entry
from schemas.fields import Locale, Title, Use


class Site(Entry):
    collection: ClassVar = SingleFile(name="site", path="/", title="name", role="site")
    name: Title
    locales: list[Locale] = ["en", "uk"]
    default_locale: Locale = "en"
    example: ClassVar[str] = "name: Example"


class Film(Entry):
    collection: ClassVar = Folder(name="films", path="/films/{slug}")
    title: Title
    tagline: Title | None = None
    secret: Annotated[Title | None, Use.PRIVATE] = None
    example: ClassVar[str] = "title: Example"
"""


def test_name_of_a_private_field_is_not_among_those_that_fall_back(tmp_path: Path) -> None:
    write(tmp_path / "types", {"all.py": FILMS})
    files = {
        "site.yaml": "name: Example\n",
        "films/dune.yaml": "title: Dune\ntagline: Sand\nsecret: canary\n",
        "films/dune.uk.yaml": "title: Дюна\n",
    }
    with Site(tmp_path, files, tmp_path / "types").served() as served:
        body = _get(served, "/v1/films/dune?locale=uk")
    assert body["meta"]["locale"]["fallback"] == ["tagline"]
