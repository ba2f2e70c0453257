from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.validators import coded_tag, entity_tag, http_date, parse_http_date

EXAMPLE = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("identity", "tag"),
    [
        # The SHA-256 of nothing and of "abc" (FIPS 180-4), in base64url.
        pytest.param(b"", "47DEQpj8HBSa-_TImW-5JC", id="nothing"),
        pytest.param(b"abc", "ungWv48Bz-pBQUDeXa4iI7", id="abc"),
    ],
)
def test_entity_tag_is_the_start_of_the_digest(identity: bytes, tag: str) -> None:
    assert entity_tag(identity) == tag


@pytest.mark.parametrize(
    ("coding", "etag"),
    [
        pytest.param("identity", '"tag"', id="identity is strong"),
        pytest.param("br", '"tag-br"', id="br is strong"),
        pytest.param("gzip", 'W/"tag-gzip"', id="gzip is weak"),
    ],
)
def test_each_coding_has_its_own_etag(coding: str, etag: str) -> None:
    assert coded_tag("tag", coding) == etag


def test_unknown_coding_has_no_etag() -> None:
    with pytest.raises(KeyError, match="zstd"):
        coded_tag("tag", "zstd")


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        pytest.param(EXAMPLE, "Sun, 06 Nov 1994 08:49:37 GMT", id="example of RFC 9110"),
        pytest.param(
            EXAMPLE.replace(microsecond=999_999), "Sun, 06 Nov 1994 08:49:37 GMT", id="truncated"
        ),
        pytest.param(
            datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2))),
            "Wed, 31 Dec 2025 23:30:00 GMT",
            id="another zone becomes GMT",
        ),
    ],
)
def test_http_date_is_an_imf_fixdate(instant: datetime, text: str) -> None:
    assert http_date(instant) == text


def test_instant_without_zone_is_no_http_date() -> None:
    with pytest.raises(ValueError, match="time zone"):
        http_date(EXAMPLE.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        pytest.param("Sun, 06 Nov 1994 08:49:37 GMT", EXAMPLE, id="IMF-fixdate"),
        pytest.param("Sunday, 06-Nov-94 08:49:37 GMT", EXAMPLE, id="RFC 850"),
        pytest.param("Sun Nov  6 08:49:37 1994", EXAMPLE, id="asctime"),
        pytest.param("Sun Nov 16 08:49:37 1994", EXAMPLE.replace(day=16), id="asctime, two digits"),
        pytest.param(" Sun, 06 Nov 1994 08:49:37 GMT\t", EXAMPLE, id="white space around"),
        pytest.param("Mon, 06 Nov 1994 08:49:37 GMT", EXAMPLE, id="wrong name of the day"),
        pytest.param(
            "Sat, 31 Dec 2016 23:59:60 GMT",
            datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC),
            id="leap second",
        ),
    ],
)
def test_every_form_of_an_http_date_is_read(text: str, instant: datetime) -> None:
    assert parse_http_date(text, now=NOW) == instant


@pytest.mark.parametrize(
    ("text", "year"),
    [
        pytest.param("Monday, 23-Nov-76 12:00:00 GMT", 2076, id="50 years ahead"),
        pytest.param("Monday, 23-Nov-76 12:00:01 GMT", 1976, id="a second more than 50 years"),
        pytest.param("Friday, 31-Dec-99 23:59:59 GMT", 1999, id="end of the century"),
        pytest.param("Saturday, 01-Jan-00 00:00:00 GMT", 2000, id="start of the century"),
    ],
)
def test_two_digit_year_is_at_most_50_years_ahead(text: str, year: int) -> None:
    parsed = parse_http_date(text, now=NOW)
    assert parsed is not None
    assert parsed.year == year


def test_two_digit_year_is_read_by_the_present_when_no_clock_is_given() -> None:
    present = datetime.now(UTC)
    parsed = parse_http_date(f"Friday, 15-Jan-{present.year % 100:02} 00:00:00 GMT")
    assert parsed == datetime(present.year, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("yesterday", id="a word"),
        pytest.param("1994-11-06T08:49:37Z", id="RFC 3339"),
        pytest.param("sun, 06 nov 1994 08:49:37 gmt", id="lower case"),
        pytest.param("Sun, 06 Nov 1994 08:49:37 +0000", id="offset instead of GMT"),
        pytest.param("Sun, 06 Nov 1994 08:49:37", id="no zone"),
        pytest.param("Sun, 6 Nov 1994 08:49:37 GMT", id="day of one digit"),
        pytest.param("Sun, 31 Feb 1994 08:49:37 GMT", id="31 February"),
        pytest.param("Sun, 06 Nov 1994 24:00:00 GMT", id="hour 24"),
        pytest.param("Sun, 06 Nov 1994 08:49:61 GMT", id="second 61"),
        pytest.param("Sun, 06 Nov 0000 08:49:37 GMT", id="year 0"),
        pytest.param("Sun, ٠٦ Nov 1994 08:49:37 GMT", id="digits that are not ASCII"),
        pytest.param(
            "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT", id="list of dates"
        ),
    ],
)
def test_what_is_no_http_date_is_none(text: str) -> None:
    assert parse_http_date(text, now=NOW) is None


@given(st.text())
def test_any_text_is_a_date_or_none(text: str) -> None:
    assert parse_http_date(text) is None


@given(
    st.from_regex(
        r"(Mon, [0-9]{2} Feb [0-9]{4}|Monday, [0-9]{2}-Feb-[0-9]{2}) [0-9:]{8} GMT"
        r"|Mon Feb [0-9 ][0-9] [0-9:]{8} [0-9]{4}",
        fullmatch=True,
    )
)
def test_any_text_of_nearly_the_right_form_is_a_date_in_utc_or_none(text: str) -> None:
    parsed = parse_http_date(text, now=NOW)
    assert parsed is None or (parsed.tzinfo is UTC and parsed.month == 2)


@given(st.datetimes(timezones=st.just(UTC)))
def test_http_date_is_read_back_to_the_second(instant: datetime) -> None:
    assert parse_http_date(http_date(instant)) == instant.replace(microsecond=0)


@given(st.datetimes(min_value=datetime(1977, 1, 1), max_value=datetime(2076, 1, 1)))  # noqa: DTZ001 - hypothesis takes its bounds without zone
def test_the_three_forms_tell_the_same_instant(moment: datetime) -> None:
    instant = moment.replace(microsecond=0, tzinfo=UTC)
    rfc_850 = f"{instant:%A, %d-%b-%y %H:%M:%S} GMT"
    asctime = f"{instant:%a %b} {instant.day:2} {instant:%H:%M:%S %Y}"
    assert parse_http_date(rfc_850, now=NOW) == instant
    assert parse_http_date(asctime, now=NOW) == instant
