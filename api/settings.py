"""The settings: read once, from what the command line gives and from variables `KEYPOINT_…`."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.fields import Url


def _without_slash(url: str) -> str:
    return url.rstrip("/")


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
    store: Path = Path(".keypoint/store.db")
    """The file that content is published into and served from."""
    schemas: Path | None = None
    """A folder of content models to use instead of the built-in ones."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """The port to listen on; 0 takes a free one."""
    public_url: Annotated[Url, AfterValidator(_without_slash)] | None = None
    """Where clients reach this server, such as https://api.example.org; it goes before the
    addresses of problem types."""
