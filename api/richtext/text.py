"""Portable Text blocks → plain words."""

from api.richtext.blocks import Blocks, CustomBlock, TextBlock
from api.richtext.tree import ListNode, Node, Quote, arrange


def render_text(blocks: Blocks) -> str:
    """Render the words alone, blocks parted by a blank line.

    The items of a list have a line each, with `- ` or their number before it, those of a deeper
    list are indented by two spaces. A block of unknown type shows its fallback, or nothing.
    """
    return "\n\n".join(filter(None, map(_node, arrange(blocks))))


def _node(node: Node) -> str:
    if isinstance(node, ListNode):
        return "\n".join(_list(node, ""))
    if isinstance(node, Quote):
        return "\n\n".join(map(_words, node.blocks))
    return _words(node) if node["_type"] == "block" else _custom(node)


def _words(block: TextBlock) -> str:
    return "".join(span["text"] for span in block["children"])


def _list(node: ListNode, indent: str) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(node.items, 1):
        marker = f"{number}. " if node.numbered else "- "
        hanging = "\n" + indent + " " * len(marker)
        lines.append(indent + marker + _words(item.block).replace("\n", hanging))
        for deeper in item.lists:
            lines.extend(_list(deeper, indent + "  "))
    return lines


def _custom(block: CustomBlock) -> str:
    if block["_type"] == "code":
        return block["code"]
    if block["_type"] == "image":
        return block["alt"]
    return block["fallback"]["text"] if "fallback" in block else ""
