import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import Issue, Place
from api.source.markdown import TEXT_LENGTH, Origin, parse
from api.source.markdown_blocks import DEPTH
from tests.documents import fragments

ORIGIN = Origin(Place("x.md", 1, 1))
Span = tuple[str, list[str]]


def blocks_of(text: str) -> list[dict[str, object]]:
    rich, issues = parse(text, ORIGIN)
    assert not issues
    return [dict(block) for block in rich.blocks]


def spans_of(block: dict[str, object]) -> list[Span]:
    children = block["children"]
    assert isinstance(children, list)
    return [(span["text"], span["marks"]) for span in children]


def issues_of(text: str) -> list[Issue]:
    return parse(text, ORIGIN)[1]


def told(text: str) -> list[tuple[int, int, str, str]]:
    return [(i.place.line, i.place.column, i.code, i.what) for i in issues_of(text)]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        (
            "a *b* **c** `d`",
            [("a ", []), ("b", ["em"]), (" ", []), ("c", ["strong"]), (" ", []), ("d", ["code"])],
        ),
        (
            "*a **b `c`***",
            [("a ", ["em"]), ("b ", ["strong", "em"]), ("c", ["strong", "em", "code"])],
        ),
        ("*a *b* c*", [("a b c", ["em"])]),
        ("a\nb\r\nc\rd", [("a b c d", [])]),
        ("a  \nb\\\nc", [("a\nb\nc", [])]),
        ("*a\nb*", [("a b", ["em"])]),
        ("&amp; &#60; \\* -- ... \"q\" 'q'", [("& < * -- ... \"q\" 'q'", [])]),
    ],
)
def test_words_come_out_with_their_marks(text: str, spans: list[Span]) -> None:
    (block,) = blocks_of(text)
    assert block["style"] == "normal"
    assert spans_of(block) == spans


@pytest.mark.parametrize(
    "text",
    [
        "Please contact The Epec Clinic 443-559-8354 for Botox injections.",
        "[1] and [a] and [^ a] and [ ] x",
        "~5 mg, ~5~ mg, H~2~O, a ~ b ~~ c",
        "$5 and $10, x^2^, a | b, 2 * 3 * 4, snake_case_name",
        "{a} <- b, a < b > c, 50% & more; #1 @home",
        "https://example.org and a@example.org",
        "+++ : a",
    ],
)
def test_signs_in_prose_stay_plain_text(text: str) -> None:
    (block,) = blocks_of(text)
    assert spans_of(block) == [(text, [])]


@pytest.mark.parametrize(
    ("text", "href", "title"),
    [
        ("[a](https://e.org/x)", "https://e.org/x", None),
        ("[a](</x> 'T \"x\"')", "/x", 'T "x"'),
        ("[a][b]\n\n[b]: #c 'T'", "#c", "T"),
        ("[a][]\n\n[A]: tel:+1", "tel:+1", None),
        ("[a]\n\n[a]: /x", "/x", None),
        ("[a  B]\n\n> [A b]: /x\n", "/x", None),
    ],
)
def test_link_is_a_mark_definition(text: str, href: str, title: str | None) -> None:
    (block,) = blocks_of(text)
    assert block["markDefs"] == [{"_type": "link", "_key": "b0m0", "href": href, "title": title}]
    assert [marks for _, marks in spans_of(block)] == [["b0m0"]]


def test_autolinks_show_their_address() -> None:
    (block,) = blocks_of("<https://e.org> <a@e.org>")
    assert block["markDefs"] == [
        {"_type": "link", "_key": "b0m0", "href": "https://e.org", "title": None},
        {"_type": "link", "_key": "b0m1", "href": "mailto:a@e.org", "title": None},
    ]
    assert spans_of(block) == [("https://e.org", ["b0m0"]), (" ", []), ("a@e.org", ["b0m1"])]


def test_lists_nest_by_level() -> None:
    blocks = blocks_of("- a\n\n  1. b\n  2. *c*\n     - d\n- e\n-\n\n1. f")
    shape = [(block["listItem"], block["level"], spans_of(block)[0][0]) for block in blocks]
    assert shape == [
        ("bullet", 1, "a"),
        ("number", 2, "b"),
        ("number", 2, "c"),
        ("bullet", 3, "d"),
        ("bullet", 1, "e"),
        ("bullet", 1, ""),
        ("number", 1, "f"),
    ]


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("# a\n\n###### b\n\nc\n===\nd\n---", ["h1", "h6", "h1", "h2"]),
        ("> a\n> b\n>\n> c\n\nd", ["blockquote", "blockquote", "normal"]),
        ("#", ["h1"]),
        ("", []),
        (" \n\n", []),
    ],
)
def test_blocks_have_styles(text: str, styles: list[str]) -> None:
    assert [block["style"] for block in blocks_of(text)] == styles


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("```python\na\n  b\n```", "python", "a\n  b"),
        ("~~~ c++\n~~~", "c++", ""),
        ("```\n\n```", None, ""),
        ("    a\n\n    b\r\n", None, "a\n\nb"),
        ("```\n*a* <b>", None, "*a* <b>"),
    ],
)
def test_code_is_a_block_with_its_language(text: str, language: str | None, code: str) -> None:
    (block,) = blocks_of(text)
    assert (block["_type"], block["language"], block["code"]) == ("code", language, code)


@pytest.mark.parametrize(
    ("text", "line", "column", "construct"),
    [
        ("- a\n\n  b", 3, 3, "a list item with more than one paragraph"),
        ("- a\n  - b\n\n  c", 4, 3, "a list item with more than one paragraph"),
        ("- # a", 1, 3, "a heading in a list item"),
        ("- > a", 1, 3, "a quote in a list item"),
        ("- a\n\n      b", 3, 7, "a block of code in a list item"),
        ("- |b|\n  |-|", 1, 3, "a table in a list item"),
        ("- ***", 1, 3, "a rule in a list item"),
        ("- a\n\n  [^1]: b", 3, 3, "a footnote in a list item"),
        ("> > a", 1, 3, "a quote in a quote"),
        ("> a\n\n> b", 3, 1, "a quote right below another"),
        ("> - a", 1, 3, "a list in a quote"),
        ("> |b|\n> |-|", 1, 3, "a table in a quote"),
        ("> ***", 1, 3, "a rule in a quote"),
        ("> [^1]: b", 1, 3, "a footnote in a quote"),
        ("> # a", 1, 3, "a heading in a quote"),
        ("> ```\n> a", 1, 3, "a block of code in a quote"),
        ("> [!NOTE]\n> a", 1, 1, "an alert (> [!NOTE])"),
        ("- a\n* b", 2, 1, "a list right below another of its kind"),
        ("- a\n  1. b\n  1) c", 3, 3, "a list right below another of its kind"),
        ("- a\n  1. b\n  - c", 3, 3, "a second list in a list item"),
    ],
)
def test_construct_without_a_block_is_refused(
    text: str, line: int, column: int, construct: str
) -> None:
    what = f"{construct} is not supported"
    assert told(text) == [(line, column, "markdown_unsupported", what)]


def test_numbered_list_starts_with_1() -> None:
    mend = "(to begin a line with a number, write '1986\\.')"
    what = f"a numbered list starts with 1986, not with 1 {mend}"
    assert told("1986. a") == [(1, 1, "markdown_unsupported", what)]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a <b>c</b>", [(1, 3, "raw HTML: <b>")]),
        ("a\n\n  <div\nx>\n*b*\n</div>", [(3, 3, "raw HTML: <div")]),
        ("<b>a</b></b>", [(1, 1, "raw HTML: <b>"), (1, 9, "raw HTML: </b>")]),
        ("<b><i>a</b></I>", [(1, 1, "raw HTML: <b>"), (1, 4, "raw HTML: <i>")]),
        ("<div>\n\na\n\n</div>", [(1, 1, "raw HTML: <div>")]),
        ("a <!-- b -->", [(1, 3, "raw HTML: <!-- b -->")]),
    ],
)
def test_raw_html_is_refused(text: str, places: list[tuple[int, int, str]]) -> None:
    assert told(text) == [(line, column, "markdown_html", what) for line, column, what in places]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "&#106;avascript:x",
        "java&#10;script:x",
        "&#1;javascript:x",
        "<  javascript:x>",
        "%6aavascript:x",
        "vbscript:x",
        "data:text/html,x",
        "//e.org",
        "/\\\\e.org",
        "javascript:x",
        "data:x",
        "article:A",
        "Article:a",
        "article:a#B",
        "../x",
        "x",
        "x.md?a",
        "x.md#A",
        "%2e:x.md",
        "",
    ],
)
def test_unsafe_address_is_refused_at_its_link(address: str) -> None:
    (issue,) = issues_of(f"a\nb [c]({address})")
    assert (issue.place.line, issue.place.column, issue.code) == (2, 3, "markdown_link")
    assert issue.allowed[:2] == ("http:", "https:")


def test_unsafe_autolink_and_reference_are_refused() -> None:
    assert [
        (line, column, code) for line, column, code, _ in told("<foo:Bar>\n\n[a]\n\n[a]: x")
    ] == [
        (1, 1, "markdown_link"),
        (3, 1, "markdown_link"),
    ]


def test_link_without_text_is_refused() -> None:
    assert told("a [](/x)") == [(1, 3, "markdown_link", "a link without text")]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a\n\n[b]: /c", 3, "no link uses the definition '[b]:'"),
        ("> [b]: /c", 1, "no link uses the definition '[b]:'"),
        ("[b]\n\n[b]: /c\n[B]: /d", 4, "the same link is defined a second time"),
    ],
)
def test_link_definition_is_never_lost(text: str, line: int, what: str) -> None:
    ((found, _, code, words),) = told(text)
    assert (found, code, words) == (line, "markdown_unsupported", what)


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("## a {#b .c}", [(10, ".c")]),
        ("## a {#b #c}", [(10, "#c")]),
        ("## a {b, c}", [(7, "b,"), (10, "c")]),
        ("## a {}", [(6, "{}")]),
        ("## \\{a\\} {b} c", []),
    ],
)
def test_attribute_of_a_heading_in_text_is_refused(
    text: str, attributes: list[tuple[int, str]]
) -> None:
    found = [(column, what.split("'")[2]) for _, column, _, what in told(text)]
    assert found == attributes


@pytest.mark.parametrize(
    ("text", "line", "column", "code", "what"),
    [
        ("#### *é* {#}", 1, 11, "invalid_slug", "'' is no key"),
        ("# a {#B}", 1, 6, "invalid_slug", "'B' is no key"),
        ("# a {#b}\n# c {#b}", 2, 6, "duplicate_section_key", "the key 'b' is taken"),
    ],
)
def test_anchor_is_a_key_of_its_own(
    text: str, line: int, column: int, code: str, what: str
) -> None:
    assert told(text) == [(line, column, code, what)]


def test_heading_has_the_anchor_that_is_written() -> None:
    assert [block.get("anchor") for block in blocks_of("# a {#b}\n\n## c\n\nd {#e-1}\n---")] == [
        "b",
        None,
        "e-1",
    ]


def test_language_of_code_is_one_word() -> None:
    what = "the language of code is one word, not 'python title=x'"
    assert told("a\n\n``` python title=x\n```") == [(3, 1, "markdown_unsupported", what)]


def test_place_counts_from_the_origin() -> None:
    text = "é\nü <b>\n\n![a](/b)"
    inside = Origin(Place("x.yaml", 7, 5), indent=4)
    assert [tuple(i.place) for i in parse(text, inside)[1]] == [("x.yaml", 8, 7), ("x.yaml", 10, 5)]
    first = Origin(Place("x.yaml", 7, 5), indent=4)
    assert parse("<b>", first)[1][0].place == Place("x.yaml", 7, 5)


def test_inexact_origin_tells_its_own_place() -> None:
    folded = Origin(Place("x.yaml", 7, 5), exact=False)
    assert {issue.place for issue in parse("a <b>\n\n<c>", folded)[1]} == {folded.place}


def test_issues_stand_in_the_order_of_the_text() -> None:
    places = [(line, column) for line, column, _, _ in told("[![a](/b)](/c)\n\n# d {e}\n\n<b>")]
    assert places == [(1, 1), (1, 2), (3, 6), (5, 1)]


def test_text_has_a_longest_length() -> None:
    assert not issues_of("a" * TEXT_LENGTH)
    assert [code for _, _, code, _ in told("a" * (TEXT_LENGTH + 1))] == ["file_too_large"]


def test_nesting_has_a_greatest_depth() -> None:
    deep = "\n".join("  " * level + "- a" for level in range(DEPTH // 2))
    assert not issues_of(deep)
    assert [code for _, _, code, _ in told(deep + "\n" + "  " * (DEPTH // 2) + "- *a*")] == [
        "too_deep"
    ]


def test_text_that_is_no_unicode_is_refused() -> None:
    assert [(line, column, code) for line, column, code, _ in told("é\né\ud800")] == [
        (2, 2, "invalid_encoding")
    ]


@given(fragments())
def test_any_text_gives_blocks_and_issues(text: str) -> None:
    rich, issues = parse(text, ORIGIN)
    keys = [block["_key"] for block in rich.blocks]
    assert keys == [f"b{n}" for n in range(len(keys))]
    for block in rich.blocks:
        children = block.get("children", [])
        assert isinstance(children, list)
        spans = [span["_key"] for span in children]
        assert len(set(spans)) == len(spans)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for issue in issues:
        assert 1 <= issue.place.line <= len(lines)
        assert 1 <= issue.place.column <= len(lines[issue.place.line - 1]) + 1


PROSE = st.lists(st.from_regex(r"[^\W_]+[,.]?", fullmatch=True), min_size=1)


@given(st.lists(PROSE, min_size=1))
def test_no_word_is_lost(paragraphs: list[list[str]]) -> None:
    text = "\n\n".join("a " + " ".join(words) for words in paragraphs)
    said = [spans_of(block) for block in blocks_of(text)]
    assert said == [[("a " + " ".join(words), [])] for words in paragraphs]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a &#1; b", "the control sign U+0001 is not supported"),
        ("`\x7f`\n\na\x9fb", "the control sign U+009F is not supported"),
        ("```\n\x1b[2J\n```", "the control sign U+001B is not supported"),
    ],
)
def test_control_sign_is_refused(text: str, what: str) -> None:
    _, issues = parse(text, ORIGIN)
    assert what in [issue.what for issue in issues]


def test_second_definition_in_a_quote_or_list_is_not_lost() -> None:
    text = '[a]\n\n[a]: /one\n\n> [a]: /two\n> text\n\n- [a]: /three "lost words"\n  item\n'
    _, issues = parse(text, ORIGIN)
    assert [(issue.place.line, issue.what) for issue in issues] == [
        (5, "the link '[a]' is defined a second time"),
        (8, "the link '[a]' is defined a second time"),
    ]


def test_definition_in_a_quote_serves_the_links_around_it() -> None:
    _, issues = parse("[a]\n\n> [a]: /one\n> text\n", ORIGIN)
    assert issues == []
