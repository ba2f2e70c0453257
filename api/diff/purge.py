"""The cache tags whose purge drops every answer that a publish changes."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from api.http.cache_tags import type_tag
from api.store.changes import ListedChange


class Touched(NamedTuple):
    """An address whose representation changed, began or ended: its item's types, and its tags.

    The tags before are those that caches have; None where nothing was there. The first is its own.
    """

    address: str
    types: frozenset[str]
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None


def purged(
    touched: Sequence[Touched],
    lists: Collection[ListedChange],
    own_tag: Callable[[str], str | None],
) -> list[str]:
    """Return tags of which every answer has one that was given before and would differ now.

    An entry is left out where a purge of what it shows drops it anyway. `own_tag` gives that of
    the entry at an address, as it was: the order of its parts is its own.
    """
    tags = {tag for one in touched if one.before is None or one.after is None for tag in _own(one)}
    parents = {change.parent for change in lists if change.parent}
    tags |= {tag for parent in parents if (tag := own_tag(parent))}
    tags |= set(_covering(touched, tags))
    return sorted(tags | _types(touched, lists))


def _own(touched: Touched) -> Iterable[str]:
    return (touched.before or touched.after or ())[:1]


def _covering(touched: Sequence[Touched], tags: set[str]) -> Iterable[str]:
    """Yield tags so that each answer has one: first of entries that show no other that changed."""
    changed = {tag for one in touched for tag in _own(one)}
    covered = set(tags)
    for one in touched:
        if one.before and changed.isdisjoint(one.before[1:]):
            covered.add(one.before[0])
            yield one.before[0]
    for one in touched:
        if one.before and covered.isdisjoint(one.before):
            covered.add(one.before[0])
            yield one.before[0]


def _types(touched: Sequence[Touched], lists: Collection[ListedChange]) -> set[str]:
    """Return the tags of lists, and of what shows too many entries to name them."""
    own = {type_tag(tag) for one in touched for tag in _own(one)}
    return own | {name for one in touched for name in one.types} | {one.type for one in lists}
