"""What the Markdown of an editor becomes is what the contract says of rich text."""

from typing import Any

import pytest

from api.contract.proof import Proof
from api.contract.rich_text import RICH_TEXT
from api.errors import Place
from api.source.markdown import Origin, parse

Json = Any

EVERYTHING = """
#### A *heading* {#here}

Words that are **strong**, *emphatic*, ~~struck out~~, `code`, [a link](/a "A") and noted[^a].\\
A line below, with [an entry](article:example-article).

> A quote.

1. One
   - [x] done
   - [ ] open
2. Two

```python
code
```

![An example](example.png "A title")

| a | b | c | d |
|---|:--|:-:|--:|
| **e**[^b] |

***

[^a]: A [note](/b).
[^b]: Another.
"""


def blocks_of(source: str) -> list[Json]:
    rich, issues = parse(source, Origin(Place("x.md", 1, 1)))
    assert not issues
    return list(rich.blocks)


@pytest.fixture(scope="module")
def proof() -> Proof:
    return Proof({"components": {"schemas": dict(RICH_TEXT)}})


def test_every_kind_of_block_is_as_the_contract_says(proof: Proof) -> None:
    blocks = blocks_of(EVERYTHING)
    kinds = {block["_type"] for block in blocks}
    assert kinds == RICH_TEXT["BlockNode"]["x-block-types"].keys()
    assert [fault for block in blocks for fault in proof.faults("BlockNode", block)] == []


@pytest.mark.parametrize(
    ("source", "change"),
    [
        pytest.param("***", {"text": "x"}, id="a rule with more"),
        pytest.param("|a|\n|-|", {"align": ["middle"]}, id="an alignment that there is not"),
        pytest.param("|a|\n|-|", {"rows": [{"cells": []}]}, id="a row without a key"),
        pytest.param("- [x] a", {"checked": "yes"}, id="a task that is neither done nor open"),
        pytest.param("a", {"checked": True}, id="a task that is no item of a list"),
        pytest.param(
            "a", {"markDefs": [{"_type": "footnote", "_key": "m", "href": "/"}]}, id="a mixed mark"
        ),
    ],
)
def test_block_with_another_shape_breaks_the_contract(
    proof: Proof, source: str, change: Json
) -> None:
    (block,) = blocks_of(source)
    assert not list(proof.faults("BlockNode", block))
    assert list(proof.faults("BlockNode", {**block, **change}))
