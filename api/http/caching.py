"""How long an answer may be kept (RFC 9111, 5.2.2; stale answers: RFC 5861)."""

from math import floor

NO_STORE = "no-store"
PRIVATE = "private, no-store"
IMMUTABLE = "public, max-age=31536000, immutable"
"""For an address whose bytes never change (RFC 8246)."""

MAX_AGE = 60
PINNED_MAX_AGE = 300
"""For an answer of a revision that the request names: it changes when something is withdrawn."""

STALE_WHILE_REVALIDATE = 86_400
STALE_IF_ERROR = 604_800


def cache_control(max_age: int = MAX_AGE, remaining: float | None = None) -> str:
    """Return the Cache-Control field value of a public answer; `max_age` is in seconds, from 0.

    `remaining` is how many seconds the content stays as it is, None where only an editor changes
    it. No cache may show the answer after them: they bound `max-age` and, together with it, both
    times for which a stale answer may serve (RFC 5861, 3 and 4). Where nothing is left for those,
    `must-revalidate` forbids a cache that is cut off to go on (RFC 9111, 4.2.4).
    """
    age, stale = max_age, STALE_IF_ERROR
    if remaining is not None:
        left = max(0, floor(remaining))
        age = min(max_age, left)
        stale = left - age
    if stale == 0:
        return f"public, max-age={age}, must-revalidate"
    return (
        f"public, max-age={age}, stale-while-revalidate={min(STALE_WHILE_REVALIDATE, stale)}, "
        f"stale-if-error={min(STALE_IF_ERROR, stale)}"
    )
