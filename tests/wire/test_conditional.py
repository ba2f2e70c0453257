"""Conditional requests, by the tables of RFC 9110, 13, against the real server."""

from itertools import product

import httpx2
import pytest

from tests.raw import Wire, request

ADDRESS = "/v1/articles/first"
EARLIER = "Wed, 01 Jan 2020 00:00:00 GMT"
SAME = "Thu, 02 Jan 2020 03:04:05 GMT"
LATER = "Fri, 03 Jan 2020 00:00:00 GMT"
BAD = "yesterday"
OTHER = '"another"'


@pytest.fixture(scope="module")
def tag(client: httpx2.Client) -> str:
    answer = client.get(ADDRESS)
    assert answer.headers["last-modified"] == SAME
    etag: str = answer.headers["etag"]
    return etag


# What each condition says of the present representation: None is as if it were not sent.
IF_MATCH = {None: None, "{tag}": True, OTHER: False, "*": True, "W/{tag}": False}
IF_UNMODIFIED = {None: None, EARLIER: False, SAME: True, LATER: True, BAD: None}
IF_NONE_MATCH = {None: None, "{tag}": False, OTHER: True, "*": False, "W/{tag}": False}
IF_MODIFIED = {None: None, EARLIER: True, SAME: False, LATER: False, BAD: None}


Holds = bool | None


def by_precedence(verdicts: tuple[Holds, Holds, Holds, Holds]) -> int:
    """Return the status that the steps of RFC 9110, 13.2.2, lead to."""
    match, unmodified, none_match, modified = verdicts
    first = unmodified if match is None else match
    if first is False:
        return 412
    second = modified if none_match is None else none_match
    return 304 if second is False else 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_conditions_are_evaluated_in_the_order_of_the_standard(
    server: tuple[str, int], tag: str, method: str
) -> None:
    """All 625 combinations, one after another over one connection."""
    seen = set()
    with Wire(server) as wire:
        for values in product(IF_MATCH, IF_UNMODIFIED, IF_NONE_MATCH, IF_MODIFIED):
            match, unmodified, none_match, modified = values
            sent = {
                "If-Match": match,
                "If-Unmodified-Since": unmodified,
                "If-None-Match": none_match,
                "If-Modified-Since": modified,
            }
            lines = [f"{name}: {value}" for name, value in sent.items() if value]
            wire.send(
                request(ADDRESS, *(one.replace("{tag}", tag) for one in lines), method=method)
            )
            answer = wire.read(method=method)
            expected = by_precedence(
                (
                    IF_MATCH[match],
                    IF_UNMODIFIED[unmodified],
                    IF_NONE_MATCH[none_match],
                    IF_MODIFIED[modified],
                )
            )
            assert answer.status == expected, lines
            seen.add(answer.status)
            if answer.status == 304:
                assert answer["etag"] == tag
                assert not answer.values("content-length")
            if answer.status == 412 and method == "GET":
                assert answer.problem == "precondition_failed"
    assert seen == {200, 304, 412}


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        pytest.param(["If-None-Match: {tag}, " + OTHER], 304, id="list, first"),
        pytest.param(["If-None-Match: " + OTHER + ",{tag}"], 304, id="list, last, no blank"),
        pytest.param(["If-None-Match: " + OTHER + "\t, \t{tag}"], 304, id="list, tabs"),
        pytest.param(["If-None-Match: , ,{tag},"], 304, id="list, empty members"),
        pytest.param(['If-None-Match: "a,b", {tag}'], 304, id="list, comma in a tag"),
        pytest.param(["If-None-Match: " + OTHER, "If-None-Match: {tag}"], 304, id="two lines"),
        pytest.param(["If-None-Match: " + OTHER, 'If-None-Match: "b"'], 200, id="two other lines"),
        pytest.param(["If-None-Match: W/" + OTHER + ", W/{tag}"], 304, id="weak in a list"),
        pytest.param(["If-None-Match: w/{tag}"], 200, id="a weak tag begins with W"),
        pytest.param(["If-None-Match:"], 200, id="empty"),
        pytest.param(["If-None-Match: *"], 304, id="any"),
        pytest.param(["If-None-Match:  \t* "], 304, id="any, with blanks"),
        pytest.param(['If-None-Match: "*"'], 200, id="a tag that is a star"),
        pytest.param(["If-None-Match: {bare}"], 200, id="tag without quotes"),
        pytest.param(['If-None-Match: "{bare}'], 200, id="tag without its end"),
        pytest.param(["If-None-Match: \xe9\xff"], 200, id="not ASCII"),
        pytest.param(["If-None-Match: " + '"' * 4_001], 200, id="quotes alone"),
        pytest.param(["If-None-Match: " + ", ".join(['"a"'] * 3_000) + ", {tag}"], 304, id="long"),
        pytest.param(["If-Match: " + OTHER + ", {tag}"], 200, id="match, list"),
        pytest.param(["If-Match: " + OTHER, "If-Match: {tag}"], 200, id="match, two lines"),
        pytest.param(["If-Match:"], 412, id="match, empty"),
        pytest.param(["If-Match: W/{tag}, " + OTHER], 412, id="match, weak in a list"),
        pytest.param(["If-Modified-Since: " + SAME], 304, id="date as it is preferred"),
        pytest.param(["If-Modified-Since: Thursday, 02-Jan-20 03:04:05 GMT"], 304, id="RFC 850"),
        pytest.param(["If-Modified-Since: Thu Jan  2 03:04:05 2020"], 304, id="asctime"),
        pytest.param(["If-Modified-Since: Wednesday, 01-Jan-20 00:00:00 GMT"], 200, id="850, old"),
        pytest.param(["If-Modified-Since: Wed Jan  1 00:00:00 2020"], 200, id="asctime, old"),
        pytest.param(["If-Modified-Since: " + SAME.replace("GMT", "UTC")], 200, id="not GMT"),
        pytest.param(["If-Modified-Since: " + SAME.lower()], 200, id="date in lower case"),
        pytest.param(["If-Modified-Since: 2030-01-02T03:04:05Z"], 200, id="RFC 3339"),
        pytest.param(["If-Modified-Since: Thu, 32 Jan 2020 03:04:05 GMT"], 200, id="no such day"),
        pytest.param(["If-Modified-Since: Thu, 02 Jan 9999 23:59:60 GMT"], 304, id="leap second"),
        pytest.param(["If-Modified-Since: Thu, 02 Jan 0000 00:00:00 GMT"], 200, id="year 0"),
        pytest.param(["If-Modified-Since: 9999999999999999999999"], 200, id="number"),
        pytest.param(["If-Modified-Since:"], 200, id="no date"),
        pytest.param(
            ["If-Modified-Since: " + SAME, "If-Modified-Since: " + SAME], 200, id="two dates"
        ),
        pytest.param(["If-Unmodified-Since: " + EARLIER[:-1]], 200, id="bad precondition"),
        pytest.param(["If-Range: {tag}", "Range: bytes=0-1"], 200, id="no ranges are served"),
        pytest.param(["Range: bytes=0-0,-1"], 200, id="ranges are ignored"),
    ],
)
def test_conditions_are_read_to_the_letter(
    server: tuple[str, int], tag: str, lines: list[str], status: int
) -> None:
    with Wire(server) as wire:
        filled = (one.replace("{tag}", tag).replace("{bare}", tag.strip('"')) for one in lines)
        wire.send(request(ADDRESS, *filled))
        assert wire.read().status == status


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_each_coding_is_validated_by_its_own_tag_alone(client: httpx2.Client, coding: str) -> None:
    etags = {
        name: client.get(ADDRESS, headers={"accept-encoding": name}).headers["etag"]
        for name in ("identity", "gzip", "br")
    }
    assert len(set(etags.values())) == 3
    for name, etag in etags.items():
        headers = {"accept-encoding": coding, "if-none-match": etag}
        assert client.get(ADDRESS, headers=headers).status_code == (304 if name == coding else 200)


def test_weak_tag_never_matches_strongly(client: httpx2.Client) -> None:
    etag = client.get(ADDRESS, headers={"accept-encoding": "gzip"}).headers["etag"]
    assert etag.startswith('W/"')
    headers = {"accept-encoding": "gzip", "if-match": etag}
    assert client.get(ADDRESS, headers=headers).status_code == 412


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/topics/one", "/", "/openapi.yaml"])
def test_conditions_on_dates_are_ignored_where_no_date_is_known(
    client: httpx2.Client, path: str
) -> None:
    answer = client.get(path, headers={"if-modified-since": LATER, "if-unmodified-since": EARLIER})
    assert answer.status_code == 200
    assert "last-modified" not in answer.headers


@pytest.mark.parametrize("path", ["/v1/articles/nothing", "/v1?a=1", "/nothing"])
def test_conditions_say_nothing_where_the_answer_is_a_problem(
    client: httpx2.Client, path: str
) -> None:
    plain = client.get(path).status_code
    for name in ("if-match", "if-none-match"):
        assert client.get(path, headers={name: "*"}).status_code == plain
