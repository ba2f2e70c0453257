import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.negotiation import negotiate

OFFERED = ("br", "gzip", "identity")

weights = st.integers(0, 1000)
codings = st.sampled_from(["br", "gzip", "identity"])
offers = st.lists(codings, unique=True)


@pytest.mark.parametrize(
    ("field", "coding"),
    [
        pytest.param(None, "identity", id="absent"),
        pytest.param("", "identity", id="empty"),
        pytest.param(" ", "identity", id="blank"),
        pytest.param("gzip, deflate, br, zstd", "br", id="browser: the server's preference"),
        pytest.param("gzip", "gzip", id="gzip alone"),
        pytest.param("deflate", "identity", id="nothing that is offered"),
        pytest.param("identity", "identity", id="identity alone"),
        pytest.param("br;q=0.5, gzip;q=0.8", "gzip", id="higher weight"),
        pytest.param("br;q=0.5, gzip", "gzip", id="no weight is 1"),
        pytest.param("gzip;q=0.7, br;q=0.70", "br", id="equal weights"),
        pytest.param("br;q=0.998, gzip;q=0.999", "gzip", id="third decimal"),
        pytest.param("gzip;q=0.1", "gzip", id="low weight before identity that is not named"),
        pytest.param("gzip;q=0.001", "gzip", id="least weight before identity that is not named"),
        pytest.param("identity;q=0.5, gzip;q=0.4", "identity", id="identity by weight"),
        pytest.param("identity, gzip", "gzip", id="identity named, equal weights"),
        pytest.param("gzip;q=0", "identity", id="refused"),
        pytest.param("gzip;q=0.000", "identity", id="refused with decimals"),
        pytest.param("gzip;q=0, br", "br", id="one refused, one not"),
        pytest.param("*", "br", id="star"),
        pytest.param("br;q=0, *", "gzip", id="star does not speak for what is named"),
        pytest.param("gzip;q=0.1, *;q=0.5", "br", id="weight of a star"),
        pytest.param("br;q=0, gzip;q=0, *", "identity", id="star with all codings refused"),
        pytest.param("*;q=0", None, id="everything refused"),
        pytest.param("gzip, *;q=0", "gzip", id="everything else refused"),
        pytest.param("identity;q=0.1, *;q=0", "identity", id="everything but identity refused"),
        pytest.param("identity;q=0", None, id="identity refused, nothing else named"),
        pytest.param("identity;q=0, gzip;q=0.1", "gzip", id="identity refused, gzip named"),
        pytest.param("identity;q=0, *", "br", id="identity refused, star"),
        pytest.param("identity;q=0, deflate", None, id="only what is not offered"),
        pytest.param("x-gzip", "gzip", id="x-gzip"),
        pytest.param("x-gzip;q=0, *", "br", id="x-gzip and star"),
        pytest.param("GZip;Q=0.5, BR;q=0", "gzip", id="case does not matter"),
        pytest.param("\tgzip \t;\t q=0.5 ,br ; q=0.4 ", "gzip", id="white space"),
        pytest.param(",, gzip,", "gzip", id="empty members"),
        pytest.param("gzip;q=1.000, br;q=1.", "br", id="1 with decimals"),
        pytest.param("gzip;q=0, gzip;q=1", "gzip", id="of two weights the later"),
        pytest.param("gzip;q=1, x-gzip;q=0", "identity", id="of two weights the later, x-gzip"),
    ],
)
def test_coding_is_chosen_by_weight_then_by_the_server(
    field: str | None, coding: str | None
) -> None:
    assert negotiate(field, OFFERED) == coding


@pytest.mark.parametrize(
    "member",
    [
        pytest.param("br;q=1.001", id="weight above 1"),
        pytest.param("br;q=2", id="weight 2"),
        pytest.param("br;q=-1", id="negative weight"),
        pytest.param("br;q=0.5555", id="four decimals"),
        pytest.param("br;q=.5", id="no digit before the point"),
        pytest.param("br;q=", id="no weight"),
        pytest.param("br;q=nan", id="not a number"),
        pytest.param("br;q=1e0", id="exponent"),
        pytest.param("br;q =1", id="white space before ="),
        pytest.param("br;q=٣", id="digit that is not ASCII"),
        pytest.param("br;level=9", id="another parameter"),
        pytest.param("br;q=1;q=1", id="two weights"),
        pytest.param("br;", id="empty parameter"),
        pytest.param("br gzip", id="no comma"),
        pytest.param('"br"', id="quoted"),
        pytest.param(";q=1", id="no coding"),
        pytest.param("br\n", id="line feed"),
    ],
)
def test_malformed_member_counts_as_not_there(member: str) -> None:
    assert negotiate(member, OFFERED) == "identity"
    assert negotiate(f"gzip;q=0.1, {member}", OFFERED) == "gzip"


@pytest.mark.parametrize(
    "member",
    [
        pytest.param("identity;q=0.0000", id="identity"),
        pytest.param("*;q=0.0000", id="star"),
    ],
)
def test_malformed_refusal_refuses_nothing(member: str) -> None:
    assert negotiate(member, OFFERED) == "identity"


@pytest.mark.parametrize(
    ("offered", "coding"),
    [
        pytest.param(("gzip", "br", "identity"), "gzip", id="gzip first"),
        pytest.param(("br", "gzip", "identity"), "br", id="br first"),
        pytest.param(("identity",), "identity", id="identity alone"),
        pytest.param((), None, id="nothing"),
    ],
)
def test_equal_weights_go_by_the_order_of_the_offer(
    offered: tuple[str, ...], coding: str | None
) -> None:
    assert negotiate("br, gzip", offered) == coding


@pytest.mark.parametrize("padding", [pytest.param(n, id=f"{n} more") for n in (0, 250, 251, 9000)])
def test_length_of_the_field_does_not_change_the_answer(padding: int) -> None:
    assert negotiate("gzip;" + " " * padding + "q=0, br;q=0.1", OFFERED) == "br"


@pytest.mark.parametrize(
    ("count", "length"),
    [
        pytest.param(20_000, 200, id="many short fields"),
        pytest.param(400, 20_000, id="long fields"),
    ],
)
def test_fields_that_never_repeat_do_not_fill_memory(count: int, length: int) -> None:
    tracemalloc.start()
    try:
        for number in range(count):
            negotiate(f"{number:0{length}}", OFFERED)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 1_000_000


@given(st.none() | st.text() | st.text(st.sampled_from("brgzip*;q=01. ,x-")), offers)
def test_answer_to_any_text_is_offered_or_none(field: str | None, offered: list[str]) -> None:
    answer = negotiate(field, offered)
    assert answer is None or answer in offered


@given(st.dictionaries(codings | st.sampled_from(["*", "zstd"]), weights), offers)
def test_answer_is_never_refused_and_nothing_named_weighs_more(
    accepted: dict[str, int], offered: list[str]
) -> None:
    field = ", ".join(f"{coding};q={weight / 1000:.3f}" for coding, weight in accepted.items())
    answer = negotiate(field, offered)
    heaviest = max((accepted.get(coding, 0) for coding in offered), default=0)
    if answer is None:
        assert heaviest == 0
    else:
        # What is not named weighs as much as the star, or for identity less than anything.
        weight = accepted.get(answer, accepted.get("*", 0 if answer == "identity" else -1))
        assert weight >= heaviest
        assert weight > 0 or (answer == "identity" and not {"identity", "*"} & accepted.keys())
