from api.http.cors import PREFLIGHT_HEADERS, RESPONSE_HEADERS


def test_preflight_allows_reading_with_the_contract_s_headers() -> None:
    assert dict(PREFLIGHT_HEADERS) == {
        b"access-control-allow-origin": b"*",
        b"access-control-allow-methods": b"GET, HEAD",
        b"access-control-allow-headers": b"If-None-Match, If-Modified-Since, X-Request-Id",
        b"access-control-max-age": b"86400",
    }


def test_response_exposes_the_contract_s_headers() -> None:
    headers = dict(RESPONSE_HEADERS)
    assert headers.keys() == {b"access-control-allow-origin", b"access-control-expose-headers"}
    assert headers[b"access-control-allow-origin"] == b"*"
    assert headers[b"access-control-expose-headers"].decode().split(", ") == [
        "ETag",
        "Link",
        "Content-Revision",
        "Content-Language",
        "Deprecation",
        "Sunset",
        "Retry-After",
        "X-Request-Id",
    ]
