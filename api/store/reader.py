"""Reading the store at a pinned revision."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self
from weakref import finalize

from api.store.database import StoreError, open_readable
from api.store.former import Gone, Redirected, former
from api.store.query import Listed, Query, Shows
from api.store.revision import Revision, kept, latest, named
from api.store.rows import RepresentationRow, localised_address, marked
from api.store.touched import touched

_REPRESENTATION = """
SELECT address, media_type, language, last_modified, tag, cache_tags, identity, gzip
FROM representation WHERE address = ?1 AND until > ?2 AND since <= ?2
"""
_CACHE_TAGS = """
SELECT cache_tags FROM representation
WHERE address IN (?1, ?2) AND until > ?3 AND since <= ?3 ORDER BY address = ?2 LIMIT 1
"""
_ADDRESS = "SELECT address FROM representation WHERE address = ?1 AND until > ?2 AND since <= ?2"
_TARGET = "SELECT target FROM path WHERE address = ?1 AND until > ?2 AND since <= ?2"
_MEDIA = """
SELECT number, media_type, length(body) FROM media WHERE tag = ?1 AND name = ?2
ORDER BY number DESC LIMIT 1
"""
_OF_TYPE = "type = ?1 AND until > ?2 AND since <= ?2 AND instr(locales, ?3)"
_OF_PARENT = f"parent = ?4 AND {_OF_TYPE}"


class StoredMedia(NamedTuple):
    """A media file in the store; `length` counts bytes, `number` is what `part` takes."""

    number: int
    media_type: str
    length: int


class Reader:
    """A connection to a store. Every read names the revision that it is pinned to."""

    def __init__(self, file: Path) -> None:
        """Open the store; raises StoreError where that cannot be done."""
        self._connection = open_readable(file)
        self._close = finalize(self, self._connection.close)
        self._data_version = -1
        self._latest: Revision | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; that happens too when nobody has the reader any more."""
        self._close()

    def pin(self) -> Revision | None:
        """Return the current revision, None before the first publish.

        Raises StoreError when the store can no longer be read.
        """
        try:
            return self._pin()
        except sqlite3.Error as error:
            raise StoreError(f"the store cannot be read: {error}") from error

    def _pin(self) -> Revision | None:
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._data_version:
            self._latest = latest(self._connection)
            self._data_version = version
        return self._latest

    def named(self, name: str) -> Revision | None:
        """Return the newest of the kept revisions of a name, None where there is none."""
        return named(self._connection, name)

    def revisions(self) -> tuple[Revision, ...]:
        """Return the kept revisions, the newest first."""
        return tuple(kept(self._connection))

    def touched(self, after: int) -> frozenset[str] | None:
        """Return the addresses and types that changed after a revision; None: too many to tell."""
        return touched(self._connection, after)

    def representation(
        self, revision: int, address: str, locale: str | None = None
    ) -> RepresentationRow | None:
        """Return what is at an address, or at the one that it is another name of.

        It is in the language `locale`, or, where there is no such translation, in the default one.
        """
        found = self._at(revision, address) or self._aliased(revision, address)
        if found and locale:
            return self._at(revision, localised_address(found.address, locale)) or found
        return found

    def _aliased(self, revision: int, address: str) -> RepresentationRow | None:
        target = self._connection.execute(_TARGET, (address, revision)).fetchone()
        return self._at(revision, target[0]) if target else None

    def _at(self, revision: int, address: str) -> RepresentationRow | None:
        row = self._connection.execute(_REPRESENTATION, (address, revision)).fetchone()
        if row is None:
            return None
        at, media_type, language, modified, tag, cache_tags, identity, gzip = row
        last_modified = datetime.fromisoformat(modified) if modified else None
        tags = tuple(cache_tags.split())
        return RepresentationRow(at, media_type, language, last_modified, tag, identity, gzip, tags)

    def canonical(self, revision: int, address: str) -> str | None:
        """Return the address of the resource that is at an address, None where nothing is."""
        row = self._connection.execute(_ADDRESS, (address, revision)).fetchone()
        row = row or self._connection.execute(_TARGET, (address, revision)).fetchone()
        return row[0] if row else None

    def former(
        self, revision: int, address: str, now: datetime | None = None
    ) -> Redirected | Gone | None:
        """Return what an address was where nothing is at it, None for one that never was.

        An ancestor's redirect, withdrawal or deletion holds for it too; the target of a redirect
        keeps the rest of the path. `now` is the present instant where it is not given.
        """
        return former(self._connection, revision, address, now or datetime.now(UTC))

    def media(self, digest: str, name: str) -> StoredMedia | None:
        """Return the media file of a digest and a name, of whichever revision it is."""
        row = self._connection.execute(_MEDIA, (digest, name)).fetchone()
        return StoredMedia(*row) if row else None

    def part(self, media: StoredMedia, start: int, length: int) -> bytes:
        """Return some bytes of a media file; raises StoreError where it is there no more."""
        try:
            with self._connection.blobopen("media", "body", media.number, readonly=True) as body:
                body.seek(start)
                return body.read(length)
        except sqlite3.Error as error:
            raise StoreError(f"the store cannot be read: {error}") from error

    def list(self, revision: int, query: Query) -> Listed:
        """Return a page of a collection, with the exact total."""
        where, values = _OF_TYPE, [query.type, revision, marked([query.locale])]
        if query.parent is not None:
            where = _OF_PARENT
            values.append(query.parent)
        total: int = self._connection.execute(
            f"SELECT count(*) FROM entry WHERE {where}",  # noqa: S608 - one of two constants
            values,
        ).fetchone()[0]
        skipped = query.limit * (query.page - 1)
        rows = self._connection.execute(
            f"SELECT card, address FROM entry WHERE {where}"  # noqa: S608 - one of two constants
            f" ORDER BY position, id LIMIT {query.limit:d} OFFSET {skipped:d}",
            values,
        ).fetchall()
        addresses = tuple(address for _, address in rows)
        if query.shows is Shows.CARD:
            return Listed(total, tuple(card for card, _ in rows), addresses)
        whole = (self.representation(revision, address, query.locale) for _, address in rows)
        return Listed(total, tuple(one.identity for one in whole if one), addresses)

    def cache_tags(self, revision: int, address: str, locale: str) -> tuple[str, ...]:
        """Return the cache tags of what is at an address, in a language as `representation`."""
        localised = localised_address(address, locale)
        row = self._connection.execute(_CACHE_TAGS, (localised, address, revision)).fetchone()
        return tuple(row[0].split()) if row else ()
