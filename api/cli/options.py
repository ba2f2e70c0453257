"""The options that commands share: each is a setting, in the setting's own words."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from api.cli.output import stop
from api.settings import Settings
from schemas.discovery import OWN_FOLDER, Models, discover


def _help(setting: str) -> str:
    """Return what an option is, in the words of its setting."""
    field = Settings.model_fields[setting]
    default = f" Default: {field.default}" if field.default else ""
    return f"{field.description}{default}"


ContentArgument = Annotated[Path | None, typer.Argument(metavar="DIR", help=_help("content"))]
ContentOption = Annotated[
    Path | None, typer.Option("--content", metavar="DIR", help=_help("content"))
]
SchemasOption = Annotated[Path | None, typer.Option(metavar="DIR", help=_help("schemas"))]
StoreOption = Annotated[Path | None, typer.Option(metavar="FILE", help=_help("store"))]
HostOption = Annotated[str | None, typer.Option(help=_help("host"))]
ReadOnlyOption = Annotated[bool | None, typer.Option("--read-only", help=_help("read_only"))]
PublicUrlOption = Annotated[str | None, typer.Option(help=_help("public_url"))]
WorkersOption = Annotated[int | None, typer.Option(help=_help("workers"))]
WatchOption = Annotated[bool | None, typer.Option("--watch", help=_help("watch"))]
AllowShrinkOption = Annotated[
    bool | None, typer.Option("--allow-shrink", help=_help("allow_shrink"))
]
GraceOption = Annotated[int | None, typer.Option(help=_help("grace_seconds"))]
PreviewOption = Annotated[
    bool, typer.Option("--preview", help="Show drafts and other instants; listens on port 8001.")
]
PortOption = Annotated[int | None, typer.Option(help=_help("port"))]


_SPELLED = {"preview_port": "port"}
"""The options that are not called as their settings."""


def settings_of(**given: Any) -> Settings:  # noqa: ANN401 - values are checked by Settings
    """Return the settings that options and variables give; what is wrong ends the command."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        stop("; ".join(_wrong_setting(detail, given) for detail in error.errors()))


def _wrong_setting(detail: ErrorDetails, options: Collection[str]) -> str:
    name = str(detail["loc"][0])
    spelled = _SPELLED.get(name, name.replace("_", "-"))
    option = f"--{spelled} or " if name in options else ""
    return f"{option}KEYPOINT_{name.upper()}: {detail['msg']}"


def models_of(settings: Settings) -> Models:
    """Return the content models that the settings name. Raises SchemaError."""
    if settings.schemas is not None and not settings.schemas.is_dir():
        stop(f"{settings.schemas}: there is no such folder of models")
    return discover(settings.schemas or OWN_FOLDER)
