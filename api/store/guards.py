"""What a publish must not do by mistake: take most of the content away."""

import sqlite3

from api.store.database import FOREVER, StoreError

FEW = 3
"""So many entries may always end."""
SHARE = 3
"""Not more than one in so many may."""

# What was withdrawn, has expired or moved has ended on purpose.
_LOST = f"""
SELECT count(DISTINCT unit) FROM entry AS was WHERE until = ?1 AND parent = ''
    AND NOT EXISTS (SELECT 1 FROM entry WHERE unit = was.unit AND until = {FOREVER})
    AND NOT EXISTS (SELECT 1 FROM gone WHERE unit = was.unit AND until = {FOREVER})
    AND NOT EXISTS (SELECT 1 FROM redirect WHERE address = was.address AND until = {FOREVER})
"""  # noqa: S608 - a number
_BEFORE = """
SELECT count(DISTINCT unit) FROM entry INDEXED BY entry_of_unit WHERE until >= ?1 AND since < ?1
"""


class ShrinkError(StoreError):
    """A publish would end more of the entries than happens on purpose."""


def refuse_shrinking(connection: sqlite3.Connection, number: int) -> None:
    """Raise ShrinkError when revision `number` ends more than a third of the entries, and of FEW.

    An entry counts that had rows in lists and has none now, and neither moved nor was withdrawn.
    """
    lost = connection.execute(_LOST, (number,)).fetchone()[0]
    if lost <= FEW:
        return
    before = connection.execute(_BEFORE, (number,)).fetchone()[0]
    if lost * SHARE > before:
        raise ShrinkError(
            f"{lost} of {before} entries would end, more than a third: nothing is published; "
            "where that is meant, allow it with --allow-shrink"
        )
