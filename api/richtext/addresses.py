"""Which addresses a link and an image may have: one rule for what is parsed and rendered."""

import re

from schemas.fields import SLUG

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
ADDRESS_LENGTH = 2_000
ALLOWED = (
    *("http:", "https:", "mailto:", "tel:", "a path as /articles", "an anchor as #key"),
    *("an entry as article:slug", "a file as ../articles/slug.md"),
)

_ADDRESS = re.compile(
    r"https?://[^/?#@]+(?:[/?#].*)?"  # a host, without a user's name before it
    r"|(?:mailto|tel):[^?].*"
    r"|/(?:[^/].*)?"  # but not //host, which leaves the site
    r"|#.+",
    re.IGNORECASE,
)
_SCRIPTS = frozenset({"data", "javascript", "vbscript"})
_ENTRY = re.compile(rf"([a-z][a-z0-9_-]*):{SLUG}(?:\.{SLUG})?(?:#{SLUG})?")
_FILE = re.compile(r"(?:[^/?#:]+/)*[^/?#:]*[^/?#:.]\.[A-Za-z0-9]+")


def is_target(href: str) -> bool:
    """Say whether an address has the form of an entry, a file in the content folder or a `#key`.

    Whether it leads anywhere is not known here.
    """
    if _malformed(href):
        return False
    if entry := _ENTRY.fullmatch(href):
        return entry[1] not in SCHEMES | _SCRIPTS
    path, has_key, key = href.partition("#")
    is_key = re.fullmatch(SLUG, key) is not None
    return is_key if not path else is_file(path) and (is_key or not has_key)


def is_file(address: str) -> bool:
    """Say whether an address has the form of a file's relative path, as `../images/a.jpg`."""
    return not _malformed(address) and _FILE.fullmatch(address) is not None


def mistake(href: str) -> str | None:
    """Say in an editor's words what is wrong with a link's address, or return None.

    `href` is the address as a browser would get it, entities and escapes resolved. The list is of
    what is allowed, never of what is dangerous. A browser drops control signs and leading spaces
    and reads a backslash as a slash (WHATWG URL, 4.4), so an address with one is refused whole.
    """
    if what := _malformed(href):
        return f"a link's address has {what}"
    if not _ADDRESS.fullmatch(href):
        return f"a link may not lead to '{href[:80]}'" if href else "a link has no address"
    return None


def _malformed(address: str) -> str | None:
    if len(address) > ADDRESS_LENGTH:
        return f"more than {ADDRESS_LENGTH:,} signs"
    if not address.isprintable() or " " in address or "\\" in address:
        return "a space, a control sign or a backslash"
    return None
