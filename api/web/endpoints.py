"""What answers each kind of operation."""

from collections.abc import Awaitable, Mapping

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from api import __version__
from api.contract import envelopes
from api.contract.operations import BLOCKS, REV, Does, Operation
from api.contract.problems import STYLE_DIGEST, page
from api.errors import PROBLEMS
from api.http.caching import PINNED_MAX_AGE
from api.store.query import Query, Shows
from api.store.revision import Revision
from api.web.content import Content, moving_headers
from api.web.former import respond_former
from api.web.media import MediaEndpoint
from api.web.middleware import not_found, target_of
from api.web.params import parse, revision_name
from api.web.readiness import ReadinessEndpoint, Telling
from api.web.responses import CODING, MOVING, REVISION, Prepared, prepare, respond, send_json


def endpoint(
    operation: Operation, content: Content, telling: Telling, token: str | None
) -> ASGIApp:
    """Return what answers an operation."""
    match operation.does:
        case Does.TELL_SERVICE:
            return _Fixed({"/": _service()})
        case Does.READ:
            return _Stored(operation, content)
        case Does.LIST:
            return _List(operation, content)
        case Does.EXPLAIN_PROBLEM:
            return _Fixed(_problem_pages(operation))
        case Does.TELL_HEALTH:
            return _Health()
        case Does.TELL_READINESS:
            return ReadinessEndpoint(content, telling, token)
        case Does.SEND_FILE:
            return MediaEndpoint(content)


async def no_route(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer what no route takes: an address that nothing has, or a socket."""
    if scope["type"] == "websocket":
        await WebSocketClose()(scope, receive, send)
        return
    raise not_found(scope)


class _Fixed:
    """Answers with bytes that only the program's version decides."""

    def __init__(self, pages: Mapping[str, Prepared]) -> None:
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        prepared = self._pages.get(scope["path"])
        if prepared is None:
            raise not_found(scope)
        await respond(prepared, scope, send)


class _Stored:
    """Answers with what is stored at the address, in the form that the query asks for."""

    def __init__(self, operation: Operation, content: Content) -> None:
        self._operation = operation
        self._content = content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, query = target_of(scope)
        pinned, revision = _revision(self._content, self._operation, scope)
        asked = parse(query, self._operation.parameters, revision.locales)
        form = asked.choices.get("rich_text", BLOCKS)
        prepared = self._content.stored(revision, path, form, asked.locale)
        if prepared is None:
            if self._operation.type is None:
                raise not_found(scope)
            await respond_former(self._content, revision, scope, send)
            return
        await _respond(self._content, prepared, scope, send, pinned=pinned)


class _List:
    """Answers with a page of a collection, or of one entry's parts."""

    def __init__(self, operation: Operation, content: Content) -> None:
        self._operation = operation
        self._content = content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pinned, revision = _revision(self._content, self._operation, scope)
        asked = parse(scope["query_string"], self._operation.parameters, revision.locales)
        path: str = scope["path"]
        parent: str | None = None
        if self._operation.parent:
            above, _, name = path.rpartition("/")
            parent = self._content.canonical(revision, above)
            if parent is None:
                await respond_former(self._content, revision, scope, send)
                return
            path = f"{parent}/{name}"
        query = Query(
            type=str(self._operation.type),
            locale=asked.locale,
            page=asked.numbers["page"],
            limit=asked.numbers["limit"],
            shows=Shows(asked.choices["view"]),
            parent=parent,
        )
        prepared = self._content.listed(revision, query, path, asked)
        await _respond(self._content, prepared, scope, send, pinned=pinned)


def _revision(content: Content, operation: Operation, scope: Scope) -> tuple[bool, Revision]:
    """Tell whether a request names the revision that it reads, and return that one.

    Raises ProblemError where that one is not kept.
    """
    name = revision_name(scope["query_string"]) if REV in operation.parameters else None
    if name is None:
        return False, scope[REVISION]
    revision = content.named(name)
    scope[MOVING] = moving_headers(scope[REVISION], revision, PINNED_MAX_AGE)
    return True, revision


def _respond(
    content: Content, prepared: Prepared, scope: Scope, send: Send, *, pinned: bool
) -> Awaitable[None]:
    """Answer, and keep the answer for the next request like this one.

    One of a revision that the request names is not kept: that revision may go, or lose what is
    withdrawn, while the current one has the same digest as it had before.
    """
    if not pinned:
        content.keep(scope[REVISION], target_of(scope), scope[CODING], prepared)
    return respond(prepared, scope, send)


class _Health:
    """Tells that the process answers."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_json(scope, send, 200, {"status": "ok"})


def _service() -> Prepared:
    return prepare(orjson.dumps(envelopes.root(__version__)), "application/json")


def _problem_pages(operation: Operation) -> dict[str, Prepared]:
    policy = f"default-src 'none'; style-src '{STYLE_DIGEST}'; frame-ancestors 'none'"
    return {
        operation.path.replace("{code}", code): prepare(
            page(kind).encode(),
            operation.media_type,
            (b"content-security-policy", policy.encode()),
        )
        for code, kind in PROBLEMS.items()
    }
