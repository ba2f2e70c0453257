"""An article: its text, its sections of key points, and whom to contact about it."""

from typing import Annotated, ClassVar, Literal

from schemas.collection import Folder
from schemas.entry import Entry
from schemas.fields import Model, Reference, RichText, Sections, Title, Use
from schemas.section import Section


class CallToAction(Model):
    """What a reader is asked to do at the end of an article."""

    body: RichText
    """The invitation."""
    contact: Annotated[Reference[Literal["contact"]] | None, Use.SHARED] = None
    """Whom to contact."""
    services: Annotated[list[Reference[Literal["service"]]], Use.SHARED] = []
    """The services that the invitation names, in its order."""


class Article(Entry):
    """An article in reading order: introduction, sections with their points, call to action."""

    collection: ClassVar = Folder(
        name="articles", path="/articles/{slug}", order=("-updated_at", "title")
    )

    title: Annotated[Title, Use.CARD, Use.SORT, Use.SEARCH]
    """The headline."""
    author: Annotated[Reference[Literal["person"]] | None, Use.CARD, Use.FILTER, Use.SHARED] = None
    """Who wrote it."""
    topics: Annotated[list[Reference[Literal["topic"]]], Use.CARD, Use.FILTER, Use.SHARED] = []
    """What it is about, the most important first."""
    body: Annotated[RichText, Use.SEARCH]
    """The introduction: the text before the first section."""
    sections: Annotated[Sections[Section], Use.SEARCH] = []
    """The sections, each with its points."""
    call_to_action: CallToAction | None = None
    """What the reader is asked to do."""
    related: Annotated[list[Reference[Literal["article"]]], Use.SHARED] = []
    """Articles to read next."""

    example: ClassVar[str] = """\
---
title: Example article
summary: An example of a summary.
published_at: 2026-01-02T09:00:00Z
updated_at: 2026-01-03T10:30:00Z
updated_label: Jan 3
review:
  reviewed_by: example-person
  role: Example role
  at: 2026-01-02
  next_due: 2036-01-02
  digest: 9efbcd2dd07782b9780529caee2a99e0f037efa4e9ab0258beb89de6e01e5b08
author: example-person
topics: [example-topic]
call_to_action:
  body: An example of an invitation, with a [link](https://example.org).
  contact: contact
  services: [example-service]
related: [example-article]
---
An example of an introduction, with *emphasis* and `code`.

## Example section {#example-section .ordered}

An example of a lead:

### Example point {#example-point}

- An example of a list item.

```text
An example of code.
```
"""
