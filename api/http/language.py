"""Which of the site's languages a language tag means (RFC 4647)."""

import re
from collections.abc import Iterable

LONGEST_TAG = 64
_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"  # language, extended language
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"  # script, region
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    r"(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*"  # extensions
    r"(?:-x(?:-[a-z0-9]{1,8})+)?",  # private use
    re.ASCII | re.IGNORECASE,
)


def lookup(tag: str, locales: Iterable[str]) -> str | None:
    """Return the locale that a tag means by lookup, or None (RFC 4647, 3.4).

    From the end of the tag one subtag after the other is left out until a locale is found. What
    is no well-formed tag (RFC 5646, 2.1; grandfathered ones aside) means none.
    """
    if len(tag) > LONGEST_TAG or not _TAG.fullmatch(tag):
        return None
    known = {locale.lower(): locale for locale in locales}
    subtags = tag.lower().split("-")
    while subtags:
        if found := known.get("-".join(subtags)):
            return found
        subtags.pop()
        if subtags and len(subtags[-1]) == 1:
            subtags.pop()
    return None
