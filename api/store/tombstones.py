"""Tombstones: addresses that led somewhere before a publish, and lead nowhere after it."""

import sqlite3
from datetime import datetime, timedelta

from api.store.database import FOREVER
from api.store.times import text_of

# A translation's address is no address of a request: the one in the default language is.
_HERE = f"""(
    EXISTS (SELECT 1 FROM representation AS now
        WHERE now.address = was.address AND now.until = {FOREVER})
    OR EXISTS (SELECT 1 FROM path AS now
        WHERE now.address = was.address AND now.until = {FOREVER})
)"""  # noqa: S608 - a number
_BURY = f"""
INSERT INTO ended (address, number, told_until)
SELECT address, ?1, ?2 FROM (
    SELECT address FROM representation WHERE until = ?1
    UNION SELECT address FROM path WHERE until = ?1
    UNION SELECT address FROM gone WHERE until = ?1
) AS was
WHERE instr(address, '?') = 0 AND NOT {_HERE}
ON CONFLICT (address) DO UPDATE SET number = ?1, told_until = ?2
"""  # noqa: S608 - a number
_FORGET = f"DELETE FROM ended AS was WHERE told_until <= ?1 OR {_HERE}"  # noqa: S608 - a number


def bury(connection: sqlite3.Connection, number: int, now: datetime, told_for: timedelta) -> None:
    """Note the addresses that lead nowhere from revision `number` on.

    Those of long ago are forgotten, and those that lead somewhere again.
    They are told for a time, counted from `now`.
    """
    connection.execute(_FORGET, (text_of(now),))
    connection.execute(_BURY, (number, text_of(now + told_for)))
