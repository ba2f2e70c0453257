"""Of many Issues some are shown and all are counted; none is hidden behind another kind."""

from hypothesis import given
from hypothesis import strategies as st

from api.diagnostics.selection import IN_FILE, IN_REPORT, select
from api.errors import EMPTY_SECTION, MISSING_FIELD, UNKNOWN_FIELD, Place
from tests.diagnostics.samples import THREE, many


def test_few_issues_are_all_shown_by_file_and_place() -> None:
    files = select(THREE)
    assert [file.path for file in files] == sorted(file.path for file in files)
    assert {issue for file in files for issue in file.shown} == set(THREE)
    assert not any(file.more for file in files)


def test_of_one_code_in_one_file_the_first_are_shown() -> None:
    (file,) = select(many(1, 200))
    assert [issue.place.line for issue in file.shown] == list(range(1, IN_FILE + 1))
    assert file.more == {"unknown_field": 200 - IN_FILE}


def test_error_is_shown_behind_thousands_of_warnings() -> None:
    warnings = [EMPTY_SECTION.at(Place(f"a{n:05}.md", 1, 1), "x") for n in range(5_000)]
    error = UNKNOWN_FIELD.at(Place("z.md", 1, 1), "y")
    assert error in [issue for file in select([*warnings, error]) for issue in file.shown]


def test_warnings_have_the_room_that_errors_leave() -> None:
    warnings = [EMPTY_SECTION.at(Place(f"a{n:05}.md", 1, 1), "x") for n in range(5_000)]
    for errors in (60, 600):
        files = select([*warnings, *many(errors, 1)])
        shown = [issue.is_error for file in files for issue in file.shown]
        assert (sum(shown), len(shown)) == (min(errors, IN_REPORT), IN_REPORT)


def test_code_that_occurs_once_is_shown_behind_thousands_of_another() -> None:
    rare = MISSING_FIELD.at(Place("z.md", 1, 1), "y")
    assert rare in [issue for file in select([*many(5_000, 1), rare]) for issue in file.shown]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20), st.booleans()), max_size=400))
def test_what_is_shown_and_what_is_counted_is_everything(
    made: list[tuple[int, int, bool]],
) -> None:
    kinds = (UNKNOWN_FIELD, EMPTY_SECTION)
    issues = [kinds[kind].at(Place(f"{file}.md", line, 1), "x") for file, line, kind in made]
    files = select(issues)
    shown = [issue for file in files for issue in file.shown]
    assert len(shown) <= IN_REPORT
    assert len(shown) + sum(file.more.total() for file in files) == len(issues)
