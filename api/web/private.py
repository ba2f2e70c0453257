"""What is not for everybody: answers that nobody may keep, to those who have the token."""

from collections.abc import Awaitable, Iterable
from hmac import compare_digest

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import UNAUTHORIZED, ProblemError
from api.http.bearer import CHALLENGE, INVALID, bearer_token
from api.http.caching import PRIVATE
from api.http.cors import ALLOWED_HEADERS
from api.web.middleware import Boundary
from api.web.responses import Header

_ALLOWED, _NAMES = ALLOWED_HEADERS
_WITHHELD = frozenset({b"cache-control", b"etag", b"last-modified", _ALLOWED})


class Private:
    """Makes each answer, whatever it is, one that no cache may keep (RFC 9111, 5.2.2.5).

    Validators are left out, and a preflight allows Authorization (Fetch, 4.8).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3.0)."""

        async def send_private(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _private(message["headers"])}
            await send(message)

        await self._app(scope, receive, send_private if scope["type"] == "http" else send)


class TokenBoundary(Boundary):
    """A Boundary that passes on what has the token: a preflight cannot, and learns nothing."""

    def __init__(self, app: ASGIApp, public_url: str, token: str) -> None:
        super().__init__(app, public_url)
        self._token = token.encode()

    def _route(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["method"] != "OPTIONS":
            self._admit(scope)
        return super()._route(scope, receive, send)

    def _admit(self, scope: Scope) -> None:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        token = bearer_token(given)
        if token is None:
            raise _unauthorized("The request has no bearer token.", CHALLENGE)
        if not compare_digest(token, self._token):
            raise _unauthorized("The bearer token is not the one of this preview.", INVALID)


def _unauthorized(detail: str, challenge: str) -> ProblemError:
    return ProblemError(UNAUTHORIZED, detail, headers={"WWW-Authenticate": challenge})


def _private(headers: Iterable[Header]) -> list[Header]:
    given = list(headers)
    kept = [(name, value) for name, value in given if name not in _WITHHELD]
    if any(name == _ALLOWED for name, _ in given):
        kept.append((_ALLOWED, b"Authorization, " + _NAMES))
    return [*kept, (b"cache-control", PRIVATE.encode())]
