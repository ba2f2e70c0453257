"""How to reach the site's owner."""

from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from schemas.collection import SingleFile
from schemas.entry import Entry
from schemas.fields import Day, Email, Model, Phone, TimeOfDay, Title, Url, Use


class DayOfWeek(StrEnum):
    """The days of schema.org's DayOfWeek."""

    MONDAY = "Monday"
    TUESDAY = "Tuesday"
    WEDNESDAY = "Wednesday"
    THURSDAY = "Thursday"
    FRIDAY = "Friday"
    SATURDAY = "Saturday"
    SUNDAY = "Sunday"
    PUBLIC_HOLIDAYS = "PublicHolidays"


class PostalAddress(Model):
    """An address in the shape of schema.org's PostalAddress."""

    street_address: Title | None = None
    """Street and number."""
    address_locality: Title | None = None
    """The town."""
    address_region: Title | None = None
    """The state or province."""
    postal_code: Title | None = None
    """The postal code."""
    address_country: Title | None = None
    """The country, as ISO 3166-1 alpha-2 or by name."""


class OpeningHours(Model):
    """Opening hours in the shape of schema.org's OpeningHoursSpecification."""

    day_of_week: list[DayOfWeek]
    """The days for which these hours hold."""
    opens: TimeOfDay | None = None
    """From when; null together with `closes` where it is closed."""
    closes: TimeOfDay | None = None
    """Until when."""
    valid_from: Day | None = None
    """The first day on which these hours hold."""
    valid_through: Day | None = None
    """The last day on which these hours hold."""

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.opens is None) != (self.closes is None):
            raise PydanticCustomError(
                "invalid_value", "has one of opens and closes: write both, or neither when closed"
            )
        return self


class Contact(Entry):
    """How to reach the site's owner."""

    collection: ClassVar = SingleFile(name="contact", path="/contact", title="name", role="contact")

    name: Annotated[Title, Use.SEARCH]
    """The owner's name."""
    phones: Annotated[list[Phone], Use.LINK, Use.SHARED] = []
    """Telephone numbers, the main one first."""
    email: Annotated[Email | None, Use.SHARED] = None
    """An e-mail address."""
    url: Url | None = None
    """A web address."""
    address: PostalAddress | None = None
    """The postal address."""
    opening_hours: Annotated[list[OpeningHours], Use.SHARED] = []
    """When it is open."""

    example: ClassVar[str] = """\
name: Example contact
phones:
  - display: 555-0100
    e164: "+15550100"
email: contact@example.org
url: https://example.org
address:
  street_address: Example street 1
  address_locality: Example town
  address_region: Example region
  postal_code: "00000"
  address_country: Example country
opening_hours:
  - day_of_week: [Monday, Tuesday]
    opens: "09:00"
    closes: "17:00"
    valid_from: 2026-01-01
    valid_through: 2026-12-31
"""
