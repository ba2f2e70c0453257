"""Bearer tokens (RFC 6750) in the Authorization field (RFC 9110, 11.6.2)."""

import re
from collections.abc import Sequence

TOKEN = r"[A-Za-z0-9._~+/-]+=*"  # noqa: S105 - the form of a token
"""A token68 (RFC 9110, 11.2)."""
CHALLENGE = 'Bearer realm="preview"'
"""What WWW-Authenticate says to a request without a token (RFC 6750, 3)."""
INVALID = f'{CHALLENGE}, error="invalid_token"'
"""What it says where the token is another one (3.1)."""

_CREDENTIALS = re.compile(rf"[Bb][Ee][Aa][Rr][Ee][Rr] +({TOKEN})[ \t]*".encode())


def bearer_token(fields: Sequence[bytes]) -> bytes | None:
    """Return the token that the values of Authorization have; None: there is not the one."""
    if len(fields) != 1:
        return None
    found = _CREDENTIALS.fullmatch(fields[0].strip(b" \t"))
    return found[1] if found else None
