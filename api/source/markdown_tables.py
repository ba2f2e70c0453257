"""The parser's events of tables → drafts of tables."""

from typing import cast

from api.errors import TOO_MANY_VALUES
from api.richtext.blocks import Alignment
from api.richtext.draft import TableDraft, TextDraft
from api.source.markdown_inline import InlineReader, Span

CELLS = 10_000
"""How many cells the tables of a text may have: a short row stands for as many as the header."""

_ALIGNMENTS: dict[str, Alignment | None] = {
    "None": None,
    "Left": "left",
    "Center": "center",
    "Right": "right",
}


class TableReader(InlineReader):
    """Gathers the cells of one table after the other."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._table = TableDraft([])
        self._cells = 0
        self._cell_end = 0

    def _begin_table(self, alignments: object) -> TableDraft:
        names = cast("tuple[str, ...]", alignments)
        self._table = TableDraft([_ALIGNMENTS[name] for name in names])
        return self._table

    def open_row(self, _: object, __: int) -> None:
        """Begin a row; the first is the header."""
        self._table.rows.append([])

    def close_row(self, span: Span) -> None:
        """End a row: the parser drops the cells that the header has no column for."""
        rest = self._data[self._cell_end : span["end"]]
        if words := rest.strip(b"| \t\n"):
            start = self._cell_end + rest.index(words)
            self._find(start, "the row has more cells than the header of the table")

    def open_cell(self, _: object, start: int) -> None:
        """Begin a cell."""
        self._cells += 1
        if self._cells > CELLS:
            what = f"the text's tables have more than {CELLS:,} cells"
            self._refuse(start, what, TOO_MANY_VALUES)
            self._ended = True
            return
        self._draft = TextDraft("normal")
        self._table.rows[-1].append(self._draft)

    def close_cell(self, span: Span) -> None:
        """End a cell."""
        self._cell_end = span["end"]
