"""A person: who writes or reviews what the site publishes."""

from typing import Annotated, ClassVar

from schemas.collection import Folder
from schemas.entry import Entry
from schemas.fields import RichText, Title, Url, Use


class Person(Entry):
    """A person: who writes or reviews what the site publishes."""

    collection: ClassVar = Folder(
        name="people", path="/people/{slug}", order=("name",), title="name"
    )

    name: Annotated[Title, Use.CARD, Use.SORT, Use.SEARCH]
    """The name, as it is shown."""
    job_title: Annotated[Title | None, Use.CARD] = None
    """What the person does."""
    url: Url | None = None
    """A page about the person."""
    body: Annotated[RichText | None, Use.SEARCH] = None
    """About the person."""

    example: ClassVar[str] = """\
---
name: Example Person
job_title: Example role
url: https://example.org/person
---
An example of a biography.
"""
