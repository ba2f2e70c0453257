"""`keypoint serve`: the content, published and served over HTTP."""

import gc
import socket
from contextlib import suppress
from pathlib import Path

import uvicorn

from api.app import create_app
from api.cli.options import (
    ContentArgument,
    HostOption,
    PortOption,
    PreviewOption,
    PublicUrlOption,
    ReadOnlyOption,
    SchemasOption,
    StoreOption,
    models_of,
    settings_of,
)
from api.cli.output import errors, output, stop, tell
from api.cli.preview import serve_preview
from api.cli.publishing import now, publish_into
from api.diagnostics import text
from api.errors import ContentError
from api.progress import progress
from api.settings import Settings
from api.store.database import StoreError
from api.store.reader import Reader
from api.store.writer import Published
from api.web.endpoints import PublishFailure
from api.web.protocol import Connection
from schemas.discovery import Models

GRACE_SECONDS = 10
BACKLOG = 2_048
YOUNG_OBJECTS = 50_000
"""How many are made before garbage is looked for; a request leaves none (a test says so)."""


def serve(  # noqa: PLR0913, PLR0917 - an option for each setting
    content: ContentArgument = None,
    host: HostOption = None,
    port: PortOption = None,
    store: StoreOption = None,
    schemas: SchemasOption = None,
    public_url: PublicUrlOption = None,
    *,
    read_only: ReadOnlyOption = None,
    preview: PreviewOption = False,
) -> None:
    """Publish the content into the store, then serve it over HTTP.

    Content with Issues is not published: the revision in the store is served on. Where the store
    has none, the command exits with 1. With --preview drafts and other instants are shown to
    whoever has the token of the setting preview_token, and nothing is published.
    """
    settings = settings_of(
        content=content,
        host=host,
        **{"preview_port" if preview else "port": port},
        store=store,
        schemas=schemas,
        public_url=public_url,
        read_only=read_only,
    )
    models = models_of(settings)
    if preview:
        with _listen(settings.model_copy(update={"port": settings.preview_port})) as listening:
            serve_preview(settings, models, listening)
        return
    with _listen(settings) as listening:
        failure = None if settings.read_only else _publish(settings, models)
        revision = _served(settings.store_file, failure)
        if failure:
            errors.print(f"not published: revision {revision} is served on")
        config = uvicorn.Config(
            create_app(settings, failure),
            loop="uvloop",
            http=Connection,
            ws="none",
            server_header=False,
            # No answer depends on who asked, or by which scheme.
            proxy_headers=False,
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        address, chosen = listening.getsockname()[:2]
        shown = f"[{address}]" if ":" in address else address
        _settle()
        output.print(f"serving http://{shown}:{chosen} (stop with Ctrl+C)")
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        stop(
            f"{settings.host}:{settings.port}: cannot listen there: {error.strerror}; "
            "give another --host or --port; the port 0 takes a free one"
        )
    return listening


def _publish(settings: Settings, models: Models) -> PublishFailure | None:
    """Publish the folder; where that fails, say why, and return how."""
    with progress(errors) as report:
        try:
            done = publish_into(settings.store_file, settings, models, report)
        except ContentError as error:
            tell(error.issues)
            stopping = [issue.code for issue in error.issues if issue.is_error]
            codes = tuple(dict.fromkeys(stopping))
            failure = PublishFailure(now(), "content", len(stopping), codes)
        except StoreError as error:
            errors.print(f"keypoint: {error}")
            failure = PublishFailure(now(), "store")
        else:
            output.print(_summary(settings, done))
            return None
    return failure


def _summary(settings: Settings, done: Published) -> str:
    if not done.new:
        return f"{settings.content}: revision {done.revision.name}, nothing has changed"
    return (
        f"{settings.content}: published revision {done.revision.name}, "
        f"{text.counted(done.added, 'row')} added, {done.ended} ended"
    )


def _served(store: Path, failure: PublishFailure | None) -> str:
    """Return the revision that a store has to serve; end the command where it has none.

    Raises StoreError where the store cannot be read and no failed publish has said so already.
    """
    try:
        with Reader(store) as reader:
            revision = reader.pin()
    except StoreError:
        if failure is None:
            raise
        revision = None
    if revision is None:
        earlier = f"nothing is served: {store} has no earlier revision"
        stop(earlier if failure else f"{store}: the store has no revision")
    return revision.name


def _settle() -> None:
    """Spare requests the search for garbage among what lives as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
