"""Requests at random against the real server: no 5xx, no hang, no answer outside the contract.

The seed is new in each run and told when a request fails; KEYPOINT_FUZZ_SEED repeats a run.
A request that once failed stays in ONCE_FAILED by its bytes: what a seed makes changes with routes.
"""

import os
from collections import Counter
from collections.abc import Iterator
from random import SystemRandom
from typing import Self

import pytest

from tests.fuzz.grammar import Grammar, Request
from tests.fuzz.oracle import faults, operation
from tests.raw import Answer, ClosedError, Wire, ask, request, socket_address
from tests.routes import CONTRACT, FILES, routes
from tests.support import running, write

REQUESTS = 20_000
HOST = b" HTTP/1.1\r\nHost: a\r\n"
ONCE_FAILED = [
    pytest.param(b"STRANGE /v1" + HOST + b"\r\n", 405, id="method that no one knows"),
    pytest.param(b"HEAD http:///v1" + HOST + b"\r\n", 400, id="absolute without a host"),
    pytest.param(b"HEAD http://u@c/v1" + HOST + b"\r\n", 400, id="absolute with a user"),
    pytest.param(b"HEAD *" + HOST + b"\r\n", 400, id="asterisk"),
    pytest.param(b"GET /" + b"a" * 70_000 + HOST + b"\r\n", 414, id="more than the parser counts"),
    pytest.param(b"GET /v1#part" + HOST + b"\r\n", 400, id="fragment"),
    pytest.param(b"GET /v1" + HOST + b"Host: b\r\n\r\n", 400, id="second Host"),
    pytest.param(b"GET /v1 HTTP/1.1\r\n\r\n", 400, id="no Host"),
    pytest.param(b"GET /v1" + HOST + b"Bad Name: a\r\n\r\n", 400, id="name of a header"),
    pytest.param(b"\x16\x03\x01\x02", 400, id="no HTTP at all"),
]
"""Requests, and the status that each has now."""

Address = tuple[str, int]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    folder = tmp_path_factory.mktemp("fuzz")
    with running(write(folder / "content", FILES), folder / "store.db") as address:
        yield socket_address(address)


@pytest.fixture(scope="module")
def grammar(server: Address) -> Grammar:
    found = routes(server)
    lists = (
        route for route in found if "View" in str(route.parameters) or route.name[:4] == "list"
    )
    slugs = ("first", "second", "third", "lasting-id", "one", "two", "ann", "care", "said", "none")
    below = [f"{one.address}/{slug}" for one in lists for slug in slugs]
    # Ranges mean something for files alone: these are asked for often.
    files = [one.address for one in found if one.template.startswith("/media/")]
    return Grammar(found, below + files * (len(below) // 2))


@pytest.fixture(scope="module")
def tags(server: Address) -> list[str]:
    """Entity tags that the server has given."""
    return [
        ask(server, target, f"Accept-Encoding: {coding}")["etag"]
        for target in ("/v1/articles/first", "/v1/articles", "/v1", "/")
        for coding in ("identity", "gzip", "br")
    ]


class Run:
    """A run of requests: whole ones share a connection, each other one has its own."""

    def __init__(self, server: Address) -> None:
        self._server = server
        self._wire: Wire | None = None
        self.seen: Counter[int] = Counter()
        self.reached: set[str | None] = set()

    def send(self, asked: Request) -> None:
        for answer in self._answers(asked):
            self.seen[answer.status] += 1
            if answer.status == 200:
                self.reached.add(operation(asked.target.partition("?")[0]))
            assert answer.status < 500
            if asked.is_whole:
                assert list(faults(asked.method, asked.target, answer)) == []
            elif answer.status >= 400:
                assert list(faults(asked.read_as, "/nothing", answer)) == []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._wire:
            self._wire.__exit__()
            self._wire = None

    def _answers(self, asked: Request) -> list[Answer]:
        if not asked.is_whole:
            return list(self._spoiled(asked))
        self._wire = self._wire or Wire(self._server)
        self._wire.send(asked.data)
        answer = self._wire.read(method=asked.method)
        if answer.closes:
            assert self._wire.is_closed()
            self.close()
        return [answer]

    def _spoiled(self, asked: Request) -> Iterator[Answer]:
        """Yield what comes back for bytes that are perhaps no request, or several."""
        with Wire(self._server) as wire:
            wire.send(asked.data)
            wire.end()
            while (answer := self._further(wire, asked)) is not None:
                yield answer

    @staticmethod
    def _further(wire: Wire, asked: Request) -> Answer | None:
        """Return the next answer, None where the server has closed the connection."""
        try:
            return wire.read(method=asked.read_as)
        except ClosedError as closed:
            half: bytes = closed.args[0]
        assert not half or asked.read_as == "HEAD", "half an answer"
        return None


def check(run: Run, grammar: Grammar, tags: list[str], seed: int, number: int) -> None:
    asked = grammar.request(seed, number, tags)
    try:
        run.send(asked)
    except (AssertionError, TimeoutError, ClosedError, ValueError) as error:
        raise AssertionError(
            f"seed {seed}, request {number}: {asked.data[:1_000]!r}: {error!r}"
        ) from error


def test_no_request_at_random_gets_an_answer_outside_the_contract(
    server: Address, grammar: Grammar, tags: list[str]
) -> None:
    seed = int(os.environ.get("KEYPOINT_FUZZ_SEED") or SystemRandom().randrange(2**32))
    print(f"KEYPOINT_FUZZ_SEED={seed}")  # noqa: T201 - pytest shows it where the test fails
    with Run(server) as run:
        for number in range(REQUESTS):
            check(run, grammar, tags, seed, number)
    # The run itself is proven: it gets everywhere, and into every kind of answer.
    refused = {400, 404, 405, 406, 410, 412, 413, 414, 416, 431}
    assert set(run.seen) == {200, 204, 206, 304, 308, *refused}
    assert run.reached >= set(CONTRACT["paths"])
    assert run.seen[200] > REQUESTS / 10


@pytest.mark.parametrize(("data", "status"), ONCE_FAILED)
def test_request_that_once_failed_is_answered(server: Address, data: bytes, status: int) -> None:
    with Run(server) as run:
        run.send(Request(data.partition(b" ")[0].decode("latin-1"), "/v1", data, is_whole=False))
        assert dict(run.seen) == {status: 1}


def test_oracle_tells_what_is_outside_the_contract(server: Address) -> None:
    """Guard the proof itself: an answer that is changed in any way is told."""
    whole = ask(server, "/v1/topics/one", "X-Request-Id: a")
    assert list(faults("GET", "/v1/topics/one", whole)) == []
    wrong = [
        Answer(500, whole.headers, whole.body),
        Answer(204, whole.headers, b""),
        Answer(308, (*whole.headers, ("location", "/v1")), b""),
        Answer(200, (*whole.headers, ("x-odd", "a")), whole.body),
        Answer(200, (*whole.headers, whole.headers[-1]), whole.body),
        Answer(200, whole.headers, whole.body.replace(b'"title"', b'"titel"')),
        Answer(200, whole.headers, whole.body.replace(b'"summary":null', b'"summary":1')),
    ]
    for answer in wrong:
        assert list(faults("GET", "/v1/topics/one", answer)) != []
    assert list(faults("GET", "/v1/topics/a/b", whole)) != []
    with Wire(server) as wire:
        wire.send(request("/v1?a=1"))
        problem = wire.read()
    assert list(faults("GET", "/v1?a=1", problem)) == []
    retyped = Answer(400, problem.headers, problem.body.replace(b'"errors":[', b'"errors":[1,'))
    assert list(faults("GET", "/v1?a=1", retyped)) != []
