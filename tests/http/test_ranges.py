import pytest

from api.http.ranges import ByteRange, Whole, asked_range, range_holds

EVERYTHING, NOT_SATISFIABLE = Whole.EVERYTHING, Whole.NOT_SATISFIABLE


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        pytest.param(None, EVERYTHING, id="none"),
        pytest.param("bytes=0-9", ByteRange(0, 9), id="first ten"),
        pytest.param("bytes=0-0", ByteRange(0, 0), id="first"),
        pytest.param("bytes=99-99", ByteRange(99, 99), id="last"),
        pytest.param("bytes=50-", ByteRange(50, 99), id="from the middle"),
        pytest.param("bytes=0-", ByteRange(0, 99), id="from the start"),
        pytest.param("bytes=-10", ByteRange(90, 99), id="last ten"),
        pytest.param("bytes=-1000", ByteRange(0, 99), id="suffix longer than all"),
        pytest.param("bytes=90-1000", ByteRange(90, 99), id="end behind the last"),
        pytest.param("bytes=0-999999999999999999", ByteRange(0, 99), id="far end"),
        pytest.param("BYTES=0-9", ByteRange(0, 9), id="the unit has no case"),
        pytest.param("bytes= 0-9 ", ByteRange(0, 9), id="blanks around it"),
        pytest.param("bytes=007-009", ByteRange(7, 9), id="leading zeros"),
        pytest.param("bytes=100-", NOT_SATISFIABLE, id="begins behind the last"),
        pytest.param("bytes=100-200", NOT_SATISFIABLE, id="all behind the last"),
        pytest.param("bytes=-0", NOT_SATISFIABLE, id="empty suffix"),
        pytest.param("bytes=9-0", EVERYTHING, id="ends before it begins"),
        pytest.param("bytes=200-100", EVERYTHING, id="invalid and behind the last"),
        pytest.param("bytes=0-9,20-29", EVERYTHING, id="several"),
        pytest.param("bytes=0-9,", EVERYTHING, id="list with an empty member"),
        pytest.param("items=0-9", EVERYTHING, id="another unit"),
        pytest.param("bytes=", EVERYTHING, id="nothing"),
        pytest.param("bytes=-", EVERYTHING, id="hyphen alone"),
        pytest.param("bytes=a-b", EVERYTHING, id="letters"),
        pytest.param("bytes=1.5-2", EVERYTHING, id="fraction"),
        pytest.param("bytes=--5", EVERYTHING, id="negative suffix"),
        pytest.param("bytes=0-9\n", EVERYTHING, id="line break"),
        pytest.param(
            "bytes=\N{ARABIC-INDIC DIGIT ONE}-", EVERYTHING, id="digits of another script"
        ),
        pytest.param("bytes 0-9", EVERYTHING, id="no equals sign"),
        pytest.param("", EVERYTHING, id="empty"),
        pytest.param("bytes=0-" + "9" * 5000, EVERYTHING, id="endless number"),
    ],
)
def test_range_of_a_hundred_bytes(field: str | None, expected: ByteRange | Whole) -> None:
    assert asked_range(field, 100) == expected


@pytest.mark.parametrize("field", ["bytes=0-", "bytes=0-0", "bytes=-5"])
def test_no_range_of_nothing_can_be_satisfied(field: str) -> None:
    assert asked_range(field, 0) == NOT_SATISFIABLE


def test_part_says_which_bytes_it_has() -> None:
    part = ByteRange(90, 99)
    assert part.length == 10
    assert part.content_range(100) == "bytes 90-99/100"


@pytest.mark.parametrize(
    ("if_range", "etag", "holds"),
    [
        pytest.param(None, '"a"', True, id="not sent"),
        pytest.param('"a"', '"a"', True, id="the same tag"),
        pytest.param(' "a"\t', '"a"', True, id="blanks around it"),
        pytest.param('"b"', '"a"', False, id="another tag"),
        pytest.param('W/"a"', '"a"', False, id="weak"),
        pytest.param('W/"a"', 'W/"a"', False, id="both weak"),
        pytest.param('"a", "b"', '"a"', False, id="a list"),
        pytest.param("*", '"a"', False, id="star"),
        pytest.param("", '"a"', False, id="empty"),
        pytest.param("Sat, 03 Jan 2026 10:30:00 GMT", '"a"', False, id="date of what has none"),
    ],
)
def test_range_holds_where_the_tag_is_the_present_one(
    if_range: str | None, etag: str, *, holds: bool
) -> None:
    assert range_holds(if_range, etag) is holds
