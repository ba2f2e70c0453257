"""Going back: the rows of a kept revision become those of a new one."""

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from api.store import withdrawal
from api.store.database import FOREVER, StoreError, writing
from api.store.retention import USUAL, Retention, prune
from api.store.revision import Origin, Revision, kept
from api.store.rows import FIELDS, TABLES
from api.store.times import text_of
from api.store.tombstones import bury
from api.store.unlinking import Keeps, anything
from api.store.writer import Published, digests, insert_revision, term

# An index has all that is asked for: no row is read that stays as it is.
_END = {
    table: f"""
    UPDATE {table} SET until = ?1 WHERE number IN (
        SELECT number FROM {table} INDEXED BY {table}_of_unit
        WHERE until = {FOREVER} AND since > ?2
            AND unit NOT IN (SELECT value FROM json_each(?3))
    ) RETURNING unit, digest
    """  # noqa: S608 - ours
    for table in TABLES
}
_COPY = {
    table: f"""
    INSERT INTO {table} (since, unit, {fields}, digest)
    SELECT ?1, unit, {fields}, digest FROM {table}
    WHERE until > ?2 AND until <> {FOREVER} AND since <= ?2
        AND unit NOT IN (SELECT value FROM json_each(?3))
    RETURNING unit, digest
    """  # noqa: S608 - ours
    for table, fields in FIELDS.items()
}
_NAMED = 20
"""How many revisions a message names."""

_Rows = list[tuple[str, bytes]]
"""A unit and a digest of each row."""


class UnknownRevisionError(StoreError):
    """There is no such revision; the message names those that there are."""


def roll_back(
    file: Path,
    wanted: str | None,
    now: datetime,
    retention: Retention = USUAL,
    keeps: Keeps = anything,
) -> Published:
    """Make a new revision with the rows of an earlier one, in one transaction.

    `wanted` is the name of that revision (of several, the newest is meant) or its number; without
    it the one before the current one is meant. What is withdrawn now stays so, and what was then is
    so again; `keeps` is that of `Publishing.finish`. Raises UnknownRevisionError where there is no
    such revision, BusyError while another process publishes, StoreError when the store cannot be
    written.
    """
    forgot = False

    def tidy(connection: sqlite3.Connection) -> None:
        if forgot:
            withdrawal.overwrite(connection)
        prune(connection, now, retention)

    with writing(file, tidy) as connection:
        done = _rolled_back(connection, file, wanted, now, retention.deleted)
        forgot = withdrawal.forget(connection, done.revision.number, keeps)
    return done


def _rolled_back(
    connection: sqlite3.Connection,
    file: Path,
    wanted: str | None,
    now: datetime,
    told_for: timedelta,
) -> Published:
    current, target = _chosen(file, kept(connection), wanted)
    if target.digest == current.digest:
        return Published(current, new=False, added=0, ended=0)
    number = current.number + 1
    ended, added = _turn(connection, target.number, number)
    content, digest = digests(_sum(current, ended, added), target.stamp)
    instant = text_of(now)
    later = (target.stamp.next_change or "") > instant
    stamp = target.stamp if later else replace(target.stamp, next_change=None)
    revision = Revision(number, digest, instant, stamp, content, Origin.ROLLBACK)
    insert_revision(connection, revision)
    bury(connection, number, now, told_for)
    return Published(revision, new=True, added=len(added), ended=len(ended))


def _chosen(file: Path, revisions: list[Revision], wanted: str | None) -> tuple[Revision, Revision]:
    """Return the current revision and the wanted one, of all, the newest first."""
    if not revisions:
        raise UnknownRevisionError(f"{file}: the store has no revision")
    if wanted is None:
        # One of the same digest has the same rows, which went from one unit to another.
        before = (one for one in revisions if one.digest != revisions[0].digest)
        if found := next(before, None):
            return revisions[0], found
        raise UnknownRevisionError(f"{file}: there is no revision before {revisions[0].name}")
    for revision in revisions:
        if wanted in {revision.name, str(revision.number)}:
            return revisions[0], revision
    there = ", ".join(f"{one.name} ({one.number})" for one in revisions[:_NAMED])
    more = f" and {len(revisions) - _NAMED} older ones" if len(revisions) > _NAMED else ""
    raise UnknownRevisionError(f"{file}: there is no revision {wanted}; there are {there}{more}")


def _turn(connection: sqlite3.Connection, target: int, number: int) -> tuple[_Rows, _Rows]:
    """Make revision `number` of the rows of `target`; return the rows ended, and those added."""
    withdrawn = connection.execute(
        f"SELECT unit FROM gone WHERE until = {FOREVER} AND kind = 'withdrawn'"  # noqa: S608 - ours
    )
    staying = orjson.dumps([unit for (unit,) in withdrawn]).decode()
    values = (number, target, staying)
    ended: _Rows = []
    added: _Rows = []
    for table in TABLES:
        ended += connection.execute(_END[table], values).fetchall()
        added += connection.execute(_COPY[table], values).fetchall()
    return ended, added


def _sum(current: Revision, ended: _Rows, added: _Rows) -> int:
    gone = sum(term(digest) for _, digest in ended)
    return int(current.content, 16) - gone + sum(term(digest) for _, digest in added)
