"""The preview's own parameters are taken out of a query, the rest stays as it was sent."""

from datetime import UTC, datetime

import pytest

from api.errors import ProblemError
from api.preview.parameters import Asked, split

AT = datetime(2026, 10, 13, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        pytest.param(b"", Asked(b"", None, source=False), id="nothing"),
        pytest.param(b"page=2&%71=%C3%A9", Asked(b"page=2&%71=%C3%A9", None, False), id="none"),  # noqa: FBT003
        pytest.param(b"at=2026-10-13T09:00:00Z", Asked(b"", AT, source=False), id="an instant"),
        pytest.param(
            b"a=1&at=2026-10-13T11:00:00%2B02:00&b", Asked(b"a=1&b", AT, source=False), id="offset"
        ),
        pytest.param(b"at=2026-10-13t09:00:00.0z", Asked(b"", AT, source=False), id="lower case"),
        pytest.param(b"sou%72ce=1&a=1", Asked(b"a=1", None, source=True), id="source"),
    ],
)
def test_own_parameters_are_taken_out(query: bytes, asked: Asked) -> None:
    assert split(query) == asked


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        pytest.param(b"at=", "at", "invalid_value", id="empty"),
        pytest.param(b"at=now", "at", "invalid_value", id="a word"),
        pytest.param(b"at=2026-10-13", "at", "invalid_value", id="a day"),
        pytest.param(b"at=2026-10-13T09:00:00", "at", "invalid_value", id="no offset"),
        pytest.param(b"at=2026-10-13T09:00:00+02:00", "at", "invalid_value", id="a bare +"),
        pytest.param(b"at=2026-02-30T09:00:00Z", "at", "invalid_value", id="no such day"),
        pytest.param(b"at=0001-01-01T00:00:00%2B02:00", "at", "invalid_value", id="no such year"),
        pytest.param(
            b"at=2026-10-13T09:00:00Z&at=2026-10-13T09:00:00Z", "at", "repeated_parameter", id="two"
        ),
        pytest.param(b"source=true", "source", "invalid_value", id="another word"),
        pytest.param(b"source=1&source=1", "source", "repeated_parameter", id="two sources"),
    ],
)
def test_wrong_parameter_is_named(query: bytes, name: str, code: str) -> None:
    with pytest.raises(ProblemError) as caught:
        split(query)
    (fault,) = caught.value.faults
    assert (fault.name, fault.code) == (name, code)
    assert f"'{name}'" in caught.value.detail
