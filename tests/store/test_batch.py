"""Rows that wait for one another are written in their order, before anybody reads."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.store.batch import MOST, Batch
from api.store.rows import PathRow
from api.store.writer import publishing
from tests.support import NOW, STAMP, unit_of

INSERT = "INSERT INTO one VALUES (?)"


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.execute("CREATE TABLE one (value INTEGER)")
        yield opened


def _values(connection: sqlite3.Connection) -> list[int]:
    return [value for (value,) in connection.execute("SELECT value FROM one ORDER BY rowid")]


def test_rows_are_written_together_in_their_order(connection: sqlite3.Connection) -> None:
    batch = Batch(connection)
    batch.add(INSERT, [(1,), (2,)])
    batch.add(INSERT, [(3,)])
    assert _values(connection) == []
    batch.write()
    batch.write()
    assert _values(connection) == [1, 2, 3]


def test_no_more_rows_wait_than_are_allowed(connection: sqlite3.Connection) -> None:
    batch = Batch(connection)
    for number in range(MOST):
        batch.add(INSERT, [(number,)])
    assert _values(connection) == list(range(MOST))


def test_unit_that_was_just_put_is_known_to_who_ends_it(tmp_path: Path) -> None:
    with publishing(tmp_path / "store.db", NOW) as making:
        making.put(unit_of("kept", [PathRow("/a", "/b")]))
        making.put(unit_of("ended", [PathRow("/c", "/d")]))
        making.end("ended")
        published = making.finish(STAMP)
    assert (published.added, published.ended) == (2, 1)
