"""Rows on their way into their tables: many at a time take less than each by itself."""

import sqlite3
from collections.abc import Sequence

MOST = 256
"""How many rows wait at most: they are kept in memory meanwhile."""


class Batch:
    """Rows that are written together, those of a statement in the order in which they came.

    Whoever reads what they are written into has them written first.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: dict[str, list[Sequence[object]]] = {}
        self._count = 0

    def add(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Take rows for a statement that inserts one."""
        self._waiting.setdefault(statement, []).extend(rows)
        self._count += len(rows)
        if self._count >= MOST:
            self.write()

    def write(self) -> None:
        """Write what waits."""
        for statement, rows in self._waiting.items():
            self._connection.executemany(statement, rows)
        self._waiting.clear()
        self._count = 0
