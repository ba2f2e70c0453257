"""Every kind of Issue has an example: a wrong file gives its code alone, a right one nothing."""

import json
import re
from functools import cache

import jsonschema_rs
import pytest

from api import errors
from api.diagnostics import github, selection, text
from api.errors import IssueKind
from docs.issue_examples import Example, check_right, check_wrong, load
from docs.issues_page import as_words
from tests.support import REPOSITORY

FOLDER = REPOSITORY / "docs" / "issues"
KINDS = [kind for kind in vars(errors).values() if isinstance(kind, IssueKind)]
CODES = [kind.code for kind in KINDS]
PAGE = (REPOSITORY / "docs/reference/issues.md").read_text(encoding="utf-8")


@cache
def example(code: str) -> Example:
    return load(FOLDER / f"{code}.yaml")


SHOWN = [code for code in CODES if (FOLDER / f"{code}.yaml").exists() and not example(code).says]


def test_each_file_of_examples_is_that_of_a_code() -> None:
    assert sorted(file.name for file in FOLDER.iterdir()) == sorted(
        f"{code}.yaml" for code in CODES
    )


def test_example_is_files_or_words() -> None:
    for code in CODES:
        one = example(code)
        assert bool(one.says) != bool(one.file and one.wrong and one.right), code


@pytest.mark.parametrize("code", SHOWN)
def test_wrong_example_gives_its_code_alone(code: str) -> None:
    assert {issue.code for issue in check_wrong(example(code)).issues} == {code}


@pytest.mark.parametrize("code", SHOWN)
def test_right_example_gives_nothing(code: str) -> None:
    assert [str(issue) for issue in check_right(example(code)).issues] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_page_tells_each_kind_with_what_keypoint_says(kind: IssueKind) -> None:
    _, heading, part = PAGE.partition(f"\n## {kind.code}\n")
    assert heading
    following = dict(zip(CODES, [*CODES[1:], None], strict=True))[kind.code]
    told = part.partition(f"\n## {following}\n")[0]
    assert told.strip().startswith(f"{kind.severity.capitalize()}.")
    assert f"To mend: {as_words(kind.mend)}." in told
    if not example(kind.code).says:
        assert check_wrong(example(kind.code)).said in told


def test_page_of_the_command_shows_a_document_of_its_schema_and_the_bounds() -> None:
    page = (REPOSITORY / "docs/reference/check.md").read_text(encoding="utf-8")
    schema = json.loads((REPOSITORY / "docs/reference/check.schema.json").read_text("utf-8"))
    (shown,) = re.findall("^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    jsonschema_rs.Draft202012Validator(schema).validate(json.loads(shown))
    words = " ".join(page.split())
    assert f"of one code in one file the first {selection.IN_FILE} are shown" in words
    assert f"in all {selection.IN_REPORT} are shown" in words
    assert f"from {text.TABLE_FROM} Issues on a table" in words
    assert f"for the {text.FILES} files" in words
    assert f"the first {github.SHOWN_BY_GITHUB} errors" in words
