"""Which coding is sent (RFC 9110, 12.5.3), against the real server."""

import brotli
import httpx2
import pytest
from isal import igzip

from tests.raw import Wire, request
from tests.routes import Route

ADDRESS = "/v1/articles/first"


@pytest.mark.parametrize(
    ("lines", "coding"),
    [
        pytest.param([], "identity", id="not sent"),
        pytest.param([""], "identity", id="empty"),
        pytest.param(["gzip"], "gzip", id="one"),
        pytest.param(["gzip, br"], "br", id="equal: the server's favourite"),
        pytest.param(["gzip;q=1.0, br;q=0.9"], "gzip", id="weights"),
        pytest.param(["br;q=0.001, gzip;q=0.002"], "gzip", id="least weights"),
        pytest.param(["gzip;q=0"], "identity", id="refused"),
        pytest.param(["gzip;q=0.000, br;q=0"], "identity", id="both refused"),
        pytest.param(["GZIP"], "gzip", id="upper case"),
        pytest.param(["gzip;Q=0.5"], "gzip", id="upper case weight"),
        pytest.param(["x-gzip"], "gzip", id="old name"),
        pytest.param(["x-gzip;q=0, gzip;q=0"], "identity", id="old name refused"),
        pytest.param(["*"], "br", id="any"),
        pytest.param(["*;q=0, br"], "br", id="only one"),
        pytest.param(["*;q=0, identity"], "identity", id="only identity"),
        pytest.param(["br;q=0, *"], "gzip", id="any but one"),
        pytest.param(["identity;q=0, gzip"], "gzip", id="anything but plain"),
        pytest.param(["identity, gzip;q=0.5"], "identity", id="identity preferred"),
        pytest.param(["identity;q=0"], None, id="identity refused, no other named"),
        pytest.param(["*;q=0"], None, id="nothing"),
        pytest.param(["identity;q=0, *;q=0"], None, id="nothing, twice"),
        pytest.param(["*;q=0, zstd"], None, id="only what is not offered"),
        pytest.param(["zstd"], "identity", id="what is not offered"),
        pytest.param(["gzip;q=2, br;q=0.5"], "br", id="weight above one"),
        pytest.param(["gzip;q=0.0001"], "identity", id="weight of four digits"),
        pytest.param(["gzip;q=-1"], "identity", id="weight below zero"),
        pytest.param(["gzip;q=a"], "identity", id="no number"),
        pytest.param(["gzip;q="], "identity", id="no weight"),
        pytest.param(["gzip ; q=0.5"], "gzip", id="blanks"),
        pytest.param(["gzip;level=9"], "identity", id="parameter that no coding has"),
        pytest.param([",,gzip,,"], "gzip", id="empty members"),
        pytest.param(["gzip", "br;q=0.1"], "gzip", id="two lines"),
        pytest.param(["gzip;q=0", "br;q=0"], "identity", id="two lines refuse"),
        pytest.param(["identity;q=0", "*;q=0"], None, id="two lines refuse all"),
        pytest.param(["\xff\xfe;;;==,,"], "identity", id="garbage"),
        pytest.param([";q=1"], "identity", id="no coding"),
        pytest.param(["gzip," * 5_000], "gzip", id="long"),
        pytest.param(["zstd, " * 4_000 + "br"], "br", id="long, the last counts"),
        pytest.param(["deflate, compress, gzip"], "gzip", id="old codings"),
        pytest.param(["gzip, deflate, br, zstd"], "br", id="a browser"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_coding_is_negotiated(
    server: tuple[str, int], lines: list[str], coding: str | None, method: str
) -> None:
    with Wire(server) as wire:
        fields = (f"Accept-Encoding: {line}" for line in lines)
        wire.send(request(ADDRESS, *fields, method=method))
        answer = wire.read(method=method)
        if coding is None:
            assert answer.status == 406
            assert method == "HEAD" or answer.problem == "not_acceptable"
            return
        assert answer.status == 200
        assert answer.values("content-encoding") == ([] if coding == "identity" else [coding])
        assert answer["vary"] == "Accept-Encoding"


def test_codings_hold_the_same_bytes(client: httpx2.Client, every_route: list[Route]) -> None:
    for route in every_route:
        plain = client.get(route.address)
        for coding, decode in (("gzip", igzip.decompress), ("br", brotli.decompress)):
            with client.stream("GET", route.address, headers={"accept-encoding": coding}) as answer:
                sent = b"".join(answer.iter_raw())
            if route.is_cached and not route.address.startswith("/media/"):
                assert answer.headers["content-encoding"] == coding
                assert decode(sent) == plain.content, route.address
            else:
                assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    "accept", ["", "text/html", "application/xml;q=1, */*;q=0", "*/*;q=0", "garbage;;;", "\xff"]
)
def test_accept_is_ignored(server: tuple[str, int], accept: str) -> None:
    with Wire(server) as wire:
        wire.send(request(ADDRESS, f"Accept: {accept}", "Accept-Language: uk;q=1, *;q=0"))
        answer = wire.read()
    assert answer.status == 200
    assert answer["content-type"] == "application/json"
