import re
import sqlite3
from base64 import b64encode
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.errors import PROBLEMS
from api.settings import Settings
from tests.support import OWN_TYPES, Site, client, write

Json = Any
FIRST = {
    "type": "article",
    "id": "first",
    "slug": "first",
    "path": "/articles/first",
    "locale": "en",
    "title": "First",
    "summary": None,
    "published_at": None,
    "updated_at": "2026-01-02T03:04:05Z",
    "updated_label": None,
    "author": {
        "type": "person",
        "id": "ann",
        "slug": "ann",
        "path": "/people/ann",
        "title": "Ann Example",
    },
    "topics": [
        {"type": "topic", "id": "one", "slug": "one", "path": "/topics/one", "title": "One"},
        {"type": "topic", "id": "two", "slug": "two", "path": "/topics/two", "title": "Two"},
    ],
}
PART = {
    "type": "section",
    "id": "first.part",
    "key": "part",
    "path": "/articles/first#part",
    "title": "Section",
    "ordered": False,
}


def get(served: TestClient, path: str) -> Json:
    answer = served.get(path)
    assert answer.status_code == 200
    return answer.json()


def block(text: str) -> Json:
    return {
        "_type": "block",
        "_key": "b0",
        "style": "normal",
        "markDefs": [],
        "children": [{"_type": "span", "_key": "b0s0", "text": text, "marks": []}],
    }


def rich(text: str) -> Json:
    return {"blocks": [block(text)], "html": None, "markdown": None, "text": None}


def without_hash(item: Json) -> Json:
    assert re.fullmatch("[0-9a-f]{32}", item["hash"])
    return {name: value for name, value in item.items() if name != "hash"}


def test_root_tells_what_the_service_is(served: TestClient) -> None:
    assert get(served, "/") == {
        "name": "Keypoint",
        "version": "0.1.0",
        "versions": [{"name": "v1", "status": "current", "href": "/v1"}],
        "links": {"contract": "/openapi.yaml", "health": "/healthz", "readiness": "/readyz"},
    }


def test_index_tells_collections_and_languages_and_all_its_links_lead_somewhere(
    served: TestClient,
) -> None:
    index = get(served, "/v1")["data"]
    collections = [one for one in index["collections"] if one["type"] in OWN_TYPES]
    assert [(one["name"], one["type"], one["kind"]) for one in collections] == [
        ("articles", "article", "folder"),
        ("comments", "comment", "folder"),
        ("contact", "contact", "single"),
        ("people", "person", "folder"),
        ("sections", "section", "embedded"),
        ("services", "service", "folder"),
        ("site", "site", "single"),
        ("topics", "topic", "folder"),
    ]
    assert index["locales"] == ["en", "uk"]
    assert index["default_locale"] == "en"
    addresses = [
        *(one[name] for one in collections for name in ("href", "schema")),
        *index["links"].values(),
    ]
    assert len(addresses) == 19
    assert {served.get(address).status_code for address in addresses} == {200}


def test_item_is_the_whole_entry(served: TestClient) -> None:
    answer = served.get("/v1/articles/first")
    body = answer.json()
    assert without_hash(body.pop("data")) == {
        **FIRST,
        "alternates": [{"locale": "en", "path": "/articles/first"}],
        "review": None,
        "body": rich("A body."),
        "sections": [
            {
                **PART,
                "lead": rich("A lead."),
                "points": [
                    {
                        "key": "point",
                        "number": 1,
                        "title": "Point",
                        "path": "/articles/first#point",
                        "body": {
                            **rich(""),
                            "blocks": [
                                {
                                    **block(""),
                                    "children": [
                                        {
                                            "_type": "span",
                                            "_key": "b0s0",
                                            "text": "A ",
                                            "marks": [],
                                        },
                                        {
                                            "_type": "span",
                                            "_key": "b0s1",
                                            "text": "point",
                                            "marks": ["em"],
                                        },
                                        {
                                            "_type": "span",
                                            "_key": "b0s2",
                                            "text": ".",
                                            "marks": [],
                                        },
                                    ],
                                }
                            ],
                        },
                    }
                ],
            }
        ],
        "call_to_action": {
            "body": rich("Call us."),
            "contact": None,
            "services": [
                {
                    "type": "service",
                    "id": "care",
                    "slug": "care",
                    "path": "/services/care",
                    "title": "Care",
                }
            ],
        },
        "related": [],
    }
    assert body == {
        "included": {},
        "meta": {"locale": {"requested": "en", "served": "en", "fallback": []}},
    }
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-language"] == "en"


def test_list_has_cards(served: TestClient) -> None:
    body = get(served, "/v1/articles")
    assert without_hash(body["data"][0]) == FIRST
    assert [card["slug"] for card in body["data"]] == ["first", "second", "third"]
    assert body["included"] == {}
    assert body["meta"] == {"total": 3, "page": 1, "limit": 20, "pages": 1}
    assert body["links"] == {
        "self": "/v1/articles",
        "first": "/v1/articles",
        "prev": None,
        "next": None,
        "last": "/v1/articles",
    }


def test_full_list_has_whole_items(served: TestClient) -> None:
    body = get(served, "/v1/articles?view=full&limit=2")
    items = [get(served, f"/v1/articles/{slug}")["data"] for slug in ("first", "second")]
    assert body["data"] == items
    assert body["links"]["next"] == "/v1/articles?limit=2&page=2&view=full"


@pytest.mark.parametrize(
    ("query", "slugs", "links"),
    [
        pytest.param(
            "limit=2",
            ["first", "second"],
            '</v1/articles?limit=2>; rel="first", </v1/articles?limit=2&page=2>; rel="next", '
            '</v1/articles?limit=2&page=2>; rel="last"',
            id="first",
        ),
        pytest.param(
            "page=2&limit=2",
            ["third"],
            '</v1/articles?limit=2>; rel="first", '
            '</v1/articles?limit=2>; rel="prev", '
            '</v1/articles?limit=2&page=2>; rel="last"',
            id="last",
        ),
        pytest.param(
            "page=1000000&limit=100",
            [],
            '</v1/articles?limit=100>; rel="first", '
            '</v1/articles?limit=100>; rel="prev", '
            '</v1/articles?limit=100>; rel="last"',
            id="far beyond the last",
        ),
    ],
)
def test_page_has_its_entries_and_links_to_its_neighbours(
    served: TestClient, query: str, slugs: list[str], links: str
) -> None:
    answer = served.get(f"/v1/articles?{query}")
    assert answer.status_code == 200
    assert [card["slug"] for card in answer.json()["data"]] == slugs
    assert answer.json()["meta"]["total"] == 3
    assert answer.headers["link"] == links


def test_next_links_lead_through_the_whole_list_once(served: TestClient) -> None:
    path, slugs = "/v1/articles?limit=1&rich_text=text", []
    for _ in range(3):
        body = get(served, path)
        assert body["links"]["self"] == path
        slugs += [card["slug"] for card in body["data"]]
        path = body["links"]["next"]
    assert slugs == ["first", "second", "third"]
    assert path is None


@pytest.mark.parametrize(
    ("form", "value"),
    [
        pytest.param("html", "<p>A <em>point</em>.</p>", id="html"),
        pytest.param("markdown", "A *point*.", id="markdown"),
        pytest.param("text", "A point.", id="text"),
    ],
)
def test_rich_text_is_in_the_form_that_was_asked_for(
    served: TestClient, form: str, value: str
) -> None:
    expected = {"blocks": None, "html": None, "markdown": None, "text": None, form: value}
    for path in (
        f"/v1/articles/first/sections/part?rich_text={form}",
        f"/v1/articles/first?rich_text={form}",
        f"/v1/articles?rich_text={form}&view=full",
        f"/v1/sections?view=full&rich_text={form}",
    ):
        found = get(served, path)["data"]
        entry = found[0] if isinstance(found, list) else found
        section = entry["sections"][0] if "sections" in entry else entry
        assert section["points"][0]["body"] == expected


def test_default_form_is_blocks_and_its_bytes_are_those_of_no_form(served: TestClient) -> None:
    for path in ("/v1/articles/first", "/v1/articles/first/sections/part"):
        plain, named = served.get(path), served.get(f"{path}?rich_text=blocks")
        assert named.content == plain.content
        assert named.headers["etag"] == plain.headers["etag"]


def test_cards_have_rich_text_in_the_form_that_was_asked_for(tmp_path: Path) -> None:
    site = Site(tmp_path)
    write(site.content, {"comments/a.md": "---\narticle: first\n---\nA *comment*.\n"})
    with site.served() as served:
        (card,) = get(served, "/v1/comments?rich_text=markdown")["data"]
    assert card["body"]["markdown"] == "A *comment*."
    assert card["body"]["blocks"] is None


def test_form_keeps_the_date_and_the_language(served: TestClient) -> None:
    answer = served.get("/v1/articles/first?rich_text=html")
    assert answer.headers["last-modified"] == "Fri, 02 Jan 2026 03:04:05 GMT"
    assert answer.headers["content-language"] == "en"


def test_item_is_read_by_its_id_where_that_is_not_its_slug(served: TestClient) -> None:
    by_slug, by_id = served.get("/v1/articles/third"), served.get("/v1/articles/lasting-id")
    assert by_id.status_code == 200
    assert by_id.json()["data"]["id"] == "lasting-id"
    assert by_id.content == by_slug.content
    assert by_id.headers["etag"] == by_slug.headers["etag"]


def test_sections_are_read_by_their_parent_s_id_and_link_to_its_slug(served: TestClient) -> None:
    listed = get(served, "/v1/articles/lasting-id/sections?limit=1")
    assert [one["id"] for one in listed["data"]] == ["lasting-id.part"]
    assert listed["links"]["self"] == "/v1/articles/third/sections?limit=1"
    one = served.get("/v1/articles/lasting-id/sections/part")
    assert one.content == served.get("/v1/articles/third/sections/part").content


def test_sections_are_listed_below_one_article_and_all_together(served: TestClient) -> None:
    below = get(served, "/v1/articles/first/sections")
    assert below["data"] == [PART]
    assert below["meta"]["total"] == 1
    everywhere = get(served, "/v1/sections")
    assert [one["id"] for one in everywhere["data"]] == ["first.part", "lasting-id.part"]
    empty = get(served, "/v1/articles/second/sections")
    assert empty["data"] == []
    assert empty["meta"] == {"total": 0, "page": 1, "limit": 20, "pages": 0}


def test_single_entry_has_no_list(served: TestClient) -> None:
    contact = get(served, "/v1/contact")["data"]
    assert contact["title"] == contact["name"] == "Example contact"
    assert contact["phones"] == []
    assert served.get("/v1/contact/contact").status_code == 404


def test_schemas_are_listed_and_read(served: TestClient) -> None:
    listed = get(served, "/v1/schemas")["data"]["schemas"]
    assert [one["type"] for one in listed][:2] == ["article", "comment"]
    for one in listed:
        answer = served.get(one["href"])
        assert answer.headers["content-type"] == "application/schema+json"
        assert answer.json()["$id"] == one["href"]


def test_contract_is_served_as_yaml_and_as_json(served: TestClient) -> None:
    as_yaml = served.get("/v1/openapi.yaml")
    assert as_yaml.headers["content-type"] == "application/yaml"
    assert as_yaml.text.startswith("openapi: 3.1.0\n")
    assert served.get("/openapi.yaml").content == as_yaml.content
    as_json = served.get("/v1/openapi.json")
    assert as_json.headers["content-type"] == "application/json"
    assert as_json.json()["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/v2",
        "/v1x",
        "/docs",
        "/docs/problems",
        "/docs/problems/nothing",
        "/openapi.json",
    ],
)
def test_address_outside_the_api_that_nothing_has_is_not_found(
    served: TestClient, path: str
) -> None:
    answer = served.get(path)
    assert answer.status_code == 404
    assert answer.json()["type"] == "/docs/problems/not_found"
    assert answer.json()["errors"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/nothing",
        "/v1/articles/nothing",
        "/v1/articles/first/nothing",
        "/v1/articles/nothing/sections",
        "/v1/articles/nothing/sections/part",
        "/v1/articles/first/sections/nothing",
        "/v1/articles/first/sections/part/more",
        "/v1/topics/first",
        "/v1/schemas/nothing",
        "/v1/articles/FIRST",
        "/v1/articles/first%00",
        "/v1/articles/%ff",
        "/v1/articles/..%2Ffirst",
        "/v1//articles",
        "/v1/articles/{slug}",
    ],
)
def test_address_of_the_api_that_nothing_has_is_not_found_and_says_where_to_look(
    served: TestClient, path: str
) -> None:
    answer = served.get(path)
    assert answer.status_code == 404
    assert answer.json()["detail"] == "Nothing is here; /v1 says what there is."
    assert answer.json()["instance"] == path.replace("{", "%7B").replace("}", "%7D")


@pytest.mark.parametrize(
    ("path", "error"),
    [
        pytest.param(
            "/v1/articles?pgae=2",
            {
                "in": "query",
                "name": "pgae",
                "code": "unknown_parameter",
                "allowed": ["page", "limit", "view", "rich_text", "locale", "rev"],
                "did_you_mean": "page",
            },
            id="list",
        ),
        pytest.param(
            "/v1/articles/first?rich_txt=html",
            {
                "in": "query",
                "name": "rich_txt",
                "code": "unknown_parameter",
                "allowed": ["rich_text", "locale", "rev"],
                "did_you_mean": "rich_text",
            },
            id="item",
        ),
        pytest.param(
            "/v1/articles/first/sections?view=ful",
            {
                "in": "query",
                "name": "view",
                "code": "invalid_value",
                "allowed": ["card", "full"],
                "did_you_mean": "full",
            },
            id="parts",
        ),
        pytest.param(
            "/v1?utm_source=a",
            {
                "in": "query",
                "name": "utm_source",
                "code": "unknown_parameter",
                "allowed": ["rev"],
                "did_you_mean": None,
            },
            id="index",
        ),
        pytest.param(
            "/v1/openapi.json?rev=0123456789abcdef",
            {
                "in": "query",
                "name": "rev",
                "code": "unknown_parameter",
                "allowed": [],
                "did_you_mean": None,
            },
            id="an address that takes none",
        ),
        pytest.param(
            "/v1/articles?limit=101",
            {
                "in": "query",
                "name": "limit",
                "code": "out_of_range",
                "allowed": [],
                "did_you_mean": None,
            },
            id="never clamped",
        ),
    ],
)
def test_wrong_parameter_is_told_to_the_client(served: TestClient, path: str, error: Json) -> None:
    answer = served.get(path)
    assert answer.status_code == 400
    assert answer.json()["errors"] == [error]


def test_number_out_of_its_range_is_told_with_the_range(served: TestClient) -> None:
    answer = served.get("/v1/articles?limit=101")
    assert answer.json()["detail"] == (
        "Wrong in the query: 'limit' (a whole number from 1 to 100)."
    )


@pytest.mark.parametrize("code", PROBLEMS)
def test_problem_page_allows_its_own_style_and_nothing_else(served: TestClient, code: str) -> None:
    answer = served.get(f"/docs/problems/{code}")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["etag"]
    style = re.search("<style>(.*)</style>", answer.text, re.DOTALL)
    assert style
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert answer.headers["content-security-policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    )


def test_type_of_a_problem_is_the_address_of_its_page(served: TestClient) -> None:
    kind = served.get("/v1/nothing").json()["type"]
    assert "Not found" in served.get(kind).text


def test_health_tells_that_the_process_answers(served: TestClient) -> None:
    answer = served.get("/healthz")
    assert answer.json() == {"status": "ok"}
    assert answer.headers["cache-control"] == "no-store"


def test_readiness_tells_the_revision(served: TestClient) -> None:
    answer = served.get("/readyz")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "status": "ready",
        "revision": served.get("/v1").headers["content-revision"],
        "published_at": "2026-11-23T12:00:00Z",
        "served_since": None,
        "next_change": None,
        "folder_changed": None,
        "store_damage": None,
        "last_failure": None,
    }


def test_before_the_first_publish_only_the_process_s_own_answers_are_given(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    with client(site.settings) as served:
        ready = served.get("/readyz")
        assert ready.status_code == 503
        assert ready.json() == {
            "status": "unavailable",
            "revision": None,
            "published_at": None,
            "served_since": None,
            "next_change": None,
            "folder_changed": None,
            "store_damage": None,
            "last_failure": None,
        }
        for path in ("/", "/healthz", "/docs/problems/not_ready"):
            assert served.get(path).status_code == 200
        for path in ("/v1", "/v1/articles", "/v1/articles/first", "/openapi.yaml"):
            answer = served.get(path)
            assert answer.status_code == 503
            assert answer.json()["type"] == "/docs/problems/not_ready"
            assert answer.json()["detail"] == "No content has been published yet."
            assert answer.headers["retry-after"] == "5"
        assert served.get("/nothing").status_code == 404
        site.publish()
        assert served.get("/readyz").json()["status"] == "ready"
        assert served.get("/v1/articles/first").status_code == 200


@pytest.mark.parametrize("content", [b"", b"no store at all", b"SQLite format 3\0"])
def test_file_that_is_no_store_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    store = tmp_path / "store.db"
    store.write_bytes(content)
    with client(Settings(store=store)) as served:
        ready = served.get("/readyz").json()
        assert (ready["status"], ready["store_damage"]) == ("unavailable", "it cannot be read")
        answer = served.get("/v1")
        assert (answer.status_code, answer.json()["detail"]) == (503, "The store cannot be read.")
    assert store.read_bytes() == content


def test_stored_copy_answers_without_the_content_folder(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    with client(Settings(store=site.store, content=tmp_path / "nowhere")) as served:
        assert get(served, "/v1/topics/one")["data"]["title"] == "One"


def test_path_whose_target_was_damaged_is_not_found(tmp_path: Path) -> None:
    site = Site(tmp_path)
    write(site.content, {"topics/three.yaml": "title: Three\nid: other\n"})
    site.publish()
    with closing(sqlite3.connect(site.store, isolation_level=None)) as connection:
        connection.execute("DELETE FROM representation WHERE address = '/v1/topics/three'")
    with client(site.settings) as served:
        assert served.get("/v1/topics/other").status_code == 404
