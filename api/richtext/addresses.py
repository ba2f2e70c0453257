"""Which addresses a link may have: the one rule for what is parsed and for what is rendered."""

import re

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
ADDRESS_LENGTH = 2_000
ALLOWED = ("http:", "https:", "mailto:", "tel:", "a path as /articles", "an anchor as #key")

_ADDRESS = re.compile(
    r"https?://[^/?#@]+(?:[/?#].*)?"  # a host, without a user's name before it
    r"|(?:mailto|tel):[^?].*"
    r"|/(?:[^/].*)?"  # but not //host, which leaves the site
    r"|#.+",
    re.IGNORECASE,
)


def mistake(href: str) -> str | None:
    """Say in an editor's words what is wrong with a link's address, or return None.

    `href` is the address as a browser would get it, entities and escapes resolved. The list is of
    what is allowed, never of what is dangerous. A browser drops control signs and leading spaces
    and reads a backslash as a slash (WHATWG URL, 4.4), so an address with one is refused whole.
    """
    if len(href) > ADDRESS_LENGTH:
        return f"a link's address has more than {ADDRESS_LENGTH:,} signs"
    if not href.isprintable() or " " in href or "\\" in href:
        return "a link's address has a space, a control sign or a backslash"
    if not _ADDRESS.fullmatch(href):
        return f"a link may not lead to '{href[:80]}'" if href else "a link has no address"
    return None
