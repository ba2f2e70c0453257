"""Where a request begins and ends: what is no HTTP, bodies, bounds, and what follows them."""

import re
import socket
import time
from pathlib import Path

import httpx2
import pytest

from tests.raw import Answer, ClosedError, Wire, request

HEALTH = request("/healthz")
NEXT = request("/v1/topics/one")


def refused(server: tuple[str, int], sent: bytes) -> Answer:
    """Send bytes with a whole request after them; return the one answer that there must be."""
    with Wire(server) as wire:
        wire.send(sent + HEALTH)
        answer = wire.read()
        assert answer.closes
        assert wire.is_closed(), "what follows a refused request is not read"
    return answer


@pytest.mark.parametrize(
    ("head", "told"),
    [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", "no Host", id="no Host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "one Host", id="two Hosts"),
        pytest.param(b"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "one Host", id="two in 1.0"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "Host", id="blank in Host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", "Host", id="list of Hosts"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", "Host", id="port of letters"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "Host", id="path in Host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "Host", id="user in Host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: <b>\r\n\r\n", "Host", id="markup in Host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: \xe9\r\n\r\n", "Host", id="high byte in Host"),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: " + b"a" * 262 + b"\r\n\r\n", "Host", id="long Host"
        ),
        pytest.param(b"GET http://b/ HTTP/1.1\r\n\r\n", "no Host", id="absolute, no Host"),
        pytest.param(b"GET /\r\n\r\n", "HTTP/1.1 and HTTP/1.0", id="HTTP/0.9"),
        pytest.param(b"GET / HTTP/0.9\r\n\r\n", "HTTP/1.1 and HTTP/1.0", id="HTTP/0.9 named"),
        pytest.param(b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", "HTTP/1.1 and", id="HTTP/2.0"),
        pytest.param(b"GET / HTTP/1.2\r\nHost: a\r\n\r\n", "version", id="HTTP/1.2"),
        pytest.param(b"GET / HTTP/9\r\nHost: a\r\n\r\n", "read", id="no minor version"),
        pytest.param(b"GET / http/1.1\r\nHost: a\r\n\r\n", "read", id="lower-case version"),
        pytest.param(b"GET / HTTPS/1.1\r\nHost: a\r\n\r\n", "read", id="another protocol"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "read", id="preface of HTTP/2"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "method", id="TLS"),
        pytest.param(b"\x00\x00\x00\x00", "method", id="NULs"),
        pytest.param(b" GET / HTTP/1.1\r\nHost: a\r\n\r\n", "method", id="blank before"),
        pytest.param(b"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", "", id="tab"),
        pytest.param(b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "read", id="blank in the target"),
        pytest.param(b"{}\r\n\r\n", "method", id="JSON"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", "white", id="obs-fold"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n", "white", id="fold, tab"),
        pytest.param(b"GET / HTTP/1.1\r\n Host: a\r\n\r\n", "space", id="blank before a field"),
        pytest.param(b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "token", id="blank before the colon"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", "token", id="no colon"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", "token", id="no name"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX(): b\r\n\r\n", "token", id="odd name"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n\xe9: b\r\n\r\n", "token", id="high name"),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n", "char", id="NUL in a value"
        ),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x0bb\r\n\r\n", "char", id="control sign"),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", "LF", id="bare CR in a value"
        ),
        pytest.param(b"GET / HTTP/1.1\nHost: a\n\n", "CRLF", id="bare LF"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", "CR", id="bare LF after a field"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n\n", "", id="bare LF at the end"),
        pytest.param(b"GET / HTTP/1.1\rHost: a\r\n\r\n", "CRLF", id="bare CR"),
    ],
)
def test_what_is_no_http_is_a_bad_request(server: tuple[str, int], head: bytes, told: str) -> None:
    answer = refused(server, head)
    assert answer.status == 400
    assert answer.problem == "bad_request"
    assert told in answer.json()["detail"]


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", id="empty lines before"),
        pytest.param(b"GET / HTTP/1.1\r\nHost:\r\n\r\n", id="empty Host"),
        pytest.param(b"GET / HTTP/1.1\r\nHOST:a.example:8000\r\n\r\n", id="no blank, a port"),
        pytest.param(b"GET / HTTP/1.1\r\nhost: \t[2001:db8::1]:80 \t\r\n\r\n", id="IPv6"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: %61:\r\n\r\n", id="encoded, empty port"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n", id="empty field"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX: \xff\xfe\r\n\r\n", id="high bytes"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", id="empty body"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0 \t\r\n\r\n", id="blanks"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", id="Expect"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nTE: trailers, chunked\r\n\r\n", id="TE"),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n", id="h2c"
        ),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n\r\n",
            id="websocket",
        ),
    ],
)
def test_what_is_odd_but_right_is_answered_and_the_connection_goes_on(
    server: tuple[str, int], head: bytes
) -> None:
    with Wire(server) as wire:
        wire.send(head + HEALTH)
        assert wire.read().status == 200
        assert wire.read().json() == {"status": "ok"}


UPGRADE = request("/healthz", "Connection: upgrade", "Upgrade: h2c")


def test_upgrade_is_ignored_and_what_follows_is_read(server: tuple[str, int]) -> None:
    with Wire(server) as wire:
        wire.send(UPGRADE * 20 + HEALTH)
        assert [wire.read().status for _ in range(21)] == [200] * 21
        wire.send(UPGRADE + b"FOO / HTTP/1.1\r\n\r\n" + HEALTH)
        assert [wire.read().status for _ in range(2)] == [200, 405]
        assert wire.is_closed()


def test_upgrade_with_a_body_is_refused_and_the_body_is_not_read(
    server: tuple[str, int],
) -> None:
    lines = ("Connection: upgrade", "Upgrade: h2c", f"Content-Length: {len(HEALTH)}")
    with Wire(server) as wire:
        wire.send(request("/v1", *lines))
        assert wire.read().status == 413
        wire.send(HEALTH)
        assert wire.is_closed()


def test_request_of_http_1_0_is_answered_and_the_connection_closed(
    server: tuple[str, int],
) -> None:
    for lines in (b"", b"Host: a\r\n", b"Connection: keep-alive\r\n"):
        with Wire(server) as wire:
            wire.send(b"GET /healthz HTTP/1.0\r\n" + lines + b"\r\n")
            answer = wire.read()
            assert answer.status == 200
            assert answer.closes
            assert wire.is_closed()


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(SMUGGLED), SMUGGLED)


@pytest.mark.parametrize(
    ("lines", "body", "status"),
    [
        pytest.param(b"Content-Length: 36", SMUGGLED, 413, id="sized"),
        pytest.param(b"Content-Length: 1", SMUGGLED, 413, id="less than it is"),
        pytest.param(b"Content-Length: 99999", SMUGGLED, 413, id="more than it is"),
        pytest.param(b"Content-Length: 00", SMUGGLED, 413, id="odd nought"),
        pytest.param(b"Transfer-Encoding: chunked", CHUNKED, 413, id="chunked"),
        pytest.param(b"transfer-encoding: CHUNKED", CHUNKED, 413, id="chunked, upper case"),
        pytest.param(b"Transfer-Encoding: gzip, chunked", CHUNKED, 413, id="two codings"),
        pytest.param(b"Transfer-Encoding: chunked", b"0\r\n\r\n", 413, id="chunked, empty"),
        pytest.param(b"Transfer-Encoding: chunked", b"zz\r\n", 413, id="chunked, wrongly"),
        pytest.param(b"Transfer-Encoding: identity", SMUGGLED, 413, id="identity"),
        pytest.param(b"Transfer-Encoding: x", SMUGGLED, 413, id="coding that no one has"),
        pytest.param(b"Content-Length: 36\r\nExpect: 100-continue", SMUGGLED, 413, id="Expect"),
        pytest.param(
            b"Content-Length: 36\r\nConnection: upgrade\r\nUpgrade: a", SMUGGLED, 413, id="h"
        ),
        pytest.param(b"Content-Length: 0\r\nContent-Length: 36", SMUGGLED, 400, id="two lengths"),
        pytest.param(b"Content-Length: 0\r\nContent-Length: 0", SMUGGLED, 400, id="twice none"),
        pytest.param(b"Content-Length: 0, 0", SMUGGLED, 400, id="list of lengths"),
        pytest.param(b"Content-Length: +36", SMUGGLED, 400, id="plus"),
        pytest.param(b"Content-Length: -1", SMUGGLED, 400, id="negative"),
        pytest.param(b"Content-Length: 0x24", SMUGGLED, 400, id="hexadecimal"),
        pytest.param(b"Content-Length: 3 6", SMUGGLED, 400, id="blank within"),
        pytest.param(b"Content-Length:", SMUGGLED, 400, id="no length"),
        pytest.param(b"Content-Length: " + b"9" * 40, SMUGGLED, 400, id="too long a length"),
        pytest.param(
            b"Content-Length: 36\r\nTransfer-Encoding: chunked", CHUNKED, 400, id="CL and TE"
        ),
        pytest.param(
            b"Transfer-Encoding: chunked\r\nContent-Length: 36", CHUNKED, 400, id="TE and CL"
        ),
        pytest.param(
            b"Content-Length: 0\r\nTransfer-Encoding: chunked", CHUNKED, 400, id="0 and TE"
        ),
        pytest.param(b"Transfer-Encoding: chunked, identity", CHUNKED, 400, id="chunked not last"),
        pytest.param(b"Transfer-Encoding : chunked", CHUNKED, 400, id="blank before the colon"),
        pytest.param(b"Transfer-Encoding:\x0bchunked", CHUNKED, 400, id="control sign"),
        pytest.param(b"Transfer-Encoding:", CHUNKED, 400, id="no coding"),
        pytest.param(b"X: a\nTransfer-Encoding: chunked", CHUNKED, 400, id="after a bare LF"),
    ],
)
@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"OPTIONS", b"POST"])
def test_body_is_never_read_as_the_next_request(
    server: tuple[str, int], method: bytes, lines: bytes, body: bytes, status: int
) -> None:
    with Wire(server) as wire:
        wire.send(method + b" /healthz HTTP/1.1\r\nHost: a\r\n" + lines + b"\r\n\r\n" + body)
        answer = wire.read(method=method.decode())
        wire.send(NEXT)
        assert answer.status == (405 if status == 413 and method == b"POST" else status)
        assert answer.closes
        assert wire.is_closed()
        known = {400: "bad_request", 405: "method_not_allowed", 413: "content_too_large"}
        assert method == b"HEAD" or answer.problem == known[answer.status]


@pytest.mark.parametrize("size", [1, 100_000, 20_000_000])
def test_ordinary_client_is_told_that_a_body_is_too_large(client: httpx2.Client, size: int) -> None:
    for content in (b"a" * size, iter([b"a" * size])):
        answer = client.request("GET", "/v1", content=content)
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.request("POST", "/v1", content=b"a" * size).status_code == 405
    assert client.get("/v1").status_code == 200


def test_client_that_still_sends_is_not_cut_off_before_it_reads(server: tuple[str, int]) -> None:
    """A reset would throw the answer away before the client has read it (RFC 9112, 9.6)."""
    with socket.create_connection(server, timeout=10) as connection:
        connection.sendall(request("/v1", "Content-Length: 9999999"))
        for _ in range(20):
            connection.sendall(b"a" * 1_000)
            time.sleep(0.005)
        assert connection.recv(12) == b"HTTP/1.1 413"


def test_body_that_is_announced_is_not_waited_for(server: tuple[str, int]) -> None:
    with Wire(server) as wire:
        wire.send(request("/v1", "Expect: 100-continue", "Content-Length: 5"))
        assert wire.read().status == 413
        assert wire.is_closed()


# Bounds


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        pytest.param(["X: " + "a" * 32_000], 200, id="32,000 bytes"),
        pytest.param(["X: " + "a" * 32_768], 431, id="one above the bound"),
        pytest.param(["X: " + "a" * 2**16], 431, id="64 KiB"),
        pytest.param(["a" * 2**16 + ": b"], 431, id="long name"),
        pytest.param([f"X-{n}: {'a' * 400}" for n in range(90)], 431, id="many and long"),
        pytest.param(["X: a"] * 99, 200, id="100 lines"),
        pytest.param(["X: a"] * 100, 431, id="101 lines"),
        pytest.param(["X: a"] * 10_000, 431, id="10,000 lines"),
        pytest.param(["X:"] * 10_000, 431, id="10,000 empty lines"),
    ],
)
def test_headers_are_bounded_in_bytes_and_number(
    server: tuple[str, int], lines: list[str], status: int
) -> None:
    with Wire(server) as wire:
        wire.send(request("/v1", *lines))
        answer = wire.read()
    assert answer.status == status
    assert status == 200 or answer.problem == "headers_too_large"


def resident(process: int) -> int:
    """Return a process's memory in bytes."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    (size,) = re.findall(r"VmHWM:\s+(\d+) kB", status)
    return int(size) * 1_024


def process_of(server: tuple[str, int]) -> int:
    """Return the process that listens on a port (proc(5), /proc/net/tcp)."""
    inodes = {
        line.split()[9]
        for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
        if line.split()[1].endswith(f":{server[1]:04X}") and line.split()[3] == "0A"
    }
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if link.readlink().name.strip("socket:[]") in inodes:
                return int(link.parts[2])
        except OSError:
            continue
    raise AssertionError("no process listens there")


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize(
    ("start", "piece", "code"),
    [
        pytest.param(b"GET /", b"a", "uri_too_long", id="target"),
        pytest.param(b"GET http://", b"a", "uri_too_long", id="authority"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n", b"a", "headers_too_large", id="name"),
        pytest.param(b"GET / HTTP/1.1\r\nX: ", b"a", "headers_too_large", id="value"),
        pytest.param(b"GET / HTTP/1.1\r\n", b"X: a\r\n", "headers_too_large", id="lines"),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n",
            b"a",
            "method_not_allowed",
            id="body",
        ),
    ],
)
def test_what_never_ends_is_cut_while_it_arrives(
    server: tuple[str, int], start: bytes, piece: bytes, code: str
) -> None:
    """Send 64 MiB: the answer comes, and the server's memory stays what it is."""
    process = process_of(server)
    before = resident(process)
    with Wire(server) as wire:
        wire.send(start)
        for _ in range(1_024):
            wire.send(piece * (2**16 // len(piece)))
        answer = wire.read()
    assert answer.problem == code
    assert answer.closes
    assert resident(process) - before < 4 * 2**20


def test_head_may_come_byte_by_byte(server: tuple[str, int]) -> None:
    with Wire(server) as wire:
        for sent, status in ((NEXT, 200), (request("/", method="FOO"), 405)):
            for byte in sent:
                wire.send(bytes([byte]))
            assert wire.read().status == status
        assert wire.is_closed()


def test_bound_of_a_head_is_each_requests_own(server: tuple[str, int]) -> None:
    sent = request("/healthz", *(f"X-{n}: {'a' * 5_000}" for n in range(6)))
    with Wire(server) as wire:
        for _ in range(5):
            for start in range(0, len(sent), 10_000):
                wire.send(sent[start : start + 10_000])
                time.sleep(0.005)
            assert wire.read().status == 200


# Keep-alive and pipelining


def test_pipelined_requests_are_answered_in_their_order(server: tuple[str, int]) -> None:
    targets = ["/healthz", "/nothing", "/v1/articles/", "/v1?a=1", "/v1/topics/one", "/"]
    with Wire(server) as wire:
        wire.send(
            b"".join(request(target, f"X-Request-Id: {n}") for n, target in enumerate(targets))
        )
        answers = [wire.read() for _ in targets]
    assert [one.status for one in answers] == [200, 404, 308, 400, 200, 200]
    assert [one["x-request-id"] for one in answers] == [str(n) for n in range(len(targets))]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", 400, id="no Host"),
        pytest.param(b"FOO / HTTP/1.1\r\nHost: a\r\n\r\n", 405, id="method"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n", 413, id="body"),
        pytest.param(b"GET /" + b"a" * 9_000, 414, id="target"),
        pytest.param(b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 200, 431, id="headers"),
    ],
)
def test_answers_of_earlier_requests_come_before_a_refusal(
    server: tuple[str, int], wrong: bytes, status: int
) -> None:
    with Wire(server) as wire:
        wire.send(NEXT + HEALTH + wrong + HEALTH)
        assert [wire.read().status for _ in range(3)] == [200, 200, status]
        assert wire.is_closed()


def test_requests_that_wait_are_bounded_in_number(server: tuple[str, int]) -> None:
    with Wire(server) as wire:
        wire.send(HEALTH * 1_000)
        answers = [wire.read()]
        while not answers[-1].closes:
            answers.append(wire.read())
        assert 100 <= len(answers) < 200
        assert {one.status for one in answers} == {200}
        assert wire.is_closed()


def test_request_that_asks_for_it_is_the_last(server: tuple[str, int]) -> None:
    with Wire(server) as wire:
        wire.send(request("/healthz", "Connection: close") + HEALTH)
        assert wire.read().closes
        assert wire.is_closed()


@pytest.mark.parametrize("number", [1, 2, 5])
def test_client_that_closed_its_side_gets_all_its_answers(
    server: tuple[str, int], number: int
) -> None:
    began = time.monotonic()
    with Wire(server) as wire:
        wire.send(HEALTH * number)
        wire.end()
        assert [wire.read().status for _ in range(number)] == [200] * number
        assert wire.is_closed()
    assert time.monotonic() - began < 3, "the connection is not kept for more"


def test_half_a_request_is_no_request(server: tuple[str, int]) -> None:
    with Wire(server) as wire:
        wire.send(HEALTH[:-2])
        wire.end()
        with pytest.raises(ClosedError):
            wire.read()


def test_connection_serves_many_requests(client: httpx2.Client) -> None:
    for _ in range(50):
        assert client.get("/v1/topics/one").status_code == 200
        assert client.get("/nothing").status_code == 404
