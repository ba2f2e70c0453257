"""Blocks whose addresses are settled, as the compiler does it: a stand-in path for each."""

from copy import deepcopy
from typing import Any, cast

from api.richtext.addresses import is_target
from api.richtext.blocks import Blocks
from schemas.fields import RichText
from tests.trees import Element

PREFIX = "/found/"


def resolved(text: RichText) -> Blocks:
    """Return the blocks with every target below PREFIX."""
    blocks = deepcopy(list(text.blocks))
    targets = {target.address for target in text.targets}
    for block in blocks:
        _resolve(block, targets)
    return cast("Blocks", blocks)


def settled(element: Element) -> Element:
    """Return another renderer's tree with every target below PREFIX."""
    attributes = {
        name: PREFIX + value if name in ("href", "src") and is_target(value) else value
        for name, value in element.attributes.items()
    }
    children = [child if isinstance(child, str) else settled(child) for child in element.children]
    return element._replace(attributes=attributes, children=children)


def _resolve(node: Any, targets: set[str]) -> None:
    if isinstance(node, dict):
        for name in ("href", "src"):
            if node.get(name) in targets:
                node[name] = PREFIX + node[name]
        for value in node.values():
            _resolve(value, targets)
    elif isinstance(node, list):
        for value in node:
            _resolve(value, targets)
