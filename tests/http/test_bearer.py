"""The bearer token of a request (RFC 6750)."""

import pytest

from api.http.bearer import bearer_token


@pytest.mark.parametrize(
    ("fields", "token"),
    [
        pytest.param([b"Bearer abc.DEF-1_2~3+/="], b"abc.DEF-1_2~3+/=", id="a token"),
        pytest.param([b"bEARER  abc \t"], b"abc", id="the scheme in any case"),
        pytest.param([], None, id="none"),
        pytest.param([b""], None, id="an empty field"),
        pytest.param([b"Bearer"], None, id="the scheme alone"),
        pytest.param([b"Bearer abc def"], None, id="two words"),
        pytest.param([b"Bearer ab\xc3\xa9"], None, id="signs that no token has"),
        pytest.param([b"Basic YTpi"], None, id="another scheme"),
        pytest.param([b"Bearerabc"], None, id="no space"),
        pytest.param([b"Bearer abc, Bearer abc"], None, id="a list"),
        pytest.param([b"Bearer abc", b"Bearer abc"], None, id="two fields"),
    ],
)
def test_bearer_token(fields: list[bytes], token: bytes | None) -> None:
    assert bearer_token(fields) == token
