"""The settings: read once, from what the command line gives and from variables `KEYPOINT_…`."""

import os
import re
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.fields import Url


def _without_slash(url: str) -> str:
    return url.rstrip("/")


def _is_token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9._~+/-]{16,200}=*", token.get_secret_value(), re.ASCII):
        raise ValueError("a token has at least 16 letters, digits or signs of -._~+/")
    return token


class RequireReview(StrEnum):
    """Which entries are refused for their reviews; each value refuses what those before it do."""

    NONE = "none"
    CHANGED = "changed"
    OVERDUE = "overdue"
    ALWAYS = "always"


class Settings(BaseSettings):
    """How this process runs. Each setting is an option of the command line and a variable."""

    model_config = SettingsConfigDict(
        env_prefix="KEYPOINT_",
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        env_ignore_empty=True,
    )

    content: Path = Path("content")
    """The folder of content files."""
    store: Path | None = None
    """The file that content is published into and served from. Where none is given, each content
    folder has its own below .keypoint: store.db for the folder content."""
    read_only: bool = False
    """Serve what the store has, and publish nothing into it."""
    schemas: Path | None = None
    """A folder of content models to use instead of the built-in ones."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """The port to listen on; 0 takes a free one."""
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """How many processes answer requests; one for each core that is to serve."""
    watch: bool = False
    """Publish whenever the content folder changes."""
    grace_seconds: Annotated[int, Field(ge=1, le=3600)] = 10
    """How many seconds requests in flight have to be answered when the server is told to end."""
    allow_shrink: bool = False
    """Publish also what would end more than a third of the entries."""
    publish_memory: Annotated[int, Field(ge=64)] = 8192
    """The most memory that a publish may take, in MiB of addresses; it fails beyond it."""
    publish_seconds: Annotated[int, Field(ge=1)] = 900
    """The most CPU time that a publish may take, in seconds; it is ended then."""
    readiness_token: Annotated[SecretStr, Field(min_length=16)] | None = None
    """Who sends this as a bearer token is told the texts of Issues by /readyz; without one they are
    told with --watch, to everyone. Give it as a variable: others can read a command line."""
    preview_port: Annotated[int, Field(ge=0, le=65535)] = 8001
    """The port that a preview listens on; 0 takes a free one."""
    preview_token: Annotated[SecretStr, AfterValidator(_is_token)] | None = None
    """What a preview asks its clients for, as `Authorization: Bearer …`: at least 16 letters,
    digits or signs of -._~+/. Where none is given, each start makes one and prints it."""
    public_url: Annotated[Url, AfterValidator(_without_slash)] | None = None
    """Where clients reach this server, such as https://api.example.org; it goes before the
    addresses of problem types."""
    require_review: RequireReview = RequireReview.NONE
    """Which reviews keep content from being published: none; changed, of a text that was changed
    since; overdue, also one that was due; always, also text without a review."""
    cache_tags: Literal["Cache-Tag", "Surrogate-Key", "xkey"] | None = None
    """The header in which answers name the entries that they show, for a cache that can purge by
    such tags. Without it there is none."""

    keep_days: Annotated[int, Field(ge=1, le=36_500)] = 30
    """For how many days an old revision is kept, to be read by `rev` and gone back to; the newest
    ten are kept for longer."""
    keep_revisions: Annotated[int, Field(ge=2, le=100_000)] = 1_000
    """How many revisions are kept at the most, however new they are."""
    deleted_days: Annotated[int, Field(ge=0, le=36_500)] = 90
    """For how many days the address of a deleted entry is a 410, before it is a 404."""

    @property
    def store_file(self) -> Path:
        """The store, given or not: never that of another content folder."""
        if self.store is not None:
            return self.store
        folder = self.content.resolve()
        if folder == Path("content").resolve():
            return Path(".keypoint/store.db")
        digest = sha256(os.fsencode(folder)).hexdigest()[:8]
        return Path(f".keypoint/{folder.name}-{digest}.db")
