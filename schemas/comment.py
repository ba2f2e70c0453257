"""A reader's comment on an article; read only."""

from typing import Annotated, ClassVar, Literal

from schemas.collection import Folder
from schemas.entry import Entry
from schemas.fields import Reference, RichText, Title, Use


class Comment(Entry):
    """A reader's comment on an article; read only."""

    collection: ClassVar = Folder(name="comments", path="/comments/{slug}", order=("published_at",))

    title: Annotated[Title | None, Use.CARD] = None
    """A headline, where the comment has one."""
    article: Annotated[Reference[Literal["article"]], Use.CARD, Use.FILTER, Use.SHARED]
    """The article that the comment is on."""
    name: Annotated[Title | None, Use.CARD] = None
    """Who wrote it, as it is shown."""
    body: Annotated[RichText, Use.CARD]
    """What the reader wrote."""

    example: ClassVar[str] = """\
---
article: example-article
name: Example reader
published_at: 2026-01-04T08:15:00Z
---
An example of a comment.
"""
