"""What a store says at its newest revision, as values that can be compared."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from api.store.database import FOREVER
from api.store.reader import Reader
from api.store.rows import FIELDS

_REVISION = "digest, content, locales, program, contract, next_change"


class Told(NamedTuple):
    """The newest revision, but for its number and its instant, and every row that it has.

    A file that moves with all that names it is another unit's, and leaves every byte as it was.
    """

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
            (table, "" if table == "media" else unit, *row)
            for table, fields in FIELDS.items()
            for unit, *row in connection.execute(
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


def withdrawn_and_shown(store: Path) -> list[str]:
    """Return the addresses that are withdrawn, and that a kept revision shows all the same."""
    if not store.exists():
        return []
    query = f"SELECT address FROM gone WHERE until = {FOREVER} AND kind = 'withdrawn'"  # noqa: S608 - ours
    with closing(sqlite3.connect(store)) as connection:
        withdrawn = [address for (address,) in connection.execute(query)]
    with Reader(store) as reader:
        revisions = [revision.number for revision in reader.revisions()]
        return [
            f"{address} in revision {number}"
            for address in withdrawn
            for number in revisions
            if reader.representation(number, address)
        ]


def numbers(store: Path, revision: int | None = None) -> set[int]:
    """Return all numbers that follow the word `Number` in what a revision, the newest, shows."""
    shown = "".join(
        f" UNION ALL SELECT {column} FROM {table} WHERE since <= ?1 AND until > ?1"  # noqa: S608 - ours
        for table, column in (("representation", "identity"), ("entry", "card"), ("media", "body"))
    )
    with closing(sqlite3.connect(store)) as connection:
        newest = connection.execute("SELECT max(number) FROM revision").fetchone()[0]
        rows = connection.execute(shown.removeprefix(" UNION ALL "), (revision or newest,))
        texts = b"\n".join(text for (text,) in rows)
    return {int(number) for number in re.findall(rb"Number (\d+)", texts)}
