"""What the last publish knew of the units that this one does not compile."""

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from cachetools import LRUCache

from api.compiler.catalogue import (
    Face,
    Found,
    MediaFace,
    history_key,
    media_key,
    name_key,
    page_key,
)
from api.compiler.lifecycle import Face as Life
from api.compiler.lifecycle import read_life
from api.compiler.workbench import Compiled
from api.errors import Place
from api.source.image import Picture
from api.store.memory import Memory, read_memory
from api.store.rows import Memo

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


def memo_of(compiled: Compiled, files: Sequence[tuple[str, bytes]]) -> Memo:
    """Return what is to be known of a unit at the next publish; `files` have their signatures."""
    life = compiled.life if compiled.has_history else None
    history = [history_key(compiled.unit)] if compiled.has_history else []
    return Memo(
        data=orjson.dumps([compiled.faces, compiled.media, life], default=list),
        files=files,
        offers=[*compiled.offers, *history],
        needs=list(compiled.needs),
        due=compiled.due,
    )


def life_in(memo: bytes | None) -> Life | None:
    """Return what a unit's memo tells of its former addresses and of when readers have it."""
    life = orjson.loads(memo)[2] if memo else None
    return life and read_life(life)


def faces_in(unit: str, memo: bytes | None) -> dict[str, Found]:
    """Return the faces of a unit's memo, by their keys."""
    if not memo:
        return {}
    faces, media, _ = orjson.loads(memo)
    found: dict[str, Found] = {}
    for values in faces:
        face = _face(*values)
        found.update(dict.fromkeys(face.keys, face))
    if media:
        name, digest, file, picture = media
        within = unit.partition(":")[2]
        found[media_key(within)] = MediaFace(name, digest, file, picture and Picture(**picture))
    return found


def _face(*values: Any) -> Face:  # noqa: ANN401 - JSON
    face = Face(*values)
    by_id, by_slug = face.names
    return face._replace(
        names=(by_id, by_slug), place=Place(*face.place), claimed_at=Place(*face.claimed_at)
    )


def shown(found: Found | None) -> bytes:
    """Return what differs where another entry sees a difference: not where it stands."""
    if isinstance(found, Face):
        found = found._replace(place=_NOWHERE, claimed_at=_NOWHERE)
    return orjson.dumps(found, default=list)
