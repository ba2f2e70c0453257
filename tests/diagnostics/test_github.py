"""Workflow commands: GitHub reads back what was meant, and a line of a file starts no command."""

import re

import pytest

from api.diagnostics.github import render
from api.errors import UNKNOWN_FIELD, Issue, Place
from tests.diagnostics.samples import AUTOR, BASE, THREE, TWICE, many

UNESCAPES = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Take a command apart as GitHub's runner does (ActionCommand.TryParseV2)."""
    matched = re.fullmatch("::([a-z]+) ([^:]*)::(.*)", line)
    assert matched, line
    name, given, data = matched.groups()
    pairs = (pair.split("=", 1) for pair in given.split(","))
    return name, {key: unescape(value) for key, value in pairs}, unescape(data)


def unescape(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda found: UNESCAPES[found.group()], text)


def commands(*issues: Issue) -> list[str]:
    *lines, last = render(issues, BASE).splitlines()
    assert not last.startswith("::")
    return lines


def test_issue_is_a_command_at_its_place() -> None:
    (line,) = commands(AUTOR)
    assert line.startswith(
        "::error file=content/articles/a.md,line=3,col=1,title=unknown_field::unknown field 'autor'"
    )
    assert read(line)[2].split("\n") == [
        "unknown field 'autor', did you mean 'author'?",
        "allowed: author, title",
        "to mend: remove the field, or write one of the allowed names",
    ]


def test_second_place_is_in_the_message() -> None:
    (line,) = commands(TWICE)
    assert "also at: content/articles/a.md:2:8" in read(line)[2].split("\n")


def test_errors_go_before_warnings() -> None:
    assert [line.split(" ", 1)[0] for line in commands(*reversed(THREE))] == [
        "::error",
        "::error",
        "::warning",
    ]


@pytest.mark.parametrize("odd", ["a,b:c%d", "50%0A", "::error::x", "é 日本"])
def test_signs_of_commands_come_back_as_they_were(odd: str) -> None:
    (line,) = commands(UNKNOWN_FIELD.at(Place(odd, 1, 1), odd))
    _, given, data = read(line)
    assert given["file"] == odd
    assert data.split("\n")[0] == odd


def test_line_break_of_a_file_ends_no_command() -> None:
    evil = "x\r\n::set-output name=a::b"
    assert len(commands(UNKNOWN_FIELD.at(Place(evil, 1, 1), evil, allowed=[evil]))) == 1


def test_sign_of_a_value_steers_no_log() -> None:
    issue = UNKNOWN_FIELD.at(Place("a", 1, 1), "\x1b[2J", allowed=["\x1b[2J"], nearest="\x1b[2J")
    assert "\x1b" not in "".join(commands(issue))


def test_all_issues_are_told_and_then_how_many_github_shows() -> None:
    issues = many(30, 10)
    assert len(commands(*issues)) == 300
    last = render(issues, BASE).splitlines()[-1]
    assert last == "300 errors in 30 files; GitHub shows 10 of each in a step"


def test_few_issues_are_counted_alone() -> None:
    assert render(THREE, BASE).splitlines()[-1] == "2 errors, 1 warning in 3 files"


def test_nothing_wrong_says_nothing() -> None:
    assert render((), BASE) == ""
