"""The application: routes, middleware, exceptions, lifespan, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from api.contract.operations import operations
from api.settings import Settings
from api.web.content import Content
from api.web.endpoints import PublishFailure
from api.web.middleware import Boundary, StoredFirst, not_found
from api.web.routes import routes
from schemas.discovery import OWN_FOLDER, discover


def create_app(settings: Settings, failure: PublishFailure | None = None) -> Starlette:
    """Return the application that serves a store.

    `failure` says how the last publish failed, where it did, for readiness to tell. Raises
    SchemaError when the models of `settings.schemas` are declared wrongly.
    """
    content = Content(settings.store_file)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        content.close()

    async def no_route(request: Request, _: Exception) -> Response:
        raise not_found(request.scope)

    app = Starlette(
        routes=routes(operations(discover(settings.schemas or OWN_FOLDER)), content, failure),
        middleware=[
            Middleware(Boundary, public_url=settings.public_url or ""),
            Middleware(StoredFirst, content=content),
        ],
        exception_handlers={HTTPException: no_route},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app
