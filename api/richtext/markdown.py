"""Portable Text blocks → CommonMark that parses back to the same blocks."""

import re

from api.richtext.blocks import Blocks, CustomBlock, TextBlock
from api.richtext.inline import image_markdown, inline_markdown
from api.richtext.tree import ListNode, Node, Quote, arrange

_HEADING = re.compile(r"h([1-6])")


def render_markdown(blocks: Blocks) -> str:
    """Render blocks as CommonMark 0.31 without extensions.

    Parsed again, it gives the same blocks, as far as Markdown has a form for them: a paragraph
    without text has none, and a block of unknown type becomes the text of its fallback.
    """
    return "\n\n".join(filter(None, map(_node, arrange(blocks))))


def _node(node: Node) -> str:
    if isinstance(node, ListNode):
        return "\n".join(_list(node))
    if isinstance(node, Quote):
        return "\n>\n".join(map(_quoted, node.blocks))
    return _text(node) if node["_type"] == "block" else _custom(node)


def _text(block: TextBlock) -> str:
    heading = _HEADING.fullmatch(block["style"])
    if not heading:
        return inline_markdown(block)
    signs = "#" * int(heading[1])
    return f"{signs} {inline_markdown(block, heading=True)}".rstrip(" ")


def _quoted(block: TextBlock) -> str:
    return "\n".join(f"> {line}" for line in inline_markdown(block).split("\n"))


def _list(node: ListNode) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(node.items, 1):
        marker = f"{number}. " if node.numbered else "- "
        text = inline_markdown(item.block)
        inner = text.split("\n")
        for deeper in item.lists:
            below = _list(deeper)
            # Right below text, a marker without text would make the text a heading.
            inner.extend(["", *below] if text and below[0] in ("-", "1.") else below)
        lines.append((marker + inner[0]).rstrip(" "))
        lines.extend((" " * len(marker) + line).rstrip(" ") for line in inner[1:])
    return lines


def _custom(block: CustomBlock) -> str:
    if block["_type"] == "code":
        longest = max(map(len, re.findall("`+", block["code"])), default=0)
        fence = "`" * max(3, longest + 1)
        code = f"{block['code']}\n" if block["code"] else ""
        return f"{fence}{block['language'] or ''}\n{code}{fence}"
    if block["_type"] == "image":
        return image_markdown(block)
    if "fallback" not in block:
        return ""
    return inline_markdown(
        {
            "_type": "block",
            "_key": block["_key"],
            "style": "normal",
            "markDefs": [],
            "children": [
                {"_type": "span", "_key": "", "text": block["fallback"]["text"], "marks": []}
            ],
        }
    )
