"""The work of reading Markdown grows as the text does, and ends at bounds."""

import sys
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest

from api.errors import Place
from api.source.bounds import ISSUES
from api.source.markdown import NOTES_SIZE, TEXT_LENGTH, Origin, Places, parse
from api.source.markdown_tables import CELLS
from api.source.outline import parse_outline

ORIGIN = Origin(Place("x.md", 1, 1))
Make = Callable[[int], str]
"""Makes a text of about so many signs."""


def repeated(text: str) -> Make:
    return lambda size: (text * (size // len(text) + 1))[:size]


def counted(text: str, width: int) -> Make:
    """Repeat a text with a number in it, which makes each of its `width` signs another."""
    return lambda size: "".join(text.format(n) for n in range(size // width))


def joined(*parts: Make) -> Make:
    return lambda size: "\n\n".join(part(size // len(parts)) for part in parts)


def wide_table(columns: int, rows: int) -> str:
    """Make a table whose rows have one cell written of many."""
    return "|a" * columns + "|\n" + "|-" * columns + "|\n" + "|b\n" * (rows - 1)


HARD: dict[str, Make] = {
    **{
        text: repeated(text)
        for text in (
            *("## a\n", "### a\n", "#### a {#b}\n", "# a {", "<b>", "</b>", "é<b>", "<!--", "<?"),
            *("[", "![", "[]", "[a](", "](", "[a]: /b\n", "[a]:", "[a][", "[a](b:c)", "[](x)"),
            *("*a_ ", "*a **b ", "a**b", "_*", "~a ~~b ", "a~~b", "`a` ", "`", "*a* b ", "**"),
            *(">", "> ", "> a\n\n", "- ", "- a\n", "- > ", "- [ ] a\n", "1. ", "-\n", "1) a\n"),
            *("|", "|a|b|\n", "a|\n-|\n", "-|-\n", "[^1]", "[^1]: a\n\n", "![a](b.c)\n", "\\"),
            *("***\n", "```\n", "    a\n", "a\\\n", "&#1;", "\x01", "\t", "\n", "{", "=\n", "<a@"),
        )
    },
    "backticks of many lengths": lambda size: " ".join(
        "`" * n for n in range(1, int((2 * size) ** 0.5))
    ),
    "lists in lists": lambda size: "\n".join("  " * n + "- a" for n in range(int(size**0.5))),
    "links in links": lambda size: "[" * (size // 6) + "a" + "](b)" * (size // 6),
    "emphasis in emphasis": lambda size: "*" * (size // 2) + "a" + "*" * (size // 2),
    "many definitions": counted("[{0:06}]: /x\n\n[{0:06}]\n\n", 28),
    "unused definitions": counted("[{0:06}]: /x\n", 13),
    "quotes and definitions": joined(
        counted("[{0:06}]: /x\n\n", 14), counted("> [{0:06}]\n\na\n\n", 14)
    ),
    "many footnotes": counted("a[^{0:06}]\n\n[^{0:06}]: b\n\n", 29),
    "a footnote in many cells": joined(
        lambda _: "[^n]: b", lambda n: "|a|\n|-|\n" + "|[^n]|\n" * (n // 7)
    ),
    "many sections": counted("## a{0:06}\n\n### b{0:06}\n\n", 23),
    "many anchors": counted("#### a {{#b{0:06}}}\n\n", 19),
    "a wide table": lambda size: wide_table(size // 6, size // 9),
}


def calls(function: Callable[[str, Origin], Any], text: str) -> int:
    """Count the calls of functions, of Python's own too."""
    count = 0

    def note(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        function(text, ORIGIN)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("make", HARD.values(), ids=map(ascii, HARD))
@pytest.mark.parametrize("function", [parse, parse_outline])
def test_work_grows_as_the_text_does(make: Make, function: Callable[[str, Origin], Any]) -> None:
    assert calls(function, make(8_000)) < 5 * calls(function, make(2_000)) + 2_000


@pytest.mark.parametrize(
    "name",
    [
        *("## a\n", "<b>", "é<b>", "[a](b:c)", "![a](b.c)\n", "quotes and definitions"),
        *("many footnotes", "many anchors", "a wide table", "backticks of many lengths"),
    ],
)
def test_time_grows_as_the_text_does(name: str) -> None:
    def seconds(size: int) -> float:
        text = HARD[name](size)
        before = process_time()
        parse_outline(text, ORIGIN)
        return process_time() - before

    # Sixteen times the text would take 256 times as long if the way were quadratic.
    short = min(seconds(8_000) for _ in range(3))
    assert seconds(128_000) < 64 * max(short, 0.002)


@pytest.mark.parametrize("text", ["<b>", "## a\n", "[^1] ", "[](x)", "#### a {#b}\n\n"])
def test_issues_of_a_text_have_a_greatest_number(text: str) -> None:
    source = text * (65_536 // len(text))
    assert len(parse_outline(source, ORIGIN)[1]) == ISSUES
    assert len(parse(source, ORIGIN)[1]) <= ISSUES


def test_places_in_one_line_are_found_by_reading_it_once() -> None:
    read = 0

    class Watched(bytes):
        def __getitem__(self, part: Any) -> Any:
            nonlocal read
            found = super().__getitem__(part)
            read += len(found)
            return found

    places = Places(Watched(b"a" * 100_000), ORIGIN)
    assert [places.at(n).column for n in range(0, 100_000, 10)] == [*range(1, 100_001, 10)]
    assert read < 100_000
    assert places.at(5).column == 6


def test_nothing_is_read_behind_the_last_issue() -> None:
    few, many = ("<b> " * (ISSUES + extra) for extra in (1, 100 * ISSUES))
    assert calls(parse, many) < 2 * calls(parse, few)


@pytest.mark.parametrize("text", ["-\n", "*a* ", "`a` ", "a\n\n"])
def test_parts_of_a_text_have_a_greatest_number(text: str) -> None:
    (issue,) = parse(text * (TEXT_LENGTH // len(text)), ORIGIN)[1]
    assert issue.code == "too_many_values"
    words = "Some words of an example. " * 10 + "\n\n"
    assert not parse(words * (TEXT_LENGTH // len(words)), ORIGIN)[1]


def test_tables_of_a_text_have_a_greatest_number_of_cells() -> None:
    assert not parse(wide_table(100, CELLS // 100), ORIGIN)[1]
    (issue,) = parse(wide_table(100, CELLS // 100 + 1), ORIGIN)[1]
    assert (issue.code, issue.place.line) == ("too_many_values", CELLS // 100 + 2)
    two = wide_table(10, CELLS // 20) + "\n" + wide_table(10, CELLS // 20)
    assert not parse(two, ORIGIN)[1]
    assert [issue.code for issue in parse(two + "|c\n", ORIGIN)[1]] == ["too_many_values"]


def test_footnote_is_copied_up_to_a_bound() -> None:
    note = "word " * (TEXT_LENGTH // 10)
    uses = NOTES_SIZE // len(note) + 2
    sections = "".join(f"## a{n}\n\nb[^n]\n\n" for n in range(uses))
    _, issues = parse_outline(f"{sections}[^n]: {note}", ORIGIN)
    (issue,) = issues
    assert (issue.code, issue.place.line) == ("file_too_large", 4 * uses + 1)
    fewer = "".join(f"## a{n}\n\nb[^n]\n\n" for n in range(uses - 3))
    assert not parse_outline(f"{fewer}[^n]: {note}", ORIGIN)[1]
