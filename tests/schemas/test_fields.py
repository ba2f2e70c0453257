"""The field types take what they promise, refuse the rest, and say why in an editor's words."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any, Literal

import jsonschema_rs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.fields import (
    E164,
    Email,
    FrontEndPath,
    Instant,
    Locale,
    Model,
    Phone,
    Reference,
    RichText,
    Slug,
    TimeOfDay,
    Title,
    Url,
    Use,
)


class Note(Model):
    """A model of one field."""

    text: Title
    """The text."""


FIELDS: dict[str, Any] = {
    "Slug": Slug,
    "Reference": Reference[Literal["section"]],
    "Title": Title,
    "Locale": Locale,
    "TimeOfDay": TimeOfDay,
    "Url": Url,
    "Email": Email,
    "FrontEndPath": FrontEndPath,
    "E164": E164,
}
FORMS = ("Locale", "TimeOfDay", "Url", "Email", "FrontEndPath", "E164")
"""The names of those whose form is a regular expression."""
GOOD = [
    ("Slug", "a"),
    ("Slug", "7"),
    ("Slug", "botox-injections"),
    ("Slug", "a-1-b-2"),
    ("Slug", "a" * 96),
    ("Reference", "first"),
    ("Reference", "first.key-points"),
    ("Reference", "a" * 96 + "." + "b" * 96),
    ("Title", "x"),
    ("Title", "Ünïcode — 日本"),
    ("Title", "x" * 1000),
    ("Locale", "en"),
    ("Locale", "uk"),
    ("Locale", "pt-BR"),
    ("Locale", "zh-Hant"),
    ("Locale", "zh-Hant-TW"),
    ("Locale", "es-419"),
    ("Locale", "ast"),
    ("Locale", "de-CH-1996"),
    ("Locale", "sl-rozaj"),
    ("TimeOfDay", "00:00"),
    ("TimeOfDay", "09:30"),
    ("TimeOfDay", "23:59"),
    ("Url", "https://example.org"),
    ("Url", "http://example.org:8080/a?b=c#d"),
    ("Url", "https://example.org?q"),
    ("Url", "https://exämple.org/straße"),
    ("Url", "https://e.org/" + "x" * 1986),
    ("Email", "name@example.org"),
    ("Email", "first.last+tag@mail.example.co.uk"),
    ("FrontEndPath", "/"),
    ("FrontEndPath", "/articles"),
    ("FrontEndPath", "/a/b-c/d"),
    ("E164", "+14435598354"),
    ("E164", "+1234567"),
]
BAD = [
    ("Slug", ""),
    ("Slug", "Topic"),
    ("Slug", "a_b"),
    ("Slug", "a--b"),
    ("Slug", "-a"),
    ("Slug", "a-"),
    ("Slug", "a b"),
    ("Slug", "é"),
    ("Slug", "a\n"),
    ("Slug", "a" * 97),
    ("Reference", ""),
    ("Reference", "a.b.c"),
    ("Reference", "a."),
    ("Reference", ".b"),
    ("Reference", "articles/first"),
    ("Title", ""),
    ("Title", "  "),
    ("Title", "two\nlines"),
    ("Title", "nul\0"),
    ("Title", "x" * 1001),
    ("Locale", ""),
    ("Locale", "EN"),
    ("Locale", "english"),
    ("Locale", "en_GB"),
    ("Locale", "en-gb"),
    ("Locale", "e"),
    ("Locale", "en\n"),
    ("TimeOfDay", "9:30"),
    ("TimeOfDay", "24:00"),
    ("TimeOfDay", "12:60"),
    ("TimeOfDay", "09:30:00"),
    ("TimeOfDay", "9 am"),
    ("TimeOfDay", "0٣:00"),
    ("Url", "example.org"),
    ("Url", "//example.org"),
    ("Url", "ftp://example.org"),
    ("Url", "javascript:alert(1)"),
    ("Url", "https://"),
    ("Url", "https:///path"),
    ("Url", "https://example.org/a b"),
    ("Url", "https://user:secret@example.org"),
    ("Url", "https://e.org/" + "x" * 1987),
    ("Email", "name"),
    ("Email", "name@example"),
    ("Email", "name@example..org"),
    ("Email", "Name <name@example.org>"),
    ("Email", "a b@example.org"),
    ("Email", "a@b@example.org"),
    ("Email", "x" * 250 + "@e.org"),
    ("FrontEndPath", ""),
    ("FrontEndPath", "articles"),
    ("FrontEndPath", "/articles/"),
    ("FrontEndPath", "//example.org"),
    ("FrontEndPath", "/a?b"),
    ("FrontEndPath", "/a#b"),
    ("FrontEndPath", "/a b"),
    ("E164", "14435598354"),
    ("E164", "+0443559835"),
    ("E164", "+123456"),
]


def _name(field: str, value: str) -> str:
    return f"{field} {value[:30]!r} of {len(value)}"


@pytest.mark.parametrize(
    ("field", "value"), [pytest.param(*case, id=_name(*case)) for case in GOOD]
)
def test_good_value_is_kept_as_it_is(field: str, value: str) -> None:
    assert TypeAdapter(FIELDS[field]).validate_python(value) == value


@pytest.mark.parametrize(("field", "value"), [pytest.param(*case, id=_name(*case)) for case in BAD])
def test_bad_value_is_refused(field: str, value: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(FIELDS[field]).validate_python(value)


@pytest.mark.parametrize(
    ("field", "pattern"),
    [
        pytest.param(
            "Locale",
            "^(?:[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"
            "(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)$",
            id="locale",
        ),
        pytest.param("TimeOfDay", "^(?:([01][0-9]|2[0-3]):[0-5][0-9])$", id="time of day"),
        pytest.param("Url", r"^(?:https?://[^\s/?#@]+([/?#]\S*)?)$", id="url"),
        pytest.param("Email", r"^(?:[^\s@<>]+@[^\s@<>.]+(\.[^\s@<>.]+)+)$", id="email"),
        pytest.param("FrontEndPath", r"^(?:/([^\s/?#]+(/[^\s/?#]+)*)?)$", id="path"),
        pytest.param("E164", r"^(?:\+[1-9][0-9]{6,14})$", id="telephone number"),
    ],
)
def test_form_is_the_pattern_of_the_json_schema(field: str, pattern: str) -> None:
    schema = TypeAdapter(FIELDS[field]).json_schema()
    assert (schema["type"], schema["pattern"]) == ("string", pattern)


@pytest.mark.parametrize(
    ("field", "value", "good"),
    [
        pytest.param(field, value, cases is GOOD, id=_name(field, value))
        for cases in (GOOD, BAD)
        for field, value in cases
        if field in FORMS
    ],
)
def test_json_schema_of_a_form_decides_as_the_model_does(
    field: str, value: str, *, good: bool
) -> None:
    schema = TypeAdapter(FIELDS[field]).json_schema()
    assert jsonschema_rs.Draft202012Validator(schema).is_valid(value) is good


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        pytest.param(
            Locale,
            "english",
            "is no locale: write a BCP 47 tag such as en, uk or pt-BR",
            id="locale",
        ),
        pytest.param(TimeOfDay, "9", "is no time of day: write it as 09:30", id="time of day"),
        pytest.param(
            Url,
            "example.org",
            "is no web address: write it whole, as https://example.org/page",
            id="url",
        ),
        pytest.param(
            Email, "name", "is no e-mail address: write it as name@example.org", id="email"
        ),
        pytest.param(
            FrontEndPath, "a", "is no path of the front end: write it as /articles", id="path"
        ),
    ],
)
def test_refusal_tells_how_to_write_the_value(field: Any, value: str, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(field).validate_python(value)
    (error,) = caught.value.errors()
    assert (error["type"], error["msg"]) == ("invalid_value", words)


@pytest.mark.parametrize(
    ("given_as", "utc"),
    [
        pytest.param(
            datetime(2026, 10, 13, 9, tzinfo=timezone(timedelta(hours=3))),
            datetime(2026, 10, 13, 6, tzinfo=UTC),
            id="east",
        ),
        pytest.param(
            datetime(2026, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-5))),
            datetime(2027, 1, 1, 4, 30, tzinfo=UTC),
            id="west, over the year's end",
        ),
    ],
)
def test_instant_is_held_in_utc(given_as: datetime, utc: datetime) -> None:
    held = TypeAdapter(Instant).validate_python(given_as)
    assert held == utc
    assert held.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "instant",
    [
        pytest.param(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))), id="before year 1"),
        pytest.param(
            datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-2))), id="after year 9999"
        ),
    ],
)
def test_instant_that_utc_cannot_tell_is_refused(instant: datetime) -> None:
    with pytest.raises(ValidationError, match="is out of range: in UTC its year must be"):
        TypeAdapter(Instant).validate_python(instant)


def test_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Instant).validate_python(datetime(2026, 10, 13, 9))  # noqa: DTZ001 - the case


def test_reference_tells_its_targets() -> None:
    assert Reference.targets(Reference[Literal["article", "topic"]]) == ("article", "topic")


def test_reference_is_a_text_of_its_own_type() -> None:
    held = TypeAdapter(Reference[Literal["topic"]]).validate_python("one")
    assert isinstance(held, Reference)
    assert held == "one"


def test_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="other"):
        Note.model_validate({"text": "a", "other": "b"})


def test_model_is_frozen() -> None:
    note = Note(text="a")
    with pytest.raises(ValidationError, match="frozen"):
        note.text = "b"
    assert note.text == "a"


def test_docstring_below_a_field_describes_it() -> None:
    assert Note.model_fields["text"].description == "The text."


def test_marker_stays_with_its_field() -> None:
    class Secret(Model):
        word: Annotated[Title, Use.PRIVATE]

    assert Use.PRIVATE in Secret.model_fields["word"].metadata


def test_rich_text_takes_parsed_blocks_alone() -> None:
    parsed = RichText(({"_type": "block"},))
    assert TypeAdapter(RichText).validate_python(parsed) is parsed
    with pytest.raises(ValidationError):
        TypeAdapter(RichText).validate_python("*Markdown*")


def test_editor_schema_of_rich_text_is_markdown() -> None:
    assert TypeAdapter(RichText).json_schema() == {
        "type": "string",
        "contentMediaType": "text/markdown",
    }


@pytest.mark.parametrize(
    ("display", "e164"),
    [
        pytest.param("443-559-8354", "+14435598354", id="national, United States"),
        pytest.param("(443) 559-8354", "+14435598354", id="brackets"),
        pytest.param("1-443-559-8354", "+14435598354", id="country code without +"),
        pytest.param("+1 443 559 8354", "+14435598354", id="international"),
        pytest.param("Tel. 443.559.8354", "+14435598354", id="words before"),
        pytest.param("044 123 45 67", "+380441234567", id="trunk zero, Ukraine"),
        pytest.param("020 7946 0958", "+442079460958", id="trunk zero, Britain"),
        pytest.param("+44 (0)20 7946 0958", "+442079460958", id="trunk zero in brackets"),
        pytest.param("06 1234 5678", "+390612345678", id="zero that is dialled, Italy"),
        pytest.param("0044 20 7946 0958", "+442079460958", id="international prefix 00"),
        pytest.param("555-0100", "+15550100", id="short"),
    ],
)
def test_phone_whose_two_numbers_agree_is_taken(display: str, e164: str) -> None:
    phone = Phone(display=display, e164=e164)
    assert (phone.display, phone.e164) == (display, e164)


@pytest.mark.parametrize(
    ("display", "e164"),
    [
        pytest.param("443-559-8354", "+14435598355", id="another digit"),
        pytest.param("443-559-835", "+14435598354", id="a digit too few"),
        pytest.param("443-559-83544", "+14435598354", id="a digit too many"),
        pytest.param("559-8354", "+14435598354", id="without the area"),
        pytest.param("+44 443 559 8354", "+14435598354", id="another country"),
        pytest.param("+443 559 8354", "+14435598354", id="a + before a national number"),
        pytest.param("call us", "+14435598354", id="no digit"),
        pytest.param("000", "+14435598354", id="zeros alone"),
    ],
)
def test_phone_whose_two_numbers_differ_is_refused(display: str, e164: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Phone(display=display, e164=e164)
    (error,) = caught.value.errors()
    assert error["msg"] == (f"has two numbers that differ: display '{display}' and e164 '{e164}'")


@pytest.mark.parametrize(
    "e164",
    [
        pytest.param("14435598354", id="no +"),
        pytest.param("+04435598354", id="a country code of 0"),
        pytest.param("+1 443 559 8354", id="spaces"),
        pytest.param("+144355", id="too short"),
        pytest.param("+1234567890123456", id="too long"),
        pytest.param("+1443559835٤", id="digits of another script"),
    ],
)
def test_number_that_is_not_e164_is_refused(e164: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Phone(display="443-559-8354", e164=e164)
    (error,) = caught.value.errors()
    assert error["loc"] == ("e164",)
    assert error["msg"] == "is no E.164 number: write + and 7 to 15 digits, as +14435550100"


COUNTRIES = st.sampled_from(["1", "44", "380", "7", "49"])
NATIONAL = st.from_regex(r"[1-9][0-9]{6,11}", fullmatch=True)
SEPARATORS = st.lists(st.sampled_from(["", "", " ", "-", ".", " / ", ") "]), min_size=12)


def _apart(digits: str, separators: list[str]) -> str:
    return "".join(digit + gap for digit, gap in zip(digits, separators, strict=False))


@given(COUNTRIES, NATIONAL, SEPARATORS, st.sampled_from(["", "0", "(0", "+", "00"]))
def test_phone_agrees_however_its_digits_are_set_apart(
    country: str, national: str, separators: list[str], prefix: str
) -> None:
    shown = _apart(national, separators)
    display = f"{prefix}{country} {shown}" if prefix in ("+", "00") else f"{prefix}{shown}"
    assume(len(display) <= 40)
    assert Phone(display=display, e164=f"+{country}{national}").display == display


@given(COUNTRIES, NATIONAL, st.data())
def test_phone_with_a_digit_changed_never_agrees(
    country: str, national: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(1, len(national) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != national[at]]))
    with pytest.raises(ValidationError, match="two numbers that differ"):
        Phone(display=national[:at] + other + national[at + 1 :], e164=f"+{country}{national}")
