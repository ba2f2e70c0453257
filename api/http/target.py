"""What a request is about: its target's forms and its Host (RFC 9112, 3.2)."""

import re
from functools import lru_cache

CACHE_ENTRIES = 64
LONGEST_HOST = 261
"""A name of 255 signs, a colon, a port."""

# uri-host [ ":" port ]: a reg-name or an IP-literal (RFC 3986, 3.2.2 and 3.2.3).
_HOST = re.compile(
    rb"""
    (?: \[ [0-9A-Za-z:.%~_-]+ \] | (?: [A-Za-z0-9._~!$&'()*+,;=-] | %[0-9A-Fa-f]{2} )* )
    (?: :[0-9]{0,5} )?
    """,
    re.VERBOSE,
)
_ABSOLUTE = re.compile(
    rb"https?://(?P<authority>[^/?#]+)(?P<path>/[^?#]*)?(?P<query>\?[^#]*)?", re.IGNORECASE
)


@lru_cache(CACHE_ENTRIES)
def is_host(value: bytes) -> bool:
    """Tell whether a Host field value is of RFC 9110's grammar (7.2); it may be empty."""
    return len(value) <= LONGEST_HOST and _HOST.fullmatch(value) is not None


def origin_form(target: bytes) -> bytes | None:
    """Return the path and query of a target in absolute-form, None where it is not of that form.

    A server takes the absolute-form in every request (RFC 9112, 3.2.2); an empty path is `/`.
    Whose the authority is does not matter here, but it must be one.
    """
    found = _ABSOLUTE.fullmatch(target)
    if found is None or not is_host(found["authority"]):
        return None
    return (found["path"] or b"/") + (found["query"] or b"")
