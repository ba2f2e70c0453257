"""A question about a collection, as a value, and its answer."""

from dataclasses import dataclass
from enum import StrEnum


class Shows(StrEnum):
    """What a list shows of each entry."""

    CARD = "card"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Query:
    """Which entries of a type to list: page `page` (from 1) of `limit`, in the default order.

    Each is shown in the language `locale`, where it has it. `parent` is the address of the entry
    whose parts are meant, None for all of the type.
    """

    type: str
    locale: str
    page: int
    limit: int
    shows: Shows = Shows.CARD
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The answer: how many entries there are, and those of the page.

    Each is the JSON of a card, or of the item's whole representation (`Shows.FULL`); `addresses`
    are theirs, in the same order.
    """

    total: int
    entries: tuple[bytes, ...]
    addresses: tuple[str, ...] = ()
