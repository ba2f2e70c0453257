"""The application: routes, middleware, lifespan, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.routing import Router
from starlette.types import ASGIApp

from api.contract.operations import operations
from api.settings import Settings
from api.web.content import Content
from api.web.endpoints import no_route
from api.web.middleware import Boundary, StoredFirst
from api.web.readiness import Silent, Telling
from api.web.routes import routes
from schemas.discovery import OWN_FOLDER, discover


def create_app(settings: Settings, telling: Telling | None = None) -> ASGIApp:
    """Return the application that serves a store.

    `telling` knows how publishing goes, for readiness to tell. Raises SchemaError when the models
    of `settings.schemas` are declared wrongly.
    """
    telling = telling or Silent()
    token = settings.readiness_token.get_secret_value() if settings.readiness_token else None
    content = Content(
        settings.store_file,
        cache_tags=settings.cache_tags,
        generation=telling.generation,
    )

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        yield
        content.close()

    # Not a Starlette application: its own middleware would stand before what is stored.
    router = Router(
        routes(operations(discover(settings.schemas or OWN_FOLDER)), content, telling, token),
        redirect_slashes=False,
        default=no_route,
        lifespan=lifespan,
    )
    return Boundary(StoredFirst(router, content), settings.public_url or "", content.doubt)
