"""A store is opened when it is one of ours and of this version; else the reason is told."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from api.store.database import SCHEMA_VERSION, StoreError, open_readable, open_writable


def _pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def _sqlite(file: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
    return file


def _refusal(file: Path, *, writable: bool) -> str:
    with pytest.raises(StoreError) as caught:
        open_writable(file) if writable else open_readable(file)
    return str(caught.value)


BOTH = pytest.mark.parametrize(
    "writable", [pytest.param(True, id="writable"), pytest.param(False, id="readable")]
)


def test_new_store_has_its_schema_its_mark_and_a_wal(tmp_path: Path) -> None:
    with closing(open_writable(tmp_path / "a" / "b" / "store.db")) as connection:
        assert _pragma(connection, "application_id") == int.from_bytes(b"KEYP", "big")
        assert _pragma(connection, "user_version") == SCHEMA_VERSION
        assert _pragma(connection, "journal_mode") == "wal"
        assert _pragma(connection, "synchronous") == 2
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert {name for (name,) in tables} == {
            "revision",
            "entry",
            "representation",
            "path",
            "redirect",
            "gone",
            "media",
            "unit",
            "ended",
        }


def test_store_is_opened_again_as_it_was(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    with closing(open_writable(store)) as connection:
        connection.execute("INSERT INTO unit VALUES ('a', x'')")
    with closing(open_writable(store)) as connection:
        assert connection.execute("SELECT count(*) FROM unit").fetchone() == (1,)


def test_readable_store_refuses_writes(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    open_writable(store).close()
    with (
        closing(open_readable(store)) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("DELETE FROM revision")


@pytest.mark.parametrize(
    "name", ["a b.db", "50%.db", "what?.db", "#1.db", "сховище.db", "a&b=c.db"]
)
def test_name_of_the_file_may_have_any_sign(tmp_path: Path, name: str) -> None:
    open_writable(tmp_path / name).close()
    open_readable(tmp_path / name).close()
    assert {file.name for file in tmp_path.iterdir()} <= {name, f"{name}-wal", f"{name}-shm"}


def test_store_may_be_named_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_writable(Path("store.db")).close()
    open_readable(Path("store.db")).close()
    assert (tmp_path / "store.db").exists()


@BOTH
def test_database_of_another_program_is_refused_and_left_alone(
    tmp_path: Path, *, writable: bool
) -> None:
    file = _sqlite(tmp_path / "other.db", "CREATE TABLE theirs (a)")
    before = file.read_bytes()
    assert _refusal(file, writable=writable) == f"{file}: this file is no Keypoint store"
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["other.db"]


@BOTH
@pytest.mark.parametrize("version", [0, SCHEMA_VERSION + 1])
def test_store_of_another_version_is_refused_with_what_to_do(
    tmp_path: Path, *, version: int, writable: bool
) -> None:
    file = tmp_path / "store.db"
    open_writable(file).close()
    _sqlite(file, f"PRAGMA user_version = {version}")
    assert _refusal(file, writable=writable) == (
        f"{file}: the store is of version {version}, this program needs {SCHEMA_VERSION}: "
        "remove the file, it is made anew from the content"
    )


@BOTH
def test_file_that_is_no_database_is_refused_and_left_alone(
    tmp_path: Path, *, writable: bool
) -> None:
    file = tmp_path / "notes.md"
    file.write_text("# Notes\n" * 100, encoding="utf-8")
    assert "file is not a database" in _refusal(file, writable=writable)
    assert file.read_text(encoding="utf-8") == "# Notes\n" * 100


def test_empty_file_becomes_a_store(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.touch()
    assert _refusal(file, writable=False) == f"{file}: this file is no Keypoint store"
    open_writable(file).close()
    open_readable(file).close()


@pytest.mark.parametrize(
    ("name", "writable"),
    [
        pytest.param("none.db", False, id="no file to read"),
        pytest.param("folder", False, id="a folder to read"),
        pytest.param("folder", True, id="a folder to write"),
        pytest.param("file/store.db", True, id="below a file"),
    ],
)
def test_store_that_cannot_be_opened_is_named(tmp_path: Path, name: str, *, writable: bool) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    told = _refusal(tmp_path / name, writable=writable)
    assert told.startswith(f"{tmp_path / name}: the store cannot be ")
