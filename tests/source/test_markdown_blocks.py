"""Images, tables, tasks, footnotes and struck-out words become blocks, or Issues at their place."""

from typing import Any

import pytest

from api.errors import Place
from api.source.markdown import Origin, parse
from api.source.node import Fields, Items, Rich
from api.source.outline import parse_outline
from schemas.fields import RichText, TextTarget

ORIGIN = Origin(Place("x.md", 1, 1))
STRUCK = "strike-through"


def rich(text: str) -> RichText:
    parsed, issues = parse(text, ORIGIN)
    assert not issues
    return parsed


def blocks_of(text: str) -> list[Any]:
    return list(rich(text).blocks)


def told(text: str) -> list[tuple[int, int, str, str]]:
    issues = parse(text, ORIGIN)[1]
    return [(i.place.line, i.place.column, i.code, i.what) for i in issues]


def spans_of(words: Any) -> list[tuple[str, list[str]]]:
    return [(span["text"], span["marks"]) for span in words["children"]]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("~~a~~ b", [("a", [STRUCK]), (" b", [])]),
        (
            "*a ~~b `c`~~*",
            [("a ", ["em"]), ("b ", ["em", STRUCK]), ("c", ["em", STRUCK, "code"])],
        ),
        ("~a~ ~~b~~", [("~a~ ", []), ("b", [STRUCK])]),
        ("~~a **~b~** c~~", [("a ", [STRUCK]), ("~b~", ["strong", STRUCK]), (" c", [STRUCK])]),
        ("a ~~~b~~~", [("a ~~~b~~~", [])]),
    ],
)
def test_two_tildes_strike_out_and_others_are_signs(
    text: str, spans: list[tuple[str, list[str]]]
) -> None:
    (block,) = blocks_of(text)
    assert spans_of(block) == spans


def test_rule_is_a_block() -> None:
    fallback = {"text": "", "html": "<hr>"}
    assert blocks_of("***") == [{"_type": "rule", "_key": "b0", "fallback": fallback}]
    assert [block["_type"] for block in blocks_of("- a\n\n---\n\n- b")] == [
        "block",
        "rule",
        "block",
    ]


def test_task_is_an_item_that_is_checked_or_not() -> None:
    blocks = blocks_of("- [x] a\n- [ ] *b*\n  1. [X] c\n- d\n- [ ]")
    found = [(block["level"], spans_of(block)[0][0], block.get("checked")) for block in blocks]
    assert found == [
        (1, "a", True),
        (1, "b", False),
        (2, "c", True),
        (1, "d", None),
        (1, "", False),
    ]


def test_table_has_rows_of_cells_and_the_first_is_the_header() -> None:
    (table,) = blocks_of("|a|*b*|c|d|\n|-|:-|:-:|-:|\n|[e](/f)|`g\\|h`|")
    assert table["align"] == [None, "left", "center", "right"]
    assert [[spans_of(cell) for cell in row["cells"]] for row in table["rows"]] == [
        [[("a", [])], [("b", ["em"])], [("c", [])], [("d", [])]],
        [[("e", ["b0r1c0m0"])], [("g|h", ["code"])], [("", [])], [("", [])]],
    ]
    link = {"_type": "link", "_key": "b0r1c0m0", "href": "/f", "title": None}
    assert table["rows"][1]["cells"][0]["markDefs"] == [link]
    assert [row["_key"] for row in table["rows"]] == ["b0r0", "b0r1"]
    assert table["rows"][1]["cells"][1]["_key"] == "b0r1c1"
    assert table["rows"][1]["cells"][1]["children"][0]["_key"] == "b0r1c1s0"
    assert table["fallback"]["text"] == "a\tb\tc\td\ne\tg|h\t\t"
    assert table["fallback"]["html"].startswith("<table><thead><tr><th>a</th>")


def test_cell_without_a_column_is_not_lost() -> None:
    what = "the row has more cells than the header of the table"
    assert told("|a|\n|-|\n|b|\n|c| é | d |") == [(4, 5, "markdown_unsupported", what)]
    assert told("|a|\n|-|\n|b||") == []


IMAGE = {
    "_type": "image",
    "_key": "b0",
    "src": "../a.png",
    "alt": "An example",
    "title": "T",
    "width": 0,
    "height": 0,
    "placeholder": "",
}


def test_image_alone_is_a_block() -> None:
    (image,) = blocks_of('![An *example*](../a.png "T")')
    assert {**IMAGE, "fallback": image["fallback"]} == image


@pytest.mark.parametrize(
    "text",
    [
        "![a](b.png)\n![c](d.png)",
        "![a](b.png)\\\n![c](d.png)",
        "![a](b.png)  \n  ![c][e]\n\n[e]: d.png",
        "![a](b.png)\n\n![c](d.png)",
    ],
)
def test_each_line_of_images_is_a_block(text: str) -> None:
    images = [(block["_key"], block["src"], block["alt"]) for block in blocks_of(text)]
    assert images == [("b0", "b.png", "a"), ("b1", "d.png", "c")]


MISPLACED = "an image stands alone, not among words, nor in a list, quote, table or heading"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a ![b](c.png)", [(1, 3)]),
        ("![b](c.png)\nwords", [(1, 1)]),
        ("![b](c.png) ![d](e.png)", [(1, 1), (1, 13)]),
        ("![b](c.png)![d](e.png)", [(1, 1), (1, 12)]),
        ("*![b](c.png)*", [(1, 2)]),
        ("[![b](c.png)](/d)", [(1, 2)]),
        ("![a ![b](c.png)](d.png)", [(1, 5)]),
        ("- ![b](c.png)", [(1, 3)]),
        ("- a\n\n- ![b](c.png)", [(3, 3)]),
        ("> ![b](c.png)", [(1, 3)]),
        ("# ![b](c.png)", [(1, 3)]),
        ("|![b](c.png)|\n|-|", [(1, 2)]),
        ("a[^1]\n\n[^1]: ![b](c.png)", [(3, 7)]),
    ],
)
def test_image_that_does_not_stand_alone_is_refused(
    text: str, places: list[tuple[int, int]]
) -> None:
    found = [issue for issue in told(text) if issue[2] == "image_place"]
    assert found == [(line, column, "image_place", MISPLACED) for line, column in places]


@pytest.mark.parametrize(
    ("text", "code", "what"),
    [
        ("![](a.png)", "image_alt", "an image has no alternative text"),
        ("![ &#32; ](a.png)", "image_alt", "an image has no alternative text"),
        *(
            (
                f"![a]({address})",
                "image_address",
                f"an image is a file beside the content, not '{address}'",
            )
            for address in (
                *("https://e.org/a.png", "//e.org/a.png", "/a.png", "data:image/png;base64,x"),
                *("article:a", "a.png#b", "a.png?b", "a", "#a", ""),
            )
        ),
    ],
)
def test_image_has_words_and_a_file(text: str, code: str, what: str) -> None:
    assert told("b\n\n" + text) == [(3, 1, code, what)]


def test_words_of_an_image_have_no_link() -> None:
    what = "a link in the words of an image is not supported"
    assert told("![a [b](/c)](d.png)") == [(1, 5, "markdown_unsupported", what)]


def note(number: int, key: str, text: str) -> dict[str, Any]:
    return {
        "_type": "footnote",
        "_key": key,
        "style": "footnote",
        "number": number,
        "markDefs": [],
        "children": [{"_type": "span", "_key": f"{key}s0", "text": text, "marks": []}],
        "fallback": {"text": f"[{number}] {text}", "html": f"<p><sup>[{number}]</sup> {text}</p>"},
    }


def test_footnotes_stand_at_the_end_in_the_order_of_their_marks() -> None:
    text = "[^y]: B\n\na[^X] *b[^y]* c[^x]\n\n[^x]: A\n    more\n\nd"
    first, second, *notes = blocks_of(text)
    assert spans_of(first) == [
        ("a", []),
        ("[1]", ["b0m0"]),
        (" ", []),
        ("b", ["em"]),
        ("[2]", ["em", "b0m1"]),
        (" c", []),
        ("[1]", ["b0m2"]),
    ]
    assert first["markDefs"] == [
        {"_type": "footnote", "_key": f"b0m{n}", "number": number}
        for n, number in enumerate((1, 2, 1))
    ]
    assert spans_of(second) == [("d", [])]
    assert notes == [note(1, "b2", "A more"), note(2, "b3", "B")]


def test_footnote_belongs_to_each_text_that_marks_it() -> None:
    text = "a[^1]\n\n## b\n\nc[^2] d[^1]\n\n### e\n\nf[^2]\n\n[^1]: One\n\n[^2]: Two"
    outlined, issues = parse_outline(text, ORIGIN)
    assert not issues
    (section,) = outlined.sections.items
    assert isinstance(section, Fields)
    points = section.values["points"]
    assert isinstance(points, Items)
    (point,) = points.items
    assert isinstance(point, Fields)
    lead, body = section.values["lead"], point.values["body"]
    assert isinstance(lead, Rich)
    assert isinstance(body, Rich)
    assert outlined.body.value.blocks[1:] == (note(1, "b1", "One"),)
    assert lead.value.blocks[1:] == (note(1, "b1", "Two"), note(2, "b2", "One"))
    assert body.value.blocks[1:] == (note(1, "b1", "Two"),)


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        (
            "a [b][^1]",
            1,
            6,
            "no footnote is defined as '[^1]:' (to show these signs, write '\\[^1]')",
        ),
        ("[^1]: a", 1, 1, "no mark uses the footnote '[^1]'"),
        ("a[^1]\n\n[^1]: b\n[^1]: c", 4, 1, "the footnote '[^1]' is defined a second time"),
        ("a[^1]\n\n[^1]:", 3, 1, "the footnote '[^1]' has no words"),
        (
            "a[^1](/b)\n\n[^1]: c",
            1,
            2,
            "the mark '[^1]' of a footnote runs into a link: put a space between them",
        ),
        (
            "a[^1][b](/c)\n\n[^1]: c",
            1,
            2,
            "the mark '[^1]' of a footnote runs into a link: put a space between them",
        ),
    ],
)
def test_footnote_without_its_counterpart_is_told(
    text: str, line: int, column: int, what: str
) -> None:
    assert told(text)[0] == (line, column, "markdown_footnote", what)


def test_second_definition_of_a_footnote_names_the_first() -> None:
    (issue,) = parse("a[^1]\n\n[^1]: b\n\n[^1]: c", ORIGIN)[1]
    assert (issue.place.line, issue.other) == (5, Place("x.md", 3, 1))


@pytest.mark.parametrize(
    ("text", "line", "column", "construct"),
    [
        ("[a[^1]](/b)\n\n[^1]: c", 1, 7, "the mark of a footnote in a link or an image"),
        (
            "[a[^1] b][c]\n\n[^1]: d\n\n[c]: /e",
            1,
            9,
            "the mark of a footnote in a link or an image",
        ),
        ("![a[^1]](b.png)\n\n[^1]: c", 1, 8, "the mark of a footnote in a link or an image"),
        ("a[^1]\n\n[^1]: b[^1]", 3, 8, "the mark of a footnote in a footnote"),
        ("a[^1]\n\n[^1]: b\n\n    c", 5, 5, "a footnote with more than one paragraph"),
        ("a[^1]\n\n[^1]: - b", 3, 7, "a list in a footnote"),
        ("a[^1]\n\n[^1]: > b", 3, 7, "a quote in a footnote"),
        ("a[^1]\n\n[^1]: ***", 3, 7, "a rule in a footnote"),
        ("a[^1]\n\n- b\n\n[^1]: c\n\n- d", 7, 1, "a list right below another of its kind"),
        ("a[^1]\n\n> b\n\n[^1]: c\n\n> d", 7, 1, "a quote right below another"),
    ],
)
def test_what_a_footnote_cannot_hold_is_refused(
    text: str, line: int, column: int, construct: str
) -> None:
    what = f"{construct} is not supported"
    assert (line, column, "markdown_unsupported", what) in told(text)


@pytest.mark.parametrize(
    "address",
    [
        *("article:a", "article:a-b#c-d", "section:a.b", "a_b:c", "x.md", "../services/y.md#k"),
        *("leaflet.pdf", "./a.yaml", "a/b/c.tar.gz", "файл.pdf", "a%20b.pdf", "call-to:action"),
    ],
)
def test_address_in_the_content_folder_is_a_target(address: str) -> None:
    parsed = rich(f"é [a]({address}) [b](/c)")
    assert parsed.targets == (TextTarget(address, image=False, place=("x.md", 1, 3)),)
    (block,) = parsed.blocks
    definitions = block["markDefs"]
    assert isinstance(definitions, list)
    assert definitions[0]["href"] == address


def test_every_kind_of_block_has_its_targets_in_order() -> None:
    text = (
        "[a](a:a)[^n]\n\n- [b](a:b)\n\n![c](c.png)\n![d](d.png)\n\n"
        "|[e](a:e)|\n|-|\n|f|\n\n[^n]: [g](g.pdf)\n\n> [h](a:h)\n"
    )
    targets = [(t.address, t.image, t.place[1:]) for t in rich(text).targets]
    assert targets == [
        ("a:a", False, (1, 1)),
        ("a:b", False, (3, 3)),
        ("c.png", True, (5, 1)),
        ("d.png", True, (6, 1)),
        ("a:e", False, (8, 2)),
        ("a:h", False, (14, 3)),
        ("g.pdf", False, (12, 7)),
    ]


def test_texts_of_an_outline_have_their_own_targets() -> None:
    text = "[a](a:a)\n\n## b\n\n[c](a:c)[^1]\n\n### d\n\n[e](a:e) f[^1]\n\n[^1]: [g](a:g)"
    outlined, issues = parse_outline(text, ORIGIN)
    assert not issues
    found = [
        [(target.address, target.place[1]) for target in one.targets]
        for one in rich_texts(Items((outlined.body, outlined.sections), ORIGIN.place))
    ]
    assert found == [[("a:a", 1)], [("a:c", 5), ("a:g", 11)], [("a:e", 9), ("a:g", 11)]]


def rich_texts(node: object) -> list[RichText]:
    match node:
        case Rich(value):
            return [value]
        case Items(items):
            return [found for item in items for found in rich_texts(item)]
        case Fields(values):
            return [found for value in values.values() for found in rich_texts(value)]
        case _:
            return []


def test_anchor_within_text_is_no_key_of_a_section() -> None:
    text = "#### a {#x}\n\n## b {#y}\n\n#### c {#y}\n\n### d {#x}\n\n#### e {#z}\n"
    issues = parse_outline(text, ORIGIN)[1]
    assert [(i.code, i.place.line, i.other and i.other.line) for i in issues] == [
        ("duplicate_section_key", 1, 7),
        ("duplicate_section_key", 5, 3),
    ]


def test_targets_of_a_text_in_yaml_are_at_their_place_in_the_file() -> None:
    inside = Origin(Place("x.yaml", 7, 5), indent=4)
    parsed, _ = parse("a [b](c:d)\n\n![e](f.png)", inside)
    places = [target.place for target in parsed.targets]
    assert places == [("x.yaml", 7, 7), ("x.yaml", 9, 5)]
