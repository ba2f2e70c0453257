"""Cross-origin access: any origin may read, without credentials (Fetch standard, 3.3).

The headers are as ASGI takes them: pairs of bytes, names in lower case.
"""

_ANY_ORIGIN = (b"access-control-allow-origin", b"*")

_EXPOSED = (
    b"ETag, Link, Content-Revision, Content-Language, Deprecation, Sunset, Retry-After, "
    b"X-Request-Id"
)
_EXPOSED_OF_FILES = b"ETag, Accept-Ranges, Content-Range, Content-Disposition, X-Request-Id"

RESPONSE_HEADERS = (_ANY_ORIGIN, (b"access-control-expose-headers", _EXPOSED))
FILE_HEADERS = (_ANY_ORIGIN, (b"access-control-expose-headers", _EXPOSED_OF_FILES))

ALLOWED_HEADERS = (
    b"access-control-allow-headers",
    b"If-None-Match, If-Modified-Since, X-Request-Id",
)
PREFLIGHT_HEADERS = (
    _ANY_ORIGIN,
    (b"access-control-allow-methods", b"GET, HEAD"),
    ALLOWED_HEADERS,
    (b"access-control-max-age", b"86400"),
)
