"""Which files may stand beside the content."""

import re

import pytest

from schemas.media import IMAGES, KINDS, NAME_PATTERN, kind_of


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.png", "image/png"),
        ("IMG_1.JPG", "image/jpeg"),
        ("a.b.jpeg", "image/jpeg"),
        ("a.pdf", "application/pdf"),
    ],
)
def test_ending_says_the_kind(name: str, media_type: str) -> None:
    kind = kind_of(name)
    assert kind is not None
    assert kind.media_type == media_type


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.txt", "a.js", "a.png.exe", "png", ".png"])
def test_other_endings_say_none(name: str) -> None:
    assert kind_of(name) is None


def test_only_what_browsers_show_safely_is_inline() -> None:
    inline = {ending for ending, kind in KINDS.items() if kind.inline}
    assert inline == {*IMAGES, ".pdf"}


@pytest.mark.parametrize("name", ["a.png", "A1-b_c.png", "0"])
def test_safe_names_match(name: str) -> None:
    assert re.fullmatch(NAME_PATTERN, name)


@pytest.mark.parametrize("name", ["", ".a", "-a", "a b", "a/b", "..", "a\n", 'a"b', "é.png"])
def test_other_names_do_not_match(name: str) -> None:
    assert not re.fullmatch(NAME_PATTERN, name)
