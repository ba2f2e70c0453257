"""A baked store is one whole file, or there is none."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from api.store.bake import bake
from api.store.database import StoreError
from api.store.reader import Reader
from api.store.rows import PathRow, RepresentationRow
from api.store.writer import publish
from tests.support import NOW, REPOSITORY, STAMP, units


def _fill(store: Path, text: str = "text") -> None:
    row = RepresentationRow("/a", "text/plain", None, None, "tag", text.encode(), b"")
    publish(store, units([row, PathRow("/b", "/a")]), STAMP, NOW)


def _fill_and_stop(store: Path) -> None:
    _fill(store)
    raise RuntimeError("stop")


def _text(store: Path) -> bytes | None:
    with Reader(store) as reader:
        revision = reader.pin()
        assert revision is not None
        found = reader.representation(revision.number, "/b")
    return found.identity if found else None


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_baked_store_is_one_file_without_companions(tmp_path: Path) -> None:
    out = tmp_path / "release.db"
    with bake(out) as store:
        assert not out.exists()
        _fill(store)
    assert _names(tmp_path) == ["release.db"]
    with closing(sqlite3.connect(out)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert _text(out) == b"text"
    assert _names(tmp_path) == ["release.db"], "nor does reading make any"


def test_bake_replaces_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "release.db"
    for text in ("old", "new"):
        with bake(out) as store:
            assert not store.exists()
            _fill(store, text)
    assert _text(out) == b"new"
    assert _names(tmp_path) == ["release.db"]


def test_bake_to_a_name_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with bake(Path("release.db")) as store:
        _fill(store)
    assert _names(tmp_path) == ["release.db"]


@pytest.mark.parametrize("existing", [True, False])
def test_failing_body_leaves_everything_untouched(tmp_path: Path, *, existing: bool) -> None:
    out = tmp_path / "release.db"
    if existing:
        out.write_bytes(b"as it was")
    with pytest.raises(RuntimeError, match="stop"), bake(out) as store:
        _fill_and_stop(store)
    assert _names(tmp_path) == (["release.db"] if existing else [])
    assert not existing or out.read_bytes() == b"as it was"


def test_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    out = tmp_path / "none" / "release.db"
    with pytest.raises(StoreError) as caught, bake(out):
        pytest.fail("there is nowhere to publish into")
    assert str(caught.value).startswith(f"{out}: the file cannot be written: ")


def test_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    out = tmp_path / "release.db"
    out.mkdir()
    with pytest.raises(StoreError, match="no regular file that may be replaced"), bake(out):
        pytest.fail("it must not be replaced")
    assert _names(tmp_path) == ["release.db"]


def test_remains_of_a_killed_writer_do_not_reach_the_new_store(tmp_path: Path) -> None:
    live, out = tmp_path / "live.db", tmp_path / "release.db"
    _fill(live, "old")
    with closing(sqlite3.connect(live, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE representation SET identity = 'killed'")
        for suffix in ("", "-wal", "-shm"):
            copy = live.with_name(f"live.db{suffix}").read_bytes()
            out.with_name(f"release.db{suffix}").write_bytes(copy)
    with bake(out) as store:
        _fill(store, "new")
    assert _text(out) == b"new"
    assert not (tmp_path / "release.db-wal").exists()


def test_store_that_is_being_served_is_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "store.db"
    _fill(out, "served")
    with Reader(out) as reader:
        reader.pin()
        with pytest.raises(StoreError, match="database is locked"), bake(out) as store:
            _fill(store, "new")
    assert _text(out) == b"served"


def test_link_in_the_files_place_is_not_followed_nor_replaced(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("as it was")
    out = tmp_path / "release.db"
    out.symlink_to(target)
    with pytest.raises(StoreError, match="no regular file that may be replaced"), bake(out):
        pytest.fail("it must not be replaced")
    assert out.is_symlink()
    assert target.read_text() == "as it was"


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from api.store.bake import bake
from api.store.writer import publishing
with bake(Path(sys.argv[1])) as store, publishing(store, datetime.now(UTC)):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_next_bake_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    out = tmp_path / "release.db"
    for _ in range(2):
        killed = subprocess.run([sys.executable, "-c", KILLED, out], cwd=REPOSITORY, check=False)
        assert killed.returncode == -signal.SIGKILL
        (left,) = _names(tmp_path)
        assert left.startswith(".release.db.")
    with bake(out) as store:
        _fill(store)
    assert _names(tmp_path) == ["release.db"]


def test_bake_that_is_under_way_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "release.db"
    with bake(out) as first:
        _fill(first, "first")
        with bake(out) as second:
            _fill(second, "second")
        assert _text(out) == b"second"
        assert first.exists()
    assert _text(out) == b"first"


@pytest.mark.parametrize(
    ("folder", "file"),
    [
        pytest.param(".release.db.abcdefgh", "notes.md", id="another file within"),
        pytest.param(".release.db.backup", "release.db", id="another name"),
        pytest.param(".other.db.abcdefgh", "other.db", id="of another output"),
        pytest.param(".releasexdb.abcdefgh", "release.db", id="of a name alike"),
    ],
)
def test_what_may_be_somebody_s_is_left_alone(tmp_path: Path, folder: str, file: str) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / file).touch()
    with bake(tmp_path / "release.db") as store:
        _fill(store)
    assert (tmp_path / folder / file).exists()


def test_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "precious"
    folder.mkdir()
    (folder / "release.db").touch()
    (tmp_path / ".release.db.abcdefgh").symlink_to(folder)
    with bake(tmp_path / "release.db") as store:
        _fill(store)
    assert (folder / "release.db").exists()
