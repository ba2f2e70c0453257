import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.http.caching import IMMUTABLE, NO_STORE, STALE_IF_ERROR, cache_control


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        pytest.param(
            cache_control(),
            "public, max-age=60, stale-while-revalidate=86400, stale-if-error=604800",
            id="a minute by default",
        ),
        pytest.param(
            cache_control(300),
            "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800",
            id="a pinned revision",
        ),
        pytest.param(
            cache_control(max_age=0),
            "public, max-age=0, stale-while-revalidate=86400, stale-if-error=604800",
            id="about to change",
        ),
        pytest.param(NO_STORE, "no-store", id="never kept"),
        pytest.param(
            cache_control(remaining=604_860),
            "public, max-age=60, stale-while-revalidate=86400, stale-if-error=604800",
            id="a change that all times come before",
        ),
        pytest.param(
            cache_control(remaining=604_859.9),
            "public, max-age=60, stale-while-revalidate=86400, stale-if-error=604799",
            id="a change within a stale answer's longest time",
        ),
        pytest.param(
            cache_control(remaining=3_660),
            "public, max-age=60, stale-while-revalidate=3600, stale-if-error=3600",
            id="a change in an hour",
        ),
        pytest.param(
            cache_control(remaining=61.5),
            "public, max-age=60, stale-while-revalidate=1, stale-if-error=1",
            id="a change just after a minute",
        ),
        pytest.param(
            cache_control(remaining=60), "public, max-age=60, must-revalidate", id="in a minute"
        ),
        pytest.param(
            cache_control(remaining=1.99), "public, max-age=1, must-revalidate", id="in two seconds"
        ),
        pytest.param(
            cache_control(remaining=0.99), "public, max-age=0, must-revalidate", id="in a moment"
        ),
        pytest.param(
            cache_control(remaining=0), "public, max-age=0, must-revalidate", id="at the instant"
        ),
        pytest.param(
            cache_control(remaining=-86_400.5),
            "public, max-age=0, must-revalidate",
            id="a change that is overdue",
        ),
        pytest.param(
            cache_control(300, remaining=200),
            "public, max-age=200, must-revalidate",
            id="a pinned revision before a change",
        ),
    ],
)
def test_cache_control_is_as_the_contract_says(field: str, expected: str) -> None:
    assert field == expected


def test_what_never_changes_is_kept_for_a_year() -> None:
    assert IMMUTABLE == "public, max-age=31536000, immutable"


@given(st.integers(0, 600), st.floats(-1e6, 1e7))
@example(60, 60.0)
@example(0, 1.0)
def test_no_time_to_keep_an_answer_goes_past_the_next_change(age: int, remaining: float) -> None:
    field = cache_control(age, remaining)
    times = {name: int(value) for name, value in re.findall(r"([a-z-]+)=([0-9]+)", field)}
    stale = max(times.get("stale-while-revalidate", 0), times.get("stale-if-error", 0))
    assert times["max-age"] + stale <= max(0, remaining)
    assert times["max-age"] <= age
    assert stale <= STALE_IF_ERROR
    assert ("must-revalidate" in field) == (stale == 0)
