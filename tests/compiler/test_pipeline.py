"""The whole way from a folder to a revision: all Issues at once, and nothing published with one."""

import gc
from copy import deepcopy
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from api.compiler import pipeline
from api.compiler.tools import contract_of, tools_of
from api.errors import ContentError
from api.source.opening import SETTLED_NS
from api.store.reader import Reader
from schemas.discovery import discover
from tests.support import NOW, SMALL, Site, write

MODELS = discover()


def _current(store: Path) -> tuple[int, str] | None:
    with Reader(store) as reader:
        revision = reader.pin()
    return (revision.number, revision.digest) if revision else None


def _told(site: Site) -> list[str]:
    return [str(issue).splitlines()[0].removeprefix(f"{site.content}/") for issue in site.issues()]


def test_site_tells_the_languages(tmp_path: Path) -> None:
    content = pipeline.check(Site(tmp_path).content, MODELS)
    assert (content.locales.default, content.locales.all) == ("en", ("en", "uk"))


def test_content_without_a_site_is_english(tmp_path: Path) -> None:
    site = Site(tmp_path, {"topics/one.yaml": "title: One\n"})
    content = pipeline.check(site.content, MODELS)
    assert (content.locales.default, content.locales.all) == ("en", ("en",))


def test_site_of_other_models_may_tell_no_language(tmp_path: Path) -> None:
    source = (
        "from typing import ClassVar\n"
        "from schemas.collection import SingleFile\n"
        "from schemas.entry import Entry\n"
        "from schemas.fields import Title\n"
        "class Home(Entry):\n"
        "    '''Home.'''\n"
        "    collection: ClassVar = SingleFile(name='home', path='/', role='site')\n"
        "    title: Title\n"
        "    example: ClassVar[str] = 'title: A'\n"
    )
    write(tmp_path / "types", {"home.py": source})
    site = Site(tmp_path, {"home.yaml": "title: Home\n"}, tmp_path / "types")
    content = pipeline.check(site.content, site.models)
    assert (content.locales.default, content.locales.all) == ("en", ("en",))


def test_empty_folder_is_published_as_an_api_without_entries(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    site = Site(tmp_path, {})
    assert site.publish().new
    with Reader(site.store) as reader:
        assert reader.representation(1, "/v1") is not None


def test_missing_folder_is_told_and_no_store_is_made(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        pipeline.publish(tmp_path / "none", tmp_path / "store.db", MODELS, NOW)
    assert list(tmp_path.iterdir()) == []


def test_issues_of_all_files_and_stages_come_sorted(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            **SMALL,
            "articles/b.md": "---\ntitle: B\ntopics: [tow]\n---\nText.\n",
            "articles/a.md": "---\ntitle: A\nid: first\n---\nOne<br>two.\n",
            "articles/first.yaml": "title: Twin\n",
            "articles/z.md": "---\nid: second\ntitle: Z\n---\nText.\n",
            "stray.txt": "x",
            "topics/b_d.yaml": "title: x\n",
            "topics/c.yaml": b"title: \xff\n",
            "topics/one.yaml": "title:\n",
        },
    )
    (site.content / "topics" / "link.yaml").symlink_to("two.yaml")
    assert _told(site) == [
        "articles/a.md:5:4 raw HTML: <br> [markdown_html]",
        "articles/b.md:3:10 no topic has the slug 'tow', did you mean 'two'? [dangling_reference]",
        "articles/first.yaml:1:1 the slug 'first' is taken by another file [duplicate_slug]",
        "articles/z.md:2:5 the id 'second' is another article's [duplicate_id]",
        "stray.txt:1:1 'stray.txt' belongs to no collection [unexpected_file]",
        (
            "topics/b_d.yaml:1:1 the file name 'b_d' is no slug: it has the sign '_', "
            "did you mean 'b-d'? [invalid_slug]"
        ),
        "topics/c.yaml:1:8 the byte 0xff is not UTF-8 text [invalid_encoding]",
        "topics/link.yaml:1:1 this is a link [not_a_file]",
        "topics/one.yaml:1:1 the field 'title' is missing [missing_field]",
    ]


def test_heading_key_given_twice_is_one_issue(tmp_path: Path) -> None:
    text = "---\ntitle: A\n---\nB.\n\n## One {#same}\n\n## Two {#same}\n"
    assert _told(Site(tmp_path, {**SMALL, "articles/a.md": text})) == [
        "articles/a.md:8:9 the key 'same' is taken [duplicate_section_key]"
    ]


def test_content_with_an_issue_leaves_the_last_revision(tmp_path: Path) -> None:
    site = Site(tmp_path)
    published = site.publish().revision
    write(site.content, {"topics/one.yaml": "titel: One\n", "topics/three.yaml": "title: Three\n"})
    with pytest.raises(ContentError):
        site.publish()
    assert _current(site.store) == (published.number, published.digest)


@pytest.mark.parametrize("collects", [True, False])
def test_compile_leaves_the_garbage_collector_as_it_was(tmp_path: Path, *, collects: bool) -> None:
    site = Site(tmp_path, {"topics/one.yaml": "titel: One\n"})
    try:
        gc.enable() if collects else gc.disable()
        assert site.issues()
        assert gc.isenabled() is collects
    finally:
        gc.enable()


def test_content_with_an_issue_makes_no_store(tmp_path: Path) -> None:
    site = Site(tmp_path, {"topics/one.yaml": "titel: One\n"})
    with pytest.raises(ContentError):
        site.publish()
    assert not site.store.exists()


@pytest.mark.parametrize(
    ("schema", "name", "promise"),
    [
        pytest.param("Section", "key", {"type": "integer"}, id="deep in an item"),
        pytest.param("ArticleCard", "title", {"maxLength": 3}, id="in a card"),
        pytest.param("SchemaIndex", "schemas", {"maxItems": 1}, id="in what it says of itself"),
    ],
)
def test_contract_that_promises_something_else_publishes_nothing(
    tmp_path: Path, schema: str, name: str, promise: dict[str, Any]
) -> None:
    site = Site(tmp_path)
    published = site.publish().revision
    write(site.content, {"articles/third.md": "---\ntitle: Third\n---\nText.\n"})
    contract = deepcopy(contract_of(MODELS))
    contract["components"]["schemas"][schema]["properties"][name] = promise
    with pytest.raises(ContentError) as caught:
        pipeline.publish(site.content, site.store, MODELS, NOW, tools=tools_of(MODELS, contract))
    assert {issue.code for issue in caught.value.issues} == {"contract_broken"}
    assert _current(site.store) == (published.number, published.digest)


def test_progress_is_told_stage_by_stage_up_to_the_end(tmp_path: Path) -> None:
    site = Site(tmp_path)
    told: list[tuple[str, int, int]] = []
    pipeline.publish(site.content, site.store, MODELS, NOW, lambda *report: told.append(report))
    assert told == [("compile", done, 8) for done in range(1, 9)]


def test_order_in_which_files_were_made_does_not_count(tmp_path: Path) -> None:
    forward = Site(tmp_path / "forward", SMALL).publish()
    backward = Site(tmp_path / "backward", dict(sorted(SMALL.items(), reverse=True))).publish()
    assert forward.revision == backward.revision


def test_renamed_file_with_an_id_keeps_its_old_address(tmp_path: Path) -> None:
    text = "---\nid: first\ntitle: First\n---\nText.\n"
    site = Site(tmp_path, {**SMALL, "articles/first.md": text})
    site.publish()
    (site.content / "articles/first.md").rename(site.content / "articles/renamed.md")
    revision = site.publish().revision
    with Reader(site.store) as reader:
        old = reader.representation(revision.number, "/v1/articles/first")
        new = reader.representation(revision.number, "/v1/articles/renamed")
    assert new is not None
    assert old == new
    assert new.address == "/v1/articles/renamed"


def test_wrong_reference_to_a_part_is_mended_on_both_sides_of_its_dot(tmp_path: Path) -> None:
    write(
        tmp_path / "types",
        {
            "pin.py": """
from typing import Annotated, ClassVar, Literal

from schemas.collection import Embedded, Folder
from schemas.entry import EmbeddedEntry, Entry
from schemas.fields import Reference, Title


class Hole(EmbeddedEntry):
    collection: ClassVar = Embedded(name="holes", parent="pin")


class Pin(Entry):
    collection: ClassVar = Folder(name="pins", path="/pins/{slug}")
    title: Title
    holes: list[Hole] = []
    into: Reference[Literal["hole"]] | None = None
    example: ClassVar[str] = "title: Example pin\\nholes: [{key: a}]\\n"
"""
        },
    )
    site = Site(tmp_path, {"pins/one.yaml": "title: One\ninto: Old.My Hole\n"}, tmp_path / "types")
    (issue,) = site.issues()
    assert (issue.code, issue.nearest) == ("invalid_slug", "old.my-hole")


def test_wrong_words_of_the_site_are_told_where_they_stand(tmp_path: Path) -> None:
    text = (
        "name: Example\ndefault_locale: fr\nlocales: [en]\nlabels:\n  uk: {}\n"
        "navigation:\n  - {label: blog, path: /blog}\n"
    )
    told = [
        (issue.place.line, issue.place.column)
        for issue in Site(tmp_path, {"site.yaml": text}).issues()
    ]
    assert told == [(2, 17), (5, 3), (7, 13)]


def test_file_that_changes_between_two_readings_stops_the_publish(tmp_path: Path) -> None:
    """An article that refers to a later one is read again once all articles are known."""
    site = Site(tmp_path)
    published = site.publish().revision
    write(site.content, {"articles/early.md": "---\ntitle: A\nrelated: [first]\n---\nText.\n"})

    def report(_: str, done: int, total: int) -> None:
        if done == total:
            changed = "---\ntitle: B\nrelated: [first]\n---\nText.\n"
            write(site.content, {"articles/early.md": changed})

    with pytest.raises(ContentError, match="the file was changed while it was published"):
        pipeline.publish(site.content, tmp_path / "other.db", MODELS, NOW, report)
    assert _current(site.store) == (published.number, published.digest)
    assert not (tmp_path / "other.db").exists()


def test_publish_compiles_what_has_changed_and_what_shows_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    told: list[int] = []

    def publish() -> int:
        told.clear()
        pipeline.publish(
            site.content, site.store, MODELS, NOW, lambda _, done, __: told.append(done)
        )
        return len(told)

    assert publish() == 8, "what was changed just now is compiled again"
    sleep(SETTLED_NS / 1e9)
    publish()
    assert publish() == 0
    write(site.content, {"topics/two.yaml": "title: Zwei\n"})
    assert publish() == 2, "the topic, and the article that shows its title"
    (site.content / "articles/second.md").unlink()
    sleep(SETTLED_NS / 1e9)
    publish()
    write(site.content, {"articles/third.md": "---\ntitle: Third\n---\nText.\n"})
    assert publish() == 1, "nothing shows a new article"
