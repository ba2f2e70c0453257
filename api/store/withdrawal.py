"""What is withdrawn goes from every revision: its text, its files, and the links to it."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from api.http.coding import encode
from api.http.validators import entity_tag, value_hash
from api.store.database import FOREVER
from api.store.rows import EntryRow, RepresentationRow, row_digest
from api.store.unlinking import Keeps, Names, without

_OLD = f"until <> {FOREVER}"
_TEXTS = ("entry", "representation", "path")
# A withdrawn entry is gone at the addresses, too, that it had before it was renamed, and by its id:
# what stood there then was a unit of another name, which has ended.
_BEFORE = f"""
SELECT unit FROM (
    SELECT unit FROM representation WHERE address = ?1 AND {_OLD}
    UNION SELECT unit FROM path WHERE address = ?1 AND {_OLD}
) AS was WHERE NOT EXISTS (
    SELECT 1 FROM representation AS now WHERE now.unit = was.unit AND now.until = {FOREVER})
"""  # noqa: S608 - ours
# That name perhaps has another entry by now, whose own rows stay.
_REUSED = f"""
SELECT unit, since, until FROM entry AS was
WHERE type = ? AND id = ? AND parent = '' AND {_OLD} AND NOT EXISTS (
    SELECT 1 FROM entry AS now
    WHERE now.unit = was.unit AND now.id = was.id AND now.until = {FOREVER})
"""  # noqa: S608 - ours
_STAY = "unit = ?1 AND since < ?3 AND until > ?2"
# Of the files that ended, those that were shown then, and by nothing else in any kept revision.
_FILES = f"""
DELETE FROM media AS file WHERE {_OLD}
    AND EXISTS (SELECT 1 FROM representation WHERE {_STAY} AND {_OLD}
        AND instr(identity, CAST('/media/' || file.tag || '/' || file.name AS BLOB)))
    AND NOT EXISTS (SELECT 1 FROM representation WHERE NOT ({_STAY}) AND {_OLD}
        AND instr(identity, CAST('/media/' || file.tag || '/' || file.name AS BLOB)))
"""  # noqa: S608 - ours
_ENTRIES = f"SELECT DISTINCT type, id FROM entry WHERE {_STAY}"  # noqa: S608 - ours
_TAGS = f"SELECT DISTINCT cache_tags FROM representation WHERE {_STAY} AND cache_tags <> ''"  # noqa: S608 - ours
_SHOWING = f"""
SELECT number, address, media_type, language, last_modified, cache_tags, identity
FROM representation
WHERE {_OLD} AND media_type = 'application/json' AND instr(identity, ?)
"""  # noqa: S608 - ours
_CARDS = f"""
SELECT number, type, id, parent, locales, position, address, card FROM entry
WHERE {_OLD} AND instr(card, ?)
"""  # noqa: S608 - ours

# What an item's rows are in lists, as long as they are.
_UNLIST = f"""
DELETE FROM entry WHERE {_OLD} AND EXISTS (
    SELECT 1 FROM representation AS item
    WHERE item.number = ? AND item.address = entry.address
        AND entry.since < item.until AND item.since < entry.until)
"""  # noqa: S608 - ours

_Stay = tuple[str, int, int]
"""A unit, and from which revision until which it was what is withdrawn."""


@dataclass(frozen=True, slots=True)
class _Withdrawn:
    """The types and ids of what is withdrawn, and what tells whether JSON keeps the contract."""

    names: Names
    keeps: Keeps


def forget(connection: sqlite3.Connection, number: int, keeps: Keeps) -> bool:
    """Take out of all revisions what revision `number` withdraws; tell whether that is anything.

    The rows of other entries lose their links to it, as `unlinking` has it; those that are nothing
    without one go. The names of old revisions stay as they are. The space is overwritten
    (`secure_delete`).
    """
    stays = _withdrawn(connection, number)
    for stay in stays:
        names = frozenset(_named(connection, stay))
        connection.execute(_FILES, stay)
        for table in _TEXTS:
            connection.execute(f"DELETE FROM {table} WHERE {_STAY} AND {_OLD}", stay)  # noqa: S608 - ours
        _unlink(connection, _Withdrawn(names, keeps))
    return bool(stays)


def overwrite(connection: sqlite3.Connection) -> None:
    """Empty the WAL, which has the pages as they were before; nobody may be writing."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _withdrawn(connection: sqlite3.Connection, number: int) -> list[_Stay]:
    """Return the units that revision `number` withdraws, under all names that they had."""
    gone = connection.execute(
        "SELECT unit, address FROM gone WHERE since = ? AND kind = 'withdrawn'", (number,)
    ).fetchall()
    units = {unit for unit, _ in gone}
    reused: set[_Stay] = set()
    for unit, address in gone:
        units.update(before for (before,) in connection.execute(_BEFORE, (address,)))
        names = unit.partition(":")[0], address.rpartition("/")[2]
        reused.update(connection.execute(_REUSED, names))
    return sorted({(unit, 0, FOREVER) for unit in units} | reused)


def _named(connection: sqlite3.Connection, stay: _Stay) -> Iterator[tuple[str, str]]:
    """Yield the types and ids of what is withdrawn; that of a single file is in no list."""
    yield from connection.execute(_ENTRIES, stay)
    for (tags,) in connection.execute(_TAGS, stay):
        type_name, colon, id_ = tags.partition(" ")[0].partition(":")
        if colon:
            yield type_name, id_


def _unlink(connection: sqlite3.Connection, withdrawn: _Withdrawn) -> None:
    """Take the links to what is withdrawn out of the rows that have ended."""
    hashes: dict[str, str] = {}
    for id_ in {id_ for _, id_ in withdrawn.names}:
        for row in connection.execute(_SHOWING, (_shown_id(id_),)).fetchall():
            _unlink_representation(connection, row, withdrawn, hashes)
        for row in connection.execute(_CARDS, (_shown_id(id_),)).fetchall():
            _unlink_card(connection, row, withdrawn, hashes)
    # A card has the hash of the whole entry, whose links it perhaps does not show.
    for old in hashes:
        for row in connection.execute(_CARDS, (old.encode(),)).fetchall():
            _unlink_card(connection, row, withdrawn, hashes)


def _shown_id(id_: str) -> bytes:
    return b'"id":' + orjson.dumps(id_)


def _unlink_representation(
    connection: sqlite3.Connection,
    row: tuple[Any, ...],
    withdrawn: _Withdrawn,
    hashes: dict[str, str],
) -> None:
    number, address, media_type, language, modified, tags, before = row
    value = without(orjson.loads(before), withdrawn.names, withdrawn.keeps)
    if value is None:
        connection.execute(_UNLIST, (number,))
        connection.execute("DELETE FROM representation WHERE number = ?", (number,))
        return
    data = value["data"]
    if isinstance(data, dict) and "hash" in data:
        old, data["hash"] = data["hash"], value_hash(data)
        if old != data["hash"]:
            hashes[old] = data["hash"]
    identity = orjson.dumps(value)
    if identity == before:
        return
    tag, gzip = entity_tag(identity), encode(identity, "gzip")
    last_modified = datetime.fromisoformat(modified) if modified else None
    made = RepresentationRow(
        address, media_type, language, last_modified, tag, identity, gzip, tuple(tags.split())
    )
    connection.execute(
        "UPDATE representation SET tag = ?, identity = ?, gzip = ?, digest = ? WHERE number = ?",
        (tag, identity, gzip, row_digest(made), number),
    )


def _unlink_card(
    connection: sqlite3.Connection,
    row: tuple[Any, ...],
    withdrawn: _Withdrawn,
    hashes: dict[str, str],
) -> None:
    number, type_name, id_, parent, locales, position, address, before = row
    value = without(orjson.loads(before), withdrawn.names, withdrawn.keeps)
    if value is None:
        connection.execute("DELETE FROM entry WHERE number = ?", (number,))
        return
    if (old := value.get("hash")) in hashes:
        value["hash"] = hashes[old]
    card = orjson.dumps(value)
    shown_in = tuple(locales.strip(",").split(","))
    made = EntryRow(type_name, id_, parent, shown_in, position, address, card)
    connection.execute(
        "UPDATE entry SET card = ?, digest = ? WHERE number = ?", (card, row_digest(made), number)
    )
