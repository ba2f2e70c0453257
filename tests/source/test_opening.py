"""Below the content folder no link is followed and nothing is waited for, whoever changes it."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.errors import ContentError, Issue
from api.source import opening
from api.source.opening import Listings, listed, place_below, place_of, read_up_to
from tests.support import write


def _refused(attempt: Callable[[], object]) -> Issue:
    with pytest.raises(ContentError) as caught:
        attempt()
    (issue,) = caught.value.issues
    return issue


def _read(root: Path, name: str) -> Issue:
    issue = _refused(lambda: read_up_to(100, root, name))
    assert issue.place == (str(root / name), 1, 1)
    return issue


def _descriptors() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


def _swap_for_link(folder: Path, target: Path) -> None:
    folder.rename(folder.with_name("moved"))
    folder.symlink_to(target)


def test_no_more_is_read_than_asked_for(tmp_path: Path) -> None:
    write(tmp_path, {"articles/a.md": b"12345"})
    assert read_up_to(3, tmp_path, "articles/a.md") == b"123"


@pytest.mark.parametrize("asked", [199_999, 200_000, 200_001])
def test_large_file_is_read_whole_and_no_further(tmp_path: Path, asked: int) -> None:
    raw = bytes(range(250)) * 800
    write(tmp_path, {"articles/a.md": raw})
    assert read_up_to(asked, tmp_path, "articles/a.md") == raw[:asked]


def test_content_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real", {"articles/a.md": b"x"})
    root = tmp_path / "content"
    root.symlink_to("real")
    assert [entry.name for entry in listed(root, root)] == ["articles"]
    assert [entry.name for entry in listed(root, root / "articles")] == ["a.md"]
    assert read_up_to(9, root, "articles/a.md") == b"x"


@pytest.mark.parametrize("target", ["secret.md", "none.md", "link.md", "../outside.md"])
def test_link_is_not_followed_wherever_it_leads(tmp_path: Path, target: str) -> None:
    root = write(tmp_path, {"outside.md": "x", "content/articles/secret.md": "x"}) / "content"
    (root / "articles/link.md").symlink_to(target)
    issue = _read(root, "articles/link.md")
    assert (issue.code, issue.what) == ("not_a_file", "this is a link")


def test_folder_replaced_by_a_link_after_the_walk_is_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"a.md": "secret"})
    root = write(tmp_path / "content", {"articles/a.md": "x"})
    assert [entry.name for entry in listed(root, root)] == ["articles"]
    _swap_for_link(root / "articles", outside)
    issue = _read(root, "articles/a.md")
    assert issue.code == "not_a_file"
    assert issue.what == "the folder of this file is a link, or no folder"
    issue = _refused(lambda: listed(root, root / "articles"))
    assert (issue.code, issue.place.path) == ("unreadable_folder", str(root / "articles"))


def test_file_replaced_by_a_folder_or_a_folder_by_a_file_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.md/b.md": "x", "articles": "x"})
    assert _read(root, "a.md").what == "this is no regular file"
    assert _read(root, "articles/a.md").code == "not_a_file"


@pytest.fixture
def five_seconds() -> Iterator[None]:
    """What waits longer is interrupted, and fails."""

    def interrupt(_number: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.alarm(5)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("five_seconds")
def test_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert _read(tmp_path, "pipe.md").what == "this is no regular file"


def test_pipe_with_a_writer_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    reader = os.open(tmp_path / "pipe.md", os.O_RDONLY | os.O_NONBLOCK)
    writer = os.open(tmp_path / "pipe.md", os.O_WRONLY)
    try:
        os.write(writer, b"---\n")
        assert _read(tmp_path, "pipe.md").what == "this is no regular file"
        assert os.read(reader, 9) == b"---\n"
    finally:
        os.close(writer)
        os.close(reader)


def test_socket_is_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s.md"))
        assert _read(tmp_path, "s.md").code in {"not_a_file", "unreadable_file"}


@pytest.mark.parametrize("name", ["zero", "null"])
def test_device_is_refused(name: str) -> None:
    assert _read(Path("/dev"), name).what == "this is no regular file"


def test_refusals_leave_no_descriptor_open(tmp_path: Path) -> None:
    root = write(tmp_path, {"articles/a.md": "x"})
    os.mkfifo(root / "articles/pipe.md")
    (root / "articles/link.md").symlink_to("a.md")
    before = _descriptors()
    for name in ("articles/pipe.md", "articles/link.md", "articles/none.md", "none/a.md"):
        _read(root, name)
        _refused(lambda: listed(root, root / "none"))
        listed(root, root / "articles")
    assert _descriptors() == before


def test_folder_is_listed_once_for_all_who_ask(tmp_path: Path) -> None:
    root = write(tmp_path, {"articles/a.md": "x"})
    listings = Listings(root)
    assert [entry.name for entry in listings.of("articles")] == ["a.md"]
    write(tmp_path, {"articles/b.md": "x"})
    assert [entry.name for entry in listings.of("articles")] == ["a.md"]
    assert [entry.name for entry in Listings(root).of("articles")] == ["a.md", "b.md"]


def test_signatures_are_of_all_that_is_listed_by_their_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path, {"articles/a.md": "x", "site.yaml": "x"})
    (root / "link").symlink_to("none")
    monkeypatch.setattr(opening, "SETTLED_NS", 0)
    listings = Listings(root)
    listings.of("")
    listings.of("articles")
    assert sorted(listings.signatures) == ["articles", "articles/a.md", "link", "site.yaml"]
    assert len(set(listings.signatures.values())) == 4


def test_what_cannot_be_asked_for_is_listed_without_a_signature(tmp_path: Path) -> None:
    root = write(tmp_path, {"articles/a.md": "x", "articles/b.md": "x"})
    asked = []

    def look(entry: os.DirEntry[str]) -> None:
        asked.append(entry.name)
        raise PermissionError

    assert [entry.name for entry in listed(root, root / "articles", look)] == ["a.md", "b.md"]
    assert sorted(asked) == ["a.md", "b.md"]


def test_folder_with_too_many_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path, {f"{name}.md": "x" for name in "abc"})
    monkeypatch.setattr(opening, "MOST_FILES", 3)
    assert len(listed(root, root)) == 3
    monkeypatch.setattr(opening, "MOST_FILES", 2)
    issue = _refused(lambda: listed(root, root))
    assert (issue.code, issue.what) == ("too_many_files", "the folder has more than 2 files")
    assert issue.place == (str(root), 1, 1)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param(b"a\nb", r"a\nb", id="line"),
        pytest.param(b"a\x1b[2Jb", r"a\x1b[2Jb", id="escape sequence"),
        pytest.param("a\N{RIGHT-TO-LEFT OVERRIDE}b".encode(), r"a\u202eb", id="direction"),
        pytest.param(b"a\xffb", r"a\xffb", id="no UTF-8"),
        pytest.param("коментар".encode(), "коментар", id="letters"),
    ],
)
def test_place_of_a_file_is_one_printable_line(name: bytes, shown: str) -> None:
    assert place_of(Path(os.fsdecode(name))).path == shown


@pytest.mark.parametrize("root", [".", "content", "/srv/content", "/", "../content", "con\ntent"])
def test_place_of_a_file_is_that_of_its_path(root: str) -> None:
    assert place_below(Path(root), "articles/a.md") == place_of(Path(root) / "articles/a.md")
