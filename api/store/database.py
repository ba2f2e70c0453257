"""The store's file: opening it, and bringing a new one to its schema."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from importlib.resources import files
from pathlib import Path

APPLICATION_ID = 0x4B455950
"""The four bytes `KEYP` in SQLite's header mark the file as ours."""
SCHEMA_VERSION = 3
FOREVER = 2**63 - 1
"""The `until` of a row that is current."""


PATIENCE_SECONDS = 0.2
"""How long a lock is waited for: readers hold one for moments, a publish until it is done."""
_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full, make room on it",
    sqlite3.SQLITE_IOERR: "the disk does not read or write, see the system's log",
    sqlite3.SQLITE_READONLY: "neither it nor its folder may be read-only",
    sqlite3.SQLITE_CANTOPEN: "it and its folder must be there, and may be read and written",
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
}
"""What an operator can make of SQLite's result codes (sqlite.org/rescode.html)."""


class StoreError(Exception):
    """A store that cannot be used: the message says which file and why."""


class BusyError(StoreError):
    """Another process is publishing into the store."""


def open_writable(file: Path) -> sqlite3.Connection:
    """Open a store for publishing, and make it where there is none.

    Raises StoreError when the file is no store, is of another version, or cannot be opened.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(file, PATIENCE_SECONDS, isolation_level=None)
    except OSError as error:
        raise StoreError(f"{file}: the store cannot be opened: {error}") from error
    except sqlite3.Error as error:
        raise store_error(file, "opened", error) from error
    with _closed_on_error(connection, file, "used"):
        connection.execute("PRAGMA synchronous = FULL")
        # What is taken out, such as a withdrawn text, is not left in the file's free pages.
        connection.execute("PRAGMA secure_delete = ON")
        with transaction(connection):
            _prepare(connection, file)
        # Not before the file is known to be ours: the mode stays in the file.
        connection.execute("PRAGMA journal_mode = WAL")
    return connection


def open_readable(file: Path) -> sqlite3.Connection:
    """Open a store for reading alone.

    Raises StoreError when there is no such store, or it is of another version.
    """
    try:
        connection = sqlite3.connect(
            f"{file.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None
        )
    except sqlite3.Error as error:
        raise store_error(file, "opened", error) from error
    with _closed_on_error(connection, file, "read"):
        connection.execute("PRAGMA mmap_size = 2147483648")
        _check(connection, file)
    return connection


@contextmanager
def writing(
    file: Path,
    afterwards: Callable[[sqlite3.Connection], None],
    before: Callable[[sqlite3.Connection], object] = lambda _: None,
) -> Iterator[sqlite3.Connection]:
    """Open a store, and write all that the body writes, or, where it raises, nothing.

    A file that is new is not left without a revision. `before` makes the connection ready,
    `afterwards` tidies the store up once all is written; where it cannot, all is as well. So it is
    where what `before` has attached cannot be written, and the store was. Raises BusyError at once
    when another process is writing, StoreError when that cannot be done.
    """
    is_new = not file.exists()
    begun: int | None = None
    ended: int | None = None
    try:
        with closing(open_writable(file)) as connection, _told(file):
            before(connection)
            try:
                with transaction(connection):
                    begun = _newest(connection)
                    # Another process may have made it, and published into it, meanwhile.
                    is_new = is_new and begun is None
                    yield connection
                    ended = _newest(connection)
            except sqlite3.Error:
                # Of several files each is written by itself, the store before the others.
                if ended == begun or ended != _newest(connection):
                    raise
            with suppress(sqlite3.Error):
                afterwards(connection)
    except BusyError:
        raise
    except BaseException:
        if is_new:
            for ending in ("", "-journal", "-wal", "-shm", ".memory"):
                file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)
        raise


def _newest(connection: sqlite3.Connection) -> int | None:
    """Return the number of the newest revision."""
    number: int | None = connection.execute("SELECT max(number) FROM revision").fetchone()[0]
    return number


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise store_error(file, "written", error) from error


def store_error(file: Path, done: str, error: sqlite3.Error) -> StoreError:
    """Return what an operator is told of an error of SQLite: what cannot be `done`, and why."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_BUSY:
        return BusyError(f"{file}: another publish into this store is under way")
    reason = f"{_REASONS[code]} ({error})" if code in _REASONS else str(error)
    return StoreError(f"{file}: the store cannot be {done}: {reason}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all that the body writes, or, where it raises, nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def _closed_on_error(connection: sqlite3.Connection, file: Path, use: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        connection.close()
        raise store_error(file, use, error) from error
    except StoreError:
        connection.close()
        raise


def _prepare(connection: sqlite3.Connection, file: Path) -> None:
    empty = connection.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()[0]
    if not empty:
        _check(connection, file)
        return
    script = files("api.store").joinpath("schema.sql").read_text(encoding="utf-8")
    for statement in script.split(";\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _check(connection: sqlite3.Connection, file: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID:
        raise StoreError(f"{file}: this file is no Keypoint store")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != SCHEMA_VERSION:
        raise StoreError(
            f"{file}: the store is of version {version}, this program needs {SCHEMA_VERSION}: "
            "remove the file, it is made anew from the content"
        )
