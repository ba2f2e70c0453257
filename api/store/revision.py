"""Which revisions a store has."""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum

NAME_LENGTH = 16
"""How many hex digits the name of a revision has."""


class Origin(StrEnum):
    """What made a revision."""

    PUBLISH = "publish"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a revision says of itself beside its rows.

    `locales` are the languages of the content, the default one first; `program` is the version of
    Keypoint, `contract` a digest of the contract that the rows were proven against; `next_change`
    is the instant (RFC 3339, UTC) from which on the same files give another revision.
    """

    locales: tuple[str, ...]
    program: str
    contract: str = ""
    next_change: str | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of all content: its number in this store, and its digest everywhere."""

    number: int
    digest: str
    published_at: str
    stamp: Stamp
    content: str = ""
    origin: Origin = Origin.PUBLISH

    @property
    def name(self) -> str:
        """What clients call the revision: the first NAME_LENGTH hex digits of the digest."""
        return self.digest[:NAME_LENGTH]

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages of the content, the default one first."""
        return self.stamp.locales


COLUMNS = "number, digest, published_at, locales, program, contract, next_change, content, origin"


def read(row: tuple[int, str, str, str, str, str, str | None, str, str]) -> Revision:
    """Return the revision of a row of COLUMNS."""
    number, digest, published_at, locales, program, contract, next_change, content, origin = row
    stamp = Stamp(tuple(locales.split(",")), program, contract, next_change)
    return Revision(number, digest, published_at, stamp, content, Origin(origin))


def latest(connection: sqlite3.Connection) -> Revision | None:
    """Return the store's current revision, None before the first publish."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM revision ORDER BY number DESC LIMIT 1"  # noqa: S608 - ours
    ).fetchone()
    return read(row) if row else None


def named(connection: sqlite3.Connection, name: str) -> Revision | None:
    """Return the newest of the kept revisions of a name, None where there is none."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM revision WHERE digest >= ?1 AND digest < ?1 || 'g'"  # noqa: S608 - ours
        " ORDER BY number DESC LIMIT 1",
        (name,),
    ).fetchone()
    return read(row) if row else None


def kept(connection: sqlite3.Connection) -> list[Revision]:
    """Return the kept revisions, the newest first."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM revision ORDER BY number DESC"  # noqa: S608 - ours
    )
    return [read(row) for row in rows]
