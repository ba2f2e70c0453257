"""Methods on every URL: HEAD as GET, OPTIONS, preflights, and what is not allowed."""

import httpx2
import pytest

from tests.raw import Answer, Wire, ask, request
from tests.routes import Route

ALLOWED = "GET, HEAD, OPTIONS"


def both(server: tuple[str, int], target: str, *lines: str) -> tuple[Answer, Answer]:
    """Return what GET and HEAD answer, over one connection."""
    answers = []
    with Wire(server) as wire:
        for method in ("GET", "HEAD"):
            wire.send(request(target, "X-Request-Id: same", *lines, method=method))
            answers.append(wire.read(method=method))
    get, head = answers
    return get, head


def assert_alike(get: Answer, head: Answer, target: str) -> None:
    told = [[pair for pair in one.headers if pair[0] != "date"] for one in (get, head)]
    assert told[0] == told[1], target
    assert head.status == get.status, target


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_head_is_get_without_its_body_on_every_url(
    server: tuple[str, int], every_route: list[Route], coding: str
) -> None:
    for route in every_route:
        for query in route.queries():
            target = route.address + query
            get, head = both(server, target, f"Accept-Encoding: {coding}")
            assert_alike(get, head, target)
            assert get.status == 200
            assert len(get.body) == int(head["content-length"])


@pytest.mark.parametrize(
    ("suffix", "lines"),
    [
        pytest.param("/", [], id="slash"),
        pytest.param("//?a=1", [], id="slashes"),
        pytest.param("/nothing", [], id="nothing there"),
        pytest.param("?no_such=1", [], id="parameter"),
        pytest.param("", ["Accept-Encoding: *;q=0"], id="coding"),
        pytest.param("", ['If-Match: "other"'], id="precondition"),
        pytest.param("", ["If-None-Match: *"], id="not modified"),
        pytest.param("?" + "a" * 8_192, [], id="long target"),
        pytest.param("", ["X-Long: " + "a" * 33_000], id="large headers"),
        pytest.param("", ["Content-Length: 3"], id="body"),
        pytest.param("", ["Host: b"], id="two hosts"),
        pytest.param("", ["Content-Length: 0"], id="empty body"),
    ],
)
def test_head_is_get_without_its_body_where_something_is_wrong(
    server: tuple[str, int], every_route: list[Route], suffix: str, lines: list[str]
) -> None:
    for route in every_route:
        target = route.address + suffix
        answers = []
        for method in ("GET", "HEAD"):
            with Wire(server) as wire:
                wire.send(request(target, "X-Request-Id: same", *lines, method=method))
                answers.append(wire.read(method=method))
                if answers[-1].closes:
                    assert wire.is_closed(), "HEAD has no body"
        assert_alike(answers[0], answers[1], target)


def test_options_are_answered_on_every_url(
    server: tuple[str, int], every_route: list[Route]
) -> None:
    with Wire(server) as wire:
        for target in [*(route.address for route in every_route), "/nothing", "/v1/", "*"]:
            wire.send(request(target, method="OPTIONS"))
            answer = wire.read()
            assert answer.status == 204, target
            assert answer["allow"] == ALLOWED
            assert not answer.values("content-length")
            assert answer.values("x-request-id")


@pytest.mark.parametrize("wanted", ["GET", "HEAD", "DELETE", '"><script>'])
@pytest.mark.parametrize("origin", ["https://app.example", "null", 'http://evil.example"<'])
def test_preflight_says_what_any_origin_may_do(
    server: tuple[str, int], every_route: list[Route], wanted: str, origin: str
) -> None:
    lines = [
        f"Origin: {origin}",
        f"Access-Control-Request-Method: {wanted}",
        "Access-Control-Request-Headers: x-request-id, if-none-match, authorization",
        "Access-Control-Request-Private-Network: true",
    ]
    with Wire(server) as wire:
        for route in every_route:
            wire.send(request(route.address, *lines, method="OPTIONS"))
            answer = wire.read()
            told = {
                name.removeprefix("access-control-"): value
                for name, value in answer.headers
                if name.startswith("access-control-")
            }
            assert answer.status == 204
            assert told == {
                "allow-origin": "*",
                "allow-methods": "GET, HEAD",
                "allow-headers": "If-None-Match, If-Modified-Since, X-Request-Id",
                "max-age": "86400",
            }


def test_every_answer_may_be_read_from_any_origin(
    client: httpx2.Client, every_route: list[Route]
) -> None:
    for route in every_route:
        for suffix in ("", "/", "?no_such=1", "/nothing"):
            answer = client.get(route.address + suffix, headers={"origin": "https://a.example"})
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in answer.headers
            assert "ETag" in answer.headers["access-control-expose-headers"]
            assert "origin" not in answer.headers.get("vary", "").lower()


@pytest.mark.parametrize(
    "method",
    [
        *("POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "QUERY", "PROPFIND", "PURGE"),
        *(
            "M-SEARCH",
            "SOURCE",
            "DESCRIBE",
            "get",
            "Head",
            "OPTIONs",
            "FOO",
            "GETT",
            "G",
            "X" * 500,
        ),
        *("!#$%&'*+.^_`|~-", "BREW"),
    ],
)
@pytest.mark.parametrize("target", ["/v1/articles", "/", "/nothing", "/v1/"])
def test_other_methods_are_not_allowed_on_any_url(
    server: tuple[str, int], method: str, target: str
) -> None:
    with Wire(server) as wire:
        wire.send(request(target, method=method))
        answer = wire.read()
        assert answer.status == 405
        assert answer.problem == "method_not_allowed"
        assert answer["allow"] == ALLOWED
        if answer.closes:
            assert wire.is_closed()


@pytest.mark.parametrize(
    ("method", "target"),
    [("CONNECT", "a.example:80"), ("CONNECT", "*"), ("POST", "*"), ("DELETE", "ftp://a/b")],
)
def test_other_methods_are_not_allowed_whatever_form_their_target_has(
    server: tuple[str, int], method: str, target: str
) -> None:
    answer = ask(server, target, method=method)
    assert answer.status == 405
    assert answer.problem == "method_not_allowed"


@pytest.mark.parametrize("method", ["POST", "DELETE", "PROPFIND"])
def test_connection_goes_on_after_a_method_that_is_known(
    server: tuple[str, int], method: str
) -> None:
    with Wire(server) as wire:
        wire.send(request("/v1", method=method))
        assert wire.read().status == 405
        wire.send(request("/healthz"))
        assert wire.read().json() == {"status": "ok"}
