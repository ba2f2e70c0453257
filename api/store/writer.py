"""Publishing: one transaction that adds the rows that changed and ends those they replace."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from api.store import withdrawal
from api.store.batch import Batch
from api.store.database import FOREVER, writing
from api.store.guards import refuse_shrinking
from api.store.memory import Memory, attach
from api.store.retention import USUAL, Retention, prune
from api.store.revision import COLUMNS, Origin, Revision, Stamp, latest
from api.store.rows import FIELDS, UnitRows, marked
from api.store.times import exact_text_of, text_of
from api.store.tombstones import bury
from api.store.unlinking import Keeps, anything

_SUMS = 2**256


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did: the revision now current, and how many rows it wrote and ended.

    `new` is false where the content is the one that was published last.
    """

    revision: Revision
    new: bool
    added: int
    ended: int


@contextmanager
def publishing(
    file: Path,
    now: datetime,
    retention: Retention = USUAL,
) -> Iterator["Publishing"]:
    """Give a publish in the making: one transaction, which an exception of the body undoes.

    Nobody else can publish into the store meanwhile: they get a BusyError at once. Raises
    StoreError when the store cannot be written.
    """
    making: Publishing

    def tidy(connection: sqlite3.Connection) -> None:
        if making.forgot:
            withdrawal.overwrite(connection)
        prune(connection, now, retention)

    with writing(file, tidy, lambda connection: attach(connection, file)) as connection:
        making = Publishing(connection, now, retention)
        yield making


def publish(  # noqa: PLR0913 - what is published, into what, when, and by which rules
    file: Path,
    units: Iterable[UnitRows],
    stamp: Stamp,
    now: datetime,
    *,
    retention: Retention = USUAL,
    allow_shrink: bool = False,
) -> Published:
    """Make the units, and no others, the store's current revision, whole or not at all.

    An exception that `units` raises leaves the store as it was. Raises ShrinkError as
    `Publishing.finish` does, BusyError and StoreError as `publishing`.
    """
    with publishing(file, now, retention) as making:
        for unit in units:
            making.put(unit)
        for name in making.untouched():
            making.end(name)
        return making.finish(stamp, allow_shrink=allow_shrink)


class Publishing:
    """A publish in the making: units are put or ended, those not named stay as they are.

    `last` is the revision before it; `rules` are what the units are compiled by, for the memory to
    know the next time; `forgot` tells, once it is finished, whether something was
    withdrawn, and so taken out of all revisions.
    """

    def __init__(self, connection: sqlite3.Connection, now: datetime, retention: Retention) -> None:
        self.last = latest(connection)
        self.forgot = False
        self._connection = connection
        self._batch = Batch(connection)
        self._now = now
        self._retention = retention
        self._number = self.last.number + 1 if self.last else 1
        self._sum = int(self.last.content, 16) if self.last else 0
        self._added = 0
        self._ended = 0
        self._touched: set[str] = set()
        self._untold: set[str] = set()
        self.memory = Memory(connection)
        self.rules = ""

    def put(self, unit: UnitRows) -> None:
        """Make these the rows of a unit."""
        self._touched.add(unit.unit)
        current = self._current(unit.unit) if self.last else {}
        for table, digest, values in unit.rows:
            if current.pop((table, digest), None) is None:
                self._batch.add(_INSERT[table], [(self._number, unit.unit, *values, digest)])
                self._sum += term(digest)
                self._added += 1
        self._end(current)
        if unit.memo is not None:
            self.memory.remember(unit.unit, unit.memo)

    def end(self, unit: str) -> None:
        """Take a unit out of the content."""
        self._end(self._current(unit))
        self.memory.forget(unit)

    def embargo(self, units: Iterable[str]) -> None:
        """Say nothing of what units were: they are to come, and not deleted."""
        self._untold.update(units)

    def untouched(self) -> list[str]:
        """Return the units of the content that were not put."""
        self._batch.write()
        names = self._connection.execute(_UNITS).fetchall()
        return [name for (name,) in names if name not in self._touched]

    def finish(
        self, stamp: Stamp, *, allow_shrink: bool = False, keeps: Keeps = anything
    ) -> Published:
        """Make the revision; where nothing is otherwise than in the last one, none is made.

        Where rows went from one unit to another, there is one of the same digest: by its number the
        memory tells which units it is of.
        `keeps` tells whether JSON is what the contract promises: old rows are to be, too, when they
        lose a link to what is withdrawn.
        Raises ShrinkError when more of the entries would end than happens on purpose, unless
        `allow_shrink` says that it is.
        """
        self._batch.write()
        content, digest = digests(self._sum, stamp)
        same = self.last and self.last.digest == digest and self.last.stamp == stamp
        if self.last and same and not (self._added or self._ended):
            self.memory.conclude(self.last, self.rules, exact_text_of(self._now))
            return Published(self.last, new=False, added=0, ended=0)
        if not allow_shrink:
            refuse_shrinking(self._connection, self._number)
        revision = Revision(self._number, digest, text_of(self._now), stamp, content)
        bury(self._connection, self._number, self._now, self._retention.deleted, self._untold)
        self.forgot = withdrawal.forget(self._connection, self._number, keeps)
        insert_revision(self._connection, revision)
        self.memory.conclude(revision, self.rules, exact_text_of(self._now))
        return Published(revision, new=True, added=self._added, ended=self._ended)

    def _current(self, unit: str) -> dict[tuple[str, bytes], int]:
        self._batch.write()
        rows = self._connection.execute(_CURRENT, (unit,))
        return {(table, digest): number for table, digest, number in rows}

    def _end(self, rows: dict[tuple[str, bytes], int]) -> None:
        for (table, digest), number in rows.items():
            self._connection.execute(
                f"UPDATE {table} SET until = {self._number} WHERE number = ?",  # noqa: S608 - ours
                (number,),
            )
            self._sum -= term(digest)
            self._ended += 1


def insert_revision(connection: sqlite3.Connection, revision: Revision) -> None:
    """Write a revision; its rows are written already."""
    stamp = revision.stamp
    connection.execute(
        f"INSERT INTO revision ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - ours
        (
            revision.number,
            revision.digest,
            revision.published_at,
            ",".join(stamp.locales),
            stamp.program,
            stamp.contract,
            stamp.next_change,
            revision.content,
            Origin(revision.origin).value,
        ),
    )


def digests(total: int, stamp: Stamp) -> tuple[str, str]:
    """Return the digest of a content, from the sum of its rows' terms, and of its revision."""
    content = f"{total % _SUMS:064x}"
    covered = f"{stamp.program}{marked(stamp.locales)}{content}"
    return content, sha256(covered.encode()).hexdigest()


def term(digest: bytes) -> int:
    """Return what a row adds to the sum that tells one content from another."""
    return int.from_bytes(sha256(digest).digest(), "big")


_INSERT = {
    table: f"INSERT INTO {table} (since, unit, {fields}, digest)"  # noqa: S608 - ours
    f" VALUES (?, ?, {'?, ' * len(fields.split(','))}?)"
    for table, fields in FIELDS.items()
}
_UNITS = " UNION ".join(
    f"SELECT unit FROM {table} WHERE until = {FOREVER}"  # noqa: S608 - ours
    for table in FIELDS
)
_CURRENT = " UNION ALL ".join(
    f"SELECT '{table}', digest, number FROM {table} WHERE unit = ?1 AND until = {FOREVER}"  # noqa: S608 - ours
    for table in FIELDS
)
