"""A review: who has looked an entry's text over, when, and which text that was."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from schemas.fields import Day, Form, Model, Reference, Title, Use

DIGEST_LENGTH = 64


class ReviewStatus(StrEnum):
    """What a review says of the present text, at an instant."""

    CURRENT = "current"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    CHANGED_SINCE_REVIEW = "changed_since_review"


class Review(Model):
    """Who has reviewed the text and when; `keypoint review` writes it."""

    reviewed_by: Reference[Literal["person"]]
    """Who has reviewed the text."""
    role: Title | None = None
    """As what the person has reviewed it."""
    at: Day
    """The day of the review (UTC)."""
    next_due: Day | None = None
    """The last day by which the text is to be reviewed again (UTC)."""
    digest: Annotated[
        str,
        StringConstraints(max_length=DIGEST_LENGTH),
        Form(r"[0-9a-f]{64}", "is no digest: let `keypoint review` write the review"),
        Use.PRIVATE,
    ]
    """A digest of the text that was reviewed: the review says nothing of any other."""

    @model_validator(mode="after")
    def _next_comes_later(self) -> Self:
        if self.next_due is not None and self.next_due <= self.at:
            raise PydanticCustomError("invalid_value", "has a next_due that is not after its at")
        return self
