"""A question about a collection, as a value, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from schemas.filters import Operator

Scalar = str | int | float | bool
"""A value as the index has it: an instant is its microseconds since 1970 (UTC), a date its days
since 1970, a link the slug of its target (of a part of an entry: its id)."""


class Shows(StrEnum):
    """What a list shows of each entry."""

    CARD = "card"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Condition:
    """What a field has to be; EXISTS takes one value, True or False."""

    field: str
    operator: Operator
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """A field to sort by; nulls come last, whichever way."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Which entries of a type to list: page `page` (from 1) of `limit`.

    Each is shown in the language `locale`, where it has it. `parent` is the address of the entry
    whose parts are meant, None for all of the type. All of `conditions` hold. Without `sort` they
    come in the default order; what is equal is in the order of the ids. `facets` are the fields
    whose values are counted among all that is found.
    """

    type: str
    locale: str
    page: int
    limit: int
    shows: Shows = Shows.CARD
    parent: str | None = None
    conditions: tuple[Condition, ...] = ()
    sort: tuple[Order, ...] = ()
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """The answer: how many entries there are, and those of the page.

    Each is the JSON of a card, or of the item's whole representation (`Shows.FULL`); `addresses`
    are theirs, in the same order. `facets` has, by field, how many entries have each value, the
    most frequent first, then by value; values that no entry has are left out.
    """

    total: int
    entries: tuple[bytes, ...]
    addresses: tuple[str, ...] = ()
    facets: Mapping[str, Mapping[Scalar, int]] = field(default_factory=dict)
