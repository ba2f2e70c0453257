"""How long an answer may be kept (RFC 9111, 5.2.2; stale answers: RFC 5861)."""

NO_STORE = "no-store"
PRIVATE = "private, no-store"
IMMUTABLE = "public, max-age=31536000, immutable"
"""For an address whose bytes never change (RFC 8246)."""

STALE_WHILE_REVALIDATE = 86_400
STALE_IF_ERROR = 604_800


def cache_control(max_age: int = 60) -> str:
    """Return the Cache-Control field value of a public answer; `max_age` is in seconds, from 0."""
    return (
        f"public, max-age={max_age}, stale-while-revalidate={STALE_WHILE_REVALIDATE}, "
        f"stale-if-error={STALE_IF_ERROR}"
    )
