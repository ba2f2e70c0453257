"""Faulty files are named, each once; nothing waits, and the last good revision serves on."""

import os
import socket
from pathlib import Path

import pytest

from api.errors import ContentError
from api.source.tree import LARGEST_FILE
from tests.support import SMALL, Site, client, write

GOOD = "---\ntitle: Good\n---\nText.\n"
FAULTS: dict[str, tuple[str | bytes, str, tuple[int, int]]] = {
    "half-written": ("---\ntitle: Half", "front_matter", (1, 1)),
    "half-a-sign": (GOOD.encode() + "é".encode()[:1], "invalid_encoding", (5, 1)),
    "empty": ("", "front_matter", (1, 1)),
    "ten-megabytes": (b"x" * 10_000_000, "file_too_large", (1, 1)),
    "one-byte-too-large": (GOOD.ljust(LARGEST_FILE + 1), "file_too_large", (1, 1)),
    "no-utf-8": (b"---\ntitle: caf\xe9\n---\n", "invalid_encoding", (2, 11)),
    "utf-16": (GOOD.encode("utf-16"), "invalid_encoding", (1, 1)),
    "nul": (b"---\r\ntitle: a\0b\r\n---\r\n", "invalid_encoding", (2, 9)),
}
ACCEPTED = {
    "mark": b"\xef\xbb\xbf" + GOOD.encode(),
    "windows": GOOD.replace("\n", "\r\n").encode(),
    "old-mac": GOOD.replace("\n", "\r").encode(),
    "no-line-end": GOOD.rstrip("\n").encode(),
    "largest": GOOD.encode().ljust(LARGEST_FILE),
}


def _codes(site: Site) -> dict[str, tuple[str, tuple[int, int]]]:
    issues = site.issues()
    places = {
        issue.place.path.removeprefix(f"{site.content}/"): (
            issue.code,
            (issue.place.line, issue.place.column),
        )
        for issue in issues
    }
    assert len(places) == len(issues)
    return places


@pytest.mark.parametrize("name", ACCEPTED)
def test_marks_and_line_ends_of_other_systems_are_accepted(tmp_path: Path, name: str) -> None:
    site = Site(tmp_path, {**SMALL, f"articles/{name}.md": ACCEPTED[name]})
    with site.served() as served:
        assert served.get(f"/v1/articles/{name}").json()["data"]["title"] == "Good"


def test_every_faulty_file_is_named_and_the_last_good_revision_serves_on(tmp_path: Path) -> None:
    site = Site(tmp_path)
    published = site.publish()
    write(site.content, {f"articles/{name}.md": fault[0] for name, fault in FAULTS.items()})
    expected = {f"articles/{name}.md": fault[1:] for name, fault in FAULTS.items()}
    articles = site.content / "articles"
    write(tmp_path, {"outside/secret.md": GOOD})
    links = {
        "link-out": tmp_path / "outside/secret.md",
        "link-in": Path("first.md"),
        "link-to-itself": Path("link-to-itself.md"),
        "link-to-nothing": Path("none.md"),
        "link-to-a-folder": tmp_path / "outside",
        "link-to-a-device": Path("/dev/zero"),
    }
    for name, target in links.items():
        (articles / f"{name}.md").symlink_to(target)
        expected[f"articles/{name}.md"] = ("not_a_file", (1, 1))
    os.mkfifo(articles / "pipe.md")
    expected["articles/pipe.md"] = ("not_a_file", (1, 1))
    (articles / "folder.md").mkdir()
    expected["articles/folder.md"] = ("unexpected_file", (1, 1))
    (site.content / "loop").symlink_to(site.content)
    expected["loop"] = ("not_a_file", (1, 1))
    with socket.socket(socket.AF_UNIX) as listening:
        folder = os.open(articles, os.O_RDONLY)
        try:  # a socket's whole path may be too long for its address
            listening.bind(f"/proc/self/fd/{folder}/socket.md")
        except OSError:
            pass
        else:
            expected["articles/socket.md"] = ("unreadable_file", (1, 1))
        finally:
            os.close(folder)
        found = _codes(site)
    assert found == expected
    with pytest.raises(ContentError):
        site.publish()
    with client(site.settings) as served:
        answer = served.get("/v1/articles")
        assert answer.headers["content-revision"] == published.revision.digest[:16]
        assert answer.json()["meta"]["total"] == 2


def test_content_folder_may_be_a_link_and_an_empty_one_holds_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path / "real")
    (tmp_path / "content").symlink_to(site.content)
    linked = Site(tmp_path, {})
    assert linked.issues() == []
    assert linked.publish().revision.digest == site.publish().revision.digest
    assert Site(tmp_path / "empty", {"articles/.keep": ""}).issues() == []
