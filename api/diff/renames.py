"""Entries that seem to go on under another name, and do not say so."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from api.diff.difference import Rename
from api.store import changes
from api.store.changes import Pinned

LIKE = 0.6
"""The share of words that two entries must have in common."""
MOST = 200
"""How many entries of either side are compared with each other."""
_DERIVED = {"type", "id", "slug", "key", "path", "locale", "alternates", "hash", "_key", "_type"}


class Ended(NamedTuple):
    """An entry: its address, and its item's `data`."""

    address: str
    data: dict[str, Any]


def forgotten(
    new: Pinned,
    ended: Sequence[Ended],
    added: Sequence[Ended],
    moved: Sequence[tuple[Ended, Ended]],
) -> Iterator[Rename]:
    """Yield what an author may have forgotten: an `id` that stays, or a redirect.

    `moved` are entries that kept their ids: where the slug is another one, the old one must lead
    on.
    """
    for before, after in moved:
        if before.address != after.address and changes.state(new, before.address) is None:
            why = "the slug is another one, and nothing leads on from the old address"
            yield _rename(before, after, (_redirect(before),), why)
    words = {id(entry): _words(entry.data) for entry in (*ended[:MOST], *added[:MOST])}
    for before in ended[:MOST]:
        alike = [
            (_likeness(words[id(before)], words[id(after)]), after)
            for after in added[:MOST]
            if after.data["type"] == before.data["type"]
        ]
        likeness, after = max(alike, key=lambda one: one[0], default=(0.0, before))
        if likeness < LIKE:
            continue
        mend: tuple[str, ...] = (f"id: {before.data['id']}",)
        if before.address != after.address:
            if changes.state(new, before.address) is not None:
                continue
            mend = (*mend, _redirect(before))
        why = f"{likeness:.0%} of the words are the same, and the id is another one"
        yield _rename(before, after, mend, why)


def _redirect(before: Ended) -> str:
    return f"redirect_from: [{before.address.rpartition('/')[2]}]"


def _rename(before: Ended, after: Ended, mend: tuple[str, ...], why: str) -> Rename:
    file = after.address.partition("?")[0].split("/", 2)[2]
    return Rename(before.data["type"], before.data["id"], after.data["id"], file, mend, why)


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of words in common, from 0 to 1 (the coefficient of Sørensen and Dice)."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _words(data: dict[str, Any]) -> Counter[str]:
    return Counter(word for text in _texts(data) for word in text.casefold().split())


def _texts(node: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    match node:
        case str():
            yield node
        case list():
            for one in node:
                yield from _texts(one)
        case dict():
            for name, one in node.items():
                if name not in _DERIVED:
                    yield from _texts(one)
