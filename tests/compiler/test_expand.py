"""What readers see: links instead of slugs, blocks instead of Markdown, nothing private."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from api.compiler import pipeline
from api.compiler.expand import Expander
from api.compiler.plans import Plans
from api.contract.views import Views
from tests.placed import found, indexes_of
from tests.support import SMALL, Site, write

MODELS = """
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from schemas.collection import Embedded, Folder
from schemas.entry import EmbeddedEntry, Entry, Part
from schemas.fields import Day, Instant, Model, Reference, RichText, Slug, Title, Use


class Size(StrEnum):
    SMALL = "small"


class Inner(Model):
    '''Inner.'''

    word: Title
    note: Annotated[Title | None, Use.PRIVATE] = None
    friend: Reference[Literal["film", "star"]] | None = None


class Scene(EmbeddedEntry):
    '''A scene.'''

    collection: ClassVar = Embedded(name="scenes", parent="film")
    title: Annotated[Title | None, Use.LINK] = None
    takes: Annotated[int, Use.LINK] = 1
    secret: Annotated[Title | None, Use.PRIVATE, Use.LINK, Use.CARD] = None


class Film(Entry):
    '''A film.'''

    collection: ClassVar = Folder(name="films", path="/films/{slug}")
    title: Title
    size: Size | None = None
    day: Day | None = None
    seen_at: Instant | None = None
    score: float | None = None
    good: Annotated[bool, Use.LINK, Use.CARD] = False
    secret: Annotated[Title | None, Use.PRIVATE, Use.LINK, Use.CARD] = None
    inner: Inner | None = None
    inners: list[Inner] = []
    named: dict[Slug, Inner] = {}
    texts: list[RichText] = []
    best: Reference[Literal["scene"]] | None = None
    scenes: list[Scene] = []
    example: ClassVar[str] = "title: Example film\\nscenes: [{key: one}]\\n"


class Star(Entry):
    '''A star.'''

    collection: ClassVar = Folder(name="stars", path="/stars/{slug}", title="name", order=("name",))
    name: Title
    films: list[Reference[Literal["film"]]] = []
    example: ClassVar[str] = "name: Example star\\n"
"""
FILM = """\
title: Dune
size: small
day: 2026-01-02
seen_at: 2026-01-02T03:04:05.600+02:00
score: 7.5
secret: canary
inner: {word: w, note: canary, friend: star-id}
inners: [{word: a}, {word: b, friend: dune}]
named: {one: {word: c, note: canary}}
texts: ["*x*"]
best: dune.end
scenes: [{key: start, secret: canary}, {key: end, title: The end, takes: 3}]
"""


def _expander(site: Site) -> Expander:
    pipeline.check(site.content, site.models)
    return Expander(Plans(Views(site.models)), indexes_of(site)[0])


@pytest.fixture
def films(tmp_path: Path) -> Expander:
    write(tmp_path / "types", {"all.py": MODELS})
    files = {
        "films/dune.yaml": FILM,
        "stars/star.yaml": "id: star-id\nname: Star\nfilms: [dune]\n",
    }
    return _expander(Site(tmp_path, files, tmp_path / "types"))


def _item(expander: Expander, type_name: str, name: str) -> dict[str, Any]:
    entry = found(expander.index, type_name, name)
    return expander.item(entry).values


def _card(expander: Expander, type_name: str, name: str) -> dict[str, Any]:
    entry = found(expander.index, type_name, name)
    return expander.card(entry, expander.item(entry))


def test_values_are_shown_as_json(films: Expander) -> None:
    film = _item(films, "film", "dune")
    assert film["size"] == "small"
    assert film["day"] == "2026-01-02"
    assert film["seen_at"] == "2026-01-02T01:04:05.600000Z"
    assert (film["score"], film["good"]) == (7.5, False)
    assert film["summary"] is None


def test_derived_values_follow_from_where_the_entry_stands(films: Expander) -> None:
    star = _item(films, "star", "star")
    assert dict(list(star.items())[:7]) == {
        "type": "star",
        "id": "star-id",
        "slug": "star",
        "path": "/stars/star",
        "locale": "en",
        "alternates": [{"locale": "en", "path": "/stars/star"}],
        "title": "Star",
    }
    assert star["name"] == "Star"


def test_link_shows_the_targets_values_and_marked_fields(films: Expander) -> None:
    assert _item(films, "star", "star")["films"] == [
        {
            "type": "film",
            "id": "dune",
            "slug": "dune",
            "path": "/films/dune",
            "title": "Dune",
            "good": False,
        }
    ]


def test_link_to_an_embedded_entry_has_its_key_and_anchor(films: Expander) -> None:
    assert _item(films, "film", "dune")["best"] == {
        "type": "scene",
        "id": "dune.end",
        "key": "end",
        "path": "/films/dune#end",
        "title": "The end",
        "takes": 3,
    }


def test_link_to_one_of_several_types_has_what_all_have(films: Expander) -> None:
    film = _item(films, "film", "dune")
    assert film["inner"] == {
        "word": "w",
        "friend": {"type": "star", "id": "star-id", "path": "/stars/star", "title": "Star"},
    }
    assert film["inners"] == [
        {"word": "a", "friend": None},
        {
            "word": "b",
            "friend": {"type": "film", "id": "dune", "path": "/films/dune", "title": "Dune"},
        },
    ]
    assert film["named"] == {"one": {"word": "c", "friend": None}}


def test_private_fields_are_shown_nowhere(films: Expander) -> None:
    shown = json.dumps(
        [
            [films.item(entry).values, films.card(entry, films.item(entry))]
            for entry in films.index.entries
        ]
    )
    assert "canary" not in shown
    assert "secret" not in shown
    assert "note" not in shown


def test_embedded_entries_are_shown_within_their_parent_as_on_their_own(films: Expander) -> None:
    scenes = _item(films, "film", "dune")["scenes"]
    assert [scene["key"] for scene in scenes] == ["start", "end"]
    assert scenes[1] == _item(films, "scene", "dune.end")
    assert scenes[1]["path"] == "/films/dune#end"
    assert scenes[0]["title"] is None


def test_rich_text_has_its_blocks_and_no_other_form(films: Expander) -> None:
    (text,) = _item(films, "film", "dune")["texts"]
    assert (text["html"], text["markdown"], text["text"]) == (None, None, None)
    assert text["blocks"][0]["children"][0]["text"] == "x"


def test_card_has_the_marked_fields_with_the_items_values(films: Expander) -> None:
    card, film = _card(films, "film", "dune"), _item(films, "film", "dune")
    assert list(card) == [
        "type",
        "id",
        "slug",
        "path",
        "locale",
        "title",
        "summary",
        "published_at",
        "updated_at",
        "updated_label",
        "hash",
        "good",
    ]
    assert card == {name: film[name] for name in card}


def test_points_are_numbered_and_have_the_page_and_their_anchor(tmp_path: Path) -> None:
    text = "---\ntitle: A\n---\nB.\n\n## S {#s}\n\n### One\n\nx\n\n### Two {#deux}\n\ny\n"
    expander = _expander(Site(tmp_path, {"articles/a.md": text}))
    (section,) = _item(expander, "article", "a")["sections"]
    assert [
        (point["key"], point["number"], point["title"], point["path"])
        for point in section["points"]
    ] == [("one", 1, "One", "/articles/a#one"), ("deux", 2, "Two", "/articles/a#deux")]


def test_single_file_has_a_path_of_its_own(tmp_path: Path) -> None:
    site = _item(_expander(Site(tmp_path)), "site", "site")
    assert (site["path"], site["slug"], site["title"]) == ("/", "site", "Example site")


@pytest.mark.parametrize(
    "shifted",
    [
        datetime(2026, 1, 2, 5, 4, 5, tzinfo=timezone(timedelta(hours=2))),
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    ],
)
def test_instant_is_shown_in_utc(tmp_path: Path, shifted: datetime) -> None:
    text = f"---\ntitle: A\nupdated_at: {shifted.isoformat()}\n---\nB.\n"
    expander = _expander(Site(tmp_path, {"articles/a.md": text}))
    assert _item(expander, "article", "a")["updated_at"] == "2026-01-02T03:04:05Z"


def _hashes(folder: Path, **changes: str) -> dict[str, str]:
    """Return the hashes of the small site's pages, by address."""
    expander = _expander(Site(folder, {**SMALL, **changes}))
    return {
        entry.address: expander.item(entry).values["hash"]
        for entry in expander.index.entries
        if entry.parent is None
    }


@pytest.mark.parametrize(
    ("name", "old", "new", "changed"),
    [
        pytest.param(
            "articles/first.md", "A body", "Another", {"/v1/articles/first"}, id="own value"
        ),
        pytest.param(
            "articles/first.md", "A lead", "Another", {"/v1/articles/first"}, id="a part's value"
        ),
        pytest.param(
            "articles/first.md",
            "title: First",
            "title: Primus",
            {"/v1/articles/first", "/v1/articles/second"},
            id="value that a link shows",
        ),
        pytest.param(
            "topics/one.yaml",
            "One",
            "Uno",
            {"/v1/topics/one", "/v1/articles/first"},
            id="title of a target",
        ),
        pytest.param(
            "people/ann.md", "About Ann", "More of Ann", {"/v1/people/ann"}, id="not shown by links"
        ),
        pytest.param(
            "articles/first.md", "title: First", 'title: "First" # same', set(), id="quotes alone"
        ),
        pytest.param(
            "articles/first.md",
            "topics: [one, two]\n",
            "topics:\n- one\n- two\n",
            set(),
            id="style",
        ),
        pytest.param(
            "articles/first.md",
            "[one, two]",
            "[two, one]",
            {"/v1/articles/first"},
            id="order of a list",
        ),
    ],
)
def test_hash_changes_exactly_when_a_shown_value_changes(
    tmp_path: Path, name: str, old: str, new: str, changed: set[str]
) -> None:
    text = SMALL[name]
    assert old in text
    before = _hashes(tmp_path / "before")
    after = _hashes(tmp_path / "after", **{name: text.replace(old, new)})
    assert {address for address in before if before[address] != after[address]} == changed
    assert {len(value) for value in after.values()} == {32}


def test_hash_does_not_depend_on_the_order_of_names(tmp_path: Path) -> None:
    site = "name: S\ndefault_locale: en\nlocales: [en, uk]\nlabels:\n"
    english, ukrainian = "  en: {home: Home}\n", "  uk: {home: Головна}\n"
    one = _hashes(tmp_path / "one", **{"site.yaml": site + english + ukrainian})
    other = _hashes(tmp_path / "other", **{"site.yaml": site + ukrainian + english})
    assert one["/v1/site"] == other["/v1/site"]


def test_reference_that_was_never_resolved_is_refused(tmp_path: Path) -> None:
    text = SMALL["articles/first.md"].replace("one, two", "one, three")
    site = Site(tmp_path, {**SMALL, "articles/first.md": text})
    expander = Expander(Plans(Views(site.models)), indexes_of(site)[0])
    with pytest.raises(LookupError, match="three"):
        _item(expander, "article", "first")
