"""Cross-origin access: any origin may read, without credentials (Fetch standard, 3.3).

The headers are as ASGI takes them: pairs of bytes, names in lower case.
"""

_ANY_ORIGIN = (b"access-control-allow-origin", b"*")

RESPONSE_HEADERS = (
    _ANY_ORIGIN,
    (
        b"access-control-expose-headers",
        (
            b"ETag, Link, Content-Revision, Content-Language, Deprecation, Sunset, Retry-After, "
            b"X-Request-Id"
        ),
    ),
)

PREFLIGHT_HEADERS = (
    _ANY_ORIGIN,
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"If-None-Match, If-Modified-Since, X-Request-Id"),
    (b"access-control-max-age", b"86400"),
)
