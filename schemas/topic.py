"""A topic that articles are about."""

from typing import Annotated, ClassVar

from schemas.collection import Folder
from schemas.entry import Entry
from schemas.fields import Title, Use


class Topic(Entry):
    """A topic that articles are about."""

    collection: ClassVar = Folder(name="topics", path="/topics/{slug}")

    title: Annotated[Title, Use.CARD, Use.SORT, Use.SEARCH]
    """The topic's name."""

    example: ClassVar[str] = "title: Example topic\n"
