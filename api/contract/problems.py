"""The problem document (RFC 9457) and the page that explains its type."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from types import MappingProxyType
from typing import Any

from api.errors import PROBLEMS, Fault, ProblemKind

PAGES = "/docs/problems"
_STYLE = (
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;"
    "color-scheme:light dark}code{font-size:.95em}"
)
STYLE_DIGEST = f"sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}"
"""Names the pages' one inline style in their Content-Security-Policy (CSP 3, 2.3.1)."""


def document(  # noqa: PLR0913 - the members of RFC 9457 and those of our own
    kind: ProblemKind,
    detail: str,
    faults: Sequence[Fault],
    *,
    instance: str,
    request_id: str,
    public_url: str,
    members: Mapping[str, str | None] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return the members of a problem document.

    `instance` is the path that was asked for, `public_url` what stands before the address of the
    problem's page ("" for a path-absolute one), `members` those that only this kind has.
    """
    return {
        "type": f"{public_url}{PAGES}/{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": instance,
        "request_id": request_id,
        "errors": [
            {
                "in": fault.place,
                "name": fault.name,
                "code": fault.code,
                "allowed": list(fault.allowed),
                "did_you_mean": fault.did_you_mean,
            }
            for fault in faults
        ],
        **members,
    }


def _marked(text: str) -> str:
    """Return a text as HTML, what stands in backticks as code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))


def page(kind: ProblemKind) -> str:
    """Return the HTML page that explains a kind of problem."""
    others = "".join(
        f'<li><a href="{PAGES}/{other.code}">{escape(other.title)}</a> ({other.status})</li>'
        for other in PROBLEMS.values()
        if other is not kind
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(kind.title)} · Keypoint</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(kind.title)}</h1>"
        f"<p>Status <code>{kind.status}</code>, type <code>{PAGES}/{kind.code}</code></p>"
        f"<p>{_marked(kind.meaning)}</p><h2>Other problems</h2><ul>{others}</ul>"
        "</main></body></html>"
    )
