"""What a killed preview leaves is swept by the next one; what a living one has is not."""

import os
import tempfile
from pathlib import Path

import pytest

from api.preview.litter import own_folder


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_folder_of_a_dead_preview_is_swept() -> None:
    left, hold = own_folder()
    (left / "1").mkdir()
    (left / "1" / "store.db").write_bytes(b"a draft")
    os.close(hold)  # as the system does for a process that is killed
    own_folder()
    assert not left.exists()


def test_folder_of_a_living_preview_is_left_alone() -> None:
    held, _ = own_folder()
    (held / "1").mkdir()
    own_folder()
    assert held.exists()


def test_other_folders_and_links_are_left_alone(temporary: Path) -> None:
    other = temporary / "keypoint-preview-of-somebody"
    (other / "1").mkdir(parents=True)
    link = temporary / "keypoint-preview-abcdefgh"
    link.symlink_to(other)
    own_folder()
    assert other.exists()
    assert link.is_symlink()
