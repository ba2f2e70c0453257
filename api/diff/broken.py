"""Links that led somewhere and no longer do: pages and parts that ended, anchors that vanished."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from api.diff.difference import OK, AddressChange, Became, BrokenLink
from api.store import changes
from api.store.changes import Pinned

_ENDINGS = {Became.ENDED, Became.WITHDRAWN, Became.EXPIRED}
_SAID = {Became.WITHDRAWN: "it was withdrawn", Became.EXPIRED: "it has expired"}
_FALLBACK = "the translation ended: the default language is shown"


def broken_links(
    old: Pinned, new: Pinned, addresses: Iterable[AddressChange], pages: Mapping[str, str]
) -> Iterator[BrokenLink]:
    """Yield the addresses that answer 404 or 410 now, and did not before.

    `pages` has the front-end paths of pages by address. What is below a page that ended is passed
    over.
    """
    ended = {one.address: one for one in addresses if one.became in _ENDINGS}
    for address, change in ended.items():
        if any(address.startswith(f"{other}/") for other in _above(address) if other in ended):
            continue
        before = changes.state(old, address)
        if before and before.reason is not None:
            continue
        bare, _, locale = address.partition("?locale=")
        link = pages.get(address, address)
        if locale and bare in ended:
            continue
        if locale and changes.state(new, bare):
            if address in pages:
                yield BrokenLink(link, bare, OK, _FALLBACK)
        elif change.became in _SAID:
            yield BrokenLink(link, bare, 410, _SAID[change.became])
        elif not locale:
            # What is deleted is told for a time; a redirect that ends is not.
            status = 410 if before is None or before.is_served else 404
            yield BrokenLink(link, address, status, "nothing is there, and no redirect leads on")


def _above(address: str) -> Iterator[str]:
    while address := address.rpartition("/")[0]:
        yield address


def lost_anchors(
    old: Mapping[str, Any], new: Mapping[str, Any], address: str
) -> Iterator[BrokenLink]:
    """Yield the anchors that a page had and has no more."""
    kept = set(_anchors(new, new["path"]))
    for anchor in dict.fromkeys(_anchors(old, old["path"])):
        if anchor not in kept:
            what = f"the page has no '#{anchor}' any more"
            yield BrokenLink(f"{new['path']}#{anchor}", address, OK, what)


def _anchors(node: Any, page: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield the keys of a page's sections and points, and the anchors of headings, in order."""
    if isinstance(node, list):
        for one in node:
            yield from _anchors(one, page)
    elif isinstance(node, dict):
        if "key" in node and node.get("path") == f"{page}#{node['key']}":
            yield str(node["key"])
        if "anchor" in node:
            yield str(node["anchor"])
        for one in node.values():
            yield from _anchors(one, page)
