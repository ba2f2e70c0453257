"""Tombstones: addresses that led somewhere before a publish, and lead nowhere after it."""

import sqlite3
from collections.abc import Collection
from datetime import datetime, timedelta

import orjson

from api.store.database import FOREVER
from api.store.times import text_of

# What seems to be said twice names an index of the rows that have ended (sqlite.org/partialindex).
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
    SELECT address, unit FROM representation WHERE until = ?1 AND until <> {FOREVER}
    UNION SELECT address, unit FROM path WHERE until = ?1 AND until <> {FOREVER}
    UNION SELECT address, unit FROM gone WHERE until = ?1 AND until <> {FOREVER}
) AS was
WHERE instr(address, '?') = 0 AND NOT {_HERE} AND unit NOT IN (SELECT value FROM json_each(?3))
ON CONFLICT (address) DO UPDATE SET number = ?1, told_until = ?2
"""  # noqa: S608 - a number
_FORGET = f"DELETE FROM ended AS was WHERE told_until <= ?1 OR {_HERE}"  # noqa: S608 - a number


def bury(
    connection: sqlite3.Connection,
    number: int,
    now: datetime,
    told_for: timedelta,
    untold: Collection[str] = (),
) -> None:
    """Note the addresses that lead nowhere from revision `number` on.

    Those of long ago are forgotten, and those that lead somewhere again.
    They are told for a time, counted from `now`. Of the units `untold` nothing is said.
    """
    connection.execute(_FORGET, (text_of(now),))
    names = orjson.dumps(sorted(untold)).decode()
    connection.execute(_BURY, (number, text_of(now + told_for), names))
