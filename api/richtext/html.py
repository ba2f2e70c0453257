"""Portable Text blocks → semantic HTML, sanitised by an allow-list."""

from html import escape

import nh3

from api.richtext.addresses import SCHEMES, mistake
from api.richtext.blocks import Blocks, CustomBlock, TextBlock
from api.richtext.draft import code_html, image_html
from api.richtext.tree import Anchor, Code, Inline, ListNode, Mark, Node, Quote, arrange, inlines

_SOURCES = ("/", "https://", "http://")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def _allow(tag: str, name: str, value: str) -> str | None:
    """Keep the value of an allowed attribute, or drop it."""
    if name == "href":
        return None if mistake(value) else value
    if name == "src":
        return value if value.startswith(_SOURCES) and not mistake(value) else None
    if tag == "code":
        return value if value.startswith("language-") and " " not in value else None
    return value


_CLEANER = nh3.Cleaner(
    tags={
        *("p", *HEADINGS, "blockquote", "ul", "ol", "li", "pre", "img"),
        *("strong", "em", "code", "a", "br"),
    },
    attributes={
        "a": {"href", "title"},
        "code": {"class"},
        "img": {"src", "alt", "title", "width", "height"},
    },
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
    if node["_type"] == "block":
        return _paragraph(node)
    return _custom(node)


def _paragraph(block: TextBlock) -> str:
    tag = block["style"] if block["style"] in HEADINGS else "p"
    return f"<{tag}>{_text(inlines(block))}</{tag}>"


def _list(node: ListNode) -> str:
    tag = "ol" if node.numbered else "ul"
    items = (f"<li>{_text(inlines(item.block))}{_lists(item.lists)}</li>" for item in node.items)
    return f"<{tag}>{''.join(items)}</{tag}>"


def _lists(lists: list[ListNode]) -> str:
    return "".join(map(_list, lists))


def _custom(block: CustomBlock) -> str:
    if block["_type"] == "code":
        return code_html(block["code"], block["language"])
    if block["_type"] == "image":
        size = block["width"], block["height"]
        return image_html(block["src"], block["alt"], block["title"], *size)
    return block["fallback"]["html"] if "fallback" in block else ""


def _text(content: list[Inline]) -> str:
    return "".join(map(_inline, content))


def _inline(node: Inline) -> str:
    if isinstance(node, Mark):
        return f"<{node.name}>{_text(node.content)}</{node.name}>"
    if isinstance(node, Anchor):
        title = f' title="{escape(node.link["title"])}"' if node.link["title"] else ""
        return f'<a href="{escape(node.link["href"])}"{title}>{_text(node.content)}</a>'
    text = escape(node.text, quote=False)
    return f"<code>{text}</code>" if isinstance(node, Code) else text.replace("\n", "<br>\n")
