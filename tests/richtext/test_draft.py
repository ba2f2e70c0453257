from api.richtext.draft import (
    CodeDraft,
    ImageDraft,
    Link,
    NoteMark,
    Piece,
    TextDraft,
    image_fallback,
)
from api.richtext.elements import code_html


def test_neighbours_with_equal_marks_become_one_span() -> None:
    pieces = [Piece("a"), Piece("b"), Piece("c", ("em",)), Piece("d", ("em",)), Piece("e")]
    assert TextDraft("h2", pieces=pieces).block(3) == {
        "_type": "block",
        "_key": "b3",
        "style": "h2",
        "markDefs": [],
        "children": [
            {"_type": "span", "_key": "b3s0", "text": "ab", "marks": []},
            {"_type": "span", "_key": "b3s1", "text": "cd", "marks": ["em"]},
            {"_type": "span", "_key": "b3s2", "text": "e", "marks": []},
        ],
    }


def test_links_have_keys_of_their_block() -> None:
    pieces = [Piece("a", ("strong",), 0), Piece("b", (), 1)]
    links: list[Link | NoteMark] = [Link("/a", "A"), Link("/b")]
    block = TextDraft("normal", "number", 2, pieces, links).block(0)
    assert block["markDefs"] == [
        {"_type": "link", "_key": "b0m0", "href": "/a", "title": "A"},
        {"_type": "link", "_key": "b0m1", "href": "/b", "title": None},
    ]
    assert [span["marks"] for span in block["children"]] == [["strong", "b0m0"], ["b0m1"]]
    assert (block["listItem"], block["level"]) == ("number", 2)


def test_text_without_words_has_one_empty_span() -> None:
    span = {"_type": "span", "_key": "b0s0", "text": "", "marks": []}
    assert TextDraft("normal").block(0)["children"] == [span]


def test_code_has_a_fallback() -> None:
    html = '<pre><code class="language-sh">a &lt; b\n</code></pre>'
    assert CodeDraft("sh", "a < b").block(1) == {
        "_type": "code",
        "_key": "b1",
        "language": "sh",
        "code": "a < b",
        "fallback": {"text": "a < b", "html": html},
    }
    assert CodeDraft("", "a").block(0)["language"] is None
    assert code_html("a", "") == "<pre><code>a\n</code></pre>"


def test_image_has_what_its_text_tells() -> None:
    assert ImageDraft("a.png", "An example").block(2) == {
        "_type": "image",
        "_key": "b2",
        "src": "a.png",
        "alt": "An example",
        "title": None,
        "width": 0,
        "height": 0,
        "placeholder": "",
        "fallback": {"text": "An example", "html": '<p><img src="a.png" alt="An example"></p>'},
    }


def test_fallback_of_an_image_is_made_of_its_values() -> None:
    sized = (
        '<p><img src="/m/a.png" alt="&quot;a&quot;" title="&lt;b&gt;" width="40" height="30"></p>'
    )
    assert image_fallback("/m/a.png", '"a"', "<b>", 40, 30) == {"text": '"a"', "html": sized}
