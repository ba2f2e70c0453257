"""`keypoint serve`: the content, served over HTTP, and published when it changes."""

import socket
from time import monotonic

from api.app import create_app
from api.cli.options import (
    AllowShrinkOption,
    ContentArgument,
    GraceOption,
    HostOption,
    PortOption,
    PreviewOption,
    PublicUrlOption,
    ReadOnlyOption,
    SchemasOption,
    StoreOption,
    WatchOption,
    WorkersOption,
    models_of,
    settings_of,
)
from api.cli.output import errors, output, stop
from api.cli.preview import serve_preview
from api.cli.publishing import publisher_of
from api.serving.followed import FollowedStore
from api.serving.messages import Messages
from api.serving.state import SharedState
from api.serving.supervisor import Parts, Supervisor
from api.serving.watcher import Watcher
from api.serving.worker import settle, work
from api.serving.workers import Workers
from api.settings import Settings
from api.store.reader import Reader
from schemas.discovery import Models

BACKLOG = 2_048


def serve(  # noqa: PLR0913, PLR0917 - an option for each setting
    content: ContentArgument = None,
    host: HostOption = None,
    port: PortOption = None,
    store: StoreOption = None,
    schemas: SchemasOption = None,
    public_url: PublicUrlOption = None,
    workers: WorkersOption = None,
    grace_seconds: GraceOption = None,
    *,
    watch: WatchOption = None,
    read_only: ReadOnlyOption = None,
    allow_shrink: AllowShrinkOption = None,
    preview: PreviewOption = False,
) -> None:
    """Serve the store over HTTP, and publish the content into it.

    What the store has is served at once. The content is published at the start, when SIGHUP comes,
    at the instant when one of its dates comes, and with --watch whenever it changes; content with
    Issues is not, and the revision before is served on. Where there is none, the command exits
    with 1. What other processes publish into the store is served within a second. With --preview
    drafts and other instants are shown to whoever has the token of the setting preview_token, and
    nothing is published.
    """
    settings = settings_of(
        content=content,
        host=host,
        **{"preview_port" if preview else "port": port},
        store=store,
        schemas=schemas,
        public_url=public_url,
        workers=workers,
        grace_seconds=grace_seconds,
        watch=watch,
        read_only=read_only,
        allow_shrink=allow_shrink,
    )
    models = models_of(settings)
    if preview:
        with _listen(settings.model_copy(update={"port": settings.preview_port})) as listening:
            serve_preview(settings, models, listening)
        return
    if settings.read_only:
        _require_revision(settings)
    with _listen(settings) as listening:
        supervisor = _supervisor(settings, models, listening)
        settle()
        if not supervisor.run():
            stop(f"nothing is served: {settings.store_file} has no revision that can be read")


def _supervisor(settings: Settings, models: Models, listening: socket.socket) -> Supervisor:
    shared = SharedState()
    app = create_app(settings, shared)
    parts = Parts(
        listening,
        _address(listening),
        FollowedStore(settings.store_file),
        shared,
        Workers(settings.workers, lambda: work(listening, app, settings.grace_seconds), monotonic),
        None if settings.read_only else publisher_of(settings, models),
        Watcher(settings.content, monotonic) if settings.watch else None,
    )
    messages = Messages(settings.content, output.print, errors.print, timed=settings.watch)
    return Supervisor(parts, messages, settings.grace_seconds)


def _require_revision(settings: Settings) -> None:
    """End the command where a store that nobody publishes into has no revision.

    Raises StoreError where it cannot be read.
    """
    if settings.watch:
        stop("--watch publishes, and --read-only forbids it: give one of them")
    with Reader(settings.store_file) as reader:
        if reader.pin() is None:
            stop(f"{settings.store_file}: the store has no revision")


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


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
