"""The field types that content models are made of, and the markers that say what the API may do.

A model is what an editor writes. Values that pydantic cannot check in an editor's terms are
checked here; their errors carry the words that the editor reads.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, NamedTuple, Self, TypeVar, get_args

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

Target = TypeVar("Target", bound=str)
SectionModel = TypeVar("SectionModel", bound="Model")

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
SLUG_LENGTH = 96
SLUG_PATTERN = rf"^{SLUG}$"
REFERENCE_PATTERN = rf"^{SLUG}(\.{SLUG})?$"
REFERENCE_LENGTH = 2 * SLUG_LENGTH + 1
TEXT_LENGTH = 1_000
URL_LENGTH = 2_000


class Use(StrEnum):
    """What the API may do with a field: a marker, given in the field's Annotated[…]."""

    CARD = "card"
    """Shown where lists show the entry."""
    LINK = "link"
    """Shown where another entry links to this one."""
    FILTER = "filter"
    SORT = "sort"
    SEARCH = "search"
    PRIVATE = "private"
    """Never leaves the server; asked for, it does not exist."""
    SHARED = "shared"
    """The same in all languages: the file of a translation has none."""
    OWN = "own"
    """Each language has its own: a translation that gives none has none.

    Fields without SHARED and OWN fall back: a translation that gives none shows the source's."""


class Model(BaseModel):
    """The base of everything an editor writes: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class TextTarget(NamedTuple):
    """An address in a rich text that means something in the content folder.

    It is an entry, as `article:slug` or `../articles/slug.md`, or a file, as `leaflet.pdf`; both
    may end in `#key`. `image` tells whether it is shown in place. `place` is its path, line and
    column.
    """

    address: str
    image: bool
    place: tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class RichText:
    """Formatted text: Markdown in the file, Portable Text blocks once it is parsed.

    The blocks have each of `targets` as it was written, in a link's `href` or an image's `src`.
    """

    blocks: tuple[Mapping[str, object], ...]
    targets: tuple[TextTarget, ...] = ()

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.is_instance_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "contentMediaType": "text/markdown"}


@dataclass(frozen=True, slots=True)
class Outline:
    """Marks the field that takes the `##` sections of a file's Markdown part."""


Sections = Annotated[list[SectionModel], Outline()]
"""`Sections[Section]`: the outline of the Markdown part, as models of sections."""


class Reference(str, Generic[Target]):
    """`Reference[Literal["topic"]]`: the slug or the id of an entry of the named types."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        text = core_schema.str_schema(pattern=REFERENCE_PATTERN, max_length=REFERENCE_LENGTH)
        return core_schema.no_info_after_validator_function(cls, text)

    @staticmethod
    def targets(annotation: object) -> tuple[str, ...]:
        """Return the type names that a `Reference[…]` annotation allows."""
        (literal,) = get_args(annotation)
        return get_args(literal)


Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, max_length=SLUG_LENGTH)]
"""Lower-case letters, digits and single hyphens between them; at most 96."""


def _line(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("invalid_value", "is blank")
    if not value.isprintable() and any(
        unicodedata.category(sign) in {"Cc", "Zl", "Zp"} for sign in value
    ):
        raise PydanticCustomError(
            "invalid_value", "has a line break or a control sign: write it as one line"
        )
    return value


Title = Annotated[
    str, StringConstraints(min_length=1, max_length=TEXT_LENGTH), AfterValidator(_line)
]
"""A line of plain text."""


@dataclass(frozen=True, slots=True)
class Form:
    """Marks a text that has a form: its regular expression, and what is said of another text."""

    pattern: str
    said: str

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "pattern": f"^(?:{self.pattern})$"}

    def _checked(self, value: str) -> str:
        if not re.fullmatch(self.pattern, value):
            raise PydanticCustomError("invalid_value", "{said}", {"said": self.said})
        return value


LOCALE = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"

Locale = Annotated[str, Form(LOCALE, "is no locale: write a BCP 47 tag such as en, uk or pt-BR")]
"""A language tag of BCP 47 in its canonical case: language, script, region, variants."""


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError(
            "invalid_value", "is out of range: in UTC its year must be 0001 to 9999"
        ) from None


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A point in time (RFC 3339 with an offset), held in UTC."""

Day = date
"""A calendar day, YYYY-MM-DD."""


TimeOfDay = Annotated[
    str, Form(r"([01][0-9]|2[0-3]):[0-5][0-9]", "is no time of day: write it as 09:30")
]
"""Hours and minutes of the day, 00:00 to 23:59."""

Url = Annotated[
    str,
    StringConstraints(max_length=URL_LENGTH),
    Form(
        r"https?://[^\s/?#@]+([/?#]\S*)?",
        "is no web address: write it whole, as https://example.org/page",
    ),
]
"""An absolute http or https address (RFC 3986)."""

Email = Annotated[
    str,
    StringConstraints(max_length=254),
    Form(
        r"[^\s@<>]+@[^\s@<>.]+(\.[^\s@<>.]+)+",
        "is no e-mail address: write it as name@example.org",
    ),
]
"""An e-mail address (RFC 5321), without a display name."""

FrontEndPath = Annotated[
    str,
    StringConstraints(max_length=URL_LENGTH),
    Form(r"/([^\s/?#]+(/[^\s/?#]+)*)?", "is no path of the front end: write it as /articles"),
]
"""A path of the front end, from its root."""

E164 = Annotated[
    str,
    Form(
        r"\+[1-9][0-9]{6,14}",
        "is no E.164 number: write + and 7 to 15 digits, as +14435550100",
    ),
]
"""A telephone number in ITU-T E.164: `+`, the country code and the national number."""


class Phone(Model):
    """A telephone number, as people read it and as a `tel:` link needs it; both must agree."""

    display: Annotated[str, Field(min_length=1, max_length=40)]
    """The number as it is shown."""
    e164: E164
    """The number as a `tel:` link has it (ITU-T E.164)."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        shown = "".join(re.findall(r"\d", self.display.replace("(0)", "")))
        number = self.e164.removeprefix("+")
        national = shown.lstrip("0")
        country = len(number) - len(national)
        same = (
            shown == number
            if self.display.startswith("+")
            else (national != "" and number.endswith(national) and country in range(4))
        )
        if not same:
            raise PydanticCustomError(
                "invalid_value",
                "has two numbers that differ: display '{display}' and e164 '{e164}'",
                {"display": self.display, "e164": self.e164},
            )
        return self
