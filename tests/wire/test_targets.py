"""Request targets: their forms, one address each, and parameters (RFC 9112, 3.2; RFC 3986)."""

import pytest

from tests.raw import Wire, ask, request
from tests.routes import Route

ARTICLE = "/v1/articles/first"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        pytest.param("/v1/articles/", 308, id="slash"),
        pytest.param("/v1/articles////", 308, id="slashes"),
        pytest.param("/", 200, id="root"),
        pytest.param("//", 404, id="two slashes alone"),
        pytest.param("//v1/articles", 404, id="slashes before"),
        pytest.param("//v1/articles/", 404, id="slashes before and a slash"),
        pytest.param("//evil.example/%2e%2e/", 404, id="host"),
        pytest.param("/v1//articles", 404, id="slashes within"),
        pytest.param("/v1//articles/", 404, id="slashes within and a slash"),
        pytest.param("/v1%2Farticles", 404, id="encoded slash"),
        pytest.param("/v1/articles%2ffirst", 404, id="encoded slash before the slug"),
        pytest.param("/v1/articles/first%2F", 404, id="encoded slash at the end"),
        pytest.param("/%2Fevil.example/", 404, id="encoded slash, host"),
        pytest.param("/v1/./articles", 404, id="dot"),
        pytest.param("/v1/articles/.", 404, id="dot at the end"),
        pytest.param("/v1/articles/./", 404, id="dot and slash at the end"),
        pytest.param("/v1/topics/../articles", 404, id="dots"),
        pytest.param("/../v1", 404, id="above the root"),
        pytest.param("/v1/..", 404, id="dots at the end"),
        pytest.param("/v1/../", 404, id="dots and slash at the end"),
        pytest.param("/v1/%2e%2e/healthz", 404, id="encoded dots"),
        pytest.param("/v1/%2E/articles", 404, id="encoded dot"),
        pytest.param("/v1/..%2fhealthz", 404, id="dots and encoded slash"),
        pytest.param("/v1/articles/..;/first", 404, id="dots and semicolon"),
        pytest.param("/v1/%61rticles", 404, id="encoded letter"),
        pytest.param("/%76%31", 404, id="encoded letters"),
        pytest.param("/v1/articles%00", 404, id="NUL"),
        pytest.param("/v1/articles/first%00.json", 404, id="NUL within"),
        pytest.param("/v1/articles%0a", 404, id="line feed"),
        pytest.param("/v1/articles/first%0d%0aX: y".replace(" ", "%20"), 404, id="CR LF"),
        pytest.param("/v1/articles/%ff", 404, id="no UTF-8"),
        pytest.param("/v1/articles/%c0%af", 404, id="overlong"),
        pytest.param("/v1/articles/%ed%a0%80", 404, id="surrogate"),
        pytest.param("/v1/articles/%f0%9f%98%80", 404, id="UTF-8"),
        pytest.param("/v1/articles/%u0041", 404, id="odd encoding"),
        pytest.param("/v1/articles/%", 404, id="percent alone"),
        pytest.param("/v1/articles/%zz", 404, id="percent and no digits"),
        pytest.param("/v1/articles/%2561", 404, id="encoded twice"),
        pytest.param("/v1%3Fpage=1", 404, id="encoded question mark"),
        pytest.param("/v1/articles%23a", 404, id="encoded number sign"),
        pytest.param("/V1/articles", 404, id="upper case"),
        pytest.param("/v1/articles/FIRST", 404, id="upper case slug"),
        pytest.param("/v1/articles;a=1", 404, id="path parameter"),
        pytest.param("/v1/articles/first;jsessionid=1", 404, id="session"),
        pytest.param("/v1/articles/first.json", 404, id="ending"),
        pytest.param("/v1/articles/*", 404, id="star"),
        pytest.param("/v1/articles/'\"<>\\^`{|}", 404, id="signs that no address has"),
        pytest.param("/v1\\articles", 404, id="backslash"),
        pytest.param("/\\evil.example/", 404, id="backslash, host"),
        pytest.param("/v1/articles/lasting-id", 200, id="id for a slug"),
        pytest.param("/" + "a/" * 4_000 + "a", 404, id="deep"),
        pytest.param("/" + "a" * 8_191, 404, id="at the bound"),
        pytest.param("/" + "a" * 8_192, 414, id="above the bound"),
        pytest.param("/v1/articles?page=" + "1" * 8_174, 400, id="query, at the bound"),
        pytest.param("/v1/articles?page=" + "1" * 8_176, 414, id="query, above the bound"),
        pytest.param("/" + "a" * 65_535, 414, id="more than the parser counts"),
        pytest.param("/" + "a" * 2**20, 414, id="a megabyte"),
        pytest.param("/v1?" + "a" * 2**20, 414, id="a megabyte of query"),
        # Forms (RFC 9112, 3.2.1 to 3.2.4)
        pytest.param("http://a/v1/articles", 200, id="absolute"),
        pytest.param("HTTPS://A:443/v1/articles", 200, id="absolute, upper case, port"),
        pytest.param("http://[::1]:80/v1/articles", 200, id="absolute, IPv6"),
        pytest.param("http://another.example/v1/articles?limit=1", 200, id="absolute, query"),
        pytest.param("http://a", 200, id="absolute without a path"),
        pytest.param("http://a?x=1", 200, id="absolute without a path, query"),
        pytest.param("http://a/v1/articles/", 308, id="absolute, slash"),
        pytest.param("http://a//evil.example/", 404, id="absolute, host in the path"),
        pytest.param("http:///v1", 400, id="absolute without a host"),
        pytest.param("http://a b/v1".replace(" ", "%"), 400, id="absolute, no host"),
        pytest.param("http://user@a/v1", 400, id="absolute with a user"),
        pytest.param("ftp://a/v1", 400, id="another scheme"),
        pytest.param("javascript:alert(1)", 400, id="no scheme of a server"),
        pytest.param("a:80", 400, id="authority"),
        pytest.param("*", 400, id="asterisk"),
        pytest.param("v1", 400, id="relative"),
        pytest.param("?page=1", 400, id="query alone"),
        pytest.param("/v1#part", 400, id="fragment"),
        pytest.param("/v1?a#part", 400, id="fragment after a query"),
        pytest.param("/v1\x00", 400, id="raw NUL"),
        pytest.param("/v1\x7f", 400, id="raw DEL"),
        pytest.param("/v1\t", 400, id="raw tab"),
        pytest.param("/v1 /x", 400, id="raw blank"),
        pytest.param("/v1/\xe9", 400, id="raw high byte"),
        pytest.param("/v1?q=\xff", 400, id="raw high byte in the query"),
    ],
)
def test_every_resource_has_one_address(server: tuple[str, int], target: str, status: int) -> None:
    answer = ask(server, target)
    assert answer.status == status
    if status == 308:
        assert answer["location"] == "/v1/articles"
    elif status >= 400:
        known = {404: "not_found", 414: "uri_too_long"}
        assert answer.problem in {known.get(status), "invalid_parameter", "bad_request"}
        assert len(answer.body) < 10_000


def test_slashes_lead_to_every_address(server: tuple[str, int], every_route: list[Route]) -> None:
    for route in every_route:
        if route.address != "/":
            answer = ask(server, f"{route.address}/?a=%2F&b=c")
            assert answer.status == 308
            assert answer["location"] == f"{route.address}?a=%2F&b=c"


@pytest.mark.parametrize("path", ["/v1", "/v1/articles", ARTICLE, "/v1/articles/nothing"])
def test_absolute_form_is_answered_as_the_origin_form(server: tuple[str, int], path: str) -> None:
    plain, absolute = (
        ask(server, target, "X-Request-Id: same") for target in (path, f"http://b.example{path}")
    )
    assert absolute.status == plain.status
    assert absolute.body == plain.body


LIST = "/v1/articles"


@pytest.mark.parametrize(
    ("target", "codes"),
    [
        pytest.param(f"{LIST}?", [], id="no parameter"),
        pytest.param(f"{LIST}?&&", [], id="separators alone"),
        pytest.param(f"{LIST}?page=1&limit=1", [], id="two"),
        pytest.param(f"{LIST}?%70age=1", [], id="encoded letter of a name"),
        pytest.param(f"{LIST}?page=%31", [], id="encoded digit"),
        pytest.param(f"{LIST}?page=1&page=1", ["repeated_parameter"], id="repeated"),
        pytest.param(
            f"{LIST}?page=1&page=2&limit=0", ["repeated_parameter", "out_of_range"], id="2"
        ),
        pytest.param(f"{LIST}?page=", ["out_of_range"], id="empty value"),
        pytest.param(f"{LIST}?page", ["out_of_range"], id="no value"),
        pytest.param(f"{LIST}?=1", ["unknown_parameter"], id="no name"),
        pytest.param(f"{LIST}?=", ["unknown_parameter"], id="neither"),
        pytest.param(f"{LIST}?page=+1", ["out_of_range"], id="plus is a blank"),
        pytest.param(f"{LIST}?page=%2B1", ["out_of_range"], id="plus sign"),
        pytest.param(f"{LIST}?page=-1", ["out_of_range"], id="negative"),
        pytest.param(f"{LIST}?page=01", ["out_of_range"], id="leading zero"),
        pytest.param(f"{LIST}?page=1.0", ["out_of_range"], id="fraction"),
        pytest.param(f"{LIST}?page=1e1", ["out_of_range"], id="exponent"),
        pytest.param(f"{LIST}?page=1_0", ["out_of_range"], id="underscore"),
        pytest.param(f"{LIST}?page=%D9%A1", ["out_of_range"], id="Arabic digit"),
        pytest.param(f"{LIST}?page={'9' * 4_000}", ["out_of_range"], id="very long"),
        pytest.param(f"{LIST}?page=1%00", ["out_of_range"], id="NUL"),
        pytest.param(f"{LIST}?page=1;limit=1", ["out_of_range"], id="semicolon separates nothing"),
        pytest.param(f"{LIST}?page=1%26limit=1", ["out_of_range"], id="encoded separator"),
        pytest.param(f"{LIST}?Page=1", ["unknown_parameter"], id="upper case"),
        pytest.param(f"{LIST}?page[]=1", ["unknown_parameter"], id="brackets"),
        pytest.param(f"{LIST}?page%20=1", ["unknown_parameter"], id="blank in a name"),
        pytest.param(f"{LIST}?view=Card", ["invalid_value"], id="upper case value"),
        pytest.param(f"{LIST}?view=card,full", ["invalid_value"], id="list"),
        pytest.param(f"{LIST}?view=", ["invalid_value"], id="empty choice"),
        pytest.param(f"{LIST}?{'x' * 8_000}=1", ["unknown_parameter"], id="very long name"),
        pytest.param(f"{LIST}?__proto__=1", ["unknown_parameter"], id="prototype"),
        pytest.param(f"{LIST}?a?b=c", ["unknown_parameter"], id="second question mark"),
        pytest.param(f"{ARTICLE}?page=1", ["unknown_parameter"], id="of another operation"),
        pytest.param("/v1?page=1", ["unknown_parameter"], id="operation without any"),
        pytest.param("/v1/openapi.json?a", ["unknown_parameter"], id="contract"),
        pytest.param("/v1/schemas/article?rich_text=html", ["unknown_parameter"], id="schema"),
    ],
)
def test_parameters_are_read_to_the_letter(
    server: tuple[str, int], target: str, codes: list[str]
) -> None:
    answer = ask(server, target)
    if not codes:
        assert answer.status == 200
        return
    assert answer.status == 400
    assert answer.problem == "invalid_parameter"
    assert [one["code"] for one in answer.json()["errors"]] == codes
    assert len(answer.body) < 2_000, "a long name or value is not repeated"


@pytest.mark.parametrize(
    "query", ["%ff", "page=%ff", "%c0%af=1", "page=%ed%a0%80", "&".join("abc" * 20)]
)
def test_query_that_cannot_be_read_is_an_invalid_parameter(
    server: tuple[str, int], query: str
) -> None:
    answer = ask(server, f"{LIST}?{query}")
    assert answer.status == 400
    assert answer.problem == "invalid_parameter"


@pytest.mark.parametrize("target", ["/", "/healthz", "/readyz", "/openapi.yaml"])
@pytest.mark.parametrize("query", ["utm_source=a", "%ff", "a&a", "a=<script>"])
def test_query_says_nothing_beside_the_versioned_api(
    server: tuple[str, int], target: str, query: str
) -> None:
    assert ask(server, f"{target}?{query}").status == 200


def test_wrong_target_leaves_the_connection_usable(server: tuple[str, int]) -> None:
    with Wire(server) as wire:
        for target in ("/nothing", "/v1?a=1", "/v1/%00", "/v1/articles/", "/" + "a" * 8_193):
            wire.send(request(target))
            assert wire.read().status >= 300
            wire.send(request(ARTICLE))
            assert wire.read().status == 200
