"""Two texts as one, with the words that went and the words that came marked."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

CONTEXT = 6
"""How many words are shown on either side of a change."""
MOST_WORDS = 80
"""How many words of one run are shown that went or came."""
_MOST_COMPARED = 2_000
"""How many words are compared one by one: the time grows with their square."""
CUT = "…"
LINE = "¶"
_LINES = re.compile(r"\s*\n\s*")


class Mark(StrEnum):
    """What became of some words."""

    SAME = "same"
    WENT = "went"
    CAME = "came"


class Run(NamedTuple):
    """Words in a row of which the same became."""

    mark: Mark
    text: str


def compared(old: str, new: str) -> Iterator[Run]:
    """Yield the runs of words of two texts; long runs are cut, a new line is the word ¶."""
    before, after = (_LINES.sub(f" {LINE} ", text).split() for text in (old, new))
    runs = list(_runs(before, after))
    for number, (mark, words) in enumerate(runs):
        text = (
            _around(words, is_first=number == 0, is_last=number == len(runs) - 1)
            if mark is Mark.SAME
            else _shortened(words)
        )
        yield Run(mark, text)


def _runs(before: list[str], after: list[str]) -> Iterator[tuple[Mark, list[str]]]:
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    one, other = before[start : len(before) - end], after[start : len(after) - end]
    if start:
        yield Mark.SAME, before[:start]
    if max(len(one), len(other)) > _MOST_COMPARED:
        yield from _replaced(one, other)
    else:
        matcher = SequenceMatcher(None, one, other, autojunk=False)
        for what, i1, i2, j1, j2 in matcher.get_opcodes():
            if what == "equal":
                yield Mark.SAME, one[i1:i2]
            else:
                yield from _replaced(one[i1:i2], other[j1:j2])
    if end:
        yield Mark.SAME, before[len(before) - end :]


def _replaced(old: list[str], new: list[str]) -> Iterator[tuple[Mark, list[str]]]:
    if old:
        yield Mark.WENT, old
    if new:
        yield Mark.CAME, new


def _common(one: list[str], other: list[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _around(words: list[str], *, is_first: bool, is_last: bool) -> str:
    head = [] if is_first else words[:CONTEXT]
    tail = [] if is_last else words[-CONTEXT:]
    if len(words) <= len(head) + len(tail):
        return " ".join(words)
    return " ".join([*head, CUT, *tail])


def _shortened(words: list[str]) -> str:
    if len(words) <= MOST_WORDS:
        return " ".join(words)
    return " ".join([*words[:MOST_WORDS], CUT])
