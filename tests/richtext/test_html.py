from html.parser import HTMLParser
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import Place
from api.richtext.draft import ImageDraft, TableDraft, TextDraft
from api.richtext.html import render_html
from api.source.markdown import Origin, parse

if TYPE_CHECKING:
    from api.richtext.blocks import Alignment, Blocks

ORIGIN = Origin(Place("x.md", 1, 1))
ALLOWED = {
    **dict.fromkeys(("p", "blockquote", "ul", "ol", "li", "hr", "pre", "br"), ()),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), ("id",)),
    **dict.fromkeys(("table", "thead", "tbody", "tr"), ()),
    **dict.fromkeys(("th", "td"), ("align",)),
    **dict.fromkeys(("strong", "em", "del", "sup"), ()),
    "code": ("class",),
    "img": ("src", "alt", "title", "width", "height"),
    "input": ("type", "checked", "disabled"),
    "a": ("href", "title", "rel"),
}
SCHEMES = ("http:", "https:", "mailto:", "tel:", "/", "#")


class Tags(HTMLParser):
    """What there is in a fragment of HTML, in its order: elements with attributes, and words."""

    def __init__(self, *, words: bool = False) -> None:
        super().__init__()
        self.words = words
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.words:
            self.seen.append((data, {}))

    def handle_endtag(self, tag: str) -> None:
        if self.words:
            self.seen.append((f"/{tag}", {}))


def html_of(source: str) -> str:
    return render_html(cast("Blocks", parse(source, ORIGIN)[0].blocks))


def parts_of(html: str, *, words: bool = False) -> list[tuple[str, dict[str, str | None]]]:
    tags = Tags(words=words)
    tags.feed(html)
    return tags.seen


def link_html(href: str, title: str | None = None) -> str:
    return render_html(
        [
            {
                "_type": "block",
                "_key": "b0",
                "style": "normal",
                "markDefs": [{"_type": "link", "_key": "m", "href": href, "title": title}],
                "children": [{"_type": "span", "_key": "s", "text": "a", "marks": ["m"]}],
            }
        ]
    )


REL = 'rel="noopener noreferrer"'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ('Words & <signs> "quoted".'.replace("<", "\\<"), 'Words &amp; &lt;signs&gt; "quoted".'),
        ("a **b *c* d** e", "a <strong>b <em>c</em> d</strong> e"),
        ("*a **b***", "<em>a <strong>b</strong></em>"),
        ("**`<b>`**", "<strong><code>&lt;b&gt;</code></strong>"),
        ("a\\\nb", "a<br>\nb"),
        ("[a *b*](/x)", f'<a href="/x" {REL}>a <em>b</em></a>'),
        ("**a [b](/x) c**", f'<strong>a <a href="/x" {REL}>b</a> c</strong>'),
        ("[a](/x 'it \"is\"')", f'<a href="/x" title="it &quot;is&quot;" {REL}>a</a>'),
    ],
)
def test_paragraph_has_semantic_elements(source: str, html: str) -> None:
    assert html_of(source) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("", ""),
        ("# a\n\n###### b", "<h1>a</h1>\n<h6>b</h6>"),
        ("> a\n>\n> b", "<blockquote><p>a</p><p>b</p></blockquote>"),
        (
            "> a\n\nb\n\n> c",
            "<blockquote><p>a</p></blockquote>\n<p>b</p>\n<blockquote><p>c</p></blockquote>",
        ),
        ("- a\n- b\n  1. c\n- d", "<ul><li>a</li><li>b<ol><li>c</li></ol></li><li>d</li></ul>"),
        (
            "- a\n  - b\n    - c\n- d",
            "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>",
        ),
        ("- a\n  1. b\n- c", "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>"),
        ("- a\n\n1. b", "<ul><li>a</li></ul>\n<ol><li>b</li></ol>"),
        ("```c++\na < b\n```", '<pre><code class="language-c++">a &lt; b\n</code></pre>'),
        ("    a", "<pre><code>a\n</code></pre>"),
    ],
)
def test_blocks_have_semantic_elements(source: str, html: str) -> None:
    assert html_of(source) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("a ~~b *c*~~", "<p>a <del>b <em>c</em></del></p>"),
        ("a\n\n***\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
        ("#### a {#b-c}", '<h4 id="b-c">a</h4>'),
        (
            "- [x] a\n- [ ] *b*\n- c",
            (
                '<ul><li><input checked="" disabled="" type="checkbox"> a</li>'
                '<li><input disabled="" type="checkbox"> <em>b</em></li><li>c</li></ul>'
            ),
        ),
        (
            "|a|*b*|\n|:-:|-|\n|c|",
            (
                '<table><thead><tr><th align="center">a</th><th><em>b</em></th></tr></thead>'
                '<tbody><tr><td align="center">c</td><td></td></tr></tbody></table>'
            ),
        ),
        ("|a|\n|-|", "<table><thead><tr><th>a</th></tr></thead></table>"),
        (
            "a[^x] *b[^y]*[^x]\n\n[^y]: **c**\n[^x]: d",
            (
                "<p>a<sup>[1]</sup> <em>b<sup>[2]</sup></em><sup>[1]</sup></p>\n"
                "<p><sup>[1]</sup> d</p>\n<p><sup>[2]</sup> <strong>c</strong></p>"
            ),
        ),
    ],
)
def test_what_github_adds_has_semantic_elements(source: str, html: str) -> None:
    assert parts_of(html_of(source), words=True) == parts_of(html, words=True)


@pytest.mark.parametrize(
    ("src", "shown"),
    [
        ("/media/a.png", True),
        ("https://e.org/a.png", True),
        ("a.png", False),
        ("data:image/png;base64,x", False),
        ("javascript:x", False),
        ("//e.org/a.png", False),
        ("mailto:a@e.org", False),
        ("#a", False),
    ],
)
def test_image_shows_a_path_of_ours_or_a_web_address(src: str, *, shown: bool) -> None:
    block = ImageDraft(src, "<A>", "T").block(0)
    block["width"], block["height"] = 4, 3
    ((_, paragraph), (_, image)) = parts_of(render_html([block]))
    assert image.get("src") == (src if shown else None)
    assert (image["alt"], image["title"], image["width"]) == ("<A>", "T", "4")
    assert paragraph == {}


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<h4 id="a-b">c</h4>', {"id": "a-b"}),
        ('<h4 id="A b">c</h4>', {}),
        ('<p id="a-b">c</p>', {}),
    ],
)
def test_id_is_the_anchor_of_a_heading(html: str, kept: dict[str, str]) -> None:
    blocks = [{"_type": "map", "_key": "b0", "fallback": {"text": "x", "html": html}}]
    ((_, attributes),) = parts_of(render_html(cast("Blocks", blocks)))
    assert attributes == kept


def test_alignment_is_one_of_three() -> None:
    table = TableDraft(["left"], [[TextDraft("normal")]]).block(0)
    table["align"] = cast("list[Alignment | None]", ["left; x"])
    assert "align" not in render_html([table])


def test_field_in_a_fallback_is_a_box_that_takes_no_input() -> None:
    fallback = {"text": "x", "html": '<input type="text" name="a" onfocus="x()">'}
    html = render_html(cast("Blocks", [{"_type": "map", "_key": "b0", "fallback": fallback}]))
    ((tag, attributes),) = parts_of(html)
    assert tag == "input"
    assert set(attributes) == {"type", "disabled"}
    assert attributes["type"] == "checkbox"


def test_address_that_was_not_resolved_does_not_leave_the_server() -> None:
    html = html_of("[a](article:b) [c](javascript-x:alert) [d](../e.md)\n\n|[f](g:h)|\n|-|")
    assert "href" not in html


def test_unknown_block_shows_its_fallback_sanitised() -> None:
    fallback = {"text": "x", "html": '<p onclick="x()">A <b>map</b><script>x()</script></p>'}
    blocks = [
        {"_type": "map", "_key": "b0", "fallback": fallback},
        {"_type": "map", "_key": "b1"},
    ]
    assert render_html(cast("Blocks", blocks)) == "<p>A map</p>"


def test_unknown_style_is_a_paragraph() -> None:
    block = {"_type": "block", "_key": "b0", "style": "lead", "markDefs": [], "children": []}
    assert render_html(cast("Blocks", [block])) == "<p></p>"


def test_list_that_begins_deep_is_a_list() -> None:
    def item(level: int) -> dict[str, object]:
        span = {"_type": "span", "_key": "s", "text": str(level), "marks": []}
        return {
            "_type": "block",
            "_key": "b",
            "style": "normal",
            "listItem": "bullet",
            "level": level,
            "markDefs": [],
            "children": [span],
        }

    html = render_html(cast("Blocks", [item(3), item(1), item(3)]))
    assert html == "<ul><li>3</li></ul>\n<ul><li>1<ul><li>3</li></ul></li></ul>"


@pytest.mark.parametrize("href", ["javascript:x()", "//e.org", "\x01javascript:x()", "x/y"])
def test_address_that_is_not_allowed_is_dropped(href: str) -> None:
    assert link_html(href) == f"<p><a {REL}>a</a></p>"


def test_class_of_code_names_a_language_alone() -> None:
    fallback = {"text": "x", "html": '<code class="x">a</code><code class="language-c x">b</code>'}
    html = render_html(cast("Blocks", [{"_type": "map", "_key": "b0", "fallback": fallback}]))
    assert html == "<code>a</code><code>b</code>"


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                (
                    "<b>",
                    "<!--",
                    "[a](",
                    "javascript:",
                    ")",
                    "`",
                    "```\n",
                    "\n",
                    "> ",
                    "- ",
                    "](/x '",
                    "!",
                    "](x.png)",
                    "[^1]",
                    "\n\n[^1]: ",
                    "|",
                    "\n|-|:-:|\n",
                    "- [x] ",
                    "# {#a}",
                    "~~",
                    "***\n",
                    "](article:a)",
                )
            ),
            st.text(),
        )
    ).map("".join)
)
def test_html_has_nothing_that_is_not_allowed(source: str) -> None:
    tags = Tags()
    tags.feed(html_of(source))
    for tag, attributes in tags.seen:
        assert set(attributes) <= set(ALLOWED[tag])
        assert (attributes.get("href") or "/").lower().startswith(SCHEMES)
        assert (attributes.get("src") or "/").startswith("/")
        assert tag != "input" or attributes["type"] == "checkbox"
