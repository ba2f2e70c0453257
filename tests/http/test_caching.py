import pytest

from api.http.caching import IMMUTABLE, NO_STORE, cache_control


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
    ],
)
def test_cache_control_is_as_the_contract_says(field: str, expected: str) -> None:
    assert field == expected


def test_what_never_changes_is_kept_for_a_year() -> None:
    assert IMMUTABLE == "public, max-age=31536000, immutable"
