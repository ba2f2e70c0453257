"""What an address was that leads nowhere now: moved, withdrawn, expired, or deleted."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from api.store.database import FOREVER
from api.store.times import text_of

_LEVELS = 4
"""How far above an address its ancestors are looked at: no operation's path is deeper."""
_REDIRECT = "SELECT target FROM redirect WHERE address = ?1 AND until > ?2 AND since <= ?2"
# A present withdrawal holds for every revision that there was.
_GONE = f"""
SELECT reason, replacement, kind FROM gone WHERE address = ?1 AND (
    until > ?2 AND since <= ?2 OR until = {FOREVER} AND kind = 'withdrawn'
) ORDER BY until = {FOREVER} DESC
"""  # noqa: S608 - a number
_ENDED = "SELECT 1 FROM ended WHERE address = ?1 AND number <= ?2 AND told_until > ?3"


@dataclass(frozen=True, slots=True)
class Redirected:
    """The address moved: `target` is where it is now, the rest of the path with it."""

    target: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The address was there once: why it is gone ("" where nobody said), and what replaces it."""

    reason: str
    replacement: str | None
    kind: Literal["withdrawn", "expired", "deleted"]


def former(
    connection: sqlite3.Connection, revision: int, address: str, now: datetime
) -> Redirected | Gone | None:
    """Return what an address was where nothing is at it, None for one that never was.

    What is said of an ancestor holds below it. A redirect goes before a withdrawal, that before a
    deletion, whichever of them is nearer.
    """
    above = list(_ancestors(address))
    for at, rest in above:
        if row := connection.execute(_REDIRECT, (at, revision)).fetchone():
            return Redirected(row[0] + rest)
    for at, _ in above:
        if row := connection.execute(_GONE, (at, revision)).fetchone():
            return Gone(*row)
    for at, _ in above:
        if connection.execute(_ENDED, (at, revision, text_of(now))).fetchone():
            return Gone("", None, "deleted")
    return None


def _ancestors(address: str) -> Iterator[tuple[str, str]]:
    """Yield an address and those above it, each with what the address has below it."""
    at = address
    for _ in range(_LEVELS):
        yield at, address[len(at) :]
        at = at.rpartition("/")[0]
        if not at:
            return
