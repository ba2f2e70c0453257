"""The rows of a site: bytes with their validators, each of them what the contract promises."""

import gzip
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.compiler.expand import Expander
from api.compiler.paths import Locales
from api.compiler.plans import Plans
from api.compiler.representations import (
    contract_rows,
    entry_rows,
    index_data,
    representation,
    schema_index_data,
)
from api.compiler.tools import contract_of
from api.contract.proof import Proof
from api.contract.views import Views
from api.errors import ContentError
from api.store.rows import EntryRow, PathRow, RepresentationRow, Row
from tests.placed import indexes_of
from tests.support import SMALL, Site, own_models

MODELS = own_models()
LOCALES = Locales("uk", ("uk", "en"))


@cache
def _contract() -> Mapping[str, Any]:
    return contract_of(MODELS)


def _rows(site: Site, contract: Mapping[str, Any] | None = None) -> Iterator[list[Row]]:
    expander = Expander(Plans(Views(MODELS)), indexes_of(site)[0])
    return entry_rows(expander, Proof(contract or _contract()))


def _by_address(rows: Iterator[list[Row]]) -> dict[str, list[Row]]:
    return {_page(group).address: group for group in rows}


@pytest.fixture
def small(tmp_path: Path) -> dict[str, list[Row]]:
    return _by_address(_rows(Site(tmp_path)))


def _page(group: list[Row]) -> RepresentationRow:
    page = group[0]
    assert isinstance(page, RepresentationRow)
    return page


def test_entry_of_a_folder_has_a_representation_and_a_card(small: dict[str, list[Row]]) -> None:
    page, card = small["/v1/topics/one"]
    assert isinstance(page, RepresentationRow)
    assert isinstance(card, EntryRow)
    assert (page.media_type, page.language) == ("application/json", "en")
    body = orjson.loads(page.identity)
    assert body["meta"] == {"locale": {"requested": "en", "served": "en", "fallback": []}}
    assert body["included"] == {}
    assert body["data"]["title"] == "One"
    assert (card.type, card.id, card.parent, card.address) == ("topic", "one", "", "/v1/topics/one")
    assert orjson.loads(card.card)["hash"] == body["data"]["hash"]


def test_part_names_its_parent(small: dict[str, list[Row]]) -> None:
    _, card = small["/v1/articles/first/sections/part"]
    assert isinstance(card, EntryRow)
    assert (card.type, card.id, card.parent) == ("section", "first.part", "/v1/articles/first")


def test_single_file_is_in_no_list(small: dict[str, list[Row]]) -> None:
    assert [type(row) for row in small["/v1/contact"]] == [RepresentationRow]


def test_id_that_is_not_the_slug_is_another_path(tmp_path: Path) -> None:
    text = "---\nid: stable\ntitle: A\n---\nB.\n\n## P {#p}\n"
    rows = _by_address(_rows(Site(tmp_path, {"articles/a.md": text})))
    assert PathRow("/v1/articles/stable", "/v1/articles/a") in rows["/v1/articles/a"]
    assert (
        PathRow("/v1/articles/stable/sections/p", "/v1/articles/a/sections/p")
        in rows["/v1/articles/a/sections/p"]
    )


@pytest.mark.parametrize(
    ("fields", "modified"),
    [
        pytest.param("", None, id="no date"),
        pytest.param(
            "published_at: 2026-01-02T00:00:00Z\n", datetime(2026, 1, 2, tzinfo=UTC), id="published"
        ),
        pytest.param(
            "published_at: 2026-01-02T00:00:00Z\nupdated_at: 2026-03-04T00:00:00Z\n",
            datetime(2026, 3, 4, tzinfo=UTC),
            id="updated after",
        ),
        pytest.param(
            "published_at: 2026-05-06T00:00:00Z\nupdated_at: 2026-03-04T00:00:00Z\n",
            datetime(2026, 5, 6, tzinfo=UTC),
            id="published after its update",
        ),
    ],
)
def test_last_modified_is_the_later_date_for_the_page_and_its_parts(
    tmp_path: Path, fields: str, modified: datetime | None
) -> None:
    text = f"---\ntitle: A\n{fields}---\nB.\n\n## P {{#p}}\n"
    rows = _by_address(_rows(Site(tmp_path, {"articles/a.md": text})))
    assert _page(rows["/v1/articles/a"]).last_modified == modified
    assert _page(rows["/v1/articles/a/sections/p"]).last_modified == modified


def test_compressed_twin_holds_the_same_bytes_and_the_tag_is_of_them() -> None:
    row = representation("/a", b"text" * 100)
    assert gzip.decompress(row.gzip) == b"text" * 100
    assert row.gzip[4:8] == b"\0\0\0\0", "no time of making"
    assert len(row.tag) == 22
    assert row.tag != representation("/a", b"text").tag
    assert row.tag == representation("/b", b"text" * 100, language="uk").tag


def test_index_tells_the_collections_by_name_and_the_languages() -> None:
    data = index_data(MODELS, LOCALES)
    assert [(one["name"], one["type"], one["kind"]) for one in data["collections"]] == [
        ("articles", "article", "folder"),
        ("comments", "comment", "folder"),
        ("contact", "contact", "single"),
        ("people", "person", "folder"),
        ("sections", "section", "embedded"),
        ("services", "service", "folder"),
        ("site", "site", "single"),
        ("topics", "topic", "folder"),
    ]
    assert data["collections"][3]["href"] == "/v1/people"
    assert data["collections"][3]["schema"] == "/v1/schemas/person"
    assert (data["default_locale"], data["locales"]) == ("uk", ["uk", "en"])


def test_schema_index_lists_every_type() -> None:
    listed = schema_index_data(MODELS)["schemas"]
    assert [one["type"] for one in listed] == list(MODELS)
    assert listed[0] == {"type": "article", "href": "/v1/schemas/article"}


def test_contract_has_its_addresses_and_media_types() -> None:
    rows = list(contract_rows(MODELS, _contract(), LOCALES, Proof(_contract())))
    types = {row.address: row.media_type for row in rows}
    assert types == {
        "/v1": "application/json",
        "/v1/schemas": "application/json",
        "/v1/openapi.json": "application/json",
        "/v1/openapi.yaml": "application/yaml",
        "/openapi.yaml": "application/yaml",
        **{f"/v1/schemas/{name}": "application/schema+json" for name in MODELS},
    }
    pages = {row.address: row for row in rows}
    assert pages["/v1/openapi.yaml"].identity == pages["/openapi.yaml"].identity
    assert pages["/v1"].language == "uk"
    assert orjson.loads(pages["/v1/openapi.json"].identity)["openapi"].startswith("3.")


def _altered(name: str, **change: Any) -> Mapping[str, Any]:
    contract = deepcopy(dict(_contract()))
    contract["components"]["schemas"][name]["properties"].update(change)
    return contract


@pytest.mark.parametrize(
    ("name", "change", "fault"),
    [
        pytest.param("Topic", {"title": {"type": "integer"}}, "/data/title: ", id="item"),
        pytest.param("TopicCard", {"hash": {"maxLength": 3}}, "/hash: ", id="card"),
        pytest.param("TopicItem", {"meta": {"const": 1}}, "/meta: ", id="envelope"),
    ],
)
def test_representation_that_is_not_what_was_promised_is_refused(
    tmp_path: Path, name: str, change: dict[str, Any], fault: str
) -> None:
    site = Site(tmp_path, {"topics/one.yaml": SMALL["topics/one.yaml"]})
    with pytest.raises(ContentError) as caught:
        list(_rows(site, _altered(name, **change)))
    (issue,) = caught.value.issues
    assert issue.code == "contract_broken"
    assert issue.what.startswith(f"/v1/topics/one is not what the contract promises: {fault}")
    assert issue.place == (str(site.content / "topics/one.yaml"), 1, 1)


def test_part_is_held_to_the_contract_within_its_parent_and_in_its_own_envelope(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    with pytest.raises(ContentError, match=r"/v1/articles/first .*: /data/sections/0/title: "):
        list(_rows(site, _altered("Section", title={"type": "integer"})))
    with pytest.raises(ContentError, match=r"/v1/articles/first/sections/part .*: /meta: "):
        list(_rows(site, _altered("SectionItem", meta={"const": 1})))


def test_part_that_its_parent_has_not_shown_is_held_to_the_contract(tmp_path: Path) -> None:
    index = indexes_of(Site(tmp_path))[0]
    parts = replace(index, entries=[entry for entry in index.entries if entry.parent])
    proof = Proof(_altered("Section", title={"type": "integer"}))
    with pytest.raises(ContentError, match=r"/v1/articles/first/sections/part .*: /data/title: "):
        list(entry_rows(Expander(Plans(Views(MODELS)), parts), proof))


def test_what_the_api_says_of_itself_is_held_to_the_contract_too() -> None:
    contract = _altered("ApiIndex", default_locale={"const": "fr"})
    with pytest.raises(ContentError) as caught:
        list(contract_rows(MODELS, contract, LOCALES, Proof(contract)))
    (issue,) = caught.value.issues
    assert issue.what.startswith("/v1 is not what the contract promises: /data/default_locale: ")


def test_small_site_gives_the_same_bytes_each_time(
    tmp_path: Path, small: dict[str, list[Row]]
) -> None:
    assert _by_address(_rows(Site(tmp_path / "again"))) == small
