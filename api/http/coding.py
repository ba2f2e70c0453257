"""The content codings on offer (RFC 9110, 8.4.1; Brotli: RFC 7932)."""

import brotli
from isal import igzip_lib

CODINGS = ("br", "gzip", "identity")
"""The server's favourite first."""
BROTLI_QUALITY = 5
GZIP_LEVEL = 3


def encode(identity: bytes, coding: str) -> bytes:
    """Return bytes in one of CODINGS; for the same bytes and processor always the same."""
    match coding:
        case "br":
            return bytes(brotli.compress(identity, quality=BROTLI_QUALITY))
        case "gzip":
            return igzip_lib.compress(identity, GZIP_LEVEL, igzip_lib.COMP_GZIP)
        case _:
            return identity
