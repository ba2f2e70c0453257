"""The command line: one thin function a command."""

import gc
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import orjson
import typer
import uvicorn
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rich.console import Console

from api import __version__
from api.app import create_app
from api.compiler import pipeline
from api.contract import openapi
from api.contract.jsonschema import editor_schema
from api.diagnostics import text
from api.diagnostics.formats import FOR_PROGRAMS, Format
from api.diagnostics.source import source_lines
from api.errors import ContentError, Issue, nearest
from api.progress import progress
from api.settings import Settings
from api.store.bake import bake
from api.store.database import StoreError
from api.store.reader import Reader
from api.store.writer import Published
from api.web.endpoints import PublishFailure
from api.web.protocol import Connection
from schemas.discovery import OWN_FOLDER, Models, discover
from schemas.shape import SchemaError

GRACE_SECONDS = 10
BACKLOG = 2_048
YOUNG_OBJECTS = 50_000
"""How many are made before garbage is looked for; a request leaves none (a test says so)."""

cli = typer.Typer(
    name="keypoint",
    help="A folder of Markdown and YAML becomes a versioned JSON API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
output = Console(highlight=False, markup=False, soft_wrap=True)


def _help(setting: str) -> str:
    """Return what an option is, in the words of its setting."""
    field = Settings.model_fields[setting]
    default = f" Default: {field.default}" if field.default else ""
    return f"{field.description}{default}"


ContentArgument = Annotated[Path | None, typer.Argument(metavar="DIR", help=_help("content"))]
SchemasOption = Annotated[Path | None, typer.Option(metavar="DIR", help=_help("schemas"))]
StoreOption = Annotated[Path | None, typer.Option(metavar="FILE", help=_help("store"))]
HostOption = Annotated[str | None, typer.Option(help=_help("host"))]
ReadOnlyOption = Annotated[bool | None, typer.Option("--read-only", help=_help("read_only"))]
PublicUrlOption = Annotated[str | None, typer.Option(help=_help("public_url"))]
FormatOption = Annotated[
    Format, typer.Option("--format", help="text for people; json, github, sarif for programs.")
]
PortOption = Annotated[int | None, typer.Option(help=_help("port"))]


def main() -> None:
    """Run the command line."""
    try:
        cli()
    except (SchemaError, StoreError) as error:
        _stop(str(error))


@cli.callback(invoke_without_command=True)
def version(
    *, show: Annotated[bool, typer.Option("--version", help="Show the version.")] = False
) -> None:
    """Turn a folder of Markdown and YAML into a versioned JSON API."""
    if show:
        output.print(f"keypoint {__version__}")
        raise typer.Exit


@cli.command(epilog="Example: keypoint check content")
def check(
    content: ContentArgument = None,
    schemas: SchemasOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Say what is wrong with the content; exit with 1 when an error is.

    A warning stops nothing. With a format for programs, stdout has that alone.
    """
    settings = _settings(content=content, schemas=schemas)
    models = _models(settings)
    pipeline.contract_of(models)
    entries: int | None = None
    issues: Sequence[Issue]
    with progress(errors) as report:
        try:
            found = pipeline.check(settings.content, models, report)
            issues, entries = found.warnings, len(found.index.entries)
        except ContentError as error:
            issues = error.issues
    if form is not Format.TEXT:
        told = FOR_PROGRAMS[form](issues, Path.cwd())
        sys.stdout.buffer.write(told.encode())
    elif issues:
        _tell(issues)
    if entries is None:
        raise typer.Exit(1)
    if form is Format.TEXT:
        wrong = f"no errors, {text.weights(issues)}" if issues else "nothing wrong"
        output.print(f"{settings.content}: {entries} entries, {wrong}")


@cli.command(epilog="Example: keypoint build content --out release.db")
def build(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write.")],
    content: ContentArgument = None,
    schemas: SchemasOption = None,
) -> None:
    """Publish the content into a new file that 'serve --store FILE --read-only' serves."""
    settings = _settings(content=content, schemas=schemas)
    models = _models(settings)
    with progress(errors) as report:
        try:
            with bake(out) as store:
                done = _publish_into(store, settings, models, report)
        except ContentError as error:
            _tell(error.issues)
            errors.print(f"{out} is not written")
            raise typer.Exit(1) from None
    output.print(f"{out}: revision {done.revision.name}, {text.counted(done.added, 'row')}")


@cli.command(epilog="Example: keypoint serve content --port 8080 --store /var/lib/keypoint.db")
def serve(  # noqa: PLR0913, PLR0917 - an option for each setting
    content: ContentArgument = None,
    host: HostOption = None,
    port: PortOption = None,
    store: StoreOption = None,
    schemas: SchemasOption = None,
    public_url: PublicUrlOption = None,
    *,
    read_only: ReadOnlyOption = None,
) -> None:
    """Publish the content into the store, then serve it over HTTP.

    Content with Issues is not published: the revision in the store is served on. Where the store
    has none, the command exits with 1.
    """
    settings = _settings(
        content=content,
        host=host,
        port=port,
        store=store,
        schemas=schemas,
        public_url=public_url,
        read_only=read_only,
    )
    models = _models(settings)
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


@cli.command(name="openapi", epilog="Example: keypoint openapi > openapi.yaml")
def print_openapi(schemas: SchemasOption = None) -> None:
    """Print the contract, as openapi.yaml has it."""
    models = _models(_settings(schemas=schemas))
    sys.stdout.buffer.write(openapi.to_yaml(pipeline.contract_of(models)).encode())


@cli.command(epilog="Example: keypoint schema article > article.schema.json")
def schema(
    type_name: Annotated[str, typer.Argument(metavar="TYPE", help="A content type.")],
    schemas: SchemasOption = None,
) -> None:
    """Print the JSON Schema of a type's files, for an editor that knows JSON Schema."""
    models = _models(_settings(schemas=schemas))
    if type_name not in models:
        meant = nearest(type_name, models)
        hint = f", did you mean '{meant}'?" if meant else ""
        _stop(f"there is no type '{type_name}'{hint}; there are: {', '.join(models)}")
    told = orjson.dumps(editor_schema(models, type_name), option=orjson.OPT_INDENT_2)
    sys.stdout.buffer.write(told + b"\n")


def _settings(**given: Any) -> Settings:  # noqa: ANN401 - values are checked by Settings
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        _stop("; ".join(_wrong_setting(detail) for detail in error.errors()))


def _wrong_setting(detail: ErrorDetails) -> str:
    name = str(detail["loc"][0])
    return f"--{name.replace('_', '-')} or KEYPOINT_{name.upper()}: {detail['msg']}"


def _models(settings: Settings) -> Models:
    if settings.schemas is not None and not settings.schemas.is_dir():
        _stop(f"{settings.schemas}: there is no such folder of models")
    return discover(settings.schemas or OWN_FOLDER)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        _stop(
            f"{settings.host}:{settings.port}: cannot listen there: {error.strerror}; "
            "give another --host or --port; the port 0 takes a free one"
        )
    return listening


def _publish(settings: Settings, models: Models) -> PublishFailure | None:
    """Publish the folder; where that fails, say why, and return how."""
    with progress(errors) as report:
        try:
            done = _publish_into(settings.store_file, settings, models, report)
        except ContentError as error:
            _tell(error.issues)
            stopping = [issue.code for issue in error.issues if issue.is_error]
            codes = tuple(dict.fromkeys(stopping))
            failure = PublishFailure(_now(), "content", len(stopping), codes)
        except StoreError as error:
            errors.print(f"keypoint: {error}")
            failure = PublishFailure(_now(), "store")
        else:
            output.print(_summary(settings, done))
            return None
    return failure


def _publish_into(
    store: Path, settings: Settings, models: Models, report: pipeline.Report
) -> Published:
    """Publish the folder into a store, and tell its warnings."""
    content = pipeline.check(settings.content, models, report)
    if content.warnings:
        _tell(content.warnings)
    return pipeline.publish_content(content, store, models, _now(), report)


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
        _stop(earlier if failure else f"{store}: the store has no revision")
    return revision.name


def _settle() -> None:
    """Spare requests the search for garbage among what lives as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


def _tell(issues: Sequence[Issue]) -> None:
    for line in text.render(issues, source_lines()):
        errors.print(line)


def _now() -> datetime:
    return datetime.now(UTC)


def _stop(message: str) -> NoReturn:
    errors.print(f"keypoint: {message}")
    raise SystemExit(1)
