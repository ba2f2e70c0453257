"""Portable Text blocks → semantic HTML, sanitised by an allow-list."""

import re
from html import escape

import nh3

from api.richtext.addresses import SCHEMES, mistake
from api.richtext.blocks import Blocks, CustomBlock, TextBlock
from api.richtext.elements import code_html, footnote_html, image_html, table_html
from api.richtext.spans import spans_html
from api.richtext.tree import Item, ListNode, Node, Quote, arrange
from schemas.fields import SLUG

_SOURCES = ("/", "https://", "http://")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
ALIGNMENTS = ("left", "center", "right")


def _allow(_: str, name: str, value: str) -> str | None:
    """Keep the value of an allowed attribute, or drop it."""
    match name:
        case "href":
            return None if mistake(value) else value
        case "src":
            return value if value.startswith(_SOURCES) and not mistake(value) else None
        case "id":
            return value if re.fullmatch(SLUG, value) else None
        case "align":
            return value if value in ALIGNMENTS else None
        case "class":
            return value if value.startswith("language-") and " " not in value else None
        case _:
            return value


_CLEANER = nh3.Cleaner(
    tags={
        *("p", *HEADINGS, "blockquote", "ul", "ol", "li", "pre", "hr"),
        *("table", "thead", "tbody", "tr", "th", "td"),
        *("strong", "em", "del", "sup", "code", "a", "br", "img", "input"),
    },
    attributes={
        "a": {"href", "title"},
        "code": {"class"},
        "img": {"src", "alt", "title", "width", "height"},
        "input": {"checked"},
        **{tag: {"id"} for tag in HEADINGS},
        "th": {"align"},
        "td": {"align"},
    },
    # The box of a task, and no other field: it shows, and takes no input.
    set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
    attribute_filter=_allow,
    url_schemes=set(SCHEMES),
    # Pages that open links in a new window get no handle on it, other sites no address of ours.
    link_rel="noopener noreferrer",
)


def render_html(blocks: Blocks) -> str:
    """Render blocks as a fragment of HTML, one line for each block at the top level.

    A block of unknown type shows its fallback, or nothing. What is not on the allow-list is
    dropped, whatever the blocks say.
    """
    return _CLEANER.clean("\n".join(filter(None, map(_node, arrange(blocks)))))


def _node(node: Node) -> str:
    if isinstance(node, ListNode):
        return _list(node)
    if isinstance(node, Quote):
        return f"<blockquote>{''.join(map(_paragraph, node.blocks))}</blockquote>"
    return _paragraph(node) if node["_type"] == "block" else _custom(node)


def _paragraph(block: TextBlock) -> str:
    tag = block["style"] if block["style"] in HEADINGS else "p"
    anchor = f' id="{escape(block["anchor"])}"' if "anchor" in block else ""
    return f"<{tag}{anchor}>{spans_html(block)}</{tag}>"


def _list(node: ListNode) -> str:
    tag = "ol" if node.numbered else "ul"
    return f"<{tag}>{''.join(map(_item, node.items))}</{tag}>"


def _item(item: Item) -> str:
    box = ""
    if "checked" in item.block:
        box = f'<input type="checkbox" disabled{" checked" if item.block["checked"] else ""}> '
    return f"<li>{box}{spans_html(item.block)}{''.join(map(_list, item.lists))}</li>"


def _custom(block: CustomBlock) -> str:
    match block["_type"]:
        case "code":
            return code_html(block["code"], block["language"])
        case "image":
            size = block["width"], block["height"]
            return image_html(block["src"], block["alt"], block["title"], *size)
        case "rule":
            return "<hr>"
        case "table":
            return table_html(block)
        case "footnote":
            return footnote_html(block)
        case _:
            return block["fallback"]["html"] if "fallback" in block else ""
