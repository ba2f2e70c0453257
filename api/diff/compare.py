"""Two states of the content are compared: by the rows in which they differ."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from api.diff.broken import broken_links, lost_anchors
from api.diff.difference import (
    AddressChange,
    Became,
    BrokenLink,
    Change,
    Difference,
    FieldChange,
    Kind,
)
from api.diff.fields import ShownEntry, differences
from api.diff.purge import Touched, purged
from api.diff.renames import Ended, forgotten
from api.http.cache_tags import entry_tag
from api.store import changes
from api.store.changes import ListedChange, Pinned, RepresentationChange, State, Stored

WITH_FIELDS = 1_000
"""How many entries are told field by field; of more, that they have changed."""


class Item(NamedTuple):
    """An entry in one language, as its own address shows it."""

    address: str
    data: dict[str, Any]
    fallback: list[str]


@dataclass(slots=True)
class _Entry:
    """An entry's items by language, before and now."""

    old: dict[str, Item] = field(default_factory=dict)
    new: dict[str, Item] = field(default_factory=dict)


_Moved = list[tuple[Ended, Ended]]


def compare(old: Pinned, new: Pinned) -> Difference:
    """Return all that two revisions differ in, of one store or of two."""
    entries: dict[tuple[str, str], _Entry] = defaultdict(_Entry)
    touched: list[Touched] = []
    for change in changes.representations(old, new):
        items = _item(change, change.old), _item(change, change.new)
        touched.append(_touched(change, items))
        for item, state in zip(items, ("old", "new"), strict=True):
            if item and _is_whole(change, item):
                name = item.data["type"], item.data["id"]
                getattr(entries[name], state)[item.data["locale"]] = item
    lists = changes.listed(old, new)
    addresses = sorted(_addresses(old, new, touched, lists), key=lambda one: one.address)
    media = changes.media(old, new)
    return Difference(
        changes=_changes(entries),
        addresses=addresses,
        broken=[*broken_links(old, new, addresses, _pages(entries)), *_anchors(entries)],
        renames=list(forgotten(new, *_moved(entries))),
        media_added=sorted(media[1]),
        media_ended=sorted(media[0]),
        cache_tags=purged(
            [*touched, *_withdrawn(old, new)], lists, lambda parent: _own_tag(old, parent)
        ),
    )


def _item(change: RepresentationChange, stored: Stored | None) -> Item | None:
    """Return the item of a representation, None where it is of no entry."""
    if stored is None or not stored.unit:
        return None
    body = orjson.loads(stored.identity)
    return Item(change.address, body["data"], body["meta"]["locale"]["fallback"])


def _is_whole(change: RepresentationChange, item: Item) -> bool:
    """Tell whether an item is of an entry with a file, and not of a part."""
    stored = change.new or change.old
    return stored is not None and stored.unit.startswith(f"{item.data['type']}:")


def _touched(change: RepresentationChange, items: tuple[Item | None, Item | None]) -> Touched:
    types = {item.data["type"] for item in items if item}
    return Touched(
        change.address,
        frozenset(types),
        change.old.cache_tags if change.old else None,
        change.new.cache_tags if change.new else None,
    )


def _changes(entries: dict[tuple[str, str], _Entry]) -> list[Change]:
    found = []
    for number, ((type_name, entry_id), entry) in enumerate(sorted(entries.items())):
        shown = next(iter((entry.new or entry.old).values())).data
        kind, fields, of = _compared(entry)
        change = Change(
            kind,
            type_name,
            entry_id,
            shown["path"],
            shown["title"],
            fields if number < WITH_FIELDS else (),
            of,
        )
        found.append(change)
    return found


def _compared(entry: _Entry) -> tuple[Kind, tuple[FieldChange, ...], tuple[str, ...]]:
    """Return what became of an entry: what differs of its own, and which others it shows anew."""
    if not entry.old:
        return Kind.ADDED, (), ()
    if not entry.new:
        return Kind.ENDED, (), ()
    fields: list[FieldChange] = []
    of: set[str] = set()
    for locale in dict.fromkeys((*entry.new, *entry.old)):
        before, after = entry.old.get(locale), entry.new.get(locale)
        if before is None or after is None:
            languages = (locale if before else None), (locale if after else None)
            fields.append(FieldChange(locale, "locale", *languages))
            continue
        for found in differences(before.data, after.data):
            if isinstance(found, ShownEntry):
                of.add(found.name)
            else:
                fields.append(FieldChange(locale, *found))
        if before.fallback != after.fallback:
            values = before.fallback, after.fallback
            fields.append(FieldChange(locale, "meta.locale.fallback", *values))
    kind = Kind.SHOWS if of and not fields else Kind.CHANGED
    return kind, tuple(fields), tuple(sorted(of))


def _addresses(
    old: Pinned, new: Pinned, touched: list[Touched], lists: set[ListedChange]
) -> Iterator[AddressChange]:
    """Yield what became of each address: items, parts, lists, other names, redirects, gone ones."""
    names = {one.address for one in touched} | changes.readdressed(old, new)
    for address in names:
        before, after = _states(old, new, address)
        if after is None:
            yield AddressChange(address, Became.ENDED)
        elif after.reason is not None and after == before:
            continue
        elif after.reason is not None:
            became = Became.EXPIRED if after.kind == "expired" else Became.WITHDRAWN
            yield AddressChange(address, became, after.target)
        elif not after.is_served:
            yield AddressChange(address, Became.REDIRECTED, after.target)
        else:
            is_old = before is not None and before.is_served
            yield AddressChange(address, Became.CHANGED if is_old else Became.ADDED, after.target)
    yield from {one for change in lists for one in _lists_with(old, new, change)}


def _states(old: Pinned, new: Pinned, address: str) -> tuple[State | None, State | None]:
    """Return what an address answers before and now; a present withdrawal holds for all time."""
    after = changes.state(new, address) or changes.withdrawn_since(new, address)
    return changes.state(old, address), after


def _withdrawn(old: Pinned, new: Pinned) -> Iterator[Touched]:
    """Yield what was withdrawn between two revisions of a store, of which nothing is kept.

    An entry's tag has its id, which an address of it ends with.
    """
    if old.connection is not new.connection:
        return
    for address in changes.readdressed(old, new):
        after = changes.state(new, address)
        if after and after.kind == "withdrawn" and changes.state(old, address) is None:
            type_name = str(after.unit).partition(":")[0]
            tag = entry_tag(type_name, address.rpartition("/")[2])
            yield Touched(address, changes.types_of_parts(new), (tag,), None)


def _lists_with(old: Pinned, new: Pinned, change: ListedChange) -> Iterator[AddressChange]:
    """Yield what became of the lists that show an entry: its collection's, its parent's."""
    above = change.address.rpartition("/")[0]
    if change.parent:
        before, after = (changes.state(one, change.parent) for one in (old, new))
        gone, came = not (after and after.is_served), not (before and before.is_served)
        became = Became.ENDED if gone else Became.ADDED if came else Became.CHANGED
        yield AddressChange(above, became)
    prefix = change.address.split("/")[1]
    yield AddressChange(f"/{prefix}/{above.rpartition('/')[2]}", Became.CHANGED)


def _pages(entries: dict[tuple[str, str], _Entry]) -> dict[str, str]:
    """Return the front-end paths that pages had, by their addresses."""
    return {
        item.address: item.data["path"] for entry in entries.values() for item in entry.old.values()
    }


def _anchors(entries: dict[tuple[str, str], _Entry]) -> Iterator[BrokenLink]:
    for entry in entries.values():
        for locale, before in entry.old.items():
            if after := entry.new.get(locale):
                yield from lost_anchors(before.data, after.data, after.address)


def _moved(entries: dict[tuple[str, str], _Entry]) -> tuple[list[Ended], list[Ended], _Moved]:
    """Return the entries that ended, those that were added, and those in both."""
    ended, added, both = [], [], []
    for _, entry in sorted(entries.items()):
        before, after = (_first(items) for items in (entry.old, entry.new))
        if before and after:
            both.append((before, after))
        elif before:
            ended.append(before)
        elif after:
            added.append(after)
    return ended, added, both


def _first(items: dict[str, Item]) -> Ended | None:
    """Return an entry in the first of its languages; the default one's address is the shortest."""
    item = next(iter(items.values()), None)
    return Ended(item.address.partition("?")[0], item.data) if item else None


def _own_tag(old: Pinned, address: str) -> str | None:
    tags = changes.cache_tags(old, address)
    return tags[0] if tags else None
