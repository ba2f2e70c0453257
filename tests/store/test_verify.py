"""A store is verified before it is served; a damaged one of ours is set aside, no other file."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from api.store.database import SCHEMA_VERSION, StoreError
from api.store.reader import Reader
from api.store.rows import EntryRow, RepresentationRow, UnitRows
from api.store.verify import ASIDE, set_aside, verify
from api.store.writer import publish
from tests.support import NOW, STAMP

PAGE = 4_096


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of some hundred pages, without companions."""
    file = tmp_path / "store.db"
    units = []
    for number in range(500):
        at = f"/v1/articles/{number}"
        page = RepresentationRow(at, "application/json", "en", None, "tag", os.urandom(900), b"gz")
        entry = EntryRow("article", f"{number}", "", ("en",), b"%04d" % number, at, b"{}")
        units.append(UnitRows(f"article:{number}", [page, entry]))
    publish(file, units, STAMP, NOW)
    assert [one.name for one in tmp_path.iterdir()] == ["store.db"]
    return file


def _pages(file: Path, name: str) -> list[int]:
    """Return the numbers of the pages that a table or an index has."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,))
        return [number for (number,) in rows]


def _flip(file: Path, page: int) -> None:
    """Turn over the bytes at the beginning of a page: its header, and where its cells are."""
    with file.open("r+b") as opened:
        opened.seek((page - 1) * PAGE)
        piece = bytes(byte ^ 0xFF for byte in opened.read(64))
        opened.seek((page - 1) * PAGE)
        opened.write(piece)


def _flip_table(file: Path) -> None:
    _flip(file, _pages(file, "representation")[0])


def _flip_index(file: Path) -> None:
    _flip(file, _pages(file, "entry_by_position")[0])


def _flip_header(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(b"\xff" * 32)


def _zero_first_page(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(bytes(PAGE))


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _cut_within_a_page(file: Path) -> None:
    os.truncate(file, file.stat().st_size - PAGE // 2)


def _empty(file: Path) -> None:
    os.truncate(file, 0)


def _older(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 2")


def _without_a_table(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE revision")


def test_sound_store_is_right(store: Path) -> None:
    before = store.read_bytes()
    assert verify(store) is None
    assert verify(store, None) is None
    assert store.read_bytes() == before


def test_store_that_is_not_there_yet_is_right(tmp_path: Path) -> None:
    assert verify(tmp_path / "none.db") is None
    assert list(tmp_path.iterdir()) == []


def test_store_that_is_served_is_right(store: Path) -> None:
    with Reader(store) as reader:
        reader.pin()
        publish(store, [], STAMP, NOW, allow_shrink=True)
        assert verify(store) is None


@pytest.mark.parametrize(
    "harm",
    [
        _flip_table,
        _flip_index,
        _flip_header,
        _zero_first_page,
        _cut,
        _cut_within_a_page,
        _empty,
        _older,
        _without_a_table,
    ],
)
def test_damaged_store_is_told_set_aside_and_made_anew(
    store: Path, harm: Callable[[Path], None]
) -> None:
    harm(store)
    before = store.read_bytes()
    damage = verify(store)
    assert damage is not None
    assert damage.reason
    assert store.read_bytes() == before, "looking changes nothing"

    aside = set_aside(store, NOW)
    assert aside.read_bytes() == before
    assert aside.name == "store.db.damaged-20261123T120000.000000Z"
    assert not store.exists()
    publish(store, [], STAMP, NOW)
    assert verify(store) is None


def test_reason_names_the_version(store: Path) -> None:
    _older(store)
    damage = verify(store)
    assert damage is not None
    assert damage.reason == f"it is of version 2, this program needs {SCHEMA_VERSION}"


def test_store_of_a_newer_program_is_refused(store: Path) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(StoreError, match="use the newer program, or give another --store"):
        verify(store)


def _other_database(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE theirs (a)")


def _marked_database(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA application_id = 12345")
        connection.execute("CREATE TABLE representation (a)")


def _damaged_other_database(file: Path) -> None:
    _other_database(file)
    _flip(file, 2)


def _notes(file: Path) -> None:
    file.write_text("# Notes\n" * 100, encoding="utf-8")


@pytest.mark.parametrize(
    "make", [_other_database, _marked_database, _damaged_other_database, _notes]
)
def test_file_of_another_program_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    file = tmp_path / "other.db"
    make(file)
    before = file.read_bytes()
    with pytest.raises(StoreError) as caught:
        verify(file)
    assert str(caught.value) == f"{file}: this file is no Keypoint store; give another --store"
    assert file.read_bytes() == before


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the store cannot be read: Is a directory"):
        verify(tmp_path)


def test_of_a_large_store_not_every_page_is_looked_at(store: Path) -> None:
    size = store.stat().st_size
    _flip(store, 100)
    assert verify(store, size) is not None
    assert verify(store, None) is not None
    assert verify(store, size - 1) is None


@pytest.mark.parametrize("harm", [_flip_table, _flip_header, _zero_first_page, _cut, _older])
def test_large_store_that_cannot_be_read_is_told(store: Path, harm: Callable[[Path], None]) -> None:
    harm(store)
    assert verify(store, 0) is not None


def test_end_may_be_in_the_wal_still(store: Path) -> None:
    _cut(store)
    missing = verify(store, 0)
    assert missing is not None
    assert missing.reason == "its end is missing"
    store.with_name("store.db-wal").write_bytes(b"frames")
    assert verify(store, 0) != missing


def test_companions_go_along(store: Path) -> None:
    for ending in ("-wal", "-shm"):
        store.with_name(store.name + ending).write_bytes(ending.encode())
    aside = set_aside(store, NOW)
    for ending in ("-wal", "-shm"):
        assert aside.with_name(aside.name + ending).read_bytes() == ending.encode()
    assert len(list(store.parent.iterdir())) == 3


def test_newest_of_those_set_aside_are_kept(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    beside = tmp_path / "store.db.backup"
    beside.touch()
    names = []
    for second in range(ASIDE + 2):
        store.touch()
        store.with_name("store.db-wal").touch()
        names.append(set_aside(store, NOW + timedelta(seconds=second)).name)
    kept = {file.name for file in tmp_path.iterdir()}
    assert kept == {beside.name, *(name + end for name in names[-ASIDE:] for end in ("", "-wal"))}


def test_store_that_cannot_be_set_aside_is_told(tmp_path: Path) -> None:
    file = tmp_path / ("s" * 250)
    file.touch()
    with pytest.raises(StoreError, match="the store cannot be set aside: File name too long"):
        set_aside(file, NOW)
