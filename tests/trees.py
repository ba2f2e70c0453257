"""HTML as trees that can be compared: parsed, white space as a browser shows it."""

import re
from html.parser import HTMLParser
from typing import NamedTuple

VOID = frozenset({"br", "hr", "img", "input"})
BLOCKS = frozenset(
    {
        *("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "pre", "hr"),
        *("table", "thead", "tbody", "tr", "th", "td", "section", "br", "input"),
    }
)
_SPACE = re.compile(r"[ \t\n\r\xa0]+")


class Element(NamedTuple):
    """An element with its attributes."""

    tag: str
    attributes: dict[str, str]
    children: list["Element | str"]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {}, [])
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, [])
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        children = self._open[-1].children
        if children and isinstance(children[-1], str):
            children[-1] += data
        else:
            children.append(data)


def tree(html: str) -> Element:
    """Parse a fragment; elements must be well nested."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return _tidied(builder.root)


def _tidied(element: Element) -> Element:
    """Collapse white space, and drop it at the edges of blocks; code keeps its own."""
    if element.tag == "pre":
        return element
    children = [
        _SPACE.sub(" ", child) if isinstance(child, str) else _tidied(child)
        for child in element.children
    ]
    around = [_is_edge(element), *map(_is_block, children), _is_edge(element)]
    tidy: list[Element | str] = []
    for index, child in enumerate(children):
        if not isinstance(child, str):
            tidy.append(child)
            continue
        text = child.lstrip(" ") if around[index] else child
        if text := text.rstrip(" ") if around[index + 2] else text:
            tidy.append(text)
    return element._replace(children=tidy)


def _is_edge(element: Element) -> bool:
    return element.tag in BLOCKS or not element.tag


def _is_block(child: Element | str) -> bool:
    return isinstance(child, Element) and child.tag in BLOCKS


def text_of(element: Element) -> str:
    """Return the words of an element."""
    return "".join(c if isinstance(c, str) else text_of(c) for c in element.children)
