"""Files of the kinds that are published are found wherever they stand, and read with care."""

import os
from pathlib import Path

import pytest
from PIL import Image

from api.errors import ContentError, Issue
from api.http.validators import entity_tag
from api.source import media as module
from api.source.media import MediaFile, examine, read_media, walk_media
from schemas.media import KINDS, kind_of
from tests.support import write


def _told(root: Path, issues: list[Issue]) -> list[tuple[str, str]]:
    return [(issue.place.path.removeprefix(f"{root}/"), issue.code) for issue in issues]


def _file(path: Path) -> MediaFile:
    kind = kind_of(path.name)
    assert kind is not None
    return MediaFile(path.parent, path.name, kind)


def _refused(path: Path) -> Issue:
    with pytest.raises(ContentError) as caught:
        examine(_file(path))
    (issue,) = caught.value.issues
    assert issue.place == (str(path), 1, 1)
    return issue


def test_files_of_known_kinds_are_found_in_the_order_of_their_paths(tmp_path: Path) -> None:
    names = ["articles/x/b.pdf", "articles/a.png", "logo.JPG", "images/2026/c.avif", "z.csv"]
    write(tmp_path, {**dict.fromkeys(names, "x"), "articles/x.md": "x", "notes.txt": "x"})
    files, issues = walk_media(tmp_path)
    assert [file.within for file in files] == [
        "articles/a.png",
        "articles/x/b.pdf",
        "images/2026/c.avif",
        "logo.JPG",
        "z.csv",
    ]
    assert [file.kind for file in files] == [
        KINDS[ending] for ending in (".png", ".pdf", ".avif", ".jpg", ".csv")
    ]
    assert issues == []


@pytest.mark.parametrize(
    "name", [".hidden.png", ".git/a.png", "a.png~", "#a.png#", "a.png.bak", "~/b.png.tmp"]
)
def test_hidden_files_and_leftovers_are_passed_over(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: "x"})
    assert walk_media(tmp_path) == ([], [])


@pytest.mark.parametrize(
    "name",
    ["my photo.png", "фото.png", "a&b.png", "-a.png", "_a.png", "a%20b.png", "a" * 93 + ".png"],
)
def test_name_that_cannot_stand_in_an_address_is_told(tmp_path: Path, name: str) -> None:
    write(tmp_path, {f"images/{name}": "x"})
    files, issues = walk_media(tmp_path)
    assert files == []
    assert _told(tmp_path, issues) == [(f"images/{name}", "invalid_file_name")]


@pytest.mark.parametrize("name", ["a.b-c_D1.png", "1.png", "a" * 92 + ".png"])
def test_name_of_letters_digits_and_joining_signs_is_taken(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: "x"})
    files, issues = walk_media(tmp_path)
    assert ([file.within for file in files], issues) == ([name], [])


def test_folder_whose_name_cannot_stand_in_an_address_is_told_once(tmp_path: Path) -> None:
    write(tmp_path, {"my images/a.png": "x", "my images/b.png": "x", "no media/a.md": "x"})
    files, issues = walk_media(tmp_path)
    assert files == []
    assert _told(tmp_path, issues) == [("my images", "invalid_file_name")]


def test_name_that_is_no_utf_8_is_told_in_escapes(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"a\xff.png")).write_bytes(b"x")
    files, (issue,) = walk_media(tmp_path)
    assert files == []
    assert issue.place.path == f"{tmp_path}/a\\xff.png"


def test_link_is_refused_and_a_linked_folder_is_not_entered(tmp_path: Path) -> None:
    elsewhere = write(tmp_path / "elsewhere", {"a.png": "x"})
    root = write(tmp_path / "content", {"images/b.png": "x"})
    (root / "images" / "link.png").symlink_to(elsewhere / "a.png")
    (root / "more").symlink_to(elsewhere)
    files, issues = walk_media(root)
    assert [file.within for file in files] == ["images/b.png"]
    assert _told(root, issues) == [("images/link.png", "not_a_file")]
    assert issues[0].what == "this is a link"


def test_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    files, issues = walk_media(tmp_path)
    assert (files, _told(tmp_path, issues)) == ([], [("pipe.png", "not_a_file")])


def test_walk_goes_no_deeper_than_eight_folders(tmp_path: Path) -> None:
    write(tmp_path, {f"{'f/' * 8}a.png": "x", f"{'f/' * 9}b.png": "x"})
    files, issues = walk_media(tmp_path)
    assert [file.path.name for file in files] == ["a.png"]
    assert issues == []


def test_file_that_became_a_link_or_a_pipe_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"secret": "x"})
    (tmp_path / "link.csv").symlink_to("secret")
    os.mkfifo(tmp_path / "pipe.csv")
    assert _refused(tmp_path / "link.csv").what == "this is a link"
    assert _refused(tmp_path / "pipe.csv").what == "this is no regular file"


def test_largest_file_is_read_and_a_larger_one_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert module.LARGEST_MEDIA == 20 * 1024 * 1024
    monkeypatch.setattr(module, "LARGEST_MEDIA", 4)
    write(tmp_path, {"a.csv": "1234", "b.csv": "12345"})
    assert read_media(_file(tmp_path / "a.csv")) == b"1234"
    issue = _refused(tmp_path / "b.csv")
    assert (issue.code, issue.what) == ("media_too_large", "the file is larger than 4 bytes")


def test_image_is_known_by_its_digest_and_its_size(tmp_path: Path) -> None:
    Image.new("RGB", (30, 20)).save(tmp_path / "a.png")
    media = examine(_file(tmp_path / "a.png"))
    assert media.digest == entity_tag((tmp_path / "a.png").read_bytes())
    assert media.name == "a.png"
    assert media.picture is not None
    assert (media.picture.width, media.picture.height) == (30, 20)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.pdf", b"%PDF-1.7\n"),
        ("a.csv", b"a,b\n"),
        ("a.ics", b"BEGIN:VCALENDAR\r\n"),
        ("a.vcf", b"\xef\xbb\xbfBEGIN:VCARD\r\n"),
    ],
)
def test_document_has_no_picture(tmp_path: Path, name: str, raw: bytes) -> None:
    write(tmp_path, {name: raw})
    assert examine(_file(tmp_path / name)).picture is None


@pytest.mark.parametrize("name", ["a.pdf", "a.ics", "a.vcf", "a.png", "a.jpeg", "a.avif"])
def test_file_that_is_not_what_its_ending_says_is_broken(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: "<script>alert(1)</script>"})
    assert _refused(tmp_path / name).code == "broken_media"


def test_image_of_too_many_pixels_is_too_large(tmp_path: Path) -> None:
    Image.new("1", (10_000, 5_001)).save(tmp_path / "a.png")
    issue = _refused(tmp_path / "a.png")
    assert issue.code == "media_too_large"
    assert issue.what == "the image has 10,000 by 5,001 pixels"
