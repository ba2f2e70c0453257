"""What every request meets first: its id, the bounds on it, its method, its slash, its errors."""

import logging
import re
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
)
from api.http.request_id import accepted, new_request_id
from api.web.content import Content, Target
from api.web.responses import (
    ALLOW,
    REQUEST_ID,
    REVISION,
    Prepared,
    respond,
    send_options,
    send_problem,
    send_redirect,
)

_log = logging.getLogger("keypoint")

METHODS = frozenset(ALLOW.split(", "))
STORED = (PREFIX, CURRENT)
"""How the addresses of stored representations begin."""
LONGEST_TARGET = 8_192
LARGEST_HEADERS = 32_768
MOST_HEADERS = 100
REFUSED = "keypoint.refused"
"""Where the scope of a request that the connection refuses keeps the problem."""

# Segments that an address can have. No other path is worth a redirect, and none is reflected.
_SLASHED = re.compile(rb"(?:/(?!\.\.?/)[A-Za-z0-9._~-]+)+/+")
_QUERY_SIGNS = "%/?:@!$&()*+,;="


class Boundary:
    """Gives each request its id, refuses what no endpoint takes, and answers every Problem."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3.0)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            _examine(scope)
            await self._route(scope, receive, send)
        except ProblemError as error:
            await send_problem(scope, send, error, self._public_url)
        except Exception:  # noqa: BLE001 - whatever fails, the client gets a problem document
            _log.exception("request %s failed", scope[REQUEST_ID].decode())
            failure = ProblemError(INTERNAL_ERROR, "The server failed to answer.")
            await send_problem(scope, send, failure, self._public_url)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await send_options(scope, send)
        elif _has_slash(scope["raw_path"]):
            await send_redirect(scope, send, _without_slash(scope))
        elif b"%" in scope["raw_path"]:
            # No address has a sign that must be encoded, so this is another spelling or nothing.
            raise not_found(scope)
        else:
            await self._app(scope, receive, send)


def not_found(scope: Scope) -> ProblemError:
    """Return the problem of an address that nothing has."""
    place = PREFIX if scope["path"].startswith(PREFIX) else "/"
    return ProblemError(NOT_FOUND, f"Nothing is here; {place} says what there is.")


def _has_slash(path: bytes) -> bool:
    """Tell whether a path is one that an address can have, but for slashes at its end."""
    return path.endswith(b"/") and _SLASHED.fullmatch(path) is not None


def _without_slash(scope: Scope) -> bytes:
    path: bytes = scope["raw_path"].rstrip(b"/")
    query = quote(scope["query_string"], safe=_QUERY_SIGNS).encode()
    return path + b"?" + query if query else path


def _examine(scope: Scope) -> None:
    """Give the request its id; raises ProblemError when no endpoint takes such a request."""
    request_id: str | None = None
    size, body = 0, False
    for name, value in scope["headers"]:
        size += len(name) + len(value)
        if name == b"x-request-id":
            # Several ids are none: joined as a list, they are not well-formed.
            text = value.decode("latin-1")
            request_id = text if request_id is None else f"{request_id}, {text}"
        elif name == b"transfer-encoding" or (name == b"content-length" and value != b"0"):
            body = True
    scope[REQUEST_ID] = (accepted(request_id) or new_request_id()).encode()
    if REFUSED in scope:
        raise scope[REFUSED]
    if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_TARGET:
        raise target_too_long()
    if size > LARGEST_HEADERS or len(scope["headers"]) > MOST_HEADERS:
        raise headers_too_large()
    if scope["method"] not in METHODS:
        raise method_not_allowed()
    if body:
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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3.0)."""
        if scope["type"] == "http" and scope["path"].startswith(STORED):
            scope[REVISION] = self._content.pin()
            if prepared := self._found(scope):
                await respond(prepared, scope, send)
                return
        await self._app(scope, receive, send)

    def _found(self, scope: Scope) -> Prepared | None:
        revision, target = scope[REVISION], target_of(scope)
        prepared = self._content.kept(revision, target)
        if prepared is None and not target.query:
            prepared = self._content.stored(revision, target.path)
            if prepared:
                self._content.keep(revision, target, prepared)
        return prepared


def target_of(scope: Scope) -> Target:
    """Return what a request asks for; beside the versioned API a query says nothing."""
    path: str = scope["path"]
    return Target(path, scope["query_string"] if path.startswith(PREFIX) else b"")
