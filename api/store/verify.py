"""Whether a store can be served, told before it is; a damaged one is set aside, never deleted."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.store.database import APPLICATION_ID, SCHEMA_VERSION, StoreError, store_error
from api.store.revision import latest
from api.store.rows import TABLES

CHECKED_BYTES = 256 * 2**20
"""Of a larger store not every page is looked at: 1 GB takes 9 s where it comes from the disk."""
ASIDE = 3
"""How many damaged stores are kept: the newest."""
COMPANIONS = ("", "-wal", "-shm")
"""How the names of a store's files end."""
_MAGIC = b"SQLite format 3\0"
_APPLICATION = slice(68, 72)
"""Where a file's header has the application's id (sqlite.org/fileformat2.html, 1.3)."""
_ID = APPLICATION_ID.to_bytes(4, "big")
_SCHEMA = b"CREATE TABLE representation ("
_BEGINNING = 262_144
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@dataclass(frozen=True, slots=True)
class Damage:
    """A store of ours that cannot be served, and why."""

    reason: str


def verify(file: Path, most: int | None = CHECKED_BYTES) -> Damage | None:
    """Return what is wrong with a store, None where it can be served or there is none.

    Every page is checked where the file has at most so many bytes (None: in any case), else whether
    it is whole and can be read. Raises StoreError when the file is another program's, a newer
    version's, or cannot be opened: it is not ours to move.
    """
    try:
        with file.open("rb") as opened:
            beginning = opened.read(_BEGINNING)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{file}: the store cannot be read: {error.strerror}") from error
    if not beginning:
        return Damage("the file is empty")
    if not _is_ours(beginning):
        raise StoreError(f"{file}: this file is no Keypoint store; give another --store")
    size = file.stat().st_size
    if _is_cut_off(file, beginning, size):
        return Damage("its end is missing")
    try:
        return _examined(file, every_page=most is None or size <= most)
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if code & 0xFF in _DAMAGED or code == sqlite3.SQLITE_IOERR_SHORT_READ:
            return Damage(str(error))
        raise store_error(file, "read", error) from error


def set_aside(file: Path, now: datetime) -> Path:
    """Rename a damaged store, with its companions, and return its new name.

    Of those that were set aside before, the newest ASIDE stay. Raises StoreError when it cannot be
    renamed.
    """
    stem = f"{file.name}.damaged-"
    aside = file.with_name(f"{stem}{now:%Y%m%dT%H%M%S.%fZ}")
    try:
        for ending in COMPANIONS:
            if (companion := file.with_name(file.name + ending)).exists():
                companion.rename(aside.with_name(aside.name + ending))
        earlier = {one.name.removesuffix("-wal").removesuffix("-shm") for one in _all(file, stem)}
        for name in sorted(earlier)[:-ASIDE]:
            for ending in COMPANIONS:
                file.with_name(name + ending).unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{file}: the store cannot be set aside: {error.strerror}") from error
    return aside


def _all(folder_of: Path, stem: str) -> list[Path]:
    return [one for one in folder_of.parent.iterdir() if one.name.startswith(stem)]


def _is_ours(beginning: bytes) -> bool:
    """Tell a store of ours, damaged or not, from another file."""
    if beginning[_APPLICATION] == _ID:
        return True
    # A sound header that names another program is believed.
    named = beginning.startswith(_MAGIC) and beginning[_APPLICATION] != bytes(len(_ID))
    return not named and _SCHEMA in beginning


def _is_cut_off(file: Path, beginning: bytes, size: int) -> bool:
    """Tell whether there are fewer pages than the header says (sqlite.org/fileformat2.html, 1.3).

    What a WAL has is perhaps not in the file yet.
    """
    wal = file.with_name(f"{file.name}-wal")
    if not beginning.startswith(_MAGIC) or (wal.exists() and wal.stat().st_size):
        return False
    page_size = int.from_bytes(beginning[16:18], "big")
    pages = int.from_bytes(beginning[28:32], "big")
    return size < pages * (page_size if page_size > 1 else 65_536)


def _examined(file: Path, *, every_page: bool) -> Damage | None:
    uri = f"{file.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{file}: the store is of version {version}, this program knows {SCHEMA_VERSION}: "
                "use the newer program, or give another --store"
            )
        if version < SCHEMA_VERSION:
            return Damage(f"it is of version {version}, this program needs {SCHEMA_VERSION}")
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            return Damage("the header is not that of a store")
        if every_page:
            told: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if told != "ok":
                return Damage(told.replace("\n", " "))
        return _damage_of_content(connection)


def _damage_of_content(connection: sqlite3.Connection) -> Damage | None:
    """Tell whether the newest revision, where there is one, can be read."""
    try:
        latest(connection)
        for table in TABLES:
            connection.execute(f"SELECT * FROM {table} ORDER BY number DESC LIMIT 1").fetchone()  # noqa: S608 - ours
    except (sqlite3.OperationalError, ValueError) as error:
        return Damage(f"its content cannot be read: {error}")
    return None
