"""The id that a request has in answers and logs: the field X-Request-Id, a common convention."""

import re
from secrets import token_urlsafe

_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")
_RANDOM_BYTES = 16


def accepted(header: str | None) -> str | None:
    """Return the client's id when it is 1 to 64 of the signs `A-Za-z0-9._-`, else None.

    Blanks around a value are none of it (RFC 9110, 5.5).
    """
    value = header and header.strip(" \t")
    return value if value and _WELL_FORMED.fullmatch(value) else None


def new_request_id() -> str:
    """Return a new random id of 128 bits: 22 characters of base64url (RFC 4648, 5)."""
    return token_urlsafe(_RANDOM_BYTES)
