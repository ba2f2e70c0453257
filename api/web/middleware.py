"""What every request meets first: its id, the bounds on it, its method, its slash, its errors.

What decides how a request is answered returns what is to be awaited: each coroutine that only
awaited another one would cost each request its own time.
"""

import logging
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from api.contract.operations import CURRENT, PREFIX
from api.errors import (
    CONTENT_TOO_LARGE,
    HEADERS_TOO_LARGE,
    INTERNAL_ERROR,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    URI_TOO_LONG,
    ProblemError,
    not_ready,
)
from api.http.coding import CODINGS
from api.http.negotiation import negotiate
from api.http.request_id import accepted, new_request_ids
from api.web.content import Content
from api.web.kept import Target
from api.web.responses import (
    ALLOW,
    CODING,
    CONDITIONAL,
    FIELDS,
    HEADERS_SIZE,
    MOVING,
    REQUEST_ID,
    REVISION,
    Header,
    respond,
    respond_coded,
    send_options,
    send_problem,
    send_redirect,
)

_log = logging.getLogger("keypoint")
# Errors of the program, not of the file (PEP 249).
_OURS = (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.NotSupportedError)

METHODS = frozenset(ALLOW.split(", "))
STORED = (PREFIX, CURRENT)
"""How the addresses of stored representations begin."""
LONGEST_TARGET = 8_192
LARGEST_HEADERS = 32_768
MOST_HEADERS = 100
REFUSED = "keypoint.refused"
"""Where the scope of a request that the connection refuses keeps the problem."""

# Segments that an address can have, and slashes at the end. No other path is worth a redirect, and
# none is reflected.
_SLASHED = re.compile(rb"(?:/(?!\.\.?/)[A-Za-z0-9._~-]+)+/+")
_QUERY_SIGNS = "%/?:@!$&()*+,;="

_READ = CONDITIONAL | {
    b"accept-encoding",
    b"authorization",
    b"content-length",
    b"host",
    b"if-range",
    b"range",
    b"transfer-encoding",
    b"x-request-id",
}
"""The fields of a request that mean something here."""


class Boundary:
    """Gives each request its id, refuses what no endpoint takes, and answers every Problem.

    `doubt` is called where the store could not be read.
    """

    def __init__(
        self, app: ASGIApp, public_url: str, doubt: Callable[[], None] = lambda: None
    ) -> None:
        self._app = app
        self._public_url = public_url
        self._doubt = doubt
        self._request_ids = new_request_ids()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3.0)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._examine(scope)
            await self._route(scope, receive, send)
        except ProblemError as error:
            await send_problem(scope, send, error, self._public_url)
        except Exception as error:  # noqa: BLE001 - whatever fails, the client gets a problem document
            await send_problem(scope, send, self._failure(scope, error), self._public_url)

    def _failure(self, scope: Scope, error: Exception) -> ProblemError:
        """Tell the operator what has failed; return what the client is told."""
        request_id = scope[REQUEST_ID].decode()
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, _OURS):
            _log.error("request %s: the store cannot be read: %s", request_id, error)
            self._doubt()
            return not_ready("The store cannot be read.")
        _log.error("request %s failed", request_id, exc_info=error)
        return ProblemError(INTERNAL_ERROR, "The server failed to answer.")

    def _examine(self, scope: Scope) -> None:
        """Read the headers once: the request's id, and what it asks for; refuse what is odd."""
        scope[REQUEST_ID] = next(self._request_ids)
        if FIELDS not in scope:
            scope[FIELDS], scope[HEADERS_SIZE] = fields_of(scope["headers"])
        fields = scope[FIELDS]
        if b"x-request-id" in fields and (own := accepted(fields[b"x-request-id"])):
            scope[REQUEST_ID] = own
        _refuse(scope, fields)
        accept = fields.get(b"accept-encoding", b"")
        scope[CODING] = negotiate(accept.decode("latin-1"), CODINGS)

    def _route(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["method"] == "OPTIONS":
            return send_options(scope, send)
        path: bytes = scope["raw_path"]
        if path.endswith(b"/") and _SLASHED.fullmatch(path):
            return send_redirect(scope, send, _without_slash(scope))
        if b"%" in path:
            # No address has a sign that must be encoded, so this is another spelling or nothing.
            raise not_found(scope)
        return self._app(scope, receive, send)


def not_found(scope: Scope) -> ProblemError:
    """Return the problem of an address that nothing has."""
    place = PREFIX if scope["path"].startswith(PREFIX) else "/"
    return ProblemError(NOT_FOUND, f"Nothing is here; {place} says what there is.")


def _without_slash(scope: Scope) -> bytes:
    return with_query(scope["raw_path"].rstrip(b"/"), scope)


def with_query(path: bytes, scope: Scope) -> bytes:
    """Return another path with the query of a request."""
    query = quote(scope["query_string"], safe=_QUERY_SIGNS).encode()
    return path + b"?" + query if query else path


def fields_of(headers: Iterable[Header]) -> tuple[dict[bytes, bytes], int]:
    """Return the fields of a request that mean something here, and the size of all, in bytes.

    Blanks around a value are none of it (RFC 9110, 5.5); the lines of a field that was sent more
    than once are one list (5.3).
    """
    size = 0
    fields: dict[bytes, bytes] = {}
    for name, value in headers:
        size += len(name) + len(value)
        if name in _READ:
            one = value.strip(b" \t")
            fields[name] = fields[name] + b", " + one if name in fields else one
    return fields, size


def carries_body(fields: Mapping[bytes, bytes]) -> bool:
    """Tell whether a request has a body (RFC 9112, 6)."""
    return b"transfer-encoding" in fields or fields.get(b"content-length", b"0") != b"0"


def _refuse(scope: Scope, fields: Mapping[bytes, bytes]) -> None:
    """Raise ProblemError when no endpoint takes such a request."""
    if REFUSED in scope:
        raise scope[REFUSED]
    if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_TARGET:
        raise target_too_long()
    if scope[HEADERS_SIZE] > LARGEST_HEADERS or len(scope["headers"]) > MOST_HEADERS:
        raise headers_too_large()
    if scope["method"] not in METHODS:
        raise method_not_allowed()
    if carries_body(fields):
        raise ProblemError(CONTENT_TOO_LARGE, "The request has a body; send none.")


def target_too_long() -> ProblemError:
    """Return the problem of a target above LONGEST_TARGET."""
    return ProblemError(URI_TOO_LONG, f"The target is longer than {LONGEST_TARGET:,} bytes.")


def headers_too_large() -> ProblemError:
    """Return the problem of headers above LARGEST_HEADERS or MOST_HEADERS."""
    bounds = f"{LARGEST_HEADERS:,} bytes or {MOST_HEADERS} lines"
    return ProblemError(HEADERS_TOO_LARGE, f"The headers exceed {bounds}.")


def method_not_allowed() -> ProblemError:
    """Return the problem of a method that is not one of METHODS."""
    return ProblemError(METHOD_NOT_ALLOWED, f"This API answers {ALLOW}.", headers={"Allow": ALLOW})


class StoredFirst:
    """Answers from what is kept and from the store, before any list of routes is looked at."""

    def __init__(self, app: ASGIApp, content: Content) -> None:
        self._app = app
        self._content = content

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one request (ASGI 3.0)."""
        if scope["type"] == "http" and scope["path"].startswith(STORED):
            revision = scope[REVISION] = self._content.pin()
            scope[MOVING] = self._content.moving
            target = path, query = target_of(scope)
            coding: str | None = scope[CODING]
            if coded := self._content.kept(target, coding):
                return respond_coded(coded, scope, send)
            if not query and (prepared := self._content.stored(revision, path)):
                self._content.keep(revision, target, coding, prepared)
                return respond(prepared, scope, send)
        return self._app(scope, receive, send)


def target_of(scope: Scope) -> Target:
    """Return what a request asks for; beside the versioned API a query says nothing."""
    path: str = scope["path"]
    return path, scope["query_string"] if path.startswith(PREFIX) else b""
