"""A section of an article: a lead and its points."""

from typing import Annotated, ClassVar

from schemas.collection import Embedded
from schemas.entry import EmbeddedEntry, Part
from schemas.fields import RichText, Title, Use


class SectionPoint(Part):
    """One point of a section: in the file, a `###` heading and the text below it."""

    title: Annotated[Title, Use.SEARCH]
    """The point in a few words."""
    body: Annotated[RichText, Use.SEARCH]
    """The point in full."""


class Section(EmbeddedEntry):
    """A section of an article: in the file, a `##` heading and what stands below it."""

    collection: ClassVar = Embedded(name="sections", parent="article")

    title: Annotated[Title | None, Use.CARD, Use.SEARCH] = None
    """The heading, where the section has one."""
    ordered: Annotated[bool, Use.CARD] = False
    """Whether the points are shown with their numbers."""
    lead: Annotated[RichText | None, Use.SEARCH] = None
    """The text that leads into the points."""
    points: Annotated[list[SectionPoint], Use.SEARCH] = []
    """The points, in reading order."""
