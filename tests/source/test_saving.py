"""A file is saved whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from api.source.saving import save


def test_saved_file_has_the_new_bytes_and_its_old_mode(tmp_path: Path) -> None:
    file = tmp_path / "one.md"
    file.write_bytes(b"old")
    file.chmod(0o640)
    save(file, b"new")
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_reader_of_the_old_file_keeps_the_old_bytes(tmp_path: Path) -> None:
    file = tmp_path / "one.md"
    file.write_bytes(b"old")
    with file.open("rb") as reading:
        save(file, b"newer")
        assert reading.read() == b"old"


def test_file_stays_as_it_was_where_it_cannot_be_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "one.md"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save(file, b"new")
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]
