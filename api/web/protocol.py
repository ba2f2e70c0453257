"""The connection: what is refused before the application is asked (RFC 9112).

uvicorn answers what its parser refuses with plain text, accepts requests without a Host, and
gathers what never ends. Here each refusal goes through the application as any request does, in its
turn among pipelined ones, so that it is the same problem document as everywhere. A connection
whose framing is in doubt, or that carries a body, is closed after the answer: what follows a
refused request is never read as the next one.
"""

import asyncio
import re
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.errors import BAD_REQUEST, ProblemError
from api.http.target import is_host, origin_form
from api.web.middleware import (
    LARGEST_HEADERS,
    LONGEST_TARGET,
    METHODS,
    MOST_HEADERS,
    REFUSED,
    carries_body,
    fields_of,
    headers_too_large,
    method_not_allowed,
    target_too_long,
)
from api.web.responses import FIELDS, HEADERS_SIZE

GATHERED_TARGET = LONGEST_TARGET + 512
"""When a target is no longer gathered: an absolute one has an authority beside path and query."""
GATHERED_HEAD = GATHERED_TARGET + LARGEST_HEADERS
MOST_PIPELINED = 100
"""How many requests wait for their answers; the connection is closed after them."""

_VERSIONS = frozenset({"1.0", "1.1"})
_NO_HOST = b" "
_METHOD = re.compile(rb"[\r\n]*[!#$%&'*+.^_`|~0-9A-Za-z-]+(?: |\Z)")


class _Stop(Exception):  # noqa: N818 - it is no error: the request before is answered
    """Ends the reading of a connection, from within the parser's callbacks."""


class Connection(HttpToolsProtocol):
    """One client's connection; give it to uvicorn as `http`."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*given, **named)
        self._stopped = False
        self._gathered = -1
        self._most = MOST_PIPELINED

    def drain(self) -> None:
        """Close the connection after the answer whose head is not sent yet, or the next one's."""
        self._most = 0
        if not self._stopped and not getattr(self.cycle, "response_started", True):
            self._close_after_answer()

    def data_received(self, data: bytes) -> None:
        """Read what came, unless the connection is about to be closed."""
        if self._stopped:
            return
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            rest = memoryview(data)[upgrade.args[0] :]
        except httptools.HttpParserError as error:
            self._refuse(error, data)
            return
        else:
            # A request that has begun and whose head is not complete has no cycle yet.
            if getattr(self.cycle, "scope", None) is not self.scope:
                self._bound_head(len(data))
            return
        self._read_on(rest)

    def _read_on(self, rest: memoryview) -> None:
        """Read what follows an Upgrade, which a server may ignore (RFC 9110, 7.8)."""
        while rest:
            try:
                self.parser.feed_data(rest)
            except httptools.HttpParserUpgrade as upgrade:
                rest = rest[upgrade.args[0] :]
            except httptools.HttpParserError as error:
                self._refuse(error, rest)
                return
            else:
                return

    def eof_received(self) -> bool:  # type: ignore[override]
        """Answer what was asked before the client closed its side (RFC 9112, 9.6)."""
        waits = not getattr(self.cycle, "response_complete", True)
        if waits:
            self._stopped = True
            self.cycle.keep_alive = False
            self.cycle.transport = self.transport
        return waits

    def _bound_head(self, length: int) -> None:
        """Bound a head that goes on: the parser gathers a field, however long, before it tells."""
        # How much of the read in which it began is the head's is not known: that is not counted.
        self._gathered = 0 if self._gathered < 0 else self._gathered + length
        if self._gathered > GATHERED_HEAD:
            self._answer_refused(headers_too_large())

    def on_url(self, url: bytes) -> None:
        """Gather the target, up to its bound (called by the parser, as all that is named on_)."""
        self.url += url
        if len(self.url) > GATHERED_TARGET:
            raise target_too_long()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Gather a header field. Expect needs no look: no body is ever waited for."""
        self.headers.append((name.lower(), value))
        if len(self.headers) > MOST_HEADERS:
            raise headers_too_large()

    def on_headers_complete(self) -> None:
        """Give the request to the application."""
        wrong = None
        fields, size = fields_of(self.headers)
        self.scope[FIELDS] = fields  # type: ignore[literal-required]
        self.scope[HEADERS_SIZE] = size  # type: ignore[literal-required]
        if not self.url.startswith(b"/") or b"#" in self.url:
            wrong = self._settle_target()
        super().on_headers_complete()
        if self.scope["http_version"] != "1.1" or not is_host(fields.get(b"host", _NO_HOST)):
            wrong = wrong or self._wrong(fields.get(b"host"))
        if wrong or carries_body(fields) or len(self.pipeline) >= self._most:
            if wrong:
                self._tell(wrong)
            self._close_after_answer()
            raise _Stop
        self._gathered = -1

    def _settle_target(self) -> ProblemError | None:
        """Bring the target into origin-form (RFC 9112, 3.2); return what is wrong with it."""
        method = self.parser.get_method()
        target = origin_form(self.url)
        if method == b"OPTIONS" and self.url == b"*":
            target = b"/"
        self.url = target or b"/"
        if target:
            return None
        if method.decode() not in METHODS:
            return method_not_allowed()
        return ProblemError(BAD_REQUEST, "The request's target is neither a path nor an address.")

    def _wrong(self, host: bytes | None) -> ProblemError | None:
        """Return what is wrong with a request whose head was read; several Hosts are a list."""
        version = self.scope["http_version"]
        if version not in _VERSIONS:
            return ProblemError(BAD_REQUEST, "This server speaks HTTP/1.1 and HTTP/1.0.")
        if host is None:
            detail = "The request has no Host field (RFC 9112, 3.2)."
            return None if version == "1.0" else ProblemError(BAD_REQUEST, detail)
        if b", " in host:
            return ProblemError(BAD_REQUEST, "The request has more than one Host (RFC 9112, 3.2).")
        if not is_host(host):
            return ProblemError(BAD_REQUEST, "The Host field is not a host and a port.")
        return None

    def _refuse(self, error: httptools.HttpParserError, data: bytes | memoryview) -> None:
        """Answer what ended the parser, unless that is answered already."""
        match error.__context__:
            case _Stop():
                return
            case ProblemError() as problem:
                self._answer_refused(problem)
            case None if "method" in str(error):
                known = self.url or _METHOD.match(data)
                self._answer_refused(method_not_allowed() if known else _no_method(), method="")
            case None:
                detail = f"The request cannot be read: {error}."
                self._answer_refused(ProblemError(BAD_REQUEST, detail))
            case _:
                raise error

    def _answer_refused(self, error: ProblemError, method: str | None = None) -> None:
        """Let the application answer a request of which no more is read."""
        if getattr(self.cycle, "scope", None) is self.scope:
            self.on_message_begin()
        path = self.url.partition(b"?")[0]
        self.url = b"/"
        super().on_headers_complete()
        self._tell(error)
        self.scope["raw_path"] = path if len(path) <= LONGEST_TARGET else b""
        if method is not None:
            self.scope["method"] = method
        self._close_after_answer()

    def _tell(self, error: ProblemError) -> None:
        """Let the application know; it runs later, and sees the scope as it is left here."""
        self.scope[REFUSED] = error  # type: ignore[literal-required]

    def _close_after_answer(self) -> None:
        self._stopped = True
        self.cycle.keep_alive = False
        self.cycle.transport = _HalfClosing(self.transport)


def _no_method() -> ProblemError:
    return ProblemError(BAD_REQUEST, "The request does not begin with a method.")


class _HalfClosing(asyncio.Transport):
    """A transport that is closed for writing alone, as lingering asks for (RFC 9112, 9.6).

    A client that still sends would lose the answer when its bytes meet a closed socket. uvicorn
    closes the rest when the time for an idle connection is over.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport
        self.write = transport.write  # type: ignore[method-assign]
        self.is_closing = transport.is_closing  # type: ignore[method-assign]

    def close(self) -> None:
        """Send what is written, then tell the client that no more comes."""
        if not self._transport.is_closing():
            self._transport.write_eof()
