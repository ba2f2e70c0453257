"""Cache tags: names that an answer carries, so that a cache can drop all that has one of them.

`article:first` stands for an entry with a file of its own, its parts and translations included;
`article` for all entries of the type. Which header has them is up to the cache: Cache-Tag
(Cloudflare, Google), Surrogate-Key (Fastly), xkey (Varnish).
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType

API = "api"
"""The tag of what the API says of itself."""
LONGEST = 120
"""The bytes of the longest tag, as the strictest of the caches has it."""
SIZE = 8_192
"""The bytes of all tags of an answer."""

_SEPARATORS: Mapping[str, bytes] = MappingProxyType(
    {"Cache-Tag": b",", "Surrogate-Key": b" ", "xkey": b" "}
)


def entry_tag(type_name: str, entry_id: str) -> str:
    """Return the tag of an entry; a long one has a digest in place of the id."""
    tag = f"{type_name}:{entry_id}"
    if len(tag) <= LONGEST:
        return tag
    return f"{type_name}:{sha256(tag.encode()).hexdigest()[:32]}"


def type_tag(tag: str) -> str:
    """Return the tag of all entries of the type that a tag's entry has."""
    return tag.partition(":")[0]


def bounded(own: Sequence[str], shown: Iterable[str]) -> tuple[str, ...]:
    """Return an answer's own tags, and those of the entries that it shows, sorted.

    Where they exceed SIZE, the entries are named by their types alone: whoever purges an entry
    purges its type too, so that never too little is purged.
    """
    tags = (*own, *sorted({*shown} - {*own}))
    if sum(len(tag) + 1 for tag in tags) <= SIZE:
        return tags
    return (*own, *sorted({type_tag(tag) for tag in tags[len(own) :]} - {*own}))


def cache_tag_header(name: str, tags: Iterable[str]) -> tuple[bytes, bytes]:
    """Return the header of a name (one of the three) with tags, as its cache separates them."""
    return name.lower().encode(), _SEPARATORS[name].join(tag.encode() for tag in tags)
