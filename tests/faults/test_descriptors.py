"""A server that may open few files serves on: who comes too much is turned away, no other."""

import resource
from contextlib import ExitStack
from pathlib import Path

from tests.raw import ClosedError, Wire, request
from tests.servers import Server, eventually, server
from tests.support import Site


def _is_answered(running: Server) -> bool:
    try:
        return running.ask("/v1/topics/one").status == 200
    except (ClosedError, ConnectionResetError):
        return False


def test_server_without_descriptors_serves_on_once_there_are_some(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    site.publish()
    with server(tmp_path, "--store", site.store, "--read-only") as running:
        worker = eventually(running.workers)[0]
        resource.prlimit(worker, resource.RLIMIT_NOFILE, (40, 40))
        with Wire(running.address) as first:
            first.send(request("/v1/topics/one"))
            assert first.read().status == 200
            with ExitStack() as crowd:
                for _ in range(60):
                    crowd.enter_context(Wire(running.address))
                first.send(request("/v1/topics/two"))
                assert first.read().status == 200
        eventually(lambda: _is_answered(running))
        assert running.workers() == [worker]
