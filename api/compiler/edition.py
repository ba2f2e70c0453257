"""Which content is compiled."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Edition:
    """A content folder as it is at an instant; with `drafts`, what is not public is shown too."""

    root: Path
    at: datetime
    drafts: bool = False
