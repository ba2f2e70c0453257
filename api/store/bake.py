"""A store as one file of its own: for images, read-only disks, and copies."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from tempfile import TemporaryDirectory

from api.store.database import StoreError

_ENDINGS = ("", "-journal", "-shm", "-wal", ".memory", ".memory-shm", ".memory-wal")
"""How the names of a store's files end while it is written, those of its notes too."""


@contextmanager
def bake(out: Path) -> Iterator[Path]:
    """Give a new store's path to publish into, and then put it at `out`, whole or not at all.

    The file has no companions (no WAL). Raises StoreError when it cannot be written; an exception
    from the body leaves `out` as it was. An `out` that another process has open cannot be replaced.
    """
    if out.is_symlink() or (out.exists() and not out.is_file()):
        raise StoreError(f"{out}: it is there, and no regular file that may be replaced")
    try:
        _sweep(out)
        with TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as folder, _held(folder):
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


@contextmanager
def _held(folder: str) -> Iterator[None]:
    """Hold a folder against being swept; a killed process holds nothing."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _sweep(out: Path) -> None:
    """Remove what killed processes have left beside `out`: folders that nobody holds."""
    ours = re.compile(re.escape(f".{out.name}.") + "[a-z0-9_]{8}")
    for folder in list(out.parent.iterdir()):
        if ours.fullmatch(folder.name):
            with suppress(OSError):
                _remove(folder, {f"{out.name}{ending}" for ending in _ENDINGS})


def _remove(folder: Path, known: set[str]) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
        names = set(os.listdir(descriptor))  # noqa: PTH208 - of the folder that is held
        # An empty one is perhaps another process's, which does not hold it yet.
        if names and names <= known:
            for name in names:
                os.unlink(name, dir_fd=descriptor)
            folder.rmdir()
    finally:
        os.close(descriptor)


def _drop_wal(store: Path) -> None:
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
