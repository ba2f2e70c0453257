"""Which content is compiled."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.settings import RequireReview


@dataclass(frozen=True, slots=True)
class Edition:
    """A content folder as it is at an instant; with `drafts`, what is not public is shown too.

    `require_review` says which reviews keep it from being published.
    """

    root: Path
    at: datetime
    drafts: bool = False
    require_review: RequireReview = RequireReview.NONE
