import asyncio
import gc
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient
from starlette.types import Message
from starlette.websockets import WebSocketDisconnect

from api.app import create_app
from api.settings import Settings
from tests.support import Site, client, write

if TYPE_CHECKING:
    from collections.abc import Iterator

ORIGIN = "http://testserver"


def test_request_keeps_a_well_formed_id_of_its_own(served: TestClient) -> None:
    answer = served.get("/v1", headers={"x-request-id": "aZ0._-"})
    assert answer.headers["x-request-id"] == "aZ0._-"


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"a b", id="blank"),
        pytest.param(b"a" * 65, id="overlong"),
        pytest.param(b"\xe9", id="not ASCII"),
        pytest.param(b'"><script>', id="signs of HTML"),
    ],
)
def test_request_with_an_odd_id_gets_a_new_one(served: TestClient, given: bytes) -> None:
    made = {
        served.get("/v1", headers={b"x-request-id": given}).headers["x-request-id"]
        for _ in range(2)
    }
    assert len(made) == 2
    assert all(len(one) == 22 for one in made)


def test_request_with_two_ids_gets_a_new_one(served: TestClient) -> None:
    answer = served.get("/v1", headers=[("x-request-id", "a"), ("x-request-id", "b")])
    assert len(answer.headers["x-request-id"]) == 22


def test_problem_tells_the_id_of_its_request_and_what_was_asked_for(served: TestClient) -> None:
    answer = served.get("/v1/no%20thing?x=1", headers={"x-request-id": "mine"})
    assert answer.headers["x-request-id"] == "mine"
    assert answer.json()["request_id"] == "mine"
    assert answer.json()["instance"] == "/v1/no%20thing"


@pytest.mark.parametrize("path", ["/v1", "/nothing", "/v1/articles/", "/healthz"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_are_not_allowed_anywhere(served: TestClient, method: str, path: str) -> None:
    answer = served.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["type"] == "/docs/problems/method_not_allowed"
    assert answer.json()["detail"] == "This API answers GET, HEAD, OPTIONS."


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_other_methods_are_not_allowed_whatever_they_carry(served: TestClient, method: str) -> None:
    assert served.request(method, "/v1", json={"a": 1}).status_code == 405


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize(
    "chunked", [pytest.param(False, id="sized"), pytest.param(True, id="chunked")]
)
def test_request_with_a_body_is_too_large(
    served: TestClient, method: str, *, chunked: bool
) -> None:
    body: bytes | Iterator[bytes] = iter([b"a", b"b"]) if chunked else b"ab"
    answer = served.request(method, "/v1", content=body)
    assert answer.status_code == 413
    if method != "HEAD":
        assert answer.json()["detail"] == "The request has a body; send none."


def test_request_with_an_empty_body_has_none(served: TestClient) -> None:
    assert served.get("/v1", headers={"content-length": "0"}).status_code == 200


@pytest.mark.parametrize(
    ("length", "status"),
    [pytest.param(8_192, 400, id="at the bound"), pytest.param(8_193, 414, id="above it")],
)
def test_target_has_a_bounded_length(served: TestClient, length: int, status: int) -> None:
    in_query = f"/v1?{'a' * (length - len('/v1'))}"
    assert served.get(in_query).status_code == status
    in_path = served.get("/" + "a" * (length - 1))
    assert in_path.status_code == (404 if status == 400 else 414)


def test_headers_have_a_bounded_size(served: TestClient) -> None:
    assert served.get("/v1", headers={"x-a": "a" * 32_000}).status_code == 200
    answer = served.get("/v1", headers={"x-a": "a" * 16_384, "x-b": "b" * 16_384})
    assert answer.status_code == 431
    assert answer.json()["detail"] == "The headers exceed 32,768 bytes or 100 lines."


def test_headers_have_a_bounded_number(served: TestClient) -> None:
    own = len(served.get("/v1").request.headers)
    assert served.get("/v1", headers=[("x-a", "a")] * (100 - own)).status_code == 200
    assert served.get("/v1", headers=[("x-a", "a")] * (101 - own)).status_code == 431


@pytest.mark.parametrize(
    ("path", "location"),
    [
        pytest.param("/v1/", "/v1", id="index"),
        pytest.param("/v1/articles/", "/v1/articles", id="list"),
        pytest.param("/v1/articles/first/", "/v1/articles/first", id="item"),
        pytest.param("/v1/articles///", "/v1/articles", id="several slashes"),
        pytest.param(
            "/v1/articles/?limit=1&page=2", "/v1/articles?limit=1&page=2", id="query is kept"
        ),
        pytest.param("/v1/a.b_c~d/?q=%2F", "/v1/a.b_c~d?q=%2F", id="percent-encoding is kept"),
        pytest.param("/v1/?q='<\"", "/v1?q=%27%3C%22", id="signs of HTML are encoded"),
        pytest.param("/nothing/", "/nothing", id="nothing is there"),
        pytest.param("/healthz/", "/healthz", id="health"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_trailing_slash_leads_to_the_path_without_it(
    served: TestClient, method: str, path: str, location: str
) -> None:
    answer = served.request(method, path)
    assert answer.status_code == 308
    assert answer.headers["location"] == location
    assert answer.headers["content-length"] == "0"
    assert answer.headers["cache-control"].startswith("public, max-age=60")
    assert answer.content == b""


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("//evil.example/", id="host"),
        pytest.param("///evil.example/", id="host after three slashes"),
        pytest.param("//", id="slashes alone"),
        pytest.param("/v1/articles%2F", id="an encoded slash separates nothing"),
        pytest.param("/%2F", id="an encoded slash alone"),
    ],
)
def test_odd_slashes_lead_nowhere(served: TestClient, path: str) -> None:
    answer = served.get(ORIGIN + path)
    assert answer.status_code == 404
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/%2Fevil.example/", "/%5Cevil.example/", "/.//evil.example/", "/%09/evil.example/"]
)
def test_redirect_stays_on_this_server(served: TestClient, path: str) -> None:
    answer = served.get(ORIGIN + path)
    location = answer.headers.get("location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "path",
    [
        "/v1/articles%0A",
        "/v1/articles/first%0A",
        "/v1/articles/first/sections%0A",
        "/healthz%0A",
        "/openapi.yaml%0A",
        "/docs/problems/not_found%0A",
    ],
)
def test_line_feed_after_a_path_makes_it_another_one(served: TestClient, path: str) -> None:
    answer = served.get(path)
    assert answer.status_code == 404
    assert "\n" not in str(answer.headers)


@pytest.mark.parametrize("path", ["/v1", "/nothing", "/v1/articles/", "/v1/articles/first"])
def test_options_say_what_may_be_asked_and_from_where(served: TestClient, path: str) -> None:
    answer = served.options(
        path,
        headers={
            "origin": "https://example.org",
            "access-control-request-method": "GET",
            "access-control-request-headers": "x-request-id",
        },
    )
    assert answer.status_code == 204
    assert answer.content == b""
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD"
    assert answer.headers["access-control-allow-headers"] == (
        "If-None-Match, If-Modified-Since, X-Request-Id"
    )
    assert answer.headers["access-control-max-age"] == "86400"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        pytest.param("GET", "/v1/articles", {}, 200, id="list"),
        pytest.param("GET", "/healthz", {}, 200, id="health"),
        pytest.param("GET", "/", {}, 200, id="service"),
        pytest.param("GET", "/v1", {"if-none-match": "*"}, 304, id="not modified"),
        pytest.param("GET", "/v1/", {}, 308, id="redirect"),
        pytest.param("GET", "/v1?a", {}, 400, id="wrong parameter"),
        pytest.param("GET", "/nothing", {}, 404, id="not found"),
        pytest.param("POST", "/v1", {}, 405, id="wrong method"),
        pytest.param("GET", "/v1", {"accept-encoding": "*;q=0"}, 406, id="no coding"),
        pytest.param("GET", "/v1", {"if-match": '"x"'}, 412, id="precondition"),
        pytest.param("GET", "/v1", {"x-a": "a" * 40_000}, 431, id="headers"),
    ],
)
def test_every_answer_may_be_read_from_every_origin(
    served: TestClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = served.request(method, path, headers={"origin": "https://example.org", **headers})
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == (
        "ETag, Link, Content-Revision, Content-Language, Deprecation, Sunset, Retry-After, "
        "X-Request-Id"
    )
    if status != 304:  # which has nothing whose type could be guessed
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/v1/articles/first", "/v1/articles", "/v1/articles?limit=1"])
def test_coding_that_is_kept_is_not_sent_to_who_refuses_it(served: TestClient, path: str) -> None:
    for coding in ("gzip", "br", "identity"):
        for _ in range(2):
            answer = served.get(path, headers={"accept-encoding": coding})
            assert answer.headers.get("content-encoding", "identity") == coding
    for _ in range(2):
        assert served.get(path, headers={"accept-encoding": "*;q=0"}).status_code == 406


def test_nothing_is_there_in_any_coding(served: TestClient) -> None:
    answer = served.get("/v1/articles/nothing", headers={"accept-encoding": "*;q=0"})
    assert answer.status_code == 404


def test_new_publish_is_served_without_a_restart(tmp_path: Path) -> None:
    site = Site(tmp_path)
    with site.served() as served:
        paths = (
            "/v1/topics/one",
            "/v1/topics",
            "/v1/topics?limit=1",
            "/v1/topics/one?rich_text=text",
        )
        before = {path: served.get(path) for path in paths}
        assert all(served.get(path).content == before[path].content for path in paths)
        write(site.content, {"topics/one.yaml": "title: One anew\n"})
        revision = site.publish().revision
        for path in paths:
            old = {"if-none-match": before[path].headers["etag"]}
            after = served.get(path, headers=old)
            assert after.status_code == 200
            assert "One anew" in after.text
            assert after.headers["content-revision"] == revision.name
            assert before[path].headers["content-revision"] != revision.name


def test_bytes_that_a_publish_did_not_change_stay_current(tmp_path: Path) -> None:
    site = Site(tmp_path)
    with site.served() as served:
        before = served.get("/v1/topics/two")
        write(site.content, {"topics/one.yaml": "title: One anew\n"})
        site.publish()
        after = served.get("/v1/topics/two", headers={"if-none-match": before.headers["etag"]})
        assert after.status_code == 304
        assert after.headers["content-revision"] != before.headers["content-revision"]


def test_removed_entry_is_gone_from_what_was_kept(tmp_path: Path) -> None:
    site = Site(tmp_path)
    write(site.content, {"topics/three.yaml": "title: Three\n"})
    with site.served() as served:
        assert served.get("/v1/topics/three").status_code == 200
        (site.content / "topics" / "three.yaml").unlink()
        site.publish()
        assert served.get("/v1/topics/three").status_code == 410
        assert served.get("/v1/topics").json()["meta"]["total"] == 2


@pytest.mark.parametrize("public_url", [None, "https://api.example.org/"])
def test_failure_is_a_problem_that_tells_nothing_of_the_inside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, public_url: str | None
) -> None:
    site = Site(tmp_path)
    site.publish()
    settings = Settings(store=site.store, public_url=public_url)
    with client(settings) as served:
        assert served.get("/v1/articles").status_code == 200
        with closing(sqlite3.connect(site.store, isolation_level=None)) as connection:
            connection.execute("UPDATE entry SET card = 5")
        answer = served.get("/v1/topics", headers={"x-request-id": "lost"})
    assert answer.status_code == 500
    assert answer.json() == {
        "type": f"{(public_url or '').rstrip('/')}/docs/problems/internal_error",
        "title": "Internal error",
        "status": 500,
        "detail": "The server failed to answer.",
        "instance": "/v1/topics",
        "request_id": "lost",
        "errors": [],
    }
    assert answer.headers["cache-control"] == "no-store"
    (record,) = [one for one in caplog.records if one.name == "keypoint"]
    assert record.getMessage() == "request lost failed"
    assert record.exc_info


def test_query_says_nothing_beside_the_versioned_api(served: TestClient) -> None:
    plain = served.get("/openapi.yaml")
    for query in ("utm_source=a", "page=0", "a&a", "%ff"):
        answer = served.get(f"/openapi.yaml?{query}")
        assert answer.status_code == 200
        assert answer.headers["etag"] == plain.headers["etag"]
        assert served.get(f"/?{query}").status_code == 200
        assert served.get(f"/docs/problems/not_found?{query}").status_code == 200
        assert served.get(f"/healthz?{query}").status_code == 200


def test_encoded_question_mark_is_part_of_the_path(served: TestClient) -> None:
    assert served.get("/v1/articles?limit=1").status_code == 200
    assert served.get("/v1/articles%3Flimit=1").status_code == 404
    assert served.get("/openapi.yaml?a?b").status_code == 200
    assert served.get("/openapi.yaml%3Fa?b").status_code == 404


@pytest.mark.parametrize("path", ["/v1/%61rticles/first", "/v1%2Farticles", "/v1/%61rticles/"])
def test_encoded_path_is_another_address_which_nothing_has(served: TestClient, path: str) -> None:
    assert served.get(path).status_code == 404


@pytest.mark.parametrize("given", [("one", "two"), ("one", "one"), ("one", "")])
def test_request_with_several_ids_gets_a_new_one(
    served: TestClient, given: tuple[str, str]
) -> None:
    headers = [("x-request-id", one) for one in given]
    assert len(served.get("/v1", headers=headers).headers["x-request-id"]) == 22


def test_socket_is_refused(served: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), served.websocket_connect("/v1"):
        pass


def test_request_leaves_no_garbage_in_cycles(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    app = create_app(site.settings)
    given: tuple[tuple[str, list[tuple[bytes, bytes]]], ...] = (
        ("/v1/articles/first", []),
        ("/v1/articles/first", [(b"if-none-match", b"*")]),
        ("/v1/articles", [(b"accept-encoding", b"gzip")]),
        ("/v1/articles/nothing", []),
        ("/nothing", []),
    )

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def ask() -> None:
        for path, headers in given:
            scope = {
                "type": "http",
                "method": "GET",
                "path": path,
                "raw_path": path.encode(),
                "root_path": "",
                "query_string": b"",
                "headers": headers,
            }
            await app(scope, receive, send)

    async def end() -> None:
        await app({"type": "lifespan"}, receive, send)

    sent: list[Message] = []
    with asyncio.Runner() as runner:
        runner.run(ask())
        gc.collect()
        gc.disable()
        try:
            for _ in range(100):
                runner.get_loop().run_until_complete(ask())
            garbage = gc.collect()
        finally:
            gc.enable()
            runner.run(end())
    assert [one["status"] for one in sent if "status" in one][-5:] == [200, 304, 200, 404, 404]
    assert garbage < 100
