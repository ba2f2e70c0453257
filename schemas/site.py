"""The site's frame: its name, its languages, the words of its interface, its navigation."""

from collections.abc import Iterable
from typing import Annotated, ClassVar

from pydantic import AfterValidator, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from schemas.collection import SingleFile
from schemas.entry import Entry
from schemas.fields import FrontEndPath, Locale, Model, Title, Use


class FrameLabels(Model):
    """The words of the interface in one language; the front end has a word of its own for null."""

    articles: Title | None = None
    author: Title | None = None
    comments: Title | None = None
    contact: Title | None = None
    home: Title | None = None
    key_points: Title | None = None
    language: Title | None = None
    no_comments: Title | None = None
    recent_posts: Title | None = None
    search: Title | None = None
    see_all: Title | None = None
    services: Title | None = None
    topics: Title | None = None
    updated: Title | None = None


def _known_label(value: str) -> str:
    if value not in FrameLabels.model_fields:
        raise PydanticCustomError(
            "invalid_value",
            "is '{label}', which is no label: {allowed}",
            {"label": value, "allowed": ", ".join(FrameLabels.model_fields)},
        )
    return value


class NavigationItem(Model):
    """An entry of the site's navigation."""

    label: Annotated[Title, AfterValidator(_known_label)]
    """The name of the label (in `labels`) that it is shown with."""
    path: FrontEndPath
    """The front end's route that it leads to."""


def _hold_declared(names: Iterable[str], info: ValidationInfo) -> None:
    for name in names:
        if name not in info.data.get("locales", names):
            raise PydanticCustomError(
                "invalid_value",
                "has the language '{name}', which `locales` does not list",
                {"name": name},
            )


class Site(Entry):
    """The site's frame: its name, its languages, the words of its interface, its navigation."""

    collection: ClassVar = SingleFile(name="site", path="/", title="name", role="site")

    name: Title
    """The site's name."""
    locales: Annotated[list[Locale], Use.SHARED]
    """The languages of the site."""
    default_locale: Annotated[Locale, Use.SHARED]
    """The language of content that names no other: one of `locales`."""
    labels: Annotated[dict[Locale, FrameLabels], Use.SHARED] = {}
    """The words of the interface by language: each one of `locales`."""
    navigation: Annotated[list[NavigationItem], Use.SHARED] = []
    """What the site's navigation shows, in its order."""

    @field_validator("locales")
    @classmethod
    def _each_once(cls, value: list[str]) -> list[str]:
        for name in value:
            if value.count(name) > 1:
                raise PydanticCustomError(
                    "invalid_value", "has the language '{name}' twice", {"name": name}
                )
        return value

    @field_validator("default_locale")
    @classmethod
    def _default_is_declared(cls, value: str, info: ValidationInfo) -> str:
        _hold_declared([value], info)
        return value

    @field_validator("labels")
    @classmethod
    def _labels_are_declared(
        cls, value: dict[str, FrameLabels], info: ValidationInfo
    ) -> dict[str, FrameLabels]:
        _hold_declared(value, info)
        return value

    example: ClassVar[str] = """\
name: Example site
default_locale: en
locales: [en, uk]
labels:
  en: {recent_posts: Recent Posts, see_all: See All, articles: Articles}
  uk: {recent_posts: Останні публікації, see_all: Переглянути всі, articles: Статті}
navigation:
  - {label: articles, path: /articles}
"""
