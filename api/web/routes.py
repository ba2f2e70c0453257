"""The routes: one for each operation, and nothing else."""

import re
from collections.abc import Sequence

from starlette.routing import Route
from starlette.types import ASGIApp

from api.contract.operations import Operation
from api.web.content import Content
from api.web.endpoints import endpoint
from api.web.readiness import Telling


def routes(
    operations: Sequence[Operation], content: Content, telling: Telling, token: str | None = None
) -> list[Route]:
    """Return the routes of all operations; `token` opens what readiness tells to few."""
    return [
        _Exact(operation.path, endpoint(operation, content, telling, token), name=operation.id)
        for operation in operations
    ]


class _Exact(Route):
    """A route that takes its own path alone.

    The `$` at the end of Starlette's pattern also holds before a line feed.
    """

    def __init__(self, path: str, endpoint: ASGIApp, *, name: str) -> None:
        super().__init__(path, endpoint, name=name)
        self.path_regex = re.compile(self.path_regex.pattern.removesuffix("$") + r"\Z")
