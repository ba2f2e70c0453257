"""A line of a file with a mark below one column, safe and short enough for a terminal."""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len

from api.errors import printable

CELLS_BEFORE = 40
CELLS = 100
"""How many cells of a terminal an excerpt takes, and how many of them before the mark."""
SIGNS = 200
"""How many characters stand on one side of the mark: some take no cell at all."""
TAB = "    "
CUT = "…"


class Excerpt(NamedTuple):
    """A line as it is shown, and how many cells stand before the marked column."""

    line: str
    before: int


def excerpt(line: str, column: int) -> Excerpt:
    """Return what is shown of a line, the column (from 1, in code points) in it.

    A tab is four spaces; what is not printable, a sign of direction among it, is written as its
    escape, so that no line of a file steers a terminal or reads otherwise than it is. A column
    behind the line's end marks its end.
    """
    at = _base(line, min(max(column, 1) - 1, len(line)))
    before = _shown(reversed(line[max(at - SIGNS, 0) : at]), CELLS_BEFORE)[::-1]
    left = CUT if len(before) < at else ""
    start = left + "".join(before)
    after = _shown(line[at : at + SIGNS], CELLS - cell_len(start))
    right = CUT if at + len(after) < len(line) else ""
    return Excerpt(start + "".join(after) + right, cell_len(start))


def _base(line: str, at: int) -> int:
    """Go back from a combining sign to the one that it stands on."""
    first = max(at - SIGNS, 0)
    while first < at < len(line) and unicodedata.combining(line[at]):
        at -= 1
    return at


def _shown(signs: Iterable[str], cells: int) -> list[str]:
    """Return the shown forms of the first characters that fit."""
    shown: list[str] = []
    for sign in signs:
        form = TAB if sign == "\t" else printable(sign)
        cells -= cell_len(form)
        if cells < 0:
            break
        shown.append(form)
    return shown
