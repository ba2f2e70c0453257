"""Which revisions a store has."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of all content: its number in this store, and its digest everywhere.

    `locales` are the languages of the content, the default one first.
    """

    number: int
    digest: str
    published_at: str
    locales: tuple[str, ...]

    @property
    def name(self) -> str:
        """What clients call the revision: the first 16 hex digits of the digest."""
        return self.digest[:16]


def latest(connection: sqlite3.Connection) -> Revision | None:
    """Return the store's current revision, None before the first publish."""
    row = connection.execute(
        "SELECT number, digest, published_at, locales FROM revision ORDER BY number DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    number, digest, published_at, locales = row
    return Revision(number, digest, published_at, tuple(locales.split(",")))
