import gzip

import brotli
from hypothesis import given
from hypothesis import strategies as st

from api.http.coding import CODINGS, encode

DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}


@given(st.binary(max_size=5_000), st.sampled_from(CODINGS))
def test_every_coding_gives_its_bytes_back(identity: bytes, coding: str) -> None:
    assert DECODERS[coding](encode(identity, coding)) == identity


def test_same_bytes_are_coded_the_same_at_any_time() -> None:
    assert [encode(b"a" * 100, name) for name in CODINGS] == [
        encode(b"a" * 100, name) for name in CODINGS
    ]


def test_text_becomes_smaller() -> None:
    text = b"the same words again and again, " * 50
    assert len(encode(text, "br")) < len(encode(text, "gzip")) < len(text)
