"""A Markdown file is split at its first two fences, and at no other line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import ContentError
from api.source.frontmatter import FrontMatter, split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("---\na: 1\n---\nb\n", FrontMatter("a: 1\n", 2, "b\n", 4), id="ordinary"),
        pytest.param("---\n---\nb", FrontMatter("", 2, "b", 3), id="no fields"),
        pytest.param("---\na: 1\n---", FrontMatter("a: 1\n", 2, "", 4), id="no Markdown"),
        pytest.param("--- \t\na: 1\n---  \nb", FrontMatter("a: 1\n", 2, "b", 4), id="spaces"),
        pytest.param(
            "---\na: 1\n---\nb\n\n---\n\nc\n---\n",
            FrontMatter("a: 1\n", 2, "b\n\n---\n\nc\n---\n", 4),
            id="a rule in the Markdown",
        ),
        pytest.param(
            "---\na: |\n  ---\n----\n--- b\n---\nc",
            FrontMatter("a: |\n  ---\n----\n--- b\n", 2, "c", 7),
            id="lines that are no fence",
        ),
    ],
)
def test_file_is_split_at_its_fences(text: str, parts: FrontMatter) -> None:
    assert split(text, "x.md") == parts


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("", "the first line is not '---'", id="empty"),
        pytest.param("# Title\n", "the first line is not '---'", id="only Markdown"),
        pytest.param("\n---\na: 1\n---\n", "the first line is not '---'", id="a line too late"),
        pytest.param("----\na: 1\n---\n", "the first line is not '---'", id="four hyphens"),
        pytest.param(
            "---", "no second line '---' closes the front matter that opens here", id="one fence"
        ),
        pytest.param(
            "---\na: 1\n ---\n",
            "no second line '---' closes the front matter that opens here",
            id="indented fence",
        ),
    ],
)
def test_missing_fence_is_told(text: str, what: str) -> None:
    with pytest.raises(ContentError) as caught:
        split(text, "x.md")
    (issue,) = caught.value.issues
    assert (str(issue.place), issue.what, issue.code) == ("x.md:1:1", what, "front_matter")


@given(st.text() | st.text("-\n a:") | st.text("-\n a:").map("---\n".__add__))
def test_any_text_is_split_without_a_loss_or_refused(text: str) -> None:
    try:
        parts = split(text, "x.md")
    except ContentError:
        return
    lines = text.split("\n")
    assert parts.yaml == "".join(line + "\n" for line in lines[1 : parts.markdown_line - 2])
    assert parts.markdown == "\n".join(lines[parts.markdown_line - 1 :])
    assert {lines[0].rstrip(), lines[parts.markdown_line - 2].rstrip()} == {"---"}
