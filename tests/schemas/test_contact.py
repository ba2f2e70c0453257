"""What a contact says of its hours is whole."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.contact import OpeningHours


@pytest.mark.parametrize(
    "hours",
    [
        pytest.param({"opens": "09:00", "closes": "17:00"}, id="both"),
        pytest.param({"opens": "22:00", "closes": "02:00"}, id="over midnight"),
        pytest.param({"opens": None, "closes": None}, id="closed"),
        pytest.param({}, id="closed without a word"),
    ],
)
def test_opening_hours_have_both_ends_or_neither(hours: dict[str, Any]) -> None:
    held = OpeningHours.model_validate({"day_of_week": ["Monday"], **hours})
    assert (held.opens, held.closes) == (hours.get("opens"), hours.get("closes"))


@pytest.mark.parametrize(
    "hours",
    [
        pytest.param({"opens": "09:00"}, id="no end"),
        pytest.param({"closes": "17:00"}, id="no beginning"),
        pytest.param({"opens": "09:00", "closes": None}, id="null for an end"),
    ],
)
def test_opening_hours_with_one_end_are_refused(hours: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        OpeningHours.model_validate({"day_of_week": ["Monday"], **hours})
    (error,) = caught.value.errors()
    assert (error["type"], error["msg"]) == (
        "invalid_value",
        "has one of opens and closes: write both, or neither when closed",
    )
