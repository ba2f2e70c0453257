"""Addresses that nothing is at any more: 308 to the present one, or 410 with the reason."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.settings import Settings
from api.store.rows import GoneRow, PathRow, RedirectRow, RepresentationRow, Row
from api.store.writer import publish
from tests.support import NOW, STAMP, client, units

ARTICLES = "/v1/articles"
CACHED = "public, max-age=60, stale-while-revalidate=86400, stale-if-error=604800"


def stored(address: str) -> RepresentationRow:
    body = b'{"data":{},"included":{},"meta":{"locale":{}}}'
    return RepresentationRow(address, "application/json", "en", None, "tag", body, b"")


ROWS: tuple[Row, ...] = (
    stored(f"{ARTICLES}/new"),
    PathRow(f"{ARTICLES}/lasting", f"{ARTICLES}/new"),
    RedirectRow(f"{ARTICLES}/old", f"{ARTICLES}/new"),
    RedirectRow(f"{ARTICLES}/lasting", f"{ARTICLES}/new"),
    GoneRow(f"{ARTICLES}/taken-back", "It was wrong.", f"{ARTICLES}/new"),
    GoneRow(f"{ARTICLES}/ended", "It was published until then.", None, "expired"),
    GoneRow("/v1/contact", "There is no office now.", None),
    RedirectRow("/v1/schemas/old", "/v1/schemas/new"),
)


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    store = tmp_path_factory.mktemp("former") / "store.db"
    publish(store, units((*ROWS, stored(f"{ARTICLES}/deleted"))), STAMP, NOW)
    publish(store, units(ROWS), STAMP, NOW)
    with client(Settings(store=store)) as served:
        yield served


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("asked", "location"),
    [
        pytest.param("/old", "/new", id="item"),
        pytest.param("/old?rich_text=html", "/new?rich_text=html", id="query is kept"),
        pytest.param("/old/sections", "/new/sections", id="list below it"),
        pytest.param("/old/sections?limit=1", "/new/sections?limit=1", id="query of the list"),
        pytest.param("/old/sections/part", "/new/sections/part", id="item below it"),
        pytest.param("/old/sections/a.b_c~d", "/new/sections/a.b_c~d", id="whatever key"),
    ],
)
def test_former_address_leads_to_the_present_one(
    moved: TestClient, method: str, asked: str, location: str
) -> None:
    answer = moved.request(method, ARTICLES + asked)
    assert answer.status_code == 308
    assert answer.headers["location"] == ARTICLES + location
    assert answer.headers["cache-control"] == CACHED
    assert answer.headers["content-length"] == "0"
    assert "etag" not in answer.headers
    assert answer.content == b""


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/old/sections/<script>", id="signs of HTML"),
        pytest.param('/old/sections/"a"', id="quotes"),
        pytest.param("/old/sections/a;b", id="parameters of a path"),
        pytest.param("/old/nothing", id="no operation is there"),
        pytest.param("/old%2Fsections", id="an encoded slash"),
    ],
)
def test_what_no_address_can_have_is_not_reflected(moved: TestClient, path: str) -> None:
    answer = moved.get(ARTICLES + path)
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_conditions_do_not_keep_a_redirect_back(moved: TestClient) -> None:
    answer = moved.get(f"{ARTICLES}/old", headers={"if-none-match": "*", "if-match": '"a"'})
    assert answer.status_code == 308


def test_what_is_there_goes_before_what_was_there(moved: TestClient) -> None:
    assert moved.get(f"{ARTICLES}/lasting").status_code == 200


def test_former_address_with_a_wrong_query_is_told_of_the_query(moved: TestClient) -> None:
    assert moved.get(f"{ARTICLES}/old?no_such=1").status_code == 400
    assert moved.get(f"{ARTICLES}/taken-back?no_such=1").status_code == 400


GONE_ARTICLE = {"reason": "It was wrong.", "replacement": f"{ARTICLES}/new"}


@pytest.mark.parametrize(
    ("path", "detail", "members"),
    [
        pytest.param(
            f"{ARTICLES}/taken-back", "What was here was withdrawn.", GONE_ARTICLE, id="item"
        ),
        pytest.param(
            f"{ARTICLES}/taken-back?locale=en",
            "What was here was withdrawn.",
            GONE_ARTICLE,
            id="item with a query",
        ),
        pytest.param(
            f"{ARTICLES}/taken-back/sections",
            "What was here was withdrawn.",
            GONE_ARTICLE,
            id="list below it",
        ),
        pytest.param(
            f"{ARTICLES}/taken-back/sections/part",
            "What was here was withdrawn.",
            GONE_ARTICLE,
            id="item below it",
        ),
        pytest.param(
            f"{ARTICLES}/ended",
            "What was here has ended.",
            {"reason": "It was published until then.", "replacement": None},
            id="expired",
        ),
        pytest.param(
            f"{ARTICLES}/deleted",
            "What was here was deleted.",
            {"reason": None, "replacement": None},
            id="deleted",
        ),
        pytest.param(
            "/v1/contact",
            "What was here was withdrawn.",
            {"reason": "There is no office now.", "replacement": None},
            id="single entry",
        ),
    ],
)
def test_gone_entry_answers_410_with_its_reason(
    moved: TestClient, path: str, detail: str, members: dict[str, str | None]
) -> None:
    answer = moved.get(path)
    assert answer.status_code == 410
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body["type"] == "/docs/problems/gone"
    assert body["detail"] == detail
    assert {name: body[name] for name in members} == members
    head = moved.head(path)
    assert head.status_code == 410
    assert head.content == b""


def test_other_problems_have_no_members_of_gone(moved: TestClient) -> None:
    assert moved.get(f"{ARTICLES}/never").json().keys() == {
        *("type", "title", "status", "detail", "instance", "request_id", "errors")
    }


def test_what_is_no_entry_is_not_found_whatever_it_was(moved: TestClient) -> None:
    assert moved.get("/v1/schemas/old").status_code == 404
