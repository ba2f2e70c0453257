"""What every request meets first: its id, the bounds on it, its method, its slash, its errors."""

import logging

from starlette.types import ASGIApp, Receive, Scope, Send

from api.contract.operations import CURRENT, PREFIX
from api.errors import (
    CONTENT_TOO_LARGE,
    HEADERS_TOO_LARGE,
    INTERNAL_ERROR,
    METHOD_NOT_ALLOWED,
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
        else:
            await self._app(scope, receive, send)


def _has_slash(path: bytes) -> bool:
    """Tell whether a path ends in a slash too many; `//host/` would lead to another server."""
    return path.endswith(b"/") and path != b"/" and not path.startswith((b"//", b"/\\"))


def _without_slash(scope: Scope) -> bytes:
    path: bytes = scope["raw_path"].rstrip(b"/")
    query: bytes = scope["query_string"]
    return path + b"?" + query if query else path


def _examine(scope: Scope) -> None:
    """Give the request its id; raises ProblemError when no endpoint takes such a request."""
    request_id: str | None = None
    size, body = 0, False
    for name, value in scope["headers"]:
        size += len(name) + len(value)
        if name == b"x-request-id":
            request_id = value.decode("latin-1")
        elif name == b"transfer-encoding" or (name == b"content-length" and value != b"0"):
            body = True
    scope[REQUEST_ID] = (accepted(request_id) or new_request_id()).encode()
    if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_TARGET:
        raise ProblemError(URI_TOO_LONG, f"The target is longer than {LONGEST_TARGET:,} bytes.")
    if size > LARGEST_HEADERS:
        raise ProblemError(HEADERS_TOO_LARGE, f"The headers exceed {LARGEST_HEADERS:,} bytes.")
    if scope["method"] not in METHODS:
        raise ProblemError(
            METHOD_NOT_ALLOWED, f"This API answers {ALLOW}.", headers={"Allow": ALLOW}
        )
    if body:
        raise ProblemError(CONTENT_TOO_LARGE, "The request has a body; send none.")


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
