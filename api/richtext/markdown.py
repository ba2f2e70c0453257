"""Portable Text blocks → Markdown that parses back to the same blocks."""

import re
from collections.abc import Iterable

from api.richtext.blocks import (
    Alignment,
    Blocks,
    CodeBlock,
    CustomBlock,
    Span,
    TableBlock,
    TextBlock,
)
from api.richtext.inline import image_markdown, inline_markdown
from api.richtext.tree import Item, ListNode, Node, Quote, arrange

_HEADING = re.compile(r"h([1-6])")
_UNDERLINE: dict[Alignment | None, str] = {
    "left": ":--",
    "center": ":-:",
    "right": "--:",
    None: "---",
}


def render_markdown(blocks: Blocks) -> str:
    """Render blocks as CommonMark 0.31, with what GitHub adds where a block needs it.

    That is tables, task lists, struck-out words, footnotes and anchors of headings. Parsed again,
    it gives the same blocks, as far as Markdown has a form for them: a paragraph without text has
    none, and a block of unknown type becomes the text of its fallback.
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
    anchor = f" {{#{block['anchor']}}}" if "anchor" in block else ""
    return f"{signs} {inline_markdown(block, 'heading')}".rstrip(" ") + anchor


def _quoted(block: TextBlock) -> str:
    return "\n".join(f"> {line}" for line in inline_markdown(block).split("\n"))


def _list(node: ListNode) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(node.items, 1):
        marker = f"{number}. " if node.numbered else "- "
        text = inline_markdown(item.block)
        inner = (_box(item) + text).split("\n")
        for deeper in item.lists:
            below = _list(deeper)
            # Right below text, a marker without text would make the text a heading.
            inner.extend(["", *below] if text and below[0] in ("-", "1.") else below)
        lines.append((marker + inner[0]).rstrip(" "))
        lines.extend((" " * len(marker) + line).rstrip(" ") for line in inner[1:])
    return lines


def _box(item: Item) -> str:
    if "checked" not in item.block:
        return ""
    return "[x] " if item.block["checked"] else "[ ] "


def _table(block: TableBlock) -> str:
    rows = [_row(inline_markdown(cell, "cell") for cell in row["cells"]) for row in block["rows"]]
    rows.insert(1, _row(_UNDERLINE[align] for align in block["align"]))
    return "\n".join(rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(block: CodeBlock) -> str:
    longest = max(map(len, re.findall("`+", block["code"])), default=0)
    fence = "`" * max(3, longest + 1)
    code = f"{block['code']}\n" if block["code"] else ""
    return f"{fence}{block['language'] or ''}\n{code}{fence}"


def _plain(text: str) -> str:
    span: Span = {"_type": "span", "_key": "", "text": text, "marks": []}
    return inline_markdown({"markDefs": [], "children": [span]})


def _custom(block: CustomBlock) -> str:
    match block["_type"]:
        case "code":
            return _code(block)
        case "image":
            return image_markdown(block)
        case "rule":
            return "***"
        case "table":
            return _table(block)
        case "footnote":
            return f"[^{block['number']}]: {inline_markdown(block)}"
        case _:
            return _plain(block["fallback"]["text"]) if "fallback" in block else ""
