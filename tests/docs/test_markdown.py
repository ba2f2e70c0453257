"""The page on Markdown says what is true: what it shows is read, what it calls refused is told."""

import re

import pytest

from api.contract.rich_text import RICH_TEXT
from api.errors import Place
from api.source.markdown import Origin, parse
from tests.support import REPOSITORY

ORIGIN = Origin(Place("x.md", 1, 1))
PAGE = (REPOSITORY / "docs/reference/markdown.md").read_text(encoding="utf-8")
READ, REFUSED = (
    [
        found[2]
        for found in re.finditer(r"^(`{3,})markdown\n(.*?)^\1$", half, re.DOTALL | re.MULTILINE)
    ]
    for half in PAGE.split("\n## What is refused\n")
)


@pytest.mark.parametrize("source", READ)
def test_what_there_is_is_read(source: str) -> None:
    rich, issues = parse(source, ORIGIN)
    assert not issues
    assert rich.blocks


@pytest.mark.parametrize("source", REFUSED)
def test_what_is_refused_is_an_issue(source: str) -> None:
    assert parse(source, ORIGIN)[1]


@pytest.mark.parametrize("source", ["https://example.org", "some ~words~"])
def test_what_stays_plain_words_is_no_mark(source: str) -> None:
    (block,), issues = parse(source, ORIGIN)[0].blocks, parse(source, ORIGIN)[1]
    assert not issues
    assert block["markDefs"] == []
    assert block["children"] == [{"_type": "span", "_key": "b0s0", "text": source, "marks": []}]


def test_every_kind_of_block_is_shown() -> None:
    blocks = [block for source in READ for block in parse(source, ORIGIN)[0].blocks]
    assert {block["_type"] for block in blocks} == RICH_TEXT["BlockNode"]["x-block-types"].keys()
    assert len(REFUSED) > 8
