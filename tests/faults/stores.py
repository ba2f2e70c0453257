"""What a store says at its newest revision, as values that can be compared."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from api.store.rows import FIELDS

_REVISION = "digest, content, locales, program, contract, next_change"


class Told(NamedTuple):
    """The newest revision, but for its number and its instant, and every row that it has."""

    revision: tuple[Any, ...]
    rows: frozenset[tuple[Any, ...]]


def told(store: Path) -> Told | None:
    """Return what a store says, None where it says nothing."""
    if not store.exists():
        return None
    with closing(sqlite3.connect(store)) as connection:
        query = f"SELECT number, {_REVISION} FROM revision ORDER BY number DESC LIMIT 1"  # noqa: S608 - ours
        number, *revision = connection.execute(query).fetchone()
        rows = {
            (table, *row)
            for table, fields in FIELDS.items()
            for row in connection.execute(
                f"SELECT unit, {fields}, digest FROM {table} WHERE since <= ?1 AND until > ?1",  # noqa: S608 - ours
                (number,),
            )
        }
    return Told(tuple(revision), frozenset(rows))


def difference(one: Told | None, other: Told | None) -> str:
    """Return in words which rows one has and another lacks, "" where there are none."""
    if one == other:
        return ""
    if one is None or other is None:
        return f"{one} is not {other}"
    lines = [f"{one.revision} is not {other.revision}"] if one.revision != other.revision else []
    lines += [f"too much: {row}" for row in sorted(one.rows - other.rows, key=repr)]
    lines += [f"missing: {row}" for row in sorted(other.rows - one.rows, key=repr)]
    return "\n".join(lines)
