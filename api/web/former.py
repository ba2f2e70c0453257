"""What answers an address that nothing is at any more: where it moved, or why it is gone."""

import re
from collections.abc import Awaitable

from starlette.types import Scope, Send

from api.errors import GONE, ProblemError
from api.store.former import Gone, Redirected
from api.store.revision import Revision
from api.web.content import Content
from api.web.middleware import not_found, with_query
from api.web.responses import send_redirect

# What a redirect says comes from the request in part, so no other path is reflected.
_PATH = re.compile(r"(?:/(?!\.\.?(?:/|\Z))[A-Za-z0-9._~-]+)+", re.ASCII)
_SAID = {
    "withdrawn": "What was here was withdrawn.",
    "expired": "What was here has ended.",
    "deleted": "What was here was deleted.",
}


def respond_former(
    content: Content, revision: Revision, scope: Scope, send: Send
) -> Awaitable[None]:
    """Answer a GET or HEAD of an address that nothing is at: a redirect, or a problem.

    Raises ProblemError for what is gone and for what never was.
    """
    match content.former(revision, scope["path"]):
        case Redirected(target) if _PATH.fullmatch(target):
            return send_redirect(scope, send, with_query(target.encode(), scope))
        case Gone(reason, replacement, kind):
            members = {"reason": reason or None, "replacement": replacement}
            raise ProblemError(GONE, _SAID[kind], members=members)
        case _:
            raise not_found(scope)
