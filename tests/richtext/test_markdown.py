from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import Place
from api.richtext.draft import (
    CodeDraft,
    Draft,
    ImageDraft,
    Link,
    ListKind,
    NoteMark,
    Piece,
    RuleDraft,
    TableDraft,
    TextDraft,
    footnote,
)
from api.richtext.markdown import render_markdown
from api.source.markdown import Origin, parse
from tests.documents import fragments

if TYPE_CHECKING:
    from api.richtext.blocks import Alignment, Block, Blocks

ORIGIN = Origin(Place("x.md", 1, 1))
SIGNS = "*_[]()<>&#`~-+.1!|\\\n {}:=$^\"'a;x"

words = st.text(
    st.one_of(st.sampled_from(SIGNS), st.characters(exclude_categories=["Cc", "Cs"])),
    min_size=1,
)
ALIGNMENTS: tuple["Alignment | None", ...] = (None, "left", "center", "right")
MARKS = ("strong", "em", "strike-through", "code")
marks = st.sets(st.sampled_from(MARKS)).map(
    lambda chosen: tuple(mark for mark in MARKS if mark in chosen)
)
links = st.builds(
    Link,
    st.sampled_from(
        (
            *("/a", "#b", "https://e.org/?a=1&amp;b=(2)_*`<[x]>|", "mailto:a@b.c", "/)("),
            *("article:a-b#c", "../a_b_/c.md", "a(1).pdf"),
        )
    ),
    st.one_of(st.just(""), st.text(st.sampled_from(SIGNS + "\r"), min_size=1)),
)


def no_code(chosen: tuple[str, ...]) -> bool:
    return "code" not in chosen


@st.composite
def texts(
    draw: st.DrawFn,
    style: str,
    kind: ListKind | None = None,
    level: int = 0,
    notes: tuple[str, ...] = (),
) -> TextDraft:
    draft = TextDraft(style, kind, level)
    if kind:
        draft.checked = draw(st.sampled_from((None, True, False)))
    if style[0] == "h":
        draft.anchor = draw(st.sampled_from((None, "a-1")))
    for _ in range(draw(st.integers(0 if kind or style[0] == "h" else 1, 5))):
        if notes and draw(st.integers(0, 4)) == 0:
            draft.pieces.append(Piece("", draw(marks.filter(no_code)), len(draft.links)))
            draft.links.append(NoteMark(draw(st.sampled_from(notes))))
            continue
        if linked := draw(st.booleans()):
            if draft.links and isinstance(draft.links[-1], NoteMark) and not draft.pieces[-1].text:
                # No Markdown has a link right behind the mark of a footnote.
                draft.pieces.append(Piece(draw(words)))
            draft.links.append(draw(links))
        for _ in range(draw(st.integers(1, 3)) if linked else 1):
            text, chosen = draw(words), draw(marks)
            if "code" in chosen:
                text = text.replace("\n", " ").replace("\r", " ")
            draft.pieces.append(Piece(text, chosen, len(draft.links) - 1 if linked else None))
    return draft


@st.composite
def tables(draw: st.DrawFn, notes: tuple[str, ...]) -> TableDraft:
    width, height = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    align = draw(st.lists(st.sampled_from(ALIGNMENTS), min_size=width, max_size=width))
    cells = [[draw(texts("h", notes=notes)) for _ in range(width)] for _ in range(height)]
    return TableDraft(align, cells)


images = st.builds(
    ImageDraft,
    st.sampled_from(("a.png", "../b_c_/d-(1).jpg", "./*.webp")),
    words.map(lambda text: " ".join(text.split())).filter(bool),
    st.one_of(st.just(""), st.text(st.sampled_from(SIGNS), min_size=1)),
)
SHAPES = ("text", "quote", "heading", "code", "rule", "image", "table", *("item",) * 4)


@st.composite
def drafts(draw: st.DrawFn, notes: tuple[str, ...]) -> list[Draft]:
    made: list[Draft] = []
    kinds: list[ListKind] = []
    anchored = False
    for shape in draw(st.lists(st.sampled_from(SHAPES))):
        if shape == "item":
            level = draw(st.integers(1, len(kinds) + 1))
            # Deeper than its first item, a list is of one kind: there is no second one in an item.
            kinds = kinds[:level]
            if len(kinds) < level:
                kinds.append(draw(st.sampled_from(("bullet", "number"))))
            elif level == 1:
                kinds = [draw(st.sampled_from(("bullet", "number")))]
            made.append(draw(texts("normal", kinds[-1], level, notes)))
            continue
        kinds = []
        match shape:
            case "code":
                code = draw(st.text(st.sampled_from("ab`~ \n\t<&")))
                made.append(CodeDraft(draw(st.sampled_from(("", "python", "c++"))), code))
            case "rule":
                made.append(RuleDraft())
            case "image":
                made.append(draw(images))
            case "table":
                made.append(draw(tables(notes)))
            case _:
                style = {"text": "normal", "quote": "blockquote"}.get(shape) or draw(
                    st.sampled_from(("h1", "h2", "h6"))
                )
                draft = draw(texts(style, notes=notes))
                draft.anchor = None if anchored else draft.anchor
                anchored = anchored or draft.anchor is not None
                made.append(draft)
    return made


@st.composite
def rich_texts(draw: st.DrawFn) -> "Blocks":
    notes = {label: draw(texts("footnote")) for label in ("1", "2")}
    return blocks_of(*draw(drafts((*notes,))), notes=notes)


def blocks_of(*made: Draft, notes: Mapping[str, TextDraft] = MappingProxyType({})) -> "Blocks":
    labels = dict.fromkeys(label for draft in made for label in draft.labels)
    numbers = {label: number for number, label in enumerate(labels, 1)}
    blocks: list[Block] = [draft.block(index, numbers) for index, draft in enumerate(made)]
    blocks.extend(
        footnote(notes[label], len(made) + index, index + 1) for index, label in enumerate(labels)
    )
    return tuple(blocks)


@given(rich_texts())
def test_markdown_of_blocks_parses_back_to_the_same_blocks(blocks: "Blocks") -> None:
    again, issues = parse(render_markdown(blocks), ORIGIN)
    assert not issues
    assert again.blocks == blocks


@given(fragments())
def test_markdown_of_what_was_read_is_read_as_the_same(source: str) -> None:
    rich, issues = parse(source, ORIGIN)
    if not issues:
        again, issues = parse(render_markdown(blocks_from(rich.blocks)), ORIGIN)
        assert not issues
        assert again.blocks == rich.blocks


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


@pytest.mark.parametrize(
    ("code", "after"),
    [
        ("a]: b", ""),
        ("a]:", ""),
        ("a]:b", ""),
        ("]:", "\nb"),
        ('a]: b "c', '"'),
        ('a]: b "c', '\n"\nd'),
        ("a]: b 'c", " 'd'\ne"),
        ("a]: b (c", ")"),
        ("a]: <b", ">\n>"),
    ],
)
def test_code_in_a_link_at_the_start_is_no_link_definition(code: str, after: str) -> None:
    pieces = [Piece(code, ("code",), 0), *([Piece(after)] if after else [])]
    blocks = blocks_of(TextDraft("normal", pieces=pieces, links=[Link("/x")]))
    again, issues = parse(render_markdown(blocks), ORIGIN)
    assert not issues
    assert again.blocks == blocks


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
