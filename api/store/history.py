"""What each kept revision changed."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from api.store.database import open_readable, store_error
from api.store.revision import kept
from api.store.rows import TABLES

_STEPS = " UNION ALL ".join(
    f"SELECT since, until FROM {table} INDEXED BY {table}_of_unit"  # noqa: S608 - ours
    for table in TABLES
)
_SPANS = f"SELECT since, until, count(*) FROM ({_STEPS}) GROUP BY since, until"  # noqa: S608 - ours
# What an entry shows is in its unit's representations; the unit "" is what the API says of itself.
_SHOWN = """
SELECT unit, since, until FROM representation INDEXED BY representation_of_unit WHERE unit <> ''
ORDER BY unit
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A revision: its rows, and the entries that it added, changed and ended.

    These are None for the oldest one that is kept: there is none to hold it against.
    """

    revision: str
    number: int
    published_at: str
    origin: str
    added: int | None
    changed: int | None
    ended: int | None
    rows: int


def history(file: Path) -> list[Step]:
    """Return the kept revisions, the newest first. Raises StoreError when they cannot be read."""
    try:
        with closing(open_readable(file)) as connection:
            return _steps(connection)
    except sqlite3.Error as error:
        raise store_error(file, "read", error) from error


def _steps(connection: sqlite3.Connection) -> list[Step]:
    revisions = kept(connection)
    spans = connection.execute(_SPANS).fetchall()
    added, changed, ended = _changes(connection.execute(_SHOWN))
    oldest = revisions[-1].number if revisions else 0
    steps = []
    for revision in revisions:
        number = revision.number
        is_oldest = number == oldest
        step = Step(
            revision=revision.name,
            number=number,
            published_at=revision.published_at,
            origin=revision.origin.value,
            added=None if is_oldest else added[number],
            changed=None if is_oldest else changed[number],
            ended=None if is_oldest else ended[number],
            rows=sum(count for since, until, count in spans if since <= number < until),
        )
        steps.append(step)
    return steps


def _changes(
    rows: Iterable[tuple[str, int, int]],
) -> tuple[Counter[int], Counter[int], Counter[int]]:
    """Return how many units each revision added, changed and ended.

    `rows` are units with the revisions from which, and until which, they have a row.
    """
    added: Counter[int] = Counter()
    changed: Counter[int] = Counter()
    ended: Counter[int] = Counter()
    for _, of_unit in groupby(rows, itemgetter(0)):
        spans = [(since, until) for _, since, until in of_unit]
        for number in {edge for span in spans for edge in span}:
            before = any(since < number <= until for since, until in spans)
            after = any(since <= number < until for since, until in spans)
            (changed if before and after else added if after else ended)[number] += 1
    return added, changed, ended
