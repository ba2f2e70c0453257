"""The envelopes of /v1, the item and the list, and what the service says of itself."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode


def root(version: str) -> dict[str, Any]:
    """Return what `GET /` says, given the program's version."""
    return {
        "name": "Keypoint",
        "version": version,
        "versions": [{"name": "v1", "status": "current", "href": "/v1"}],
        "links": {"contract": "/openapi.yaml", "health": "/healthz", "readiness": "/readyz"},
    }


def item(
    data: object, served: str, *, requested: str | None = None, fallback: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the envelope of one item, in the language that it is served in.

    `requested` is the language asked for where that is another one, `fallback` the names of the
    fields that are shown in the default language because this one lacks them.
    """
    locale = {"requested": requested or served, "served": served, "fallback": [*fallback]}
    return {"data": data, "included": {}, "meta": {"locale": locale}}


def page_count(total: int, limit: int) -> int:
    """Return ⌈total / limit⌉."""
    return -(-total // limit)


def page(
    data: Sequence[object],
    links: Mapping[str, str | None],
    *,
    total: int,
    page: int,
    limit: int,
) -> dict[str, Any]:
    """Return the envelope of one page of a list."""
    pages = page_count(total, limit)
    return {
        "data": data,
        "included": {},
        "meta": {"total": total, "page": page, "limit": limit, "pages": pages},
        "links": links,
    }


def page_links(
    path: str, parameters: Mapping[str, str], page: int, pages: int
) -> dict[str, str | None]:
    """Return the addresses of this page and its neighbours, None for one that there is not.

    `parameters` are those the client gave, in alphabetical order in the addresses; the first page
    is the address without `page`.
    """

    def address(number: int) -> str:
        given = {name: value for name, value in parameters.items() if name != "page"}
        if number > 1:
            given["page"] = str(number)
        query = urlencode(sorted(given.items()))
        return f"{path}?{query}" if query else path

    last = max(pages, 1)
    return {
        "self": address(page),
        "first": address(1),
        "prev": address(min(page - 1, last)) if page > 1 else None,
        "next": address(page + 1) if page < pages else None,
        "last": address(last),
    }
