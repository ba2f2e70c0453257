"""What the last publish compiled, for the next one: which units, from which files, needing what.

It lies in a file of its own beside the store, for its owner alone: it knows of what is not public,
and nobody serves it.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from importlib.resources import files
from pathlib import Path

from api.store.batch import Batch
from api.store.database import StoreError
from api.store.revision import Revision
from api.store.rows import Memo

VERSION = 2
_TABLES = ("unit", "file", "offer", "need")


class Memory:
    """The notes of the last publish into a store, in the file beside it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take a connection whose database, or attached database, `memory` is."""
        self._connection = connection
        self._batch = Batch(connection)
        self._is_empty = False

    def is_of(self, revision: Revision | None, rules: str, now: str) -> bool:
        """Tell whether the notes are of a revision, all of it compiled by these rules until `now`.

        Where the clock was set back, nothing tells which units were other ones then.
        """
        query = "SELECT number, digest, rules FROM memory.state WHERE at <= ?"
        found = self._execute(query, (now,)).fetchone()
        return revision is not None and found == (revision.number, revision.digest, rules)

    def memo(self, unit: str) -> bytes | None:
        """Return what the compiler noted of a unit."""
        query = "SELECT memo FROM memory.unit WHERE name = ?"
        found = self._execute(query, (unit,)).fetchone()
        return found[0] if found else None

    def files(self) -> dict[str, tuple[str, bytes]]:
        """Return the unit and the signature of each file, by its path."""
        rows = self._execute("SELECT path, unit, signature FROM memory.file")
        return {path: (unit, signature) for path, unit, signature in rows}

    def unit_of(self, path: str) -> str | None:
        """Return the unit that a file belongs to."""
        query = "SELECT unit FROM memory.file WHERE path = ?"
        found = self._execute(query, (path,)).fetchone()
        return found[0] if found else None

    def signature(self, path: str) -> bytes:
        """Return what tells whether a file has changed; nothing where that is not known."""
        query = "SELECT signature FROM memory.file WHERE path = ?"
        found = self._execute(query, (path,)).fetchone()
        return found[0] if found else b""

    def files_of(self, unit: str) -> list[str]:
        """Return the paths of the files of a unit."""
        rows = self._execute("SELECT path FROM memory.file WHERE unit = ?", (unit,))
        return [path for (path,) in rows]

    def units(self) -> list[str]:
        """Return the units of entries."""
        query = "SELECT name FROM memory.unit WHERE name NOT LIKE 'media:%'"
        return [name for (name,) in self._execute(query)]

    def due(self, now: str) -> set[str]:
        """Return the units that are another one by now."""
        rows = self._execute("SELECT name FROM memory.unit WHERE due <= ?", (now,))
        return {name for (name,) in rows}

    def next_due(self) -> str | None:
        """Return the next instant at which a unit is another one."""
        query = "SELECT min(due) FROM memory.unit WHERE due IS NOT NULL"
        found: tuple[str | None] = self._execute(query).fetchone()
        return found[0]

    def offering(self, key: str) -> list[str]:
        """Return the units that a key finds."""
        rows = self._execute("SELECT unit FROM memory.offer WHERE key = ?", (key,))
        return [unit for (unit,) in rows]

    def needing(self, key: str) -> list[str]:
        """Return the units that asked for a key."""
        rows = self._execute("SELECT unit FROM memory.need WHERE key = ?", (key,))
        return [unit for (unit,) in rows]

    def keys(self, start: str) -> Iterator[str]:
        """Yield the keys on offer that begin so."""
        rows = self._execute(
            "SELECT key FROM memory.offer WHERE key >= ?1 AND key < ?1 || char(1114111)", (start,)
        )
        return (key for (key,) in rows)

    def unneeded(self, start: str) -> list[str]:
        """Return the units whose keys on offer begin so and that no unit asked for."""
        rows = self._execute(
            "SELECT unit FROM memory.offer AS given WHERE key >= ?1 AND key < ?1 || char(1114111)"
            " AND NOT EXISTS (SELECT 1 FROM memory.need WHERE key = given.key)",
            (start,),
        )
        return [unit for (unit,) in rows]

    def remember(self, unit: str, memo: Memo) -> None:
        """Note what a unit was compiled from."""
        self.forget(unit)
        add = self._batch.add
        add("INSERT INTO memory.unit VALUES (?, ?, ?)", [(unit, memo.data, memo.due)])
        add(
            "INSERT OR REPLACE INTO memory.file VALUES (?, ?, ?)",
            [(path, unit, signature) for path, signature in memo.files],
        )
        add("INSERT INTO memory.offer VALUES (?, ?)", [(key, unit) for key in memo.offers])
        add("INSERT INTO memory.need VALUES (?, ?)", [(key, unit) for key in memo.needs])

    def forget(self, unit: str) -> None:
        """Take away what was noted of a unit."""
        if self._is_empty:
            return
        self._execute("DELETE FROM memory.unit WHERE name = ?", (unit,))
        for table in _TABLES[1:]:
            self._execute(f"DELETE FROM memory.{table} WHERE unit = ?", (unit,))  # noqa: S608 - ours

    def clear(self) -> None:
        """Take away all that was noted: everything is compiled anew, each unit once."""
        for table in _TABLES:
            self._execute(f"DELETE FROM memory.{table}")  # noqa: S608 - ours
        self._is_empty = True

    def conclude(self, revision: Revision, rules: str, at: str) -> None:
        """Note which revision the notes are of, and how and when all of it was compiled."""
        self._execute("DELETE FROM memory.state")
        values = revision.number, revision.digest, rules, at
        self._execute("INSERT INTO memory.state VALUES (?, ?, ?, ?)", values)

    def _execute(self, statement: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """Execute a statement once all that was noted is written."""
        self._batch.write()
        return self._connection.execute(statement, values)


def memory_of(store: Path) -> Path:
    """Return the file beside a store that has the notes."""
    return store.with_name(f"{store.name}.memory")


def attach(connection: sqlite3.Connection, store: Path) -> Memory:
    """Attach the notes beside a store for writing; those that cannot be read are made anew."""
    file = memory_of(store)
    try:
        file.touch(mode=0o600)
        try:
            _attach(connection, file)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise  # they are another publish's
            with suppress(sqlite3.Error):
                connection.execute("DETACH DATABASE memory")
            _remove(store)
            file.touch(mode=0o600)
            _attach(connection, file)
    except OSError as error:
        raise StoreError(f"{file}: the notes cannot be written: {error.strerror}") from error
    return Memory(connection)


def remove_damaged(store: Path) -> bool:
    """Remove the notes beside a store where they are damaged, and tell whether they were."""
    try:
        with closing(
            sqlite3.connect(f"{memory_of(store).resolve().as_uri()}?mode=ro", uri=True)
        ) as notes:
            if notes.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
                return False
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            return False
    with suppress(OSError):
        _remove(store)
        return True
    return False


def _remove(store: Path) -> None:
    file = memory_of(store)
    for suffix in ("", "-wal", "-shm"):
        file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)


def read_memory(store: Path) -> Memory:
    """Open the notes beside a store for reading alone."""
    connection = sqlite3.connect(":memory:", isolation_level=None, uri=True)
    uri = f"{memory_of(store).resolve().as_uri()}?mode=ro"
    connection.execute("ATTACH DATABASE ? AS memory", (uri,))
    return Memory(connection)


def _attach(connection: sqlite3.Connection, file: Path) -> None:
    connection.execute("ATTACH DATABASE ? AS memory", (str(file),))
    connection.execute("PRAGMA memory.journal_mode = WAL")
    connection.execute("PRAGMA memory.synchronous = NORMAL")
    if connection.execute("PRAGMA memory.user_version").fetchone()[0] == VERSION:
        return
    for (name,) in connection.execute(
        "SELECT name FROM memory.sqlite_master WHERE type = 'table'"
    ).fetchall():
        connection.execute(f"DROP TABLE memory.{name}")
    script = files("api.store").joinpath("memory.sql").read_text(encoding="utf-8")
    script = script.replace("CREATE TABLE ", "CREATE TABLE memory.")
    script = script.replace("CREATE INDEX ", "CREATE INDEX memory.")
    for statement in script.split(";\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA memory.user_version = {VERSION}")
