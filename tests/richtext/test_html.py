from html.parser import HTMLParser
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import Place
from api.richtext.html import render_html
from api.source.markdown import Origin, parse

if TYPE_CHECKING:
    from api.richtext.blocks import Blocks

ORIGIN = Origin(Place("x.md", 1, 1))
ALLOWED = {
    **dict.fromkeys(("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li"), ()),
    **dict.fromkeys(("strong", "em", "pre", "br"), ()),
    "code": ("class",),
    "a": ("href", "title", "rel"),
}
SCHEMES = ("http:", "https:", "mailto:", "tel:", "/", "#")


def html_of(source: str) -> str:
    return render_html(cast("Blocks", parse(source, ORIGIN)[0].blocks))


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
        ("- a\n  - b\n  1. c", "<ul><li>a<ul><li>b</li></ul><ol><li>c</li></ol></li></ul>"),
        ("- a\n\n1. b", "<ul><li>a</li></ul>\n<ol><li>b</li></ol>"),
        ("```c++\na < b\n```", '<pre><code class="language-c++">a &lt; b\n</code></pre>'),
        ("    a", "<pre><code>a\n</code></pre>"),
    ],
)
def test_blocks_have_semantic_elements(source: str, html: str) -> None:
    assert html_of(source) == html


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


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


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
