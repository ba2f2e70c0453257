"""A store as one file of its own: for images, read-only disks, and copies."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from api.store.database import StoreError


@contextmanager
def bake(out: Path) -> Iterator[Path]:
    """Give a new store's path to publish into, and then put it at `out`, whole or not at all.

    The file has no companions (no WAL). Raises StoreError when it cannot be written; an exception
    from the body leaves `out` as it was. An `out` that another process has open cannot be replaced.
    """
    if out.is_symlink() or (out.exists() and not out.is_file()):
        raise StoreError(f"{out}: it is there, and no regular file that may be replaced")
    try:
        with TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as folder:
            store = Path(folder) / out.name
            yield store
            _drop_wal(store)
            if out.with_name(f"{out.name}-wal").exists():
                # SQLite would read what is left of the old store as the new one's.
                _drop_wal(out)
            store.replace(out)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise StoreError(f"{out}: the file cannot be written: {reason}") from error


def _drop_wal(store: Path) -> None:
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
