"""A worker: one process with an event loop that answers requests on the shared socket."""

import asyncio
import gc
import signal
import socket
from time import monotonic
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from api.web.protocol import Connection

YOUNG_OBJECTS = 50_000
"""How many are made before garbage is looked for; a request leaves none (a test says so)."""
ACCEPT_SECONDS = 0.1
"""How long new connections are still taken after SIGTERM: some were waiting when it came."""
DRAIN_SECONDS = 0.4
"""How long connections may then bring requests that were on their way."""
DRAIN_STEP = 0.01


def work(listening: socket.socket, app: ASGIApp, grace_seconds: int) -> None:
    """Answer requests until SIGTERM comes; then answer those in flight, within the grace time."""
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=Connection,
        ws="none",
        server_header=False,
        # No answer depends on who asked, or by which scheme.
        proxy_headers=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=grace_seconds,
    )
    settle()
    # Until uvicorn hears it: there is nothing to be answered yet.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _Server(config).run(sockets=[listening])


def settle() -> None:
    """Spare requests the search for garbage among what lives as long as the process.

    Before a fork, that keeps the children's pages shared: the search writes to what it looks at.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


class _Server(uvicorn.Server):
    """uvicorn's server, which SIGTERM alone ends, and no request is lost by it."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - as uvicorn calls it
        """Take SIGTERM; Ctrl+C, which a terminal sends to all, is the supervisor's."""
        if sig == signal.SIGTERM:
            self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening and end, once what is on its way is answered."""
        await self._drain(ACCEPT_SECONDS)
        for server in self.servers:
            server.close()
        await self._drain(DRAIN_SECONDS)
        await super().shutdown(sockets)

    async def _drain(self, seconds: float) -> None:
        """Answer what was sent before now.

        uvicorn closes a connection between two requests at once, although the next one may have
        been sent already. Here the next answer on each connection is its last one, and says so.
        """
        until = monotonic() + seconds
        while monotonic() < until:
            for connection in tuple(self.server_state.connections):
                if isinstance(connection, Connection):
                    connection.drain()
            await asyncio.sleep(DRAIN_STEP)
            if not self.server_state.connections and not self.servers[0].is_serving():
                return
