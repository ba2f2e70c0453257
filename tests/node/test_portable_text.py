"""Portable Text's own renderer shows our blocks as our HTML does."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, seed, settings

from api.errors import Issue, Place
from api.richtext.blocks import Blocks
from api.richtext.html import render_html
from api.source.markdown import Origin, parse
from tests.documents import documents
from tests.node.conftest import LOCK, node
from tests.resolved import resolved, settled
from tests.structure import structure
from tests.trees import Element, tree

EXAMPLES_IN_SCOPE = 460
NEWLINE_AS_ENTITY = 39
"""The one example in scope that we take otherwise: a newline in a text is a hard break."""
DOCUMENTS = 400


class Example(NamedTuple):
    """An example of CommonMark's specification: its number, its Markdown, its HTML."""

    number: int
    markdown: str
    html: str


def read(source: str) -> tuple[Blocks, list[Issue]]:
    rich, issues = parse(source, Origin(Place("x.md", 1, 1)))
    return resolved(rich), issues


@pytest.fixture(scope="module")
def examples(packages: Path) -> list[Example]:
    script = "console.log(JSON.stringify(require('commonmark-spec').tests))"
    found = node(packages, "--input-type=commonjs", "-e", script)
    return [
        Example(one["number"], one["markdown"].replace("→", "\t"), one["html"].replace("→", "\t"))
        for one in found
    ]


@pytest.fixture(scope="module")
def in_scope(examples: list[Example]) -> dict[int, Blocks]:
    """The blocks of the examples that are read without an Issue."""
    parsed = ((example.number, *read(example.markdown)) for example in examples)
    return {number: blocks for number, blocks, issues in parsed if not issues}


def shown(packages: Path, texts: list[Blocks]) -> list[Element]:
    """Return what Portable Text's renderer makes of rich texts, one process for all."""
    return [tree(html) for html in node(packages, "portable_text.mjs", given=texts)]


def ours(blocks: Blocks) -> Element:
    return tree(render_html(blocks))


def comparable(element: Element) -> Element:
    """Leave out what Portable Text's renderer has no element or attribute for.

    That is a task's box, a heading's anchor, attributes of links and code. A quote of several
    paragraphs is several quotes there: style belongs to the block.
    """
    children: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str):
            children.append(child)
        elif child.tag == "blockquote" and isinstance(child.children[0], Element):
            children += [one._replace(tag="blockquote") for one in map(comparable, elements(child))]
        elif child.tag != "input":
            children.append(comparable(child))
    kept = {name: element.attributes[name] for name in KEPT if name in element.attributes}
    return element._replace(children=children, attributes=kept)


KEPT = ("href", "src", "alt", "align")


def elements(element: Element) -> list[Element]:
    return [child for child in element.children if isinstance(child, Element)]


def test_lock_has_hashes_and_no_addresses() -> None:
    text = LOCK.read_text()
    assert text.count('"integrity"') == 4
    assert "resolved" not in text
    assert "http" not in text


def test_enough_of_the_specifications_examples_is_in_scope(
    examples: list[Example], in_scope: dict[int, Blocks]
) -> None:
    assert len(examples) == 652
    assert len(in_scope) >= EXAMPLES_IN_SCOPE


def test_examples_in_scope_are_shown_as_our_html(
    packages: Path, in_scope: dict[int, Blocks]
) -> None:
    theirs = shown(packages, [*in_scope.values()])
    for (number, blocks), html in zip(in_scope.items(), theirs, strict=True):
        assert comparable(html) == comparable(ours(blocks)), number


def test_examples_in_scope_say_what_the_specification_says(
    examples: list[Example], in_scope: dict[int, Blocks]
) -> None:
    for example in examples:
        if example.number in in_scope and example.number != NEWLINE_AS_ENTITY:
            said = structure(settled(tree(example.html)))
            assert structure(ours(in_scope[example.number])) == said, example.number


def test_random_documents_are_shown_as_our_html(packages: Path) -> None:
    sources: list[str] = []

    @seed(1)
    @settings(max_examples=DOCUMENTS, database=None, suppress_health_check=[*HealthCheck])
    @given(documents())
    def gather(source: str) -> None:
        sources.append(source)

    gather()
    texts = [read(source) for source in sources]
    assert not any(issues for _, issues in texts)
    kinds = Counter(block["_type"] for blocks, _ in texts for block in blocks)
    assert set(kinds) == {"block", "code", "image", "rule", "table", "footnote"}
    theirs = shown(packages, [blocks for blocks, _ in texts])
    for source, (blocks, _), html in zip(sources, texts, theirs, strict=True):
        assert comparable(html) == comparable(ours(blocks)), source
