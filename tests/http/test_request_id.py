import re
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.request_id import accepted, new_request_ids


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("a", id="one sign"),
        pytest.param("x" * 64, id="64 signs"),
        pytest.param("0f8fad5b-d9cb-469f-a165-70867728950e", id="UUID"),
        pytest.param("-Az09._", id="every kind of sign"),
    ],
)
def test_well_formed_id_is_kept(header: str) -> None:
    assert accepted(header.encode()) == header.encode()


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(None, id="absent"),
        pytest.param("", id="empty"),
        pytest.param("x" * 65, id="65 signs"),
        pytest.param("a b", id="space"),
        pytest.param("a\n", id="line feed at the end"),
        pytest.param("a\r\nSet-Cookie: b", id="header injection"),
        pytest.param("a/b", id="slash"),
        pytest.param("é", id="letter that is not ASCII"),
        pytest.param("٣", id="digit that is not ASCII"),
    ],
)
def test_malformed_id_is_refused(header: str | None) -> None:
    assert accepted(header if header is None else header.encode()) is None


def test_blanks_around_an_id_are_none_of_it() -> None:
    assert accepted(b" \ta \t") == b"a"
    assert accepted(b" \t") is None


@given(st.binary())
def test_any_bytes_are_kept_whole_or_refused(header: bytes) -> None:
    assert accepted(header) in {header.strip(b" \t"), None}


def test_new_id_has_22_signs_and_would_be_accepted() -> None:
    for made in islice(new_request_ids(), 1000):
        assert re.fullmatch(rb"[A-Za-z0-9_-]{22}", made)
        assert accepted(made) == made


def test_new_ids_differ() -> None:
    first, second = new_request_ids(), new_request_ids()
    assert len({*islice(first, 1000), *islice(second, 1000)}) == 2000


def test_new_ids_use_every_sign() -> None:
    signs = b"".join(islice(new_request_ids(), 1000))
    assert len(set(signs)) == 64
