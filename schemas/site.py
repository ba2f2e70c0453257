"""The site's frame: its name, its languages, the words of its interface, its navigation."""

from typing import ClassVar, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from schemas.collection import SingleFile
from schemas.entry import Entry
from schemas.fields import FrontEndPath, Locale, Model, Title


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


class NavigationItem(Model):
    """An entry of the site's navigation."""

    label: Title
    """The name of the label (in `labels`) that it is shown with."""
    path: FrontEndPath
    """The front end's route that it leads to."""


class Site(Entry):
    """The site's frame: its name, its languages, the words of its interface, its navigation."""

    collection: ClassVar = SingleFile(name="site", path="/", title="name", role="site")

    name: Title
    """The site's name."""
    default_locale: Locale
    """The language of content that names no other."""
    locales: list[Locale]
    """The languages of the site, the default one among them."""
    labels: dict[Locale, FrameLabels] = {}
    """The words of the interface by language."""
    navigation: list[NavigationItem] = []
    """What the site's navigation shows, in its order."""

    @model_validator(mode="after")
    def _languages_are_declared(self) -> Self:
        for name in (self.default_locale, *self.labels):
            if name not in self.locales:
                raise PydanticCustomError(
                    "invalid_value",
                    "has the language '{name}', which `locales` does not list",
                    {"name": name},
                )
        for item in self.navigation:
            if item.label not in FrameLabels.model_fields:
                raise PydanticCustomError(
                    "invalid_value",
                    "has the navigation label '{label}', which is no label: {allowed}",
                    {"label": item.label, "allowed": ", ".join(FrameLabels.model_fields)},
                )
        return self

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
