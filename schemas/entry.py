"""What all entries have in common: the bases that content types extend."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from schemas.collection import Embedded, Folder, SingleFile
from schemas.fields import SLUG, SLUG_LENGTH, Form, Instant, Model, Slug, Title, Use
from schemas.review import Review

BODY = "body"
"""The field that takes the Markdown part of a file, up to its first section."""
MOST_FORMER_SLUGS = 50
"""How many former slugs an entry may have."""


class Status(StrEnum):
    """Whether an entry is for readers."""

    DRAFT = "draft"
    PUBLISHED = "published"


EntryName = Annotated[
    str,
    StringConstraints(max_length=2 * SLUG_LENGTH),
    Form(
        rf"([a-z][a-z0-9_]*:)?{SLUG}",
        "names no entry: write its slug, or article:its-slug for one of another type",
    ),
]
"""An entry by its slug or id, of the same type as the file, or of another one as `type:slug`."""


class Withdrawal(Model):
    """That an entry was taken back: readers get the reason in its place."""

    reason: Title
    """Why, in words for readers."""
    replacement: EntryName | None = None
    """The entry to read instead: its slug, or `type:slug` for one of another type."""
    at: Instant | None = None
    """From when on; without it, at once."""


class Typed(Model):
    """A model whose values have a type of their own in the API."""

    @classmethod
    def type_name(cls) -> str:
        """Return the name of the type: the class's own name in snake_case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class Entry(Typed):
    """A piece of content with a file of its own.

    A subclass declares its `collection` and an `example`: the text of a file of this type, whose
    slug is `example-{type}` and which refers to other types' examples alone.
    """

    collection: ClassVar[Folder | SingleFile]
    example: ClassVar[str]

    @classmethod
    def example_suffix(cls) -> str:
        """Return the ending of a file with the text of the example."""
        return ".md" if cls.example.startswith("---") else ".yaml"

    id: Annotated[Slug | None, Use.SHARED] = None
    """The stable name of the entry; given, it survives a rename of the file."""
    summary: Annotated[Title | None, Use.CARD, Use.SEARCH] = None
    """What the entry says, in a sentence or two."""
    published_at: Annotated[Instant | None, Use.CARD, Use.FILTER, Use.SORT] = None
    """When the entry was first published."""
    updated_at: Annotated[Instant | None, Use.CARD, Use.FILTER, Use.SORT, Use.OWN] = None
    """When the entry's content last changed."""
    updated_label: Annotated[Title | None, Use.CARD, Use.OWN] = None
    """The date of the last change as it is shown, where the exact date is not known."""
    review: Annotated[Review | None, Use.OWN] = None
    """Who has reviewed the text, and when it is due again."""
    status: Annotated[Status, Use.PRIVATE, Use.SHARED] = Status.PUBLISHED
    """`draft` keeps the entry from readers."""
    publish_at: Annotated[Instant | None, Use.PRIVATE, Use.SHARED] = None
    """When readers get the entry; before that it is not there."""
    expire_at: Annotated[Instant | None, Use.PRIVATE, Use.SHARED] = None
    """When the entry ends: from then on it is gone (410)."""
    withdrawn: Annotated[Withdrawal | None, Use.PRIVATE, Use.SHARED] = None
    """That the entry was taken back, and why: it is gone (410), from older revisions too."""
    redirect_from: Annotated[
        list[Slug], Use.PRIVATE, Use.SHARED, Field(max_length=MOST_FORMER_SLUGS)
    ] = []
    """Slugs that the entry had before: their addresses lead to the present one (308)."""

    @field_validator("expire_at")
    @classmethod
    def _ends_after_its_beginning(
        cls, value: datetime | None, info: ValidationInfo
    ) -> datetime | None:
        begins = info.data.get("publish_at")
        if value and begins and value <= begins:
            raise _wrong("is not after 'publish_at': the entry would never be there")
        return value

    @field_validator("withdrawn")
    @classmethod
    def _was_there(cls, value: Withdrawal | None, info: ValidationInfo) -> Withdrawal | None:
        if value is None:
            return value
        if info.data.get("status") is Status.DRAFT:
            raise _wrong(
                "stands in a draft, which no reader has: remove 'status: draft', or 'withdrawn'"
            )
        begins = info.data.get("publish_at")
        if begins and value.at and value.at <= begins:
            raise _wrong("has an 'at' that is not after 'publish_at': nobody would have had it")
        return value

    @field_validator("redirect_from")
    @classmethod
    def _each_once(cls, value: list[str]) -> list[str]:
        for slug in value:
            if value.count(slug) > 1:
                raise _wrong(f"has the slug '{slug}' twice")
        return value


LIFECYCLE = ("status", "publish_at", "expire_at", "withdrawn", "redirect_from")
"""The fields of Entry that say when readers have it and at which addresses it was."""


def _wrong(said: str) -> PydanticCustomError:
    return PydanticCustomError("invalid_value", "{said}", {"said": said})


class EmbeddedEntry(Typed):
    """A piece of content inside another one's file, reachable on its own.

    A subclass declares its `collection`; its example is the one in its parent's example.
    """

    collection: ClassVar[Embedded]

    key: Slug
    """The name of the entry within its parent, and its anchor there."""


class Part(Model):
    """A keyed part of an embedded entry: it has a number and an anchor, but no address."""

    key: Slug
    """The name of the part, and its anchor in the page."""


EntryModel = type[Entry] | type[EmbeddedEntry]
