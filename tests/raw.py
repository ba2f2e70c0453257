"""HTTP by hand: requests as bytes over a socket, and answers read strictly (RFC 9112)."""

import json
import re
import socket
from dataclasses import dataclass
from typing import Any, Self

_STATUS = re.compile(r"HTTP/1\.1 ([1-5][0-9]{2}) [ -~]*")
_FIELD = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\t -~]*)")
PATIENCE = 10
"""Seconds after which an answer does not come any more."""


class ClosedError(Exception):
    """The server closed the connection where an answer was due."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the names of headers in lower case, in the order sent."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def values(self, name: str) -> list[str]:
        return [value for field, value in self.headers if field == name]

    def __getitem__(self, name: str) -> str:
        (value,) = self.values(name)
        return value

    @property
    def closes(self) -> bool:
        return self.values("connection") == ["close"]

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def problem(self) -> str:
        """The code of the problem that the answer is, which it is to the letter."""
        document = self.json()
        assert self["content-type"] == "application/problem+json"
        assert self["cache-control"] == "no-store"
        assert self["access-control-allow-origin"] == "*"
        assert "X-Request-Id" in self["access-control-expose-headers"]
        assert self["x-content-type-options"] == "nosniff"
        assert document["request_id"] == self["x-request-id"]
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", self["x-request-id"])
        assert document["status"] == self.status
        assert list(document) == [
            *("type", "title", "status", "detail", "instance", "request_id", "errors"),
            *(("reason", "replacement") if self.status == 410 else ()),
        ]
        assert not self.values("content-encoding")
        assert not self.values("etag")
        code: str = document["type"].removeprefix("/docs/problems/")
        return code


class Wire:
    """One connection to a server."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._socket = socket.create_connection(address, timeout=PATIENCE)
        self._unread = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Send bytes, as far as the server takes them."""
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return

    def end(self) -> None:
        """Close this side: no more is sent."""
        self._socket.shutdown(socket.SHUT_WR)

    def read(self, *, method: str = "GET") -> Answer:
        """Read one answer; raises ClosedError, or TimeoutError when none comes."""
        head = self._until(b"\r\n\r\n").decode("ascii")
        first, *lines = head.split("\r\n")
        status = _STATUS.fullmatch(first)
        assert status, first
        fields = [_FIELD.fullmatch(line) for line in lines]
        headers = tuple((found[1].lower(), found[2]) for found in fields if found)
        assert len(headers) == len(lines), lines
        answer = Answer(int(status[1]), headers, b"")
        length = answer.values("content-length")
        assert not answer.values("transfer-encoding")
        if method == "HEAD" or answer.status in {204, 304}:
            return answer
        assert len(length) == 1, head
        return Answer(answer.status, headers, self._take(int(length[0])))

    def is_closed(self) -> bool:
        """Tell whether the server ends the connection, with nothing more to read."""
        return not self._unread and self._receive() == b""

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._unread:
            self._more()
        found, _, self._unread = self._unread.partition(mark)
        return found

    def _take(self, count: int) -> bytes:
        while len(self._unread) < count:
            self._more()
        found, self._unread = self._unread[:count], self._unread[count:]
        return found

    def _more(self) -> None:
        got = self._receive()
        if not got:
            raise ClosedError(self._unread[:200])
        self._unread += got

    def _receive(self) -> bytes:
        try:
            return self._socket.recv(65_536)
        except ConnectionResetError:
            return b""


def request(target: str, *lines: str, method: str = "GET", host: str = "Host: a") -> bytes:
    """Return the bytes of a request without a body; `lines` are header lines."""
    head = [f"{method} {target} HTTP/1.1", host, *lines]
    return "".join(f"{line}\r\n" for line in [*head, ""]).encode("latin-1")


def ask(address: tuple[str, int], target: str, *lines: str, method: str = "GET") -> Answer:
    """Send one request over a connection of its own, and return its answer."""
    with Wire(address) as wire:
        wire.send(request(target, *lines, method=method))
        return wire.read(method=method)


def socket_address(address: str) -> tuple[str, int]:
    """Return host and port of an address such as http://127.0.0.1:8000."""
    host, _, port = address.removeprefix("http://").rpartition(":")
    return host, int(port)
