"""What is read at a glance becomes what it becomes step by step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import Issue, Place
from api.source import markdown_blocks
from api.source.markdown import Origin
from api.source.outline import Outlined, parse_outline

ORIGIN = Origin(Place("x.md", 4, 1))
WORDS = st.sampled_from(
    [
        *(
            "plain",
            "Слово",
            "it's",
            "e\u0301",
            "\u00a0",
            "\x7f",
            "\\#",
            "#",
            "&amp;",
            "a  \nb",
            "a\nb",
        ),
        *("*em*", "`code`", "[a](/a)", "[^1]", "[^2]", "<b>", "~5~", "![alt](a.jpg)", "\t", "|"),
    ]
)
LINES = st.lists(WORDS, max_size=3).map(" ".join)
MARKERS = st.sampled_from(
    ["", "", "# ", "## ", "##\t", "### ", "  ### ", "#### ", "- ", "1. ", "> ", "    ", "[^1]: "]
)
ENDS = st.sampled_from(
    ["", "", " {#key}", " {.ordered}", " {}", " {#a .b}", " ##", "\n---", "\n==="]
)
BLOCKS = st.tuples(MARKERS, LINES, ENDS).map("".join)


def step_by_step(text: str) -> tuple[Outlined, list[Issue]]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(markdown_blocks, "plain", lambda *_: None)
        return parse_outline(text, ORIGIN)


@given(st.lists(BLOCKS, max_size=8).map("\n\n".join))
def test_plain_block_is_what_it_would_be_step_by_step(text: str) -> None:
    assert parse_outline(text, ORIGIN) == step_by_step(text)


@pytest.mark.parametrize(
    "text", ["words", "## Title {#key}\n\nwords\n\n### Point\n\n#### Deeper {#a}"]
)
def test_plain_blocks_are_read_at_a_glance(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError

    expected = parse_outline(text, ORIGIN)
    monkeypatch.setattr(markdown_blocks.Reader, "_take", refused)
    assert parse_outline(text, ORIGIN) == expected


@pytest.mark.parametrize(
    ("events", "line"),
    [(11, None), (10, 8), (9, 8), (8, 8), (7, 6), (5, 6), (4, 6), (3, 6), (2, 4), (0, 4)],
)
def test_events_are_counted_where_they_are_looked_ahead_at(
    events: int, line: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(markdown_blocks, "EVENTS", events)
    _, issues = parse_outline("one\n\n*two*\n\nthree", ORIGIN)
    assert [issue.place.line for issue in issues] == ([] if line is None else [line])
