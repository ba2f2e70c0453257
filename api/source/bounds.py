"""The bounds that YAML and JSON texts are read under, and the Issues gathered on the way."""

from typing import NoReturn

from api.errors import (
    DUPLICATE_KEY,
    TOO_DEEP,
    TOO_MANY_VALUES,
    ContentError,
    Issue,
    IssueKind,
    Place,
)

LENGTH = 1_048_576
"""Characters of a text."""
DEPTH = 32
"""Lists and groups of fields inside one another, the outermost counted."""
VALUES = 20_000
"""Names, scalars, lists and groups of fields."""
ISSUES = 50
"""Issues of a text, after which nothing more is read."""
SHOWN = 40
"""Characters of a field's name that an Issue shows."""


class BoundedReader:
    """Gathers the Issues of one text that do not end its reading, and ends it at a bound.

    `values` counts names and values, the outermost one too.
    """

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.values = 0

    def count(self, place: Place) -> None:
        """Count a value that begins at a place."""
        self.values += 1
        if self.values > VALUES:
            self.stop(TOO_MANY_VALUES, place, f"the text has more than {VALUES:,} names and values")

    def descend(self, depth: int, place: Place) -> None:
        """Go into a list or a group of fields that begins at a place."""
        if depth > DEPTH:
            self.stop(TOO_DEEP, place, f"values are nested more than {DEPTH} levels deep")

    def note_duplicate(self, key: str, place: Place, first: Place) -> None:
        """Note that a field is given twice."""
        what = f"the field {shown(key)} is given a second time"
        self.note(DUPLICATE_KEY, place, what, first)

    def note(self, kind: IssueKind, place: Place, what: str, other: Place | None = None) -> None:
        """Note an Issue and go on, up to ISSUES of them."""
        self.issues.append(kind.at(place, what, other=other))
        if len(self.issues) == ISSUES:
            raise ContentError(*self.issues)

    def stop(
        self, kind: IssueKind, place: Place, what: str, other: Place | None = None
    ) -> NoReturn:
        """End the reading with a last Issue."""
        raise ContentError(*self.issues, kind.at(place, what, other=other))


def shown(name: str) -> str:
    """Return a field's name as an Issue quotes it: on one line, and cut when it is long."""
    return repr(name if len(name) <= SHOWN else name[:SHOWN] + "…")
