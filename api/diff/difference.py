"""A difference, as values: what `compare` finds and the formats tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from api.errors import Issue

OK = 200


class Kind(StrEnum):
    """What became of an entry; SHOWS: it only shows a value of another one that has changed."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    SHOWS = "shows"


class Became(StrEnum):
    """What became of an address."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A value of an entry, before and now; None where there is none.

    `field` is its name, such as `title` or `sections[key-points].body`; links stand as `type:id`,
    rich text as Markdown.
    """

    locale: str
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Change:
    """An entry added, changed or ended, or one that shows others which have changed (`of`).

    `path` and `title` are those that it has now, or had last.
    """

    kind: Kind
    type: str
    id: str
    path: str
    title: str | None
    fields: tuple[FieldChange, ...] = ()
    of: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The entry as `type:id`."""
        return f"{self.type}:{self.id}"


@dataclass(frozen=True, slots=True)
class AddressChange:
    """What became of an address of the API; `target` is where it leads now, if anywhere."""

    address: str
    became: Became
    target: str | None = None


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A link that led somewhere: a front-end path, and the API's address, with its status now."""

    link: str
    address: str
    status: int
    reason: str

    @property
    def told(self) -> str:
        """The status, where it is a failure, and the reason."""
        return self.reason if self.status == OK else f"{self.status}, {self.reason}"


@dataclass(frozen=True, slots=True)
class Rename:
    """An entry that seems to go on under another name.

    Each of the lines in `mend`, in the front matter of `file`, would say so.
    """

    type: str
    old_id: str
    new_id: str
    file: str
    mend: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Difference:
    """All that two states of the content differ in.

    `issues` are those of a new folder: links that lead nowhere, or, where `publishable` is false,
    what keeps it from being compared at all.
    """

    changes: Sequence[Change] = ()
    addresses: Sequence[AddressChange] = ()
    broken: Sequence[BrokenLink] = ()
    renames: Sequence[Rename] = ()
    media_added: Sequence[str] = ()
    media_ended: Sequence[str] = ()
    cache_tags: Sequence[str] = ()
    issues: Sequence[Issue] = ()
    publishable: bool = True

    def count(self, kind: Kind) -> int:
        """Return how many entries are of a kind."""
        return sum(change.kind is kind for change in self.changes)
