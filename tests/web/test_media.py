"""A file of the store is sent as it is, whole or in part, and may be kept for ever."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from api.contract.operations import media_address
from api.http.validators import entity_tag
from api.settings import Settings
from api.store.rows import MediaRow
from api.store.writer import publish
from api.web.content import Content
from api.web.media import PIECE, MediaEndpoint
from api.web.responses import FIELDS, REQUEST_ID
from schemas.media import MEDIA_TYPES
from tests.support import NOW, STAMP, client, units

BODY = bytes(range(256)) * (3 * PIECE // 256) + b"end"
PNG = MediaRow(entity_tag(BODY), "a.png", "image/png", BODY)
PDF = MediaRow("p" * 22, "a.pdf", "application/pdf", b"%PDF-")
CSV = MediaRow("c" * 22, "a.csv", "text/csv; charset=utf-8", b"a,b\n" * 1_000)
EMPTY = MediaRow("e" * 22, "e.csv", "text/csv; charset=utf-8", b"")
OTHERS = [
    MediaRow(f"{number:022}", "x", media_type, b"x")
    for number, media_type in enumerate(MEDIA_TYPES)
]


def _address(row: MediaRow) -> str:
    return media_address(row.digest, row.name)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    store = tmp_path_factory.mktemp("media") / "store.db"
    publish(store, units([PNG, PDF, CSV, EMPTY, *OTHERS]), STAMP, NOW)
    with client(Settings(store=store)) as opened:
        yield opened


@pytest.mark.parametrize("row", [PNG, PDF, CSV, EMPTY], ids=lambda row: row.name)
def test_file_is_sent_byte_by_byte(served: TestClient, row: MediaRow) -> None:
    answer = served.get(_address(row))
    assert answer.status_code == 200
    assert answer.content == row.body
    assert answer.headers["content-length"] == str(len(row.body))
    assert answer.headers["content-type"] == row.media_type
    assert answer.headers["etag"] == f'"{row.digest}"'
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize("coding", ["gzip", "br", "gzip;q=1, *;q=0.5", "zstd"])
def test_file_is_never_coded(served: TestClient, coding: str) -> None:
    answer = served.get(_address(CSV), headers={"accept-encoding": coding})
    assert "content-encoding" not in answer.headers
    assert answer.content == CSV.body


@pytest.mark.parametrize("coding", ["identity;q=0", "*;q=0"])
def test_client_that_takes_codings_alone_gets_none(served: TestClient, coding: str) -> None:
    answer = served.get(_address(CSV), headers={"accept-encoding": coding})
    assert (answer.status_code, answer.headers["cache-control"]) == (406, "no-store")


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: row.media_type)
def test_browser_shows_images_and_pdf_and_saves_the_rest(served: TestClient, row: MediaRow) -> None:
    headers = served.get(_address(row)).headers
    inline = row.media_type.startswith("image/") or row.media_type == "application/pdf"
    shown = "inline" if inline else "attachment"
    assert headers["content-disposition"] == f'{shown}; filename="x"'
    sandbox = "" if row.media_type == "application/pdf" else "; sandbox"
    assert headers["content-security-policy"] == f"default-src 'none'{sandbox}"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if-none-match": f'"{PNG.digest}"'}, 304),
        ({"if-none-match": f'W/"{PNG.digest}"'}, 304),
        ({"if-none-match": '"other", *'}, 200),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"other"'}, 200),
        ({"if-match": '"other"'}, 412),
        ({"if-match": f'"{PNG.digest}"'}, 200),
        ({"if-modified-since": "Sat, 03 Jan 2026 10:30:00 GMT"}, 200),
        ({"if-none-match": f'"{PNG.digest}"', "range": "bytes=0-9"}, 304),
        ({"if-match": '"other"', "range": "bytes=0-9"}, 412),
    ],
)
def test_conditions_are_evaluated(
    served: TestClient, headers: Mapping[str, str], status: int
) -> None:
    answer = served.get(_address(PNG), headers=headers)
    assert answer.status_code == status
    if status == 304:
        assert answer.content == b""
        assert answer.headers["etag"] == f'"{PNG.digest}"'
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("field", "first", "end"),
    [
        ("bytes=0-0", 0, 1),
        (f"bytes={PIECE - 1}-{PIECE}", PIECE - 1, PIECE + 1),
        (f"bytes=5-{2 * PIECE + 5}", 5, 2 * PIECE + 6),
        ("bytes=-3", len(BODY) - 3, len(BODY)),
        (f"bytes={len(BODY) - 1}-", len(BODY) - 1, len(BODY)),
        ("bytes=0-", 0, len(BODY)),
    ],
)
def test_part_is_sent_where_it_is_asked_for(
    served: TestClient, field: str, first: int, end: int
) -> None:
    assert served.get(_address(PNG)).headers["accept-ranges"] == "bytes"
    answer = served.get(_address(PNG), headers={"range": field})
    assert answer.status_code == 206
    assert answer.content == BODY[first:end]
    assert answer.headers["content-range"] == f"bytes {first}-{end - 1}/{len(BODY)}"
    assert answer.headers["content-length"] == str(end - first)
    assert answer.headers["content-type"] == "image/png"
    exposed = ", ".join(answer.headers.get_list("access-control-expose-headers"))
    assert {"ETag", "Content-Range", "Accept-Ranges"} <= set(exposed.split(", "))


def test_range_behind_the_end_says_how_many_bytes_there_are(served: TestClient) -> None:
    answer = served.get(_address(PDF), headers={"range": "bytes=5-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == "bytes */5"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("if_range", "status"), [(f'"{PNG.digest}"', 206), ('"other"', 200), ("W/x", 200)]
)
def test_part_is_sent_only_of_the_file_that_the_client_has(
    served: TestClient, if_range: str, status: int
) -> None:
    headers = {"range": "bytes=0-9", "if-range": if_range}
    assert served.get(_address(PNG), headers=headers).status_code == status


def test_head_is_the_whole_without_its_bytes(served: TestClient) -> None:
    get, head = (
        served.get(_address(PNG)),
        served.head(_address(PNG), headers={"range": "bytes=0-9"}),
    )
    assert (head.status_code, head.content) == (200, b"")
    own = {"x-request-id"}
    assert {k: v for k, v in head.headers.items() if k not in own} == {
        k: v for k, v in get.headers.items() if k not in own
    }


@pytest.mark.parametrize(
    "path",
    [
        media_address(PNG.digest, "b.png"),
        media_address("x" * 22, "a.png"),
        media_address(PNG.digest, "A.PNG"),
        media_address(PNG.digest, "a.png%0A"),
        media_address(PNG.digest, "a.png%00"),
        media_address(PNG.digest, "%FF.png"),
        media_address(PNG.digest, "..%2F..%2Fetc%2Fpasswd"),
        media_address(PNG.digest, "a" * 5_000),
        media_address("%27%20OR%201%3D1", "a.png"),
        f"/media/{PNG.digest}",
        "/media",
        f"/media//{PNG.digest}/a.png",
        f"/media/{PNG.digest}/x/../a.png/b",
        f"/media/{PNG.digest.lower()}/a.png",
    ],
)
def test_other_addresses_are_not_found(served: TestClient, path: str) -> None:
    answer = served.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_file_of_an_older_revision_is_sent_still(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    publish(store, units([PDF]), STAMP, NOW)
    with client(Settings(store=store)) as opened:
        assert opened.get(_address(PDF)).status_code == 200
        publish(store, units([CSV]), STAMP, NOW)
        assert opened.get(_address(PDF)).content == PDF.body
        assert opened.get(_address(CSV)).content == CSV.body


def test_pieces_are_bounded(tmp_path: Path) -> None:
    """A file is never in memory as a whole: each message has one piece of it."""
    store = tmp_path / "store.db"
    publish(store, units([PNG]), STAMP, NOW)
    pieces: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            pieces.append(len(message["body"]))

    content = Content(store)
    scope = {
        "type": "http",
        "method": "GET",
        "headers": [],
        "path_params": {"digest": PNG.digest, "name": PNG.name},
        REQUEST_ID: b"id",
        FIELDS: {},
    }
    asyncio.run(MediaEndpoint(content)(scope, receive, send))
    content.close()
    assert pieces == [PIECE, PIECE, PIECE, 3, 0]
