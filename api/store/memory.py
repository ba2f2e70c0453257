"""What the last publish compiled, for the next one: which units, from which files, needing what."""

import sqlite3
from collections.abc import Iterator

from api.store.rows import Memo


class Memory:
    """The units of the current revision."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def memo(self, unit: str) -> bytes | None:
        """Return what the compiler noted of a unit."""
        found = self._connection.execute("SELECT memo FROM unit WHERE name = ?", (unit,)).fetchone()
        return found[0] if found else None

    def files(self) -> dict[str, tuple[str, bytes]]:
        """Return the unit and the signature of each file, by its path."""
        rows = self._connection.execute("SELECT path, unit, signature FROM file")
        return {path: (unit, signature) for path, unit, signature in rows}

    def due(self, now: str) -> set[str]:
        """Return the units that are another one by now."""
        rows = self._connection.execute("SELECT name FROM unit WHERE due <= ?", (now,))
        return {name for (name,) in rows}

    def next_due(self) -> str | None:
        """Return the next instant at which a unit is another one."""
        found: tuple[str | None] = self._connection.execute("SELECT min(due) FROM unit").fetchone()
        return found[0]

    def offering(self, key: str) -> list[str]:
        """Return the units that a key finds."""
        rows = self._connection.execute("SELECT unit FROM offer WHERE key = ?", (key,))
        return [unit for (unit,) in rows]

    def needing(self, key: str) -> list[str]:
        """Return the units that asked for a key."""
        rows = self._connection.execute("SELECT unit FROM need WHERE key = ?", (key,))
        return [unit for (unit,) in rows]

    def keys(self, start: str) -> Iterator[str]:
        """Yield the keys on offer that begin so."""
        rows = self._connection.execute(
            "SELECT key FROM offer WHERE key >= ?1 AND key < ?1 || char(1114111)", (start,)
        )
        return (key for (key,) in rows)

    def unneeded(self, start: str) -> list[str]:
        """Return the units whose keys on offer begin so and that no unit asked for."""
        rows = self._connection.execute(
            "SELECT unit FROM offer WHERE key >= ?1 AND key < ?1 || char(1114111)"
            " AND NOT EXISTS (SELECT 1 FROM need WHERE need.key = offer.key)",
            (start,),
        )
        return [unit for (unit,) in rows]


def remember(connection: sqlite3.Connection, unit: str, memo: Memo, *, new: bool) -> None:
    """Note what a unit was compiled from; `new` where the store knows of none yet."""
    if not new:
        forget(connection, unit)
    connection.execute("INSERT INTO unit VALUES (?, ?, ?)", (unit, memo.data, memo.due))
    connection.executemany(
        "INSERT OR REPLACE INTO file VALUES (?, ?, ?)",
        [(path, unit, signature) for path, signature in memo.files],
    )
    connection.executemany("INSERT INTO offer VALUES (?, ?)", [(key, unit) for key in memo.offers])
    connection.executemany("INSERT INTO need VALUES (?, ?)", [(key, unit) for key in memo.needs])


def forget(connection: sqlite3.Connection, unit: str) -> None:
    """Take away what was noted of a unit."""
    connection.execute("DELETE FROM unit WHERE name = ?", (unit,))
    for table in ("file", "offer", "need"):
        connection.execute(f"DELETE FROM {table} WHERE unit = ?", (unit,))  # noqa: S608 - ours
