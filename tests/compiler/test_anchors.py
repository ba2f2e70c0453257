"""Keys of sections and points: each is once in its page, whatever its file is written in."""

from pathlib import Path

import pytest

from tests.support import SMALL, Site

HEAD = "title: A\nbody: Text.\nsections:\n"


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        pytest.param(
            "  - key: a\n    points:\n      - {key: b, title: B, body: B.}\n"
            "      - {key: b, title: C, body: C.}\n",
            [((7, 15), (6, 15))],
            id="two points of a section",
        ),
        pytest.param(
            "  - key: a\n    points: [{key: x, title: B, body: B.}]\n"
            "  - key: b\n    points: [{key: x, title: B, body: B.}]\n",
            [((7, 20), (5, 20))],
            id="points of two sections",
        ),
        pytest.param(
            "  - key: a\n    points: [{key: a, title: B, body: B.}]\n",
            [((5, 20), (4, 10))],
            id="a point and its section",
        ),
        pytest.param(
            "  - {key: a, lead: A.}\n  - {key: a, lead: B.}\n",
            [((5, 11), (4, 11))],
            id="two sections, once",
        ),
        pytest.param(
            "  - key: a\n    points: [{key: b, title: B, body: B.}]\n  - {key: c, lead: C.}\n",
            [],
            id="different",
        ),
    ],
)
def test_key_that_a_page_has_twice_is_an_error(
    tmp_path: Path, sections: str, told: list[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    issues = Site(tmp_path, {**SMALL, "articles/a.yaml": HEAD + sections}).issues()
    assert {issue.code for issue in issues} <= {"duplicate_section_key"}
    assert [(tuple(issue.place)[1:], tuple(issue.other or ())[1:]) for issue in issues] == told


def test_equal_keys_of_two_pages_are_right(tmp_path: Path) -> None:
    section = "  - {key: a, lead: A.}\n"
    files = {**SMALL, "articles/a.yaml": HEAD + section, "articles/b.yaml": HEAD + section}
    assert Site(tmp_path, files).issues() == []
