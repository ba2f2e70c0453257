"""The rows in which two revisions differ: of one store, or of two."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from api.store.database import FOREVER
from api.store.revision import COLUMNS, Revision, latest, read

NAME_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Pinned:
    """A revision, and the connection to the store that has it."""

    connection: sqlite3.Connection
    revision: Revision


class Stored(NamedTuple):
    """A representation: its unit, its cache tags, its own entry's first, and its bytes."""

    unit: str
    cache_tags: tuple[str, ...]
    identity: bytes


class RepresentationChange(NamedTuple):
    """What is at an address: before, and now; None where nothing is."""

    address: str
    old: Stored | None
    new: Stored | None


class ListedChange(NamedTuple):
    """An entry that lists show otherwise than before: its type, its parent's address, its own."""

    type: str
    parent: str
    address: str


class State(NamedTuple):
    """What an address answers that has a representation, or had one.

    `target` is where it leads that is another name of a resource (`is_alias`), or redirects there;
    `reason` why it is gone, and then `target` is what takes its place, if anything does, `kind`
    whether it was withdrawn or has expired, and `unit` what it was of.
    """

    target: str | None = None
    is_alias: bool = False
    reason: str | None = None
    kind: str | None = None
    unit: str | None = None

    @property
    def is_served(self) -> bool:
        """Tell whether a representation comes."""
        return self.reason is None and (self.target is None or self.is_alias)


def find(connection: sqlite3.Connection, name: str | None) -> Revision | None:
    """Return the revision of a number or a name, the newest of that; the current one for None."""
    if name is None:
        return latest(connection)
    where = "substr(digest, 1, 16) = ?1" if len(name) == NAME_LENGTH else "number = ?1"
    row = connection.execute(
        f"SELECT {COLUMNS} FROM revision WHERE {where} ORDER BY number DESC LIMIT 1",  # noqa: S608 - ours
        (name,),
    ).fetchone()
    return read(row) if row else None


def representations(old: Pinned, new: Pinned) -> Iterator[RepresentationChange]:
    """Yield the addresses whose representations differ, in order; the bytes are read one by one."""
    before, after = _by_address(old, new, "representation")
    for address in sorted({*before, *after}):
        yield RepresentationChange(
            address,
            _stored(old, before[address]) if address in before else None,
            _stored(new, after[address]) if address in after else None,
        )


def listed(old: Pinned, new: Pinned) -> set[ListedChange]:
    """Return the entries of either revision that lists of the other show otherwise, or not."""
    found = set()
    for pinned, numbers in zip((old, new), _differing(old, new, "entry"), strict=True):
        for number in numbers:
            row = pinned.connection.execute(
                "SELECT type, parent, address FROM entry WHERE number = ?", (number,)
            ).fetchone()
            found.add(ListedChange(*row))
    return found


def media(old: Pinned, new: Pinned) -> tuple[set[str], set[str]]:
    """Return the names of the files that only the old revision has, and only the new one."""
    before, after = (
        {
            pinned.connection.execute(
                "SELECT name FROM media WHERE number = ?", (number,)
            ).fetchone()[0]
            for number in numbers
        }
        for pinned, numbers in zip((old, new), _differing(old, new, "media"), strict=True)
    )
    return before, after


def readdressed(old: Pinned, new: Pinned) -> set[str]:
    """Return the addresses without a representation of their own that lead elsewhere now."""
    return {
        address
        for table in ("path", "redirect", "gone")
        for side in _by_address(old, new, table)
        for address in side
    }


def state(pinned: Pinned, address: str) -> State | None:
    """Return what an address answers, None where nothing is there."""
    number = pinned.revision.number
    for table, columns in _STATES.items():
        row = pinned.connection.execute(
            f"SELECT {columns} FROM {table}"  # noqa: S608 - ours
            " WHERE address = ?1 AND until > ?2 AND since <= ?2",
            (address, number),
        ).fetchone()
        if row:
            return State(*row)
    return None


def withdrawn_since(pinned: Pinned, address: str) -> State | None:
    """Return what an address answers that is withdrawn by now: that holds for every revision."""
    row = pinned.connection.execute(
        f"SELECT {_STATES['gone']} FROM gone"  # noqa: S608 - ours
        f" WHERE address = ? AND until = {FOREVER} AND kind = 'withdrawn'",
        (address,),
    ).fetchone()
    return State(*row) if row else None


def types_of_parts(pinned: Pinned) -> frozenset[str]:
    """Return the types of entries that have no file of their own, as sections."""
    rows = pinned.connection.execute("SELECT DISTINCT type FROM entry WHERE parent <> ''")
    return frozenset(name for (name,) in rows)


def cache_tags(pinned: Pinned, address: str) -> tuple[str, ...]:
    """Return the cache tags of the representation at an address."""
    row = pinned.connection.execute(
        "SELECT cache_tags FROM representation WHERE address = ?1 AND until > ?2 AND since <= ?2",
        (address, pinned.revision.number),
    ).fetchone()
    return tuple(row[0].split()) if row else ()


_STATES: Mapping[str, str] = {
    "representation": "NULL",
    "path": "target, 1",
    "redirect": "target",
    "gone": "replacement, 0, reason, kind, unit",
}


def _stored(pinned: Pinned, number: int) -> Stored:
    unit, cache_tags, identity = pinned.connection.execute(
        "SELECT unit, cache_tags, identity FROM representation WHERE number = ?", (number,)
    ).fetchone()
    return Stored(unit, tuple(cache_tags.split()), identity)


def _by_address(old: Pinned, new: Pinned, table: str) -> tuple[dict[str, int], dict[str, int]]:
    before, after = (
        {
            pinned.connection.execute(
                f"SELECT address FROM {table} WHERE number = ?",  # noqa: S608 - ours
                (number,),
            ).fetchone()[0]: number
            for number in numbers
        }
        for pinned, numbers in zip((old, new), _differing(old, new, table), strict=True)
    )
    return before, after


def _differing(old: Pinned, new: Pinned, table: str) -> tuple[list[int], list[int]]:
    """Return the numbers of rows whose values only the old revision has, and only the new one.

    Of one store only the rows are read that began or ended between the two.
    """
    if old.connection is new.connection:
        first, last = sorted((old.revision.number, new.revision.number))
        ended, begun = (
            dict(old.connection.execute(query.format(table=table), (first, last)))
            for query in (_ENDED, _BEGUN)
        )
        before, after = (ended, begun) if old.revision.number == first else (begun, ended)
    else:
        before, after = (
            dict(one.connection.execute(_HOLDING.format(table=table), (one.revision.number,)))
            for one in (old, new)
        )
    return (
        [number for digest, number in before.items() if digest not in after],
        [number for digest, number in after.items() if digest not in before],
    )


# The literal, that of a current row, lets SQLite use the index of rows that have ended.
_ENDED = """
SELECT digest, number FROM {table}
WHERE until > ?1 AND until <= ?2 AND until <> 9223372036854775807 AND since <= ?1
"""
_BEGUN = "SELECT digest, number FROM {table} WHERE since > ?1 AND since <= ?2 AND until > ?2"
_HOLDING = "SELECT digest, number FROM {table} WHERE since <= ?1 AND until > ?1"
