"""What the revisions since an earlier one have touched, by name."""

import sqlite3

from api.store.database import FOREVER

MOST_TOUCHED = 1_000
TOUCHED = " UNION ALL ".join(
    f"SELECT {name} FROM {table} WHERE since > ?1"  # noqa: S608 - ours
    f" UNION ALL SELECT {name} FROM {table} WHERE until > ?1 AND until <> {FOREVER}"
    for table, name in (("representation", "address"), ("path", "address"), ("entry", "type"))
)
# What is withdrawn has left no row that ended, nor has what ended before the oldest kept revision.
_UNTOLD = """
SELECT EXISTS (SELECT 1 FROM gone WHERE since > ?1)
    OR NOT EXISTS (SELECT 1 FROM revision WHERE number = ?1)
"""


def touched(connection: sqlite3.Connection, after: int) -> frozenset[str] | None:
    """Return the addresses, and the types, of which rows began or ended after a revision.

    An address is that in the default language, whichever language has changed. None where there
    are more than MOST_TOUCHED, or not all can be told.
    """
    if connection.execute(_UNTOLD, (after,)).fetchone()[0]:
        return None
    rows = connection.execute(f"{TOUCHED} LIMIT {MOST_TOUCHED + 1}", (after,)).fetchall()
    if len(rows) > MOST_TOUCHED:
        return None
    return frozenset(name.partition("?")[0] for (name,) in rows)
