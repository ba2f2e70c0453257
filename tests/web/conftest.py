from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.support import SMALL, Site

FILES = {
    **SMALL,
    "articles/third.md": (
        "---\ntitle: Third\nid: lasting-id\n---\nA [link](/a).\n\n## Third section {#part}\n"
    ),
}
"""A small site with an article whose id is not its slug."""


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site that no test changes."""
    return Site(tmp_path_factory.mktemp("site"), FILES)


@pytest.fixture(scope="package")
def served(site: Site) -> Iterator[TestClient]:
    """That site, served; tests leave no state on the client."""
    with site.served() as client:
        yield client
