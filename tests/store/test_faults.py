"""A disk that fails changes nothing: the last revision stays readable, the operator is told why."""

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.store.database import BusyError, StoreError, open_writable, store_error
from api.store.reader import Reader
from api.store.rollback import roll_back
from api.store.rows import RepresentationRow, UnitRows
from api.store.verify import verify
from api.store.writer import Published, publish
from tests.support import NOW, STAMP

NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")


def _publish(store: Path, text: bytes) -> Published:
    page = RepresentationRow("/a", "text/plain", None, None, "tag", text, b"gz")
    return publish(store, [UnitRows("a", [page])], STAMP, NOW)


def _shown(store: Path) -> bytes:
    with Reader(store) as reader:
        revision = reader.pin()
        assert revision is not None
        found = reader.representation(revision.number, "/a")
    assert found is not None
    return found.identity


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 512 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("nothing may be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@NEEDS_ROOT
def test_full_disk_is_told_and_the_last_revision_stays(small_disk: Path) -> None:
    store = small_disk / "store.db"
    done = _publish(store, b"old")
    with pytest.raises(StoreError) as caught:
        _publish(store, os.urandom(600_000))
    assert "the disk is full, make room on it" in str(caught.value)
    assert _shown(store) == b"old"
    assert verify(store) is None
    assert _publish(store, b"new").revision.number == done.revision.number + 1


@NEEDS_ROOT
def test_full_disk_stops_a_rollback_likewise(small_disk: Path) -> None:
    store = small_disk / "store.db"
    _publish(store, os.urandom(100_000))
    _publish(store, b"new")
    # Its companions stay while it is read, and take their room beforehand.
    with Reader(store) as reader:
        reader.pin()
        rest = os.statvfs(small_disk)
        room = rest.f_bavail * rest.f_frsize
        (small_disk / "filler").write_bytes(bytes(max(room - 65_536, 0)))
        with pytest.raises(StoreError, match="the disk is full"):
            roll_back(store, None, NOW)
    assert _shown(store) == b"new"


@NEEDS_ROOT
def test_read_only_disk_is_told(small_disk: Path) -> None:
    store = small_disk / "store.db"
    _publish(store, b"old")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    before = store.read_bytes()
    with pytest.raises(StoreError, match=r"be read and written|read-only"):
        _publish(store, b"new")
    assert store.read_bytes() == before


def _busy(store: Path) -> Callable[[], object]:
    writer = open_writable(store)
    writer.execute("BEGIN IMMEDIATE")
    return writer.close


def test_publish_and_rollback_into_a_store_that_is_written_are_refused_at_once(
    tmp_path: Path,
) -> None:
    store = tmp_path / "store.db"
    _publish(store, b"1")
    _publish(store, b"2")
    end = _busy(store)
    with pytest.raises(BusyError):
        _publish(store, b"3")
    with pytest.raises(BusyError):
        roll_back(store, None, NOW)
    end()
    assert _shown(store) == b"2"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (sqlite3.SQLITE_FULL, "the disk is full"),
        (sqlite3.SQLITE_IOERR_FSYNC, "the disk does not read or write"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "neither it nor its folder may be read-only"),
        (sqlite3.SQLITE_CANTOPEN, "it and its folder must be there"),
        (sqlite3.SQLITE_CORRUPT, "the file is damaged"),
    ],
)
def test_reason_is_told_in_words(code: int, said: str) -> None:
    error = sqlite3.OperationalError("SQLite's own words")
    error.sqlite_errorcode = code
    told = str(store_error(Path("store.db"), "written", error))
    assert told.startswith(f"store.db: the store cannot be written: {said}")
    assert told.endswith("(SQLite's own words)")


def test_damaged_page_is_told_while_publishing(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    _publish(store, b"old")
    with closing(sqlite3.connect(store)) as connection:
        page = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'representation'"
        ).fetchone()[0]
    with store.open("r+b") as file:
        file.seek((page - 1) * 4_096)
        file.write(b"\xff" * 64)
    with pytest.raises(StoreError, match="the file is damaged"):
        _publish(store, b"new")
