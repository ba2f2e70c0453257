"""A media file is found by its digest and name at any time, and read in parts."""

from contextlib import closing
from pathlib import Path

import pytest

from api.store.bake import bake
from api.store.database import StoreError, open_readable, open_writable
from api.store.reader import Reader, StoredMedia
from api.store.rows import MediaRow
from api.store.writer import publish
from tests.support import NOW, STAMP, units

ROW = MediaRow("digest", "a.png", "image/png", bytes(range(100)))


def _publish(store: Path, *rows: MediaRow) -> tuple[int, int]:
    done = publish(store, units(rows), STAMP, NOW)
    return done.added, done.ended


def test_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    _publish(tmp_path / "store.db", ROW)
    with Reader(tmp_path / "store.db") as reader:
        found = reader.media("digest", "a.png")
        assert found == StoredMedia(1, "image/png", 100)
        assert reader.part(found, 0, 100) == ROW.body
        assert reader.part(found, 90, 10) == ROW.body[90:]


@pytest.mark.parametrize(
    ("digest", "name"), [("digest", "b.png"), ("other", "a.png"), ("", ""), ("digest", "A.PNG")]
)
def test_digest_and_name_must_both_be_right(tmp_path: Path, digest: str, name: str) -> None:
    _publish(tmp_path / "store.db", ROW)
    with Reader(tmp_path / "store.db") as reader:
        assert reader.media(digest, name) is None


def test_file_that_no_revision_has_any_more_is_found(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    _publish(store, ROW)
    assert _publish(store, MediaRow("new", "a.png", "image/png", b"new")) == (1, 1)
    with Reader(store) as reader:
        old, new = reader.media("digest", "a.png"), reader.media("new", "a.png")
        assert old is not None
        assert new is not None
        assert (reader.part(old, 0, 100), reader.part(new, 0, 3)) == (ROW.body, b"new")


def test_file_that_stays_is_not_written_again(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    assert _publish(store, ROW) == (1, 0)
    assert _publish(store, ROW, MediaRow("new", "b.png", "image/png", b"b")) == (1, 0)
    with closing(open_readable(store)) as connection:
        assert connection.execute("SELECT count(*) FROM media").fetchone() == (2,)


def test_empty_file_has_no_bytes(tmp_path: Path) -> None:
    _publish(tmp_path / "store.db", MediaRow("digest", "a.csv", "text/csv", b""))
    with Reader(tmp_path / "store.db") as reader:
        found = reader.media("digest", "a.csv")
        assert found is not None
        assert (found.length, reader.part(found, 0, 10)) == (0, b"")


def test_file_is_in_a_baked_store(tmp_path: Path) -> None:
    with bake(tmp_path / "release.db") as store:
        _publish(store, ROW)
    with Reader(tmp_path / "release.db") as reader:
        found = reader.media("digest", "a.png")
        assert found is not None
        assert reader.part(found, 0, 100) == ROW.body


def test_file_that_is_gone_while_it_is_read_is_told(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    _publish(store, ROW)
    with Reader(store) as reader:
        found = reader.media("digest", "a.png")
        assert found is not None
        with closing(open_writable(store)) as connection:
            connection.execute("DELETE FROM media")
        with pytest.raises(StoreError, match="the store cannot be read"):
            reader.part(found, 0, 100)
