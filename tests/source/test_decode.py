"""Bytes become text with an editor's lines, or are refused at the byte that is wrong."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import ContentError, Issue
from api.source.decode import decode


def refusal(raw: bytes) -> Issue:
    with pytest.raises(ContentError) as caught:
        decode(raw, "x.md")
    (issue,) = caught.value.issues
    return issue


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param(b"", "", id="empty"),
        pytest.param("Коментарі\t😀\n".encode(), "Коментарі\t😀\n", id="utf-8"),
        pytest.param(BOM_UTF8 + b"a\n", "a\n", id="byte order mark"),
        pytest.param(b"a\r\nb\rc\n\r\nd", "a\nb\nc\n\nd", id="line ends"),
        pytest.param("a\u2028b\x85c".encode(), "a\u2028b\x85c", id="no line ends of an editor"),
    ],
)
def test_utf_8_becomes_text_with_one_kind_of_line_end(raw: bytes, text: str) -> None:
    assert decode(raw, "x.md") == text


@pytest.mark.parametrize(
    ("raw", "place", "what"),
    [
        pytest.param(b"\xff", "x.md:1:1", "the byte 0xff is not UTF-8 text", id="no utf-8"),
        pytest.param(
            b"a\r\nb\rc\xe9 d", "x.md:3:2", "the byte 0xe9 is not UTF-8 text", id="latin-1"
        ),
        pytest.param(b"a\n\xf0\x9f", "x.md:2:1", "the byte 0xf0 is not UTF-8 text", id="cut short"),
        pytest.param(
            b"\xed\xa0\x80", "x.md:1:1", "the byte 0xed is not UTF-8 text", id="surrogate"
        ),
        pytest.param(
            "é\né\0".encode(), "x.md:2:2", "the byte 0x00 is a control character", id="NUL"
        ),
        pytest.param(b"a\x1b[0m", "x.md:1:2", "the byte 0x1b is a control character", id="escape"),
        pytest.param(
            BOM_UTF8 + b"\x0c", "x.md:1:1", "the byte 0x0c is a control character", id="after mark"
        ),
        pytest.param(
            BOM_UTF16_LE + b"a\0", "x.md:1:1", "the file is UTF-16, not UTF-8", id="little endian"
        ),
        pytest.param(
            BOM_UTF16_BE + b"\0a", "x.md:1:1", "the file is UTF-16, not UTF-8", id="big endian"
        ),
    ],
)
def test_wrong_byte_is_named_with_its_place(raw: bytes, place: str, what: str) -> None:
    issue = refusal(raw)
    assert (str(issue.place), issue.what, issue.code) == (place, what, "invalid_encoding")


@given(st.binary())
def test_any_bytes_are_read_or_refused_within_the_file(raw: bytes) -> None:
    try:
        text = decode(raw, "x.md")
    except ContentError as error:
        (issue,) = error.issues
        lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        assert 1 <= issue.place.line <= len(lines)
        assert 1 <= issue.place.column <= len(lines[issue.place.line - 1]) + 1
    else:
        assert "\r" not in text
        assert text.isprintable() or not any(sign < " " for sign in text if sign not in "\t\n")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n")))
def test_text_comes_back_as_it_was_saved(text: str) -> None:
    assert decode(BOM_UTF8 + text.encode(), "x.md") == text
