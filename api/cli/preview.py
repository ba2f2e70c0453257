"""`keypoint serve --preview`: drafts and other instants, for whoever has the token."""

import secrets
import socket
from collections.abc import Sequence
from contextlib import suppress

import uvicorn

from api.cli.output import errors, output, tell
from api.errors import Issue
from api.preview.app import create_preview
from api.settings import Settings
from api.web.protocol import Connection
from schemas.discovery import Models

GRACE_SECONDS = 10
TOKEN_BYTES = 24


def serve_preview(settings: Settings, models: Models, listening: socket.socket) -> None:
    """Serve a preview of the content folder on a socket that listens, until it is stopped.

    The public store is neither read nor written.
    """
    token = _token(settings)
    config = uvicorn.Config(
        create_preview(settings, models, token, _tell),
        loop="uvloop",
        http=Connection,
        lifespan="on",
        ws="none",
        server_header=False,
        proxy_headers=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    address, port = listening.getsockname()[:2]
    shown = f"[{address}]" if ":" in address else address
    output.print(f"preview of {settings.content}: send 'Authorization: Bearer …' with the token")
    output.print(f"serving http://{shown}:{port} (stop with Ctrl+C)")
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def _token(settings: Settings) -> str:
    if settings.preview_token:
        return settings.preview_token.get_secret_value()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    output.print(f"preview token: {token}")
    return token


def _tell(why: str, issues: Sequence[Issue]) -> None:
    if issues:
        tell(issues)
    errors.print(f"not shown: {why}")
