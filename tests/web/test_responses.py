import asyncio
import gzip
from collections.abc import Mapping
from datetime import UTC, datetime

import brotli
import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from api.web.responses import REQUEST_ID, Prepared, prepare, send_answer

ITEM = "/v1/articles/first"
MODIFIED = "Fri, 02 Jan 2026 03:04:05 GMT"
CODINGS = ("identity", "gzip", "br")
CACHED = "public, max-age=60, stale-while-revalidate=86400, stale-if-error=604800"


def tag(served: TestClient, coding: str, path: str = ITEM) -> str:
    return served.get(path, headers={"accept-encoding": coding}).headers["etag"]


def raw(served: TestClient, path: str, coding: str) -> bytes:
    """Return the bytes as they were sent, not decoded."""
    with served.stream("GET", path, headers={"accept-encoding": coding}) as answer:
        return b"".join(answer.iter_raw())


def decoded(body: bytes, coding: str) -> bytes:
    match coding:
        case "gzip":
            return gzip.decompress(body)
        case "br":
            return bytes(brotli.decompress(body))
        case _:
            return body


@pytest.mark.parametrize(
    ("coding", "etag", "encoding"),
    [
        pytest.param("identity", '"Jq9iPfdXbXHZCyA7UmJNRw"', None, id="identity: strong"),
        pytest.param("br", '"Jq9iPfdXbXHZCyA7UmJNRw-br"', b"br", id="br: strong"),
        pytest.param("gzip", 'W/"Jq9iPfdXbXHZCyA7UmJNRw-gzip"', b"gzip", id="gzip: weak"),
    ],
)
def test_coding_has_its_own_tag_and_the_same_bytes_decoded(
    coding: str, etag: str, encoding: bytes | None
) -> None:
    prepared = Prepared(
        b'{"a":1}',
        "application/json",
        "Jq9iPfdXbXHZCyA7UmJNRw",
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        ((b"x-own", b"1"),),
        "en",
    )
    coded = prepared.coding(coding)
    headers = dict(coded.headers)
    assert coded.etag == etag.encode()
    assert decoded(coded.body, coding) == b'{"a":1}'
    assert headers[b"content-type"] == b"application/json"
    assert headers[b"content-length"] == str(len(coded.body)).encode()
    assert headers.get(b"content-encoding") == encoding
    assert headers[b"etag"] == etag.encode()
    assert headers[b"last-modified"] == MODIFIED.encode()
    assert b"cache-control" not in headers, "it moves with time, and is joined when it is sent"
    assert headers[b"vary"] == b"Accept-Encoding"
    assert headers[b"content-language"] == b"en"
    assert headers[b"x-own"] == b"1"
    told = {
        b"content-type",
        b"content-length",
        b"content-encoding",
        b"content-language",
        b"last-modified",
        b"x-content-type-options",
    }
    assert dict(coded.unchanged) == {
        name: value for name, value in headers.items() if name not in told
    }


@pytest.mark.parametrize("path", [ITEM, f"{ITEM}?rich_text=html", "/v1/articles", "/"])
@pytest.mark.parametrize("coding", CODINGS)
def test_answer_and_its_304_say_how_long_they_may_be_kept(
    served: TestClient, path: str, coding: str
) -> None:
    for _ in range(2):  # made, and kept
        asked = {"accept-encoding": coding}
        first = served.get(path, headers=asked)
        again = served.get(path, headers={**asked, "if-none-match": first.headers["etag"]})
        assert (first.status_code, again.status_code) == (200, 304)
        assert first.headers["cache-control"] == again.headers["cache-control"] == CACHED


def test_coding_is_made_once() -> None:
    prepared = prepare(b"{}", "application/json")
    assert prepared.coding("br") is prepared.coding("br")


def test_stored_gzip_is_sent_as_it_is() -> None:
    stored = gzip.compress(b"{}")
    assert Prepared(b"{}", "application/json", "t", gzip=stored).coding("gzip").body == stored


def test_tag_is_the_first_22_characters_of_the_digest_of_the_bytes() -> None:
    # RFC 6234: the SHA-256 of "abc" is ba7816bf 8f01cfea 414140de …, here in base64url.
    assert prepare(b"abc", "text/plain").tag == "ungWv48Bz-pBQUDeXa4iI7"


def test_bytes_without_a_date_have_no_last_modified() -> None:
    assert b"last-modified" not in dict(prepare(b"{}", "text/plain").coding("identity").headers)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(ITEM, id="stored"),
        pytest.param(f"{ITEM}?rich_text=html", id="another form"),
        pytest.param("/v1/articles", id="list"),
        pytest.param("/", id="fixed"),
        pytest.param("/docs/problems/not_found", id="page"),
        pytest.param("/openapi.yaml", id="contract"),
    ],
)
def test_codings_are_the_identity_bytes_compressed_each_with_its_own_tag(
    served: TestClient, path: str
) -> None:
    identity = raw(served, path, "identity")
    for coding in ("gzip", "br"):
        body = raw(served, path, coding)
        assert body != identity
        assert decoded(body, coding) == identity
    assert len({tag(served, coding, path) for coding in CODINGS}) == 3


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        pytest.param("gzip", "gzip", id="gzip"),
        pytest.param("br", "br", id="br"),
        pytest.param("gzip, br", "br", id="the server's favourite of equals"),
        pytest.param("gzip;q=1, br;q=0.5", "gzip", id="the client's favourite"),
        pytest.param("gzip;q=0", None, id="gzip refused"),
        pytest.param("gzip;q=0, *", "br", id="anything but gzip"),
        pytest.param("*", "br", id="anything"),
        pytest.param("zstd", None, id="a coding that is not offered"),
        pytest.param("identity;q=0, gzip", "gzip", id="identity refused"),
        pytest.param("", None, id="empty"),
    ],
)
def test_coding_is_negotiated(served: TestClient, accept: str, coding: str | None) -> None:
    answer = served.get(ITEM, headers={"accept-encoding": accept})
    assert answer.status_code == 200
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.json()["data"]["title"] == "First"


def test_accept_encoding_on_several_lines_is_one_list(served: TestClient) -> None:
    lines = [("accept-encoding", "*"), ("accept-encoding", "br;q=0")]
    del served.headers["accept-encoding"]
    try:
        answer = served.get(ITEM, headers=lines)
    finally:
        served.headers["accept-encoding"] = "identity"
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("accept", ["identity;q=0", "*;q=0", "identity;q=0, gzip;q=0, br;q=0.0"])
def test_client_that_refuses_every_coding_gets_406(served: TestClient, accept: str) -> None:
    answer = served.get(ITEM, headers={"accept-encoding": accept})
    assert answer.status_code == 406
    assert answer.json()["type"] == "/docs/problems/not_acceptable"
    assert answer.json()["detail"] == (
        "Accept-Encoding refuses every coding on offer: br, gzip, identity."
    )


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize(
    "given",
    [
        pytest.param("{}", id="the tag"),
        pytest.param('"x", {} , "y"', id="in a list"),
        pytest.param('"a,b", {}', id="after a tag with a comma"),
        pytest.param("*", id="any"),
    ],
)
def test_current_copy_is_not_sent_again(served: TestClient, coding: str, given: str) -> None:
    full = served.get(ITEM, headers={"accept-encoding": coding})
    match = given.format(full.headers["etag"])
    answer = served.get(ITEM, headers={"accept-encoding": coding, "if-none-match": match})
    assert answer.status_code == 304
    assert answer.content == b""
    told = {
        "content-type",
        "content-length",
        "content-encoding",
        "content-language",
        "last-modified",
        "x-content-type-options",
        "x-request-id",
    }
    for name, value in full.headers.items():
        if name not in told:
            assert answer.headers[name] == value
    assert not told - {"x-request-id"} & answer.headers.keys()


def test_if_none_match_on_several_lines_is_one_list(served: TestClient) -> None:
    lines = [("if-none-match", '"x"'), ("if-none-match", tag(served, "identity"))]
    assert served.get(ITEM, headers=lines).status_code == 304


def test_if_none_match_compares_weakly(served: TestClient) -> None:
    weak = f"W/{tag(served, 'identity')}"
    assert served.get(ITEM, headers={"if-none-match": weak}).status_code == 304
    strong = tag(served, "gzip").removeprefix("W/")
    answer = served.get(ITEM, headers={"if-none-match": strong, "accept-encoding": "gzip"})
    assert answer.status_code == 304


@pytest.mark.parametrize("other", ["gzip", "br"])
def test_copy_in_another_coding_is_not_current(served: TestClient, other: str) -> None:
    assert served.get(ITEM, headers={"if-none-match": tag(served, other)}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"if-match": "*"}, 200, id="any representation"),
        pytest.param({"if-match": '"other"'}, 412, id="another tag"),
        pytest.param({"if-modified-since": MODIFIED}, 304, id="not modified since that second"),
        pytest.param(
            {"if-modified-since": "Fri, 02 Jan 2026 03:04:04 GMT"}, 200, id="modified later"
        ),
        pytest.param({"if-modified-since": "2026-01-02"}, 200, id="a date of another form"),
        pytest.param(
            {"if-modified-since": MODIFIED, "if-none-match": '"other"'},
            200,
            id="a tag goes before a date",
        ),
        pytest.param({"if-unmodified-since": MODIFIED}, 200, id="unmodified since that second"),
        pytest.param(
            {"if-unmodified-since": "Fri, 02 Jan 2026 03:04:04 GMT"}, 412, id="modified since"
        ),
    ],
)
def test_conditions_are_evaluated(
    served: TestClient, headers: Mapping[str, str], status: int
) -> None:
    answer = served.get(ITEM, headers=headers)
    assert answer.status_code == status
    if status == 412:
        assert answer.json()["type"] == "/docs/problems/precondition_failed"
        assert answer.json()["detail"] == f"The present entity tag is {tag(served, 'identity')}."


@pytest.mark.parametrize(
    ("earlier", "status"),
    [
        pytest.param({"if-match": '"other"'}, 412, id="another tag"),
        pytest.param({"if-match": "*"}, 304, id="any representation"),
        pytest.param(
            {"if-unmodified-since": "Fri, 02 Jan 2026 03:04:04 GMT"}, 412, id="modified since"
        ),
        pytest.param({"if-unmodified-since": MODIFIED}, 304, id="unmodified since"),
    ],
)
def test_what_a_tag_must_be_goes_before_what_it_must_not_be(
    served: TestClient, earlier: Mapping[str, str], status: int
) -> None:
    headers = {"if-none-match": tag(served, "identity"), **earlier}
    assert served.get(ITEM, headers=headers).status_code == status


def test_if_match_holds_for_a_strong_tag_alone(served: TestClient) -> None:
    strong, weak = tag(served, "identity"), tag(served, "gzip")
    assert served.get(ITEM, headers={"if-match": f'"x", {strong}'}).status_code == 200
    answer = served.get(ITEM, headers={"if-match": weak, "accept-encoding": "gzip"})
    assert answer.status_code == 412


def test_last_modified_is_the_content_s_own_date(served: TestClient) -> None:
    assert served.get(ITEM).headers["last-modified"] == MODIFIED
    assert "last-modified" not in served.get("/v1/articles/second").headers
    assert "last-modified" not in served.get("/v1/articles").headers


def test_condition_on_a_date_is_ignored_where_there_is_none(served: TestClient) -> None:
    headers = {"if-modified-since": "Fri, 02 Jan 2099 03:04:05 GMT"}
    assert served.get("/v1/articles/second", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/v1/articles/nothing", "/v1?a=1"])
def test_problem_is_neither_compressed_nor_cached(served: TestClient, path: str) -> None:
    answer = served.get(path, headers={"accept-encoding": "gzip, br"})
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert not {"content-encoding", "etag", "last-modified"} & answer.headers.keys()


@pytest.mark.parametrize(
    ("method", "body"),
    [pytest.param("GET", b"words", id="GET"), pytest.param("HEAD", b"", id="HEAD")],
)
def test_body_is_not_even_given_to_the_server_where_head_asked(method: str, body: bytes) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"method": method, REQUEST_ID: b"mine"}
    asyncio.run(send_answer(scope, send, 200, ((b"content-length", b"5"),), b"words"))
    assert sent == [
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", b"5"), (b"x-request-id", b"mine")],
        },
        {"type": "http.response.body", "body": body},
    ]
