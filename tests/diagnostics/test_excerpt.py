"""The mark stands below its column, whatever the line has; no line steers a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from api.diagnostics.excerpt import CELLS, SIGNS, excerpt


@pytest.mark.parametrize(
    ("line", "column", "shown", "before"),
    [
        pytest.param("title: A", 8, "title: A", 7, id="plain"),
        pytest.param("title: A", 1, "title: A", 0, id="first"),
        pytest.param("title", 6, "title", 5, id="right behind the end"),
        pytest.param("title", 99, "title", 5, id="far behind the end"),
        pytest.param("", 1, "", 0, id="empty line"),
        pytest.param("\ta: \tb", 6, "    a:     b", 11, id="tabs"),
        pytest.param("日本: x", 5, "日本: x", 6, id="wide signs take two cells"),
        pytest.param("cafe\u0301: x", 8, "cafe\u0301: x", 6, id="combining signs take none"),
        pytest.param("cafe\u0301!", 5, "cafe\u0301!", 3, id="mark below a combining sign's base"),
        pytest.param("a\x1b[2Jb", 6, "a\\x1b[2Jb", 8, id="escape sequence"),
        pytest.param("a\x9b2Jb", 5, "a\\x9b2Jb", 7, id="C1 control sign"),
        pytest.param("a\u202eb", 3, "a\\u202eb", 7, id="sign of direction"),
        pytest.param("a\u200bb", 3, "a\\u200bb", 7, id="sign without width"),
        pytest.param("a\ufffdb", 2, "a\ufffdb", 1, id="byte that is not UTF-8"),
    ],
)
def test_line_is_shown_with_the_cells_before_the_column(
    line: str, column: int, shown: str, before: int
) -> None:
    assert excerpt(line, column) == (shown, before)


def test_long_line_is_cut_around_the_column() -> None:
    line = "a" * 5_000 + "X" + "b" * 5_000
    found = excerpt(line, 5_001)
    assert found.line == "…" + "a" * 40 + "X" + "b" * 58 + "…"
    assert found.line[found.before] == "X"


def test_long_line_is_not_cut_before_a_column_at_its_start() -> None:
    assert excerpt("X" + "b" * 5_000, 1).line == "X" + "b" * 99 + "…"


def test_long_line_is_not_cut_behind_a_column_at_its_end() -> None:
    assert excerpt("a" * 5_000 + "X", 5_001).line == "…" + "a" * 40 + "X"


def test_heap_of_combining_signs_is_bounded() -> None:
    found = excerpt("a" + "\u0301" * 1_000_000, 500_000)
    assert len(found.line) <= 2 * SIGNS + 2


@given(st.text(alphabet=st.characters(exclude_characters="\n")), st.integers(-3, 300))
def test_no_line_is_too_wide_or_holds_a_sign_that_steers(line: str, column: int) -> None:
    found = excerpt(line, column)
    assert found.line.isprintable()
    assert cell_len(found.line) <= CELLS + 1
    assert 0 <= found.before <= cell_len(found.line)
