"""How long what was published before is kept."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Retention:
    """How long revisions are kept, how many at the most, and how long a deletion is told."""

    age: timedelta = timedelta(days=30)
    most: int = 1_000
    deleted: timedelta = timedelta(days=90)


USUAL = Retention()
"""What holds where nobody says otherwise."""
