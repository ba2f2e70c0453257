"""What changes in a content folder is told; what editors leave there is not."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.source.watch import changes, is_content
from tests.support import write


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("articles/first.md", True),
        ("images/2024", True),
        ("images/2024/door.jpg", True),
        ("articles", True),
        ("", True),
        ("articles/.first.md.swp", False),
        ("articles/first.md~", False),
        ("articles/4913", False),
        (".git/index", False),
        (".obsidian/plugins/list.json", False),
        ("articles/#first.md#", False),
    ],
)
def test_leftovers_are_no_content(tmp_path: Path, path: str, *, content: bool) -> None:
    (tmp_path / "images/2024").mkdir(parents=True)
    assert is_content(str(tmp_path / path), tmp_path) == content


@pytest.fixture(params=["", "1"], ids=["told by the system", "polling"])
def watched(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Path, Iterator[list[str]]]]:
    """A folder, and what is told of it once it is watched."""
    if request.param:
        monkeypatch.setenv("WATCHFILES_FORCE_POLLING", request.param)
    root = write(tmp_path / "content", {"articles/first.md": "Text."})
    # Who polls tells one second from another, and no less.
    os.utime(root / "articles/first.md", (1e9, 1e9))
    telling = changes(root)
    assert next(telling) == []
    yield root, telling
    telling.close()  # type: ignore[attr-defined]


def test_changed_paths_are_told(watched: tuple[Path, Iterator[list[str]]]) -> None:
    root, telling = watched
    write(root, {"articles/.first.md.swp": "", "articles/first.md": "Another text."})
    told = next(telling)
    assert told == [str(root / "articles/first.md")] or str(root / "articles") in told
    write(root, {"articles/second.md": "Text."})
    assert str(root / "articles/second.md") in next(telling)


def test_folder_that_comes_back_is_watched_again(tmp_path: Path) -> None:
    root = tmp_path / "content"
    telling = changes(root)
    assert next(telling) == []
    write(root, {"site.yaml": "name: Example\n"})
    assert next(telling) == []
    root.rename(tmp_path / "before")
    assert [] in telling
    write(root, {"site.yaml": "name: Example\n"})
    assert [] in telling
    write(root, {"contact.yaml": "name: Example\n"})
    assert str(root / "contact.yaml") in next(telling)
    telling.close()  # type: ignore[attr-defined]


@pytest.fixture
def ten_seconds() -> Iterator[None]:
    """What waits longer is interrupted, and fails."""

    def interrupt(_number: int, _frame: object) -> None:
        raise AssertionError("it did not happen")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("ten_seconds")
def test_folder_that_is_new_or_has_a_loop_is_watched_too(tmp_path: Path) -> None:
    root = write(tmp_path / "content", {"articles/first.md": "Text."})
    telling = changes(root)
    assert next(telling) == []
    write(root, {"topics/one.yaml": "title: One\n"})
    (root / "articles/loop").symlink_to(root)
    assert [] in telling
    write(root, {"topics/two.yaml": "title: Two\n"})
    assert any(str(root / "topics/two.yaml") in told for told in telling)
    (root / "articles/loop").unlink()
    write(root, {"articles/second.md": "Text."})
    assert any(str(root / "articles/second.md") in told for told in telling)
    telling.close()  # type: ignore[attr-defined]
