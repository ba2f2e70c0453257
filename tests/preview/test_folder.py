"""A folder's state is another one once anything in it is."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from api.preview.folder import FRESH_SECONDS, FolderState, state_of
from tests.support import write

FILES = {"articles/one.md": "One", "site.yaml": "name: One\n"}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda root: write(root, {"articles/two.md": ""}), id="a new file"),
        pytest.param(lambda root: write(root, {"site.yaml": "name: Two\n"}), id="other bytes"),
        pytest.param(lambda root: (root / "site.yaml").unlink(), id="a file gone"),
        pytest.param(lambda root: (root / "site.yaml").rename(root / "x.yaml"), id="a name"),
        pytest.param(lambda root: (root / "topics").mkdir(), id="a folder"),
        pytest.param(lambda root: os.utime(root / "site.yaml", (1, 1)), id="a time"),
    ],
)
def test_state_changes_with_the_folder(tmp_path: Path, change: Callable[[Path], object]) -> None:
    root = write(tmp_path / "content", FILES)
    before = state_of(root)
    assert state_of(root) == before
    change(root)
    assert state_of(root) != before


def test_folder_that_is_not_there_has_a_state(tmp_path: Path) -> None:
    before = state_of(tmp_path / "content")
    write(tmp_path / "content", FILES)
    assert state_of(tmp_path / "content") != before


def test_folder_is_looked_at_once_a_second(tmp_path: Path) -> None:
    root = write(tmp_path / "content", FILES)
    seconds = 0.0
    state = FolderState(root, lambda: seconds)
    first = asyncio.run(state.now())
    write(root, {"articles/two.md": ""})
    seconds = FRESH_SECONDS / 2
    assert asyncio.run(FolderState.now(state)) == first
    seconds = FRESH_SECONDS
    assert asyncio.run(state.now()) != first
