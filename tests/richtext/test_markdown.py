from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import Place
from api.richtext.draft import CodeDraft, Draft, Link, ListKind, Piece, TextDraft
from api.richtext.markdown import render_markdown
from api.source.markdown import Origin, parse

if TYPE_CHECKING:
    from api.richtext.blocks import Blocks

ORIGIN = Origin(Place("x.md", 1, 1))
SIGNS = "*_[]()<>&#`~-+.1!|\\\n {}:=$^\"'a;x"

words = st.text(
    st.one_of(st.sampled_from(SIGNS), st.characters(exclude_categories=["Cc", "Cs"])),
    min_size=1,
)
marks = st.sets(st.sampled_from(("strong", "em", "code"))).map(
    lambda chosen: tuple(mark for mark in ("strong", "em", "code") if mark in chosen)
)
links = st.builds(
    Link,
    st.sampled_from(("/a", "#b", "https://e.org/?a=1&amp;b=(2)_*`<[x]>", "mailto:a@b.c", "/)(")),
    st.one_of(st.just(""), st.text(st.sampled_from(SIGNS + "\r"), min_size=1)),
)


@st.composite
def texts(draw: st.DrawFn, style: str, kind: ListKind | None = None, level: int = 0) -> TextDraft:
    draft = TextDraft(style, kind, level)
    for _ in range(draw(st.integers(0 if kind or style[0] == "h" else 1, 5))):
        if linked := draw(st.booleans()):
            draft.links.append(draw(links))
        for _ in range(draw(st.integers(1, 3)) if linked else 1):
            text, chosen = draw(words), draw(marks)
            if "code" in chosen:
                # CommonMark cannot write code with `]:` in a link that begins a paragraph: the
                # line is a link definition, whatever stands in backticks.
                text = text.replace("\n", " ").replace("\r", " ").replace("]:", "] :")
            draft.pieces.append(Piece(text, chosen, len(draft.links) - 1 if linked else None))
    return draft


@st.composite
def drafts(draw: st.DrawFn) -> list[Draft]:
    made: list[Draft] = []
    level = 0
    for shape in draw(st.lists(st.sampled_from(("text", "quote", "heading", "code", "item")))):
        if shape == "item":
            level = draw(st.integers(1, level + 1))
            made.append(draw(texts("normal", draw(st.sampled_from(("bullet", "number"))), level)))
            continue
        level = 0
        if shape == "code":
            code = draw(st.text(st.sampled_from("ab`~ \n\t<&")))
            made.append(CodeDraft(draw(st.sampled_from(("", "python", "c++"))), code))
        else:
            style = {"text": "normal", "quote": "blockquote"}.get(shape) or draw(
                st.sampled_from(("h1", "h2", "h6"))
            )
            made.append(draw(texts(style)))
    return made


def blocks_of(*made: Draft) -> "Blocks":
    return tuple(draft.block(index) for index, draft in enumerate(made))


@given(drafts())
def test_markdown_of_blocks_parses_back_to_the_same_blocks(made: list[Draft]) -> None:
    blocks = blocks_of(*made)
    again, issues = parse(render_markdown(blocks), ORIGIN)
    assert not issues
    assert again.blocks == blocks


def inline(source: str) -> str:
    blocks, issues = parse(source, ORIGIN)
    assert not issues
    return render_markdown(blocks_from(blocks.blocks))


def blocks_from(blocks: object) -> "Blocks":
    return cast("Blocks", blocks)


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("plain words, 443-559-8354 & more!", "plain words, 443-559-8354 & more!"),
        ("__strong__ and _em_", "**strong** and *em*"),
        ("***both***", "**_both_**"),
        ("*a **b** c*", "*a __b__ c*"),
        ("in*tra*word", "in*tra*word"),
        ("&#120;**(a)**&#121;", "&#120;**(a)**&#121;"),
        ("&#120;_a_ y", "x*a* y"),
        ("**a&#97;_b_&#97;c**", "**a&#97;_b_&#97;c**"),
        ("&#97;**&#32;b**", "&#97;**&#32;b**"),
        ("**a***b*", "**a**_b_"),
        ("``a ` b`` ` `` `", "``a ` b`` ` `` `"),
        ("[a **b**](/x 'it is \"so\"')", '[a **b**](/x "it is \\"so\\"")'),
        ("**a [b](/x) c**", "**a [b](/x) c**"),
        ("wow&#33;[a](/x)", "wow&#33;[a](/x)"),
        ("1986\\. A year", "1986\\. A year"),
        ("\\- no list", "\\- no list"),
        ("a  \n\\# b", "a\\\n\\# b"),
        ("a&#32;\\\n&#32;b", "a&#32;\\\n&#32;b"),
        ("&#32;a&#32;", "&#32;a&#32;"),
        ("[**a**&#10;](/x)", "[**a**&#10;](/x)"),
        ("## a&#10;b", "## a&#10;b"),
        ("` `` `", "` `` `"),
        ("`` ` ``", "`` ` ``"),
        ("`  a  `", "`  a  `"),
        ("# a \\{b\\} \\#", "# a \\{b\\} \\#"),
        ("#", "#"),
    ],
)
def test_marks_are_written_in_one_way(source: str, written: str) -> None:
    assert inline(source) == written


@pytest.mark.parametrize(
    "source",
    [
        "- a\n- b\n  1. c\n  2. d\n     - e\n- f",
        "- a\n\n1. b",
        "- a\n\n  -\n  - b",
        "-\n  -\n    - a",
        "> a\n> b\n>\n> c",
        "a\n\n```python\nx = 1\n```\n\n## b",
        "````\n```\n````",
        "```\n```",
    ],
)
def test_blocks_are_written_as_an_editor_would(source: str) -> None:
    assert inline(source) == source.replace("> a\n> b", "> a b")


def test_item_of_several_lines_keeps_its_indent() -> None:
    assert inline("1. a\\\n   b") == "1. a\\\n   b"


def test_unknown_block_is_written_as_its_fallback() -> None:
    blocks = blocks_from(
        [
            {"_type": "map", "_key": "b0", "fallback": {"text": "A *map*", "html": "<p>A map</p>"}},
            {"_type": "map", "_key": "b1"},
            {"_type": "block", "_key": "b2", "style": "normal", "markDefs": [], "children": []},
        ]
    )
    assert render_markdown(blocks) == r"A \*map\*"


def test_unknown_marks_are_left_out() -> None:
    spans = [
        {"_type": "span", "_key": "s0", "text": "a", "marks": ["underline"]},
        {"_type": "span", "_key": "s1", "text": "b", "marks": ["missing-link"]},
    ]
    block = {"_type": "block", "_key": "b0", "style": "normal", "markDefs": [], "children": spans}
    assert render_markdown(blocks_from([block])) == "ab"


def test_link_without_an_address_stays_a_link() -> None:
    draft = TextDraft("normal", pieces=[Piece("a", (), 0)], links=[Link("")])
    assert render_markdown(blocks_of(draft)) == "[a](<>)"
