"""The id that a request has in answers and logs: the field X-Request-Id, a common convention."""

import re
from secrets import token_urlsafe

_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")
_RANDOM_BYTES = 16


def accepted(header: str | None) -> str | None:
    """Return the client's id when it is 1 to 64 of the signs `A-Za-z0-9._-`, else None."""
    if header is None or not _WELL_FORMED.fullmatch(header):
        return None
    return header


def new_request_id() -> str:
    """Return a new random id of 128 bits: 22 characters of base64url (RFC 4648, 5)."""
    return token_urlsafe(_RANDOM_BYTES)
