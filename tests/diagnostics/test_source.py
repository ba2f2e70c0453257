"""A report shows a line as the file has it; what cannot be read has none, and stops nothing."""

import os
from pathlib import Path

import pytest

from api.diagnostics.source import source_lines
from api.errors import Place


def line(path: Path, number: int = 1) -> str | None:
    return source_lines()(Place(str(path), number, 1))


@pytest.mark.parametrize(
    ("raw", "number", "shown"),
    [
        pytest.param(b"one\ntwo\n", 2, "two", id="line feed"),
        pytest.param(b"one\r\ntwo\rthree", 3, "three", id="other line ends"),
        pytest.param(b"\xef\xbb\xbfone", 1, "one", id="byte order mark"),
        pytest.param(b"a\xffb", 1, "a\ufffdb", id="byte that is not UTF-8"),
        pytest.param(b"one\n", 2, "", id="line behind the last line end"),
        pytest.param(b"one\n", 3, None, id="line that is not there"),
        pytest.param(b"a\x0cb\x85c\n", 1, "a\x0cb\ufffdc", id="line ends of other standards"),
        pytest.param(b"x" * 1_048_577, 1, None, id="file that is too large"),
    ],
)
def test_line_is_the_one_that_an_editor_counts(
    tmp_path: Path, raw: bytes, number: int, shown: str | None
) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(raw)
    assert line(file, number) == shown


def test_image_has_no_line(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"one\n")
    assert line(tmp_path / "a.png") is None


def test_what_is_no_regular_file_has_no_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("secret\n")
    (tmp_path / "link").symlink_to("file")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", ".", "gone", "a\0b"):
        assert line(tmp_path / name) is None, name
