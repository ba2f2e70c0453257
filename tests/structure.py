"""What a tree of HTML says, whichever way a renderer of Markdown nests and wraps it.

Marks are sets, as in Portable Text: emphasis within emphasis is emphasis, and `<em><strong>` is
`<strong><em>`. A list is the same whether its items are wrapped in paragraphs or not, images are
blocks, and footnotes are paragraphs with their number.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from typing_extensions import TypeIs

from tests.trees import Element, text_of

Structure = list[Any]
"""Blocks as tuples of names, attributes, runs of text and blocks in them."""

_MARKS = {"strong": "strong", "em": "em", "del": "del", "s": "del", "code": "code", "sup": "sup"}
_AGAIN = re.compile(r"\[(\d+):\d+\]")


def structure(element: Element) -> Structure:
    """Return the blocks below an element."""
    blocks = [block for child in element.children for block in _blocks(child)]
    # A quote without words is no block.
    return [block for block in blocks if block != ("blockquote", [])]


def _blocks(node: Element | str) -> Iterator[Any]:
    if isinstance(node, str):
        yield ("p", [(node, frozenset())])
        return
    match node.tag:
        case "p" if images := [child for child in node.children if _is(child, "img")]:
            for image in images:
                yield ("img", *(image.attributes.get(name) for name in ("src", "alt", "title")))
        case "ul" | "ol":
            yield (node.tag, [_item(child) for child in node.children])
        case "blockquote":
            yield (node.tag, structure(node))
        case "pre":
            (code,) = node.children
            assert isinstance(code, Element)
            yield ("pre", code.attributes.get("class"), text_of(code).removesuffix("\n"))
        case "hr" if node.attributes.get("class") == "footnotes-sep":
            return
        case "section":
            yield from _notes(node)
        case "table":
            yield ("table", [_row(row) for part in node.children for row in _elements(part)])
        case _:
            yield (node.tag, runs(node))


def _is(node: Element | str, tag: str) -> TypeIs[Element]:
    return isinstance(node, Element) and node.tag == tag


def _elements(node: Element | str) -> list[Element]:
    assert isinstance(node, Element)
    return [child for child in node.children if isinstance(child, Element)]


def _row(row: Element) -> Any:
    return [(cell.tag, _alignment(cell), runs(cell)) for cell in _elements(row)]


def _alignment(cell: Element) -> str | None:
    style = cell.attributes.get("style", "").removeprefix("text-align:")
    return style or cell.attributes.get("align")


def _item(item: Element | str) -> Any:
    """Return an item's box, words and lists."""
    assert isinstance(item, Element)
    children: list[Element | str] = []
    for child in item.children:
        children += child.children if isinstance(child, Element) and child.tag == "p" else [child]
    box = next((child for child in children if _is(child, "input")), None)
    lists = [child for child in children if _is(child, "ul") or _is(child, "ol")]
    words = [child for child in children if child is not box and child not in lists]
    checked = None if box is None else "checked" in box.attributes
    return (checked, runs(item._replace(children=words)), [*map(_one, lists)])


def _one(node: Element | str) -> Any:
    (block,) = _blocks(node)
    return block


def _notes(section: Element) -> Iterator[Any]:
    """Take footnotes as a list with ways back for paragraphs with their number."""
    (items,) = _elements(section)
    for number, item in enumerate(_elements(items), 1):
        (paragraph,) = _elements(item)
        words = [
            child
            for child in paragraph.children
            if not (isinstance(child, Element) and "footnote-backref" in child.attributes.values())
        ]
        mark = Element("sup", {}, [f"[{number}]"])
        yield ("p", runs(paragraph._replace(children=[mark, " ", *words])))


def runs(element: Element) -> Any:
    """Return the text of an element as runs with the set of their marks."""
    found: list[tuple[str, frozenset[str]]] = []
    for text, marks in _runs(element, frozenset()):
        if found and found[-1][1] == marks:
            found[-1] = (found[-1][0] + text, marks)
        else:
            found.append((text, marks))
    if found:
        found[0] = (found[0][0].lstrip(" "), found[0][1])
        found[-1] = (found[-1][0].rstrip(" "), found[-1][1])
    joined = ((re.sub(" *\n *", "\n", re.sub(" +", " ", text)), marks) for text, marks in found)
    return [run for run in joined if run[0]]


def _runs(element: Element, marks: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for child in element.children:
        if isinstance(child, str):
            yield child, marks
        elif child.tag == "br":
            yield "\n", marks
        elif child.tag == "sup":
            yield _AGAIN.sub(r"[\1]", text_of(child)), marks | {"sup"}
        elif child.tag == "a":
            href, title = (child.attributes.get(name, "") for name in ("href", "title"))
            yield from _runs(child, marks | {f"a {unquote(href)} {title}"})
        else:
            yield from _runs(child, marks | {_MARKS[child.tag]})
