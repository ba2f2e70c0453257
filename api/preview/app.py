"""The preview's application: the public one behind a token, for the instant that is asked for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from api.contract.operations import PREFIX
from api.preview.child import publish
from api.preview.parameters import no_source, split
from api.preview.sources import Sources
from api.preview.stores import Stores, Tell
from api.settings import Settings
from api.web.endpoints import no_route
from api.web.private import Private, TokenBoundary
from api.web.responses import CONDITIONAL, FIELDS, REQUEST_ID, send_json
from schemas.discovery import Models

HEALTH = "/healthz"
_VALIDATING = CONDITIONAL | {b"if-range"}


def create_preview(settings: Settings, models: Models, token: str, tell: Tell) -> ASGIApp:
    """Return the application that shows the content folder to whoever has the token.

    `tell` is told why the content could not be published, whenever that happens.
    """
    preview = _Preview(settings, models, tell)
    router = Router(default=preview, redirect_slashes=False, lifespan=preview.lifespan)
    return Private(TokenBoundary(router, settings.public_url or "", token))


class _Preview:
    """Answers as the public application does, from a store of the preview's own."""

    def __init__(self, settings: Settings, models: Models, tell: Tell) -> None:
        self._settings = settings
        self._tell = tell
        self._sources = Sources(settings.content, models)
        self._stores: Stores | None = None

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncIterator[None]:
        self._stores = Stores(self._settings, publish, self._tell)
        try:
            yield
        finally:
            await self._stores.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._stores is None:
            await no_route(scope, receive, send)
            return
        if scope["path"] == HEALTH:
            # The process answers, whatever becomes of the content.
            await send_json(scope, send, 200, {"status": "ok"})
            return
        asked = split(scope["query_string"])
        own = {**scope, "query_string": asked.rest, FIELDS: _fields(scope)}
        if asked.source and not scope["path"].startswith(f"{PREFIX}/"):
            raise no_source()
        async with self._stores.at(asked.at) as app:
            if asked.source:
                await self._sources.send(app, own, receive, send)
            else:
                await app(own, receive, send)


def _fields(scope: Scope) -> dict[bytes, bytes]:
    """Return the request's fields under its id; without validators there are no conditions."""
    fields = {name: value for name, value in scope[FIELDS].items() if name not in _VALIDATING}
    return {**fields, b"x-request-id": scope[REQUEST_ID]}
