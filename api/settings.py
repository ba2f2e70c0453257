"""The settings: read once, from what the command line gives and from variables `KEYPOINT_…`."""

import os
import re
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Annotated

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
