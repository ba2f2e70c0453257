"""The yardstick: uvicorn, started as `keypoint serve` starts it, with one function before it.

`python -m benchmarks.bare STATUS SIZE [HEADERS [connection]]` answers every request with a
constant: a status, two headers, and a body of SIZE bytes. With HEADERS, a list of pairs in JSON, it
sends those; with `connection` it reads requests as `keypoint serve` does.
"""

import json
import socket
import sys

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from api.web.protocol import Connection


def constant(status: int, size: int, given: list[list[str]]) -> ASGIApp:
    """Return an application that has one answer."""
    sized = (b"content-length", str(size).encode())
    headers = [(b"content-type", b"application/json"), sized]
    if status == 304:  # noqa: PLR2004 - as RFC 9110 has it, no content and so no size of it
        headers = [(b"etag", b'"0123456789012345678901"'), (b"cache-control", b"max-age=60")]
    if given:
        headers = [(name.encode(), value.encode()) for name, value in given]
    start = {"type": "http.response.start", "status": status, "headers": headers}
    body = {"type": "http.response.body", "body": bytes(size)}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI
        await send(start)
        await send(body)

    return app


def main(status: str, size: str, headers: str = "[]", *connection: str) -> None:
    """Serve on a free port, whose address is printed."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=2_048)
    config = uvicorn.Config(
        constant(int(status), int(size), json.loads(headers)),
        loop="uvloop",
        http=Connection if connection else "httptools",
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        access_log=False,
        log_level="warning",
    )
    print(f"serving http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(*sys.argv[1:])
