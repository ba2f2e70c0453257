"""What the last publish knew of the units that this one does not compile."""

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import orjson
from cachetools import LRUCache

from api.compiler.catalogue import Face, Found, name_key, page_key
from api.compiler.noted import faces_in
from api.errors import Place
from api.store.memory import Memory, read_memory

KEPT_UNITS = 10_000
_NOWHERE = Place("", 0, 0)


class Remembered:
    """The faces that the store remembers, but those of `changed` units.

    Each process reads by a connection of its own: SQLite's cannot be taken across a fork.
    """

    def __init__(self, store: Path, changed: Collection[str]) -> None:
        self._store = store
        self._changed = changed
        self._process = 0
        self._memory: Memory | None = None
        self._units: LRUCache[str, dict[str, Found]] = LRUCache(KEPT_UNITS)

    def find(self, key: str) -> Found | None:
        """Return what a key finds."""
        for unit in self._opened().offering(key):
            if unit in self._changed:
                continue
            if unit not in self._units:
                self._units[unit] = faces_in(unit, self._opened().memo(unit))
            if found := self._units[unit].get(key):
                return found
        return None

    def names(self, language: str, type_name: str) -> Iterable[str]:
        """Return the names that entries have, for suggestions."""
        return self._after(name_key(language, type_name, ""))

    def pages(self) -> Iterable[str]:
        """Return the routes of all pages, for suggestions."""
        return self._after(page_key(""))

    def _after(self, start: str) -> Iterator[str]:
        return (key.removeprefix(start) for key in self._opened().keys(start))

    def _opened(self) -> Memory:
        if self._memory is None or self._process != os.getpid():
            self._memory = read_memory(self._store)
            self._process = os.getpid()
        return self._memory


def shown(found: Found | None) -> bytes:
    """Return what differs where another entry sees a difference: not where it stands."""
    if isinstance(found, Face):
        found = found._replace(place=_NOWHERE, claimed_at=_NOWHERE)
    return orjson.dumps(found, default=list)
