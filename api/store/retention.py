"""How long what was published before is kept, and taking out what is kept no more."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.store.database import FOREVER, transaction
from api.store.rows import TABLES
from api.store.times import text_of

LEAST = 10
"""How many of the newest revisions are kept, however old they are."""
STEP = 200
"""How many rows a transaction takes out: each is short, so that a publish can come between."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long revisions are kept, how many at the most, and how long a deletion is told.

    The newest LEAST are kept whatever their age is, where `most` allows it.
    """

    age: timedelta = timedelta(days=30)
    most: int = 1_000
    deleted: timedelta = timedelta(days=90)


USUAL = Retention()
"""What holds where nobody says otherwise."""


def prune(connection: sqlite3.Connection, now: datetime, retention: Retention) -> None:
    """Take out the revisions that are kept no more, and the rows that no kept one has.

    Their space is used again by what is published next. Whatever stops it, what is left is taken
    out after the next publish.
    """
    oldest = _oldest_kept(connection, now, retention)
    with transaction(connection):
        connection.execute("DELETE FROM revision WHERE number < ?", (oldest,))
    for table in TABLES:
        while _take(connection, table, oldest) == STEP:
            pass


def _oldest_kept(connection: sqlite3.Connection, now: datetime, retention: Retention) -> int:
    """Return the number of the oldest revision that is kept, 0 where there is none."""
    since = text_of(now - retention.age)
    oldest = 0
    rows = connection.execute(
        "SELECT number, published_at FROM revision ORDER BY number DESC LIMIT ?", (retention.most,)
    )
    for place, (number, published_at) in enumerate(rows):
        if place >= LEAST and published_at < since:
            break
        oldest = number
    return oldest


def _take(connection: sqlite3.Connection, table: str, oldest: int) -> int:
    """Take out some rows that had ended when the oldest kept revision came; return how many."""
    with transaction(connection):
        return connection.execute(
            f"DELETE FROM {table} WHERE number IN (SELECT number FROM {table}"  # noqa: S608 - ours
            f" WHERE until <> {FOREVER} AND until <= ? LIMIT {STEP})",
            (oldest,),
        ).rowcount
