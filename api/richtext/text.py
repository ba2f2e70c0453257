"""Portable Text blocks → plain words."""

from api.richtext.blocks import Blocks, CustomBlock, TableBlock, Words
from api.richtext.tree import Item, ListNode, Node, Quote, arrange


def render_text(blocks: Blocks) -> str:
    """Render the words alone, blocks parted by a blank line.

    The items of a list have a line each, with `- ` or their number before it, and a task its box;
    those of a deeper list are indented by two spaces. A row of a table is a line, its cells parted
    by tabs. An image has its alternative text, a footnote its number as it is marked. A block of
    unknown type shows its fallback, or nothing.
    """
    return "\n\n".join(filter(None, map(_node, arrange(blocks))))


def _node(node: Node) -> str:
    if isinstance(node, ListNode):
        return "\n".join(_list(node, ""))
    if isinstance(node, Quote):
        return "\n\n".join(map(_words, node.blocks))
    return _words(node) if node["_type"] == "block" else _custom(node)


def _words(words: Words) -> str:
    return "".join(span["text"] for span in words["children"])


def _list(node: ListNode, indent: str) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(node.items, 1):
        marker = f"{number}. " if node.numbered else "- "
        hanging = "\n" + indent + " " * len(marker)
        text = f"{_box(item)}{_words(item.block)}"
        lines.append(indent + marker + text.replace("\n", hanging))
        for deeper in item.lists:
            lines.extend(_list(deeper, indent + "  "))
    return lines


def _box(item: Item) -> str:
    if "checked" not in item.block:
        return ""
    return "[x] " if item.block["checked"] else "[ ] "


def _table(block: TableBlock) -> str:
    return "\n".join("\t".join(map(_words, row["cells"])) for row in block["rows"])


def _custom(block: CustomBlock) -> str:
    match block["_type"]:
        case "code":
            return block["code"]
        case "image":
            return block["alt"]
        case "rule":
            return ""
        case "table":
            return _table(block)
        case "footnote":
            return f"[{block['number']}] {_words(block)}"
        case _:
            return block["fallback"]["text"] if "fallback" in block else ""
