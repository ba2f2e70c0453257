"""A report for people: every Issue with its line and a mark, readable at any number."""

import re
from collections.abc import Sequence
from io import StringIO

import pytest
from rich.console import Console

from api.diagnostics.text import ALLOWED, plain, render, summary
from api.errors import (
    INVALID_VALUE,
    NOT_A_FILE,
    UNKNOWN_FIELD,
    Issue,
    Place,
)
from tests.diagnostics.samples import AUTOR, THREE, TWICE, WARNING, many, of

TEXTS = {
    "content/articles/a.md": "---\ntitle: A\nautor: ann\n---\n",
    "content/b.yaml": "x: 1\n",
}


def told(*issues: Issue) -> str:
    return plain(render(issues, of(TEXTS)))


def test_issue_is_told_with_its_line_a_mark_and_how_to_mend_it() -> None:
    assert told(AUTOR) == (
        "content/articles/a.md:3:1 unknown field 'autor', did you mean 'author'? [unknown_field]\n"
        "      3 | autor: ann\n"
        "        | ^\n"
        "    allowed: author, title\n"
        "    to mend: remove the field, or write one of the allowed names\n"
        "\n"
        "1 error in 1 file\n"
    )


def test_second_place_is_told_with_its_line() -> None:
    assert told(TWICE) == (
        "content/b.yaml:1:1 x: 100%, y [unknown_field]\n"
        "      1 | x: 1\n"
        "        | ^\n"
        "    also at: content/articles/a.md:2:8\n"
        "      2 | title: A\n"
        "        |        ^\n"
        "    to mend: remove the field, or write one of the allowed names\n"
        "\n"
        "1 error in 1 file\n"
    )


def test_files_stand_apart_and_warnings_say_that_they_are() -> None:
    lines = told(*THREE).split("\n")
    heads = [number for number, line in enumerate(lines) if line.startswith("content/")]
    assert [lines[number - 1] for number in heads[1:]] == ["", ""]
    assert lines[heads[0]] == "content/a.yaml:9:2 warning: there is no text [empty_section]"
    assert lines[-2] == "2 errors, 1 warning in 3 files"


def test_file_that_cannot_be_read_is_told_without_a_line() -> None:
    assert "|" not in told(WARNING)


def test_no_line_is_shown_where_the_file_itself_is_out_of_place() -> None:
    issue = NOT_A_FILE.at(Place("content/b.yaml", 1, 1), "this is a link")
    assert "x: 1" not in told(issue)


def test_help_is_told_where_it_helps_first() -> None:
    again = UNKNOWN_FIELD.at(Place("content/articles/a.md", 4, 1), "z", allowed=AUTOR.allowed)
    other = UNKNOWN_FIELD.at(Place("content/c.yaml", 4, 1), "z", allowed=["name"])
    helps = [
        line.strip() for line in told(AUTOR, again, other, WARNING).splitlines() if ": " in line
    ]
    assert [line for line in helps if line.startswith(("allowed", "to mend"))] == [
        "to mend: write the text below the heading, or take it out",
        "allowed: author, title",
        "to mend: remove the field, or write one of the allowed names",
        "allowed: name",
    ]


def test_long_list_of_allowed_values_is_cut_with_a_count() -> None:
    issue = INVALID_VALUE.at(Place("a", 1, 1), "x", allowed=[f"v{n}" for n in range(1_000)])
    assert f"v{ALLOWED - 1}, … and 980 more\n" in told(issue)


def test_nothing_of_a_file_or_its_name_steers_a_terminal() -> None:
    evil = "\x1b]0;x\x07\r\u202e\n"
    issue = UNKNOWN_FIELD.at(
        Place(f"a{evil}", 1, 1), evil, allowed=[evil], nearest=evil, other=Place(evil, 1, 1)
    )
    lines = plain(render([issue] * 30, lambda _: evil.replace("\n", ""))).split("\n")
    assert all(line.isprintable() for line in lines)
    assert sum(line.startswith("a\\x1b") for line in lines) == 10


def test_place_is_what_a_terminal_makes_clickable() -> None:
    assert re.match(r"^content/articles/a\.md:3:1 ", told(AUTOR))


@pytest.mark.parametrize(
    ("issues", "most"),
    [
        pytest.param(many(1, 200), 60, id="200 in one file"),
        pytest.param(many(200, 1), 470, id="200 in 200 files"),
        pytest.param(many(5_000, 2), 470, id="10,000 in 5,000 files"),
        pytest.param(many(10_000, 1), 470, id="10,000 in 10,000 files"),
    ],
)
def test_many_issues_stay_readable(issues: Sequence[Issue], most: int) -> None:
    lines = plain(render(issues, lambda _: "a line")).splitlines()
    assert len(lines) <= most
    assert lines[-1] == summary(issues)


def test_two_hundred_mistakes_in_a_file_are_grouped_and_counted() -> None:
    lines = plain(render([*many(1, 160), *many(1, 40, "missing"), WARNING], of({}))).splitlines()
    assert lines[-13:] == [
        "    … and 30 more of missing_field in this file",
        "    … and 150 more of unknown_field in this file",
        "",
        "  errors  warnings  code",
        "     160         0  unknown_field",
        "      40         0  missing_field",
        "       0         1  empty_section",
        "",
        "  errors  warnings  file",
        "     200         0  content/topics/t00000.yaml",
        "       0         1  content/a.yaml",
        "",
        "200 errors, 1 warning in 2 files",
    ]


def test_files_that_are_not_shown_are_counted() -> None:
    text = plain(render(many(5_000, 2), of({})))
    shown = len(re.findall(r"^content/topics", text, re.MULTILINE))
    (more,) = re.findall(r"^… and ([\d,]+) more in [\d,]+ more files$", text, re.MULTILINE)
    in_files = sum(map(int, re.findall(r"and (\d+) more of", text)))
    assert shown + in_files + int(more.replace(",", "")) == 10_000
    assert "       …         …  4,980 more files\n" in text


def test_colours_are_for_terminals() -> None:
    for terminal in (True, False):
        stream = StringIO()
        console = Console(
            file=stream,
            force_terminal=terminal,
            soft_wrap=True,
            highlight=False,
            markup=False,
            width=40,
            _environ={"TERM": "xterm-256color"},
        )
        for line in render(THREE, of(TEXTS)):
            console.print(line)
        said = stream.getvalue()
        assert ("\x1b[31m" in said, "\x1b[33m" in said) == (terminal, terminal)
        bare = re.sub(r"\x1b\[[\d;]*m", "", said)
        assert bare == told(*THREE)
