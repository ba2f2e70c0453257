"""Content negotiation: which coding a client takes (RFC 9110, 12.5.3)."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

CACHE_ENTRIES = 512
CACHED_LENGTH = 256

IDENTITY = "identity"

# Below every weight that a client can write (0.001 is the least), but above a refusal.
_UNNAMED_IDENTITY = 0.0001

_MEMBER = re.compile(
    r"""
    [ \t]* (?P<coding> [!#$%&'*+.^_`|~0-9a-z-]+ )
    (?: [ \t]* ; [ \t]* q= (?P<weight> 0 (?: \.[0-9]{0,3} )? | 1 (?: \.0{0,3} )? ) )?
    [ \t]*
    """,
    re.IGNORECASE | re.VERBOSE,
)


def negotiate(accept_encoding: str | None, offered: Sequence[str]) -> str | None:
    """Choose the coding to send, one of `offered`, or None when all of them are refused.

    `accept_encoding` is the field value, None where it was not sent. `offered` is in the server's
    order of preference, which decides between equal weights. Identity is acceptable unless it is
    refused, but where it is not named any other accepted coding goes before it. Members that are
    not of RFC 9110's grammar are passed over; of two weights of one coding the later counts.
    """
    text = accept_encoding or ""
    if len(text) > CACHED_LENGTH:
        return _choose(text, tuple(offered))
    return _choose_cached(text, tuple(offered))


def _choose(text: str, offered: tuple[str, ...]) -> str | None:
    weights = _weights(text)
    accepted = [coding for coding in offered if _weight(coding, weights) > 0]
    return max(accepted, key=lambda coding: _weight(coding, weights), default=None)


# Clients send few different fields; a long one is nobody's habit and would only take memory.
_choose_cached = lru_cache(CACHE_ENTRIES)(_choose)


def _weights(text: str) -> dict[str, float]:
    found = filter(None, map(_MEMBER.fullmatch, text.split(",")))
    return {_canonical(member["coding"]): float(member["weight"] or 1) for member in found}


def _canonical(coding: str) -> str:
    """Return a coding's registered name; x-gzip is an old one of gzip (RFC 9110, 8.4.1.3)."""
    name = coding.lower()
    return "gzip" if name == "x-gzip" else name


def _weight(coding: str, weights: Mapping[str, float]) -> float:
    if coding in weights:
        return weights[coding]
    anything = weights.get("*")
    if coding != IDENTITY:
        return anything or 0
    return 0 if anything == 0 else _UNNAMED_IDENTITY
