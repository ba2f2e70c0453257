from collections.abc import Iterator

import httpx2
import pytest

from tests.raw import socket_address
from tests.routes import FILES, Route, routes
from tests.support import running, write


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The address of a real server that no test changes."""
    folder = tmp_path_factory.mktemp("wire")
    with running(write(folder / "content", FILES), folder / "store.db") as address:
        yield socket_address(address)


@pytest.fixture(scope="package")
def every_route(server: tuple[str, int]) -> list[Route]:
    return routes(server)


@pytest.fixture(scope="package")
def client(server: tuple[str, int]) -> Iterator[httpx2.Client]:
    """An ordinary client of that server; it follows no redirect, and asks for no coding."""
    with httpx2.Client(
        base_url=f"http://{server[0]}:{server[1]}", headers={"accept-encoding": "identity"}
    ) as opened:
        yield opened
