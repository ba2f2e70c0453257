"""Web linking: the Link field (RFC 8288, 3)."""

from collections.abc import Mapping


def link_header(links: Mapping[str, str | None]) -> str:
    """Return the Link field value of relation types and their targets, in the order given.

    Targets are URI references, percent-encoded (RFC 3986, 4.1). A relation whose target is None
    is left out; where no link is left the value is empty, and the field is not to be sent.
    """
    return ", ".join(
        f'<{target}>; rel="{rel}"' for rel, target in links.items() if target is not None
    )
