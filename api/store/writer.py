"""Publishing: one transaction that adds the rows that changed and ends those they replace."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from api.store.database import FOREVER, StoreError, open_writable, transaction
from api.store.revision import Revision, latest
from api.store.rows import (
    EntryRow,
    MediaRow,
    PathRow,
    RepresentationRow,
    Row,
    marked,
    row_digest,
)


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did: the revision now current, and how many rows it wrote and ended.

    `new` is false where the content is the one that was published last.
    """

    revision: Revision
    new: bool
    added: int
    ended: int


def publish(
    file: Path, rows: Iterable[Row], locales: Sequence[str], stamp: str, now: datetime
) -> Published:
    """Make the rows the store's current revision, whole or not at all.

    `locales` are the languages of the content, the default one first; `stamp` is what the digest
    covers beside the rows and them, the program's version. An exception that
    `rows` raises leaves the store as it was. Raises StoreError when the store cannot be written.
    """
    connection = open_writable(file)
    try:
        return _Publish(connection, tuple(locales), now).run(rows, stamp)
    except sqlite3.Error as error:
        raise StoreError(f"{file}: the store cannot be written: {error}") from error
    finally:
        connection.close()


class _Publish:
    """One transaction in the making."""

    def __init__(
        self, connection: sqlite3.Connection, locales: tuple[str, ...], now: datetime
    ) -> None:
        self.connection = connection
        self.locales = locales
        self.now = now
        self.added = 0
        self.digests: list[bytes] = []

    def run(self, rows: Iterable[Row], stamp: str) -> Published:
        with transaction(self.connection):
            return self._write(rows, stamp)

    def _write(self, rows: Iterable[Row], stamp: str) -> Published:
        last = latest(self.connection)
        self.number = last.number + 1 if last else 1
        self.unseen = {table: self._current(table) for table in _INSERT}
        for row in rows:
            self._put(row)
        covered = f"{stamp}{marked(self.locales)}"
        digest = sha256(covered.encode() + b"".join(sorted(self.digests))).hexdigest()
        if last and last.digest == digest:
            return Published(last, new=False, added=0, ended=0)
        ended = sum(self._end(table, numbers.values()) for table, numbers in self.unseen.items())
        published_at = self.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        revision = Revision(self.number, digest, published_at, self.locales)
        self.connection.execute(
            "INSERT INTO revision (number, digest, published_at, locales) VALUES (?, ?, ?, ?)",
            (revision.number, revision.digest, published_at, ",".join(self.locales)),
        )
        return Published(revision, new=True, added=self.added, ended=ended)

    def _current(self, table: str) -> dict[bytes, int]:
        query = f"SELECT digest, number FROM {table} WHERE until = {FOREVER}"  # noqa: S608 - ours
        return dict(self.connection.execute(query))

    def _put(self, row: Row) -> None:
        digest = row_digest(row)
        self.digests.append(digest)
        table, values = _values(row)
        if self.unseen[table].pop(digest, None) is None:
            self.connection.execute(_INSERT[table], (self.number, *values, digest))
            self.added += 1

    def _end(self, table: str, numbers: Iterable[int]) -> int:
        cursor = self.connection.executemany(
            f"UPDATE {table} SET until = {self.number} WHERE number = ?",  # noqa: S608 - likewise
            [(number,) for number in numbers],
        )
        return max(cursor.rowcount, 0)


_INSERT = {
    "entry": "INSERT INTO entry (since, type, id, parent, locales, position, address, card,"
    " digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "representation": "INSERT INTO representation (since, address, media_type, language,"
    " last_modified, tag, identity, gzip, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "path": "INSERT INTO path (since, address, target, digest) VALUES (?, ?, ?, ?)",
    "media": "INSERT INTO media (since, tag, name, media_type, body, digest)"
    " VALUES (?, ?, ?, ?, ?, ?)",
}


def _values(row: Row) -> tuple[str, tuple[object, ...]]:
    match row:
        case EntryRow():
            return "entry", (
                row.type,
                row.id,
                row.parent,
                marked(row.locales),
                row.position,
                row.address,
                row.card,
            )
        case RepresentationRow():
            modified = row.last_modified.isoformat() if row.last_modified else None
            return "representation", (
                row.address,
                row.media_type,
                row.language,
                modified,
                row.tag,
                row.identity,
                row.gzip,
            )
        case PathRow():
            return "path", (row.address, row.target)
        case MediaRow():
            return "media", (row.digest, row.name, row.media_type, row.body)
