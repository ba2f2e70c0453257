"""The catalogue of what can be wrong: every kind has a name of its own and a way to mend it."""

import dataclasses
import re

import pytest

from api import errors
from api.errors import (
    EMPTY_SECTION,
    NOT_FOUND,
    PROBLEMS,
    UNKNOWN_FIELD,
    ContentError,
    Fault,
    IssueKind,
    Place,
    ProblemError,
    ProblemKind,
    nearest,
)

PLACE = Place("articles/a.md", 3, 7)
ISSUES = [value for value in vars(errors).values() if isinstance(value, IssueKind)]
KINDS = [value for value in vars(errors).values() if isinstance(value, ProblemKind)]


@pytest.mark.parametrize(
    ("word", "allowed", "found"),
    [
        pytest.param("titel", ["title", "summary"], "title", id="swapped letters"),
        pytest.param("Title", ["title"], "title", id="another case"),
        pytest.param("monday", ["Monday", "Sunday"], "Monday", id="the name as it is allowed"),
        pytest.param("xyz", ["title", "summary"], None, id="nothing close"),
        pytest.param("title", [], None, id="nothing allowed"),
        pytest.param("", ["title"], None, id="nothing written"),
        pytest.param("x" * 102, ["x" * 96], "x" * 96, id="long"),
        pytest.param("x" * 1_000_000, ["x" * 96], None, id="very long"),
        pytest.param("x" * 26, ["x" * 20], "x" * 20, id="six signs too many"),
        pytest.param("x" * 27, ["x" * 20], None, id="seven signs too many"),
        pytest.param("x" * 14, ["x" * 20], "x" * 20, id="six signs too few"),
        pytest.param("x" * 13, ["x" * 20], None, id="seven signs too few"),
    ],
)
def test_nearest_name_is_the_one_that_was_probably_meant(
    word: str, allowed: list[str], found: str | None
) -> None:
    assert nearest(word, allowed) == found


def test_place_reads_as_editors_and_terminals_know_it() -> None:
    assert str(PLACE) == "articles/a.md:3:7"


def test_issue_reads_as_one_line_with_its_place_and_code() -> None:
    issue = UNKNOWN_FIELD.at(PLACE, "unknown field 'autor'", nearest="author")
    assert str(issue) == (
        "articles/a.md:3:7 unknown field 'autor', did you mean 'author'? [unknown_field]"
    )


def test_issue_keeps_all_it_knows() -> None:
    other = Place("b.md", 1, 1)
    issue = UNKNOWN_FIELD.at(PLACE, "x", allowed=iter(["author", "title"]), other=other)
    assert (issue.allowed, issue.other) == (("author", "title"), other)


def test_warning_says_that_it_is_one() -> None:
    issue = EMPTY_SECTION.at(PLACE, "there is no text")
    assert not issue.is_error
    assert str(issue) == "articles/a.md:3:7 warning: there is no text [empty_section]"


def test_very_long_message_is_cut_but_for_what_was_meant() -> None:
    issue = UNKNOWN_FIELD.at(PLACE, "x" * 1_000_000, nearest="title")
    assert issue.message == "x" * 400 + "…, did you mean 'title'?"


def test_issues_sort_by_file_then_line_then_column_as_numbers() -> None:
    places = [("a.md", 2, 1), ("a.md", 10, 2), ("a.md", 10, 11), ("b.md", 1, 1)]
    issues = [UNKNOWN_FIELD.at(Place(*place), "x") for place in reversed(places)]
    ordered = sorted(issues, key=lambda issue: issue.order)
    assert [tuple(issue.place) for issue in ordered] == places


def test_content_error_carries_its_issues_and_reads_as_they_do() -> None:
    first, second = (UNKNOWN_FIELD.at(PLACE, what) for what in ("one", "two"))
    error = ContentError(first, second)
    assert error.issues == (first, second)
    assert str(error) == f"{first}\n{second}"


@pytest.mark.parametrize("kinds", [ISSUES, KINDS], ids=["issues", "problems"])
def test_codes_are_names_and_no_two_kinds_share_one(
    kinds: list[IssueKind] | list[ProblemKind],
) -> None:
    codes = [kind.code for kind in kinds]
    assert len(codes) >= 10
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", code) for code in codes)


@pytest.mark.parametrize("kind", ISSUES, ids=lambda kind: kind.code)
def test_every_kind_of_issue_says_how_to_mend_it_in_one_clause(kind: IssueKind) -> None:
    assert len(kind.mend) > 10
    assert kind.mend[0].islower()
    assert not kind.mend.endswith(".")


def test_every_kind_of_problem_is_in_the_catalogue_by_its_code() -> None:
    assert {code: PROBLEMS[code] for code in PROBLEMS} == {kind.code: kind for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_of_problem_has_an_error_status_and_a_meaning(kind: ProblemKind) -> None:
    assert 400 <= kind.status <= 599
    assert kind.title
    assert kind.meaning.endswith(".")


def test_catalogue_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        PROBLEMS["x"] = NOT_FOUND  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        NOT_FOUND.status = 200  # type: ignore[misc]


def test_problem_error_carries_what_the_answer_needs() -> None:
    fault = Fault("query", "limt", "unknown", ("limit",), "limit")
    error = ProblemError(NOT_FOUND, "there is no such page", fault, headers={"allow": "GET"})
    assert (error.kind, error.detail, error.faults) == (
        NOT_FOUND,
        "there is no such page",
        (fault,),
    )
    assert error.headers == {"allow": "GET"}
    assert str(error) == "there is no such page"
    assert ProblemError(NOT_FOUND, "x").headers == {}


def test_control_signs_of_a_value_cannot_forge_a_line_or_move_the_cursor() -> None:
    place = Place("a.md", 1, 1)
    issue = UNKNOWN_FIELD.at(place, "unknown field 'x\nb.md:1:1 fake \x1b[2J'")
    assert str(issue) == "a.md:1:1 unknown field 'x\\nb.md:1:1 fake \\x1b[2J' [unknown_field]"


def test_letters_of_every_script_are_shown_as_they_are() -> None:
    issue = UNKNOWN_FIELD.at(Place("ґ.md", 1, 1), "unknown field 'назва 日本'")
    assert str(issue).startswith("ґ.md:1:1 unknown field 'назва 日本' [")
