from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.conditional import Conditions, Outcome, evaluate

PROCEED = Outcome.PROCEED
NOT_MODIFIED = Outcome.NOT_MODIFIED
PRECONDITION_FAILED = Outcome.PRECONDITION_FAILED

STRONG = '"a"'
WEAK = 'W/"a"'

# A database keeps fractions of seconds, which the Last-Modified field cannot show.
MODIFIED = datetime(2026, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC)
BEFORE = "Sun, 01 Mar 2026 11:59:59 GMT"
SAME = "Sun, 01 Mar 2026 12:00:00 GMT"
AFTER = "Sun, 01 Mar 2026 12:00:01 GMT"

BAD_DATES = [
    pytest.param("", id="empty"),
    pytest.param("yesterday", id="a word"),
    pytest.param("2026-03-01T12:00:00Z", id="RFC 3339"),
    pytest.param(f"{SAME}, {SAME}", id="list of dates"),
]

opaque_tags = st.text(
    st.characters(max_codepoint=255, exclude_characters='"', exclude_categories=["C", "Z"])
)


def test_request_without_conditions_proceeds() -> None:
    assert evaluate(Conditions(), STRONG, MODIFIED) is PROCEED


@pytest.mark.parametrize(
    ("field", "etag", "outcome"),
    [
        pytest.param('"a"', STRONG, NOT_MODIFIED, id="same tag"),
        pytest.param('W/"a"', WEAK, NOT_MODIFIED, id="same weak tag"),
        pytest.param('W/"a"', STRONG, NOT_MODIFIED, id="weak field, strong tag"),
        pytest.param('"a"', WEAK, NOT_MODIFIED, id="strong field, weak tag"),
        pytest.param('"b"', STRONG, PROCEED, id="another tag"),
        pytest.param('"A"', STRONG, PROCEED, id="case matters"),
        pytest.param('"a-br"', STRONG, PROCEED, id="tag of another coding"),
        pytest.param("*", STRONG, NOT_MODIFIED, id="star"),
        pytest.param(" * \t", STRONG, NOT_MODIFIED, id="star in white space"),
        pytest.param('"a" \t', STRONG, NOT_MODIFIED, id="white space after"),
        pytest.param('"b", "a"', STRONG, NOT_MODIFIED, id="last of a list"),
        pytest.param('"b","a","c"', STRONG, NOT_MODIFIED, id="list without white space"),
        pytest.param(', ,"b",,\t"a" ,', STRONG, NOT_MODIFIED, id="list with empty members"),
        pytest.param('"b", W/"a"', STRONG, NOT_MODIFIED, id="weak member of a list"),
        pytest.param('"b", "c"', STRONG, PROCEED, id="list of others"),
        pytest.param('"x,y"', '"x,y"', NOT_MODIFIED, id="comma in a tag"),
        pytest.param('"b", W/"x,y"', '"x,y"', NOT_MODIFIED, id="comma in a listed tag"),
        pytest.param('"b,"a",c"', STRONG, PROCEED, id="tag between two quotes"),
        pytest.param('"', '""', PROCEED, id="single quote is not the empty tag"),
        pytest.param('""', '""', NOT_MODIFIED, id="empty tag"),
        pytest.param("", STRONG, PROCEED, id="empty"),
        pytest.param("a", STRONG, PROCEED, id="tag without quotes"),
        pytest.param('w/"a"', STRONG, PROCEED, id="lower-case w"),
        pytest.param('W/ "a"', STRONG, PROCEED, id="white space after W/"),
        pytest.param('W/W/"a"', STRONG, PROCEED, id="weak twice"),
        pytest.param('"a"x', STRONG, PROCEED, id="text after a tag"),
        pytest.param('nonsense, "a"', STRONG, NOT_MODIFIED, id="tag after garbage"),
        pytest.param('"a", "open', STRONG, NOT_MODIFIED, id="tag before an open quote"),
        pytest.param('*, "b"', STRONG, PROCEED, id="star in a list is garbage"),
    ],
)
def test_if_none_match_compares_weakly(field: str, etag: str, outcome: Outcome) -> None:
    assert evaluate(Conditions(if_none_match=field), etag, None) is outcome


@pytest.mark.parametrize(
    ("field", "outcome"),
    [
        pytest.param('"a"', PROCEED, id="same tag"),
        pytest.param('"b"', PRECONDITION_FAILED, id="another tag"),
        pytest.param("*", PROCEED, id="star"),
        pytest.param("\t*", PROCEED, id="star in white space"),
        pytest.param('"b", "a" ', PROCEED, id="last of a list"),
        pytest.param('"b", "c"', PRECONDITION_FAILED, id="list of others"),
        pytest.param('"x,"a",y"', PRECONDITION_FAILED, id="tag between two quotes"),
        pytest.param('nonsense, "a"', PROCEED, id="tag after garbage"),
        pytest.param("nonsense", PRECONDITION_FAILED, id="garbage"),
        pytest.param("", PRECONDITION_FAILED, id="empty"),
        pytest.param('*, "b"', PRECONDITION_FAILED, id="star in a list is garbage"),
    ],
)
def test_if_match_asks_for_a_listed_tag(field: str, outcome: Outcome) -> None:
    assert evaluate(Conditions(if_match=field), STRONG, None) is outcome


@pytest.mark.parametrize(
    ("field", "etag"),
    [
        pytest.param('W/"a"', STRONG, id="weak field"),
        pytest.param('"a"', WEAK, id="weak representation"),
        pytest.param('W/"a"', WEAK, id="both weak"),
        pytest.param('"b", W/"a"', WEAK, id="both weak, in a list"),
    ],
)
def test_weak_tag_never_satisfies_if_match(field: str, etag: str) -> None:
    assert evaluate(Conditions(if_match=field), etag, None) is PRECONDITION_FAILED


def test_star_in_if_match_is_satisfied_by_a_weak_tag() -> None:
    assert evaluate(Conditions(if_match="*"), WEAK, None) is PROCEED


@pytest.mark.parametrize(
    ("field", "outcome"),
    [
        pytest.param(BEFORE, PROCEED, id="modified after the date"),
        pytest.param(SAME, NOT_MODIFIED, id="modified in that second"),
        pytest.param(AFTER, NOT_MODIFIED, id="modified before the date"),
        pytest.param("Sunday, 01-Mar-26 12:00:00 GMT", NOT_MODIFIED, id="RFC 850"),
        pytest.param("Sun Mar  1 12:00:00 2026", NOT_MODIFIED, id="asctime"),
    ],
)
def test_if_modified_since_compares_to_the_second(field: str, outcome: Outcome) -> None:
    assert evaluate(Conditions(if_modified_since=field), STRONG, MODIFIED) is outcome


@pytest.mark.parametrize(
    ("field", "outcome"),
    [
        pytest.param(BEFORE, PRECONDITION_FAILED, id="modified after the date"),
        pytest.param(SAME, PROCEED, id="modified in that second"),
        pytest.param(AFTER, PROCEED, id="modified before the date"),
    ],
)
def test_if_unmodified_since_compares_to_the_second(field: str, outcome: Outcome) -> None:
    assert evaluate(Conditions(if_unmodified_since=field), STRONG, MODIFIED) is outcome


@pytest.mark.parametrize("field", BAD_DATES)
def test_bad_date_is_ignored(field: str) -> None:
    conditions = Conditions(if_modified_since=field, if_unmodified_since=field)
    assert evaluate(conditions, STRONG, MODIFIED) is PROCEED


@pytest.mark.parametrize(
    "conditions",
    [
        pytest.param(Conditions(if_modified_since=AFTER), id="If-Modified-Since"),
        pytest.param(Conditions(if_unmodified_since=BEFORE), id="If-Unmodified-Since"),
    ],
)
def test_dates_are_ignored_where_no_modification_is_known(conditions: Conditions) -> None:
    assert evaluate(conditions, STRONG, None) is PROCEED


@pytest.mark.parametrize(
    ("conditions", "outcome"),
    [
        pytest.param(
            Conditions(if_none_match='"b"', if_modified_since=AFTER),
            PROCEED,
            id="If-None-Match that differs hides If-Modified-Since",
        ),
        pytest.param(
            Conditions(if_none_match="", if_modified_since=AFTER),
            PROCEED,
            id="empty If-None-Match hides If-Modified-Since",
        ),
        pytest.param(
            Conditions(if_none_match='"a"', if_modified_since=BEFORE),
            NOT_MODIFIED,
            id="If-None-Match that matches hides If-Modified-Since",
        ),
        pytest.param(
            Conditions(if_match='"a"', if_unmodified_since=BEFORE),
            PROCEED,
            id="If-Match that matches hides If-Unmodified-Since",
        ),
        pytest.param(
            Conditions(if_match="", if_unmodified_since=AFTER),
            PRECONDITION_FAILED,
            id="empty If-Match hides If-Unmodified-Since",
        ),
        pytest.param(
            Conditions(if_match='"b"', if_none_match='"a"'),
            PRECONDITION_FAILED,
            id="If-Match goes before If-None-Match",
        ),
        pytest.param(
            Conditions(if_match='"a"', if_none_match='"a"'),
            NOT_MODIFIED,
            id="If-Match that holds leaves it to If-None-Match",
        ),
        pytest.param(
            Conditions(if_unmodified_since=BEFORE, if_none_match='"a"'),
            PRECONDITION_FAILED,
            id="If-Unmodified-Since goes before If-None-Match",
        ),
        pytest.param(
            Conditions(if_unmodified_since=SAME, if_modified_since=SAME),
            NOT_MODIFIED,
            id="If-Unmodified-Since that holds leaves it to If-Modified-Since",
        ),
        pytest.param(
            Conditions(if_match='"b"', if_modified_since=AFTER),
            PRECONDITION_FAILED,
            id="If-Match goes before If-Modified-Since",
        ),
        pytest.param(
            Conditions(if_match='"a"', if_modified_since=AFTER),
            NOT_MODIFIED,
            id="If-Match that holds leaves it to If-Modified-Since",
        ),
    ],
)
def test_conditions_are_decided_in_the_order_of_rfc_9110(
    conditions: Conditions, outcome: Outcome
) -> None:
    assert evaluate(conditions, STRONG, MODIFIED) is outcome


fields = st.none() | st.just(SAME) | st.text(st.sampled_from('aW/"*,\t é\n'), max_size=20)


@given(st.builds(Conditions, fields, fields, fields, fields), st.sampled_from([STRONG, WEAK]))
def test_any_text_has_an_outcome(conditions: Conditions, etag: str) -> None:
    assert evaluate(conditions, etag, MODIFIED) in Outcome


@given(
    listed=st.lists(st.tuples(st.booleans(), opaque_tags)),
    opaque=opaque_tags,
    append=st.booleans(),
)
def test_lists_match_exactly_the_tags_in_them(
    listed: list[tuple[bool, str]], opaque: str, *, append: bool
) -> None:
    tags = [*listed, (False, opaque)] if append else listed
    field = ", ".join(f'W/"{tag}"' if weak else f'"{tag}"' for weak, tag in tags)
    etag = f'"{opaque}"'
    unmodified = evaluate(Conditions(if_none_match=field), etag, None) is NOT_MODIFIED
    holds = evaluate(Conditions(if_match=field), etag, None) is PROCEED
    assert unmodified == any(tag == opaque for _, tag in tags)
    assert holds == ((False, opaque) in tags)


@given(st.timedeltas(timedelta(days=-9), timedelta(days=9)))
def test_if_modified_since_and_if_unmodified_since_are_opposites(shift: timedelta) -> None:
    modified = MODIFIED + shift
    unmodified = evaluate(Conditions(if_modified_since=SAME), STRONG, modified) is NOT_MODIFIED
    holds = evaluate(Conditions(if_unmodified_since=SAME), STRONG, modified) is PROCEED
    assert unmodified == holds
