from typing import TYPE_CHECKING, cast

import pytest

from api.errors import Place
from api.richtext.text import render_text
from api.source.markdown import Origin, parse

if TYPE_CHECKING:
    from api.richtext.blocks import Blocks


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("# A\n\nb **c** [d](/x)\\\n`e`", "A\n\nb c d\ne"),
        ("> a\n>\n> b", "a\n\nb"),
        ("- a\\\n  b\n- c\n  1. d\n  2. e\n- f", "- a\n  b\n- c\n  1. d\n  2. e\n- f"),
        ("```\na\n  b\n```\n\nc", "a\n  b\n\nc"),
    ],
)
def test_text_has_the_words_alone(source: str, text: str) -> None:
    blocks, issues = parse(source, Origin(Place("x.md", 1, 1)))
    assert not issues
    assert render_text(cast("Blocks", blocks.blocks)) == text


def test_unknown_block_shows_its_fallback() -> None:
    blocks = [
        {"_type": "map", "_key": "b0", "fallback": {"text": "A map", "html": "<p>A map</p>"}},
        {"_type": "map", "_key": "b1"},
    ]
    assert render_text(cast("Blocks", blocks)) == "A map"
