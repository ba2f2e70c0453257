"""A service that the site's owner offers."""

from typing import Annotated, ClassVar

from schemas.collection import Folder
from schemas.entry import Entry
from schemas.fields import RichText, Title, Use


class Service(Entry):
    """A service that the site's owner offers."""

    collection: ClassVar = Folder(name="services", path="/services/{slug}")

    title: Annotated[Title, Use.CARD, Use.SORT, Use.SEARCH]
    """The service's name, as the owner writes it."""
    body: Annotated[RichText | None, Use.SEARCH] = None
    """What the service is."""

    example: ClassVar[str] = """\
---
title: Example service
---
An example of a description.
"""
