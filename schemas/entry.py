"""What all entries have in common: the bases that content types extend."""

import re
from typing import Annotated, ClassVar

from schemas.collection import Embedded, Folder, SingleFile
from schemas.fields import Instant, Model, Slug, Title, Use
from schemas.review import Review

BODY = "body"
"""The field that takes the Markdown part of a file, up to its first section."""


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
