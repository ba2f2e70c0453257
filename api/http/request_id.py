"""The id that a request has in answers and logs: the field X-Request-Id, a common convention."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from os import urandom

_WELL_FORMED = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_LENGTH = 22
_DRAWN_BYTES = 33 * 64
"""As many as make whole ids: 33 bytes are two, without padding."""


def accepted(header: bytes | None) -> bytes | None:
    """Return the client's id when it is 1 to 64 of the signs `A-Za-z0-9._-`, else None.

    Blanks around a value are none of it (RFC 9110, 5.5).
    """
    value = header and header.strip(b" \t")
    return value if value and _WELL_FORMED.fullmatch(value) else None


def new_request_ids() -> Iterator[bytes]:
    """Yield random ids of 132 bits, without end: 22 characters of base64url (RFC 4648, 5).

    The random bytes are drawn for many ids at once: the system call would cost more than all else
    that is done for an id.
    """
    while True:
        signs = urlsafe_b64encode(urandom(_DRAWN_BYTES))
        for start in range(0, len(signs), _LENGTH):
            yield signs[start : start + _LENGTH]
