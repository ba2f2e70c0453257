"""A parsed file's values, each with its place; what type a value has is for its model to say."""

from typing import NamedTuple

from api.errors import Place
from schemas.fields import RichText

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class Scalar(NamedTuple):
    """A single value as it was written.

    `plain` is true for an unquoted YAML scalar and for JSON's numbers, booleans and null: only
    those may mean null, a number or a boolean. `indent` is the number of columns by which each
    line of a literal block (`|`) is indented; its text starts on the line below `place`.
    It is 0 for every other style.
    """

    text: str
    plain: bool
    place: Place
    indent: int = 0

    @property
    def is_null(self) -> bool:
        """Whether the value is null (YAML 1.2, 10.3.2), if its field has null."""
        return self.plain and self.text in _NULLS


class Rich(NamedTuple):
    """Rich text that was parsed where it stood, in the Markdown part of a file."""

    value: RichText
    place: Place


class Items(NamedTuple):
    """A sequence of values."""

    items: tuple["Node", ...]
    place: Place


class Fields(NamedTuple):
    """A mapping of names to values; `keys` has the place of each name."""

    values: dict[str, "Node"]
    keys: dict[str, Place]
    place: Place


Node = Scalar | Rich | Items | Fields
