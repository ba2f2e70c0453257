"""Every error on every route is a problem document, and nothing of a request comes back raw."""

import json
import re
from collections.abc import Iterator

import pytest

from api.errors import GONE, INTERNAL_ERROR, NOT_READY, PROBLEMS, UNAUTHORIZED
from tests.raw import Answer, Wire, ask, request
from tests.routes import CONTRACT, Route


def mistakes(route: Route) -> Iterator[tuple[str, bytes]]:
    """Yield the code of each problem that an operation can have, and a request that has it."""
    address = route.address
    yield "bad_request", request(address, host="X: no host")
    yield "bad_request", request(address, "Host: b")
    yield "bad_request", request(address, "X: a\n b")
    yield "bad_request", request(address + "#a")
    yield "bad_request", request(address).replace(b"HTTP/1.1", b"HTTP/3.0")
    yield "method_not_allowed", request(address, method="DELETE")
    yield "method_not_allowed", request(address, method="STRANGE")
    yield "method_not_allowed", request(address, "Content-Length: 2", method="POST") + b"ab"
    yield "content_too_large", request(address, "Content-Length: 2") + b"ab"
    yield (
        "content_too_large",
        request(address, "Transfer-Encoding: chunked") + b"2\r\nab\r\n0\r\n\r\n",
    )
    yield "uri_too_long", request(f"{address}?{'a' * 8_192}")
    yield "uri_too_long", request(f"{address}?{'a' * 100_000}")
    yield "headers_too_large", request(address, "X: " + "a" * 33_000)
    yield "headers_too_large", request(address, *["X: a"] * 200)
    yield "not_found", request(f"{address.rstrip('/')}/no-such-thing")
    yield "not_found", request(f"{address.rstrip('/')}/%2e%2e")
    if route.is_cached:
        yield "not_acceptable", request(address, "Accept-Encoding: identity;q=0")
        yield "precondition_failed", request(address, 'If-Match: "other"')
        yield "precondition_failed", request(address, "If-Match:")
    if any(one["name"] == "rev" for one in route.parameters):
        yield "revision_gone", request(f"{address}?rev=0123456789abcdef")
    if route.name == "getMediaFile":
        yield "range_not_satisfiable", request(address, "Range: bytes=1000-")
    if route.is_versioned:
        yield "invalid_parameter", request(f"{address}?no_such=1")
        yield "invalid_parameter", request(f"{address}?%ff")


def test_every_error_on_every_route_is_a_problem_document(
    server: tuple[str, int], every_route: list[Route]
) -> None:
    seen = set()
    for route in every_route:
        for code, sent in mistakes(route):
            with Wire(server) as wire:
                wire.send(sent)
                answer = wire.read()
                assert answer.problem == code, sent[:200]
                assert answer.status == PROBLEMS[code].status
                if answer.closes:
                    assert wire.is_closed()
                else:
                    wire.send(request("/healthz"))
                    assert wire.read().status == 200, "the connection is usable"
                assert str(answer.status) in route.get["responses"] or code == "not_found"
            seen.add(code)
    assert len(every_route) == len(CONTRACT["paths"])
    # The others need a server that is broken, has nothing, or had something: tests/test_app.py asks
    # such ones. A preview alone asks for a token: tests/test_preview.py.
    elsewhere = {INTERNAL_ERROR, NOT_READY, GONE, UNAUTHORIZED}
    assert seen == set(PROBLEMS) - {kind.code for kind in elsewhere}


CANARIES = [
    "<script>alert(1)</script>",
    '"><img/src=x>',
    "'onload='x",
    "%3Cscript%3E",
    "%0d%0aX-Canary:%201",
    "%0d%0a%0d%0a<script>",
    "${7*7}{{7*7}}",
    "\\u003cscript\\u003e",
    "</title><b>",
]
PLACES = [
    pytest.param("/{}", (), id="path"),
    pytest.param("/{}/", (), id="path with a slash"),
    pytest.param("/v1/{}", (), id="versioned path"),
    pytest.param("/v1/articles/{}", (), id="slug"),
    pytest.param("/v1/articles/{}/", (), id="slug with a slash"),
    pytest.param("/docs/problems/{}", (), id="code of a problem"),
    pytest.param("/v1/articles/?{}", (), id="query of a redirect"),
    pytest.param("/v1/articles?{}=1", (), id="name"),
    pytest.param("/v1/articles?page={}", (), id="value"),
    pytest.param("/v1/articles?view={}&{}=1", (), id="both"),
    pytest.param("/v1/articles", ("X-Request-Id: {}",), id="request id"),
    pytest.param("/nothing", ("X-Request-Id: {}", "X-Request-Id: a"), id="two request ids"),
    pytest.param("/v1/articles", ("Origin: {}", "Referer: {}", "User-Agent: {}"), id="headers"),
    pytest.param("/v1/articles", ("If-Match: {}",), id="precondition"),
    pytest.param("/v1/articles", ("If-None-Match: {}", "If-Modified-Since: {}"), id="conditions"),
    pytest.param("/v1/articles", ("Accept-Encoding: identity;q=0, {}", "Accept: {}"), id="coding"),
    pytest.param("/v1/articles", ("Host: {}",), id="second host"),
    pytest.param("/v1/articles/", ("X-Forwarded-Host: {}", "Forwarded: host={}"), id="forwarded"),
    pytest.param("/v1/articles", ("{}: a",), id="name of a header"),
    pytest.param("/v1/articles#{}", (), id="fragment"),
    pytest.param("http://{}/v1/articles/", (), id="authority"),
    pytest.param("/v1", ("Content-Length: {}",), id="length"),
    pytest.param("/v1", ("Transfer-Encoding: {}",), id="transfer coding"),
]


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize(("target", "lines"), PLACES)
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
def test_nothing_of_a_request_comes_back_unescaped(
    server: tuple[str, int], method: str, target: str, lines: tuple[str, ...], canary: str
) -> None:
    filled = (line.replace("{}", canary) for line in lines)
    answer = ask(server, target.replace("{}", canary), *filled, method=method)
    assert_nothing_reflected(answer)


def assert_nothing_reflected(answer: Answer) -> None:
    """Raw text comes back within JSON alone, and no sign of markup in a header."""
    for name, value in answer.headers:
        if name not in {"etag", "link", "content-security-policy"}:
            assert not re.search(r"[<>\"'{}\\]", value), (name, value)
        assert "canary" not in name
    if answer.body and answer.status != 200:
        assert answer["content-type"] == "application/problem+json"
        assert answer["x-content-type-options"] == "nosniff"
        assert isinstance(json.loads(answer.body), dict)


def test_body_of_a_request_never_comes_back(server: tuple[str, int]) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        with Wire(server) as wire:
            wire.send(request("/v1", "Content-Length: 6", method=method) + b"canary")
            assert b"canary" not in wire.read().body


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        pytest.param(["aZ0._-"], True, id="every kind of sign"),
        pytest.param(["a"], True, id="one sign"),
        pytest.param(["a" * 64], True, id="64 signs"),
        pytest.param(["  a\t"], True, id="blanks around"),
        pytest.param(["a" * 65], False, id="65 signs"),
        pytest.param([""], False, id="empty"),
        pytest.param(["a b"], False, id="blank within"),
        pytest.param(["a,b"], False, id="list"),
        pytest.param(["<script>"], False, id="markup"),
        pytest.param(['a"b'], False, id="quote"),
        pytest.param(["%0d%0a"], False, id="encoded CR LF"),
        pytest.param(["\xe4"], False, id="high byte"),
        pytest.param(["a", "b"], False, id="two"),
        pytest.param(["a", "a"], False, id="the same twice"),
        pytest.param(["", "a"], False, id="none and one"),
    ],
)
@pytest.mark.parametrize("target", ["/v1/articles", "/nothing", "/v1/articles/", "/healthz"])
def test_request_id_is_the_clients_own_only_when_well_formed(
    server: tuple[str, int], target: str, lines: list[str], *, kept: bool
) -> None:
    made = [ask(server, target, *(f"X-Request-Id: {one}" for one in lines)) for _ in range(2)]
    ids = {one["x-request-id"] for one in made}
    if kept:
        assert ids == {lines[0].strip()}
    else:
        assert len(ids) == 2, "each is new"
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", one) for one in ids)


def test_refused_request_keeps_its_id_too(server: tuple[str, int]) -> None:
    for wrong in ("Host: b", "Content-Length: 1", "X: a\x00"):
        answer = ask(server, "/v1", "X-Request-Id: mine", wrong)
        assert answer["x-request-id"] == "mine"
