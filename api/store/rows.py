"""What a publish writes: the rows of one revision, as plain values."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from struct import Struct
from typing import Literal, NamedTuple


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as lists show it; `parent` is its parent's address, "" where it has none.

    `locales` are the languages asked for in which lists show it.
    """

    type: str
    id: str
    parent: str
    locales: tuple[str, ...]
    position: bytes
    address: str
    card: bytes


@dataclass(frozen=True, slots=True)
class RepresentationRow:
    """The bytes of a resource: `tag` is the opaque part of their entity tag.

    `cache_tags` name the entries whose values they show, their own first.
    """

    address: str
    media_type: str
    language: str | None
    last_modified: datetime | None
    tag: str
    identity: bytes
    gzip: bytes
    cache_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PathRow:
    """Another address of the resource at `target`."""

    address: str
    target: str


@dataclass(frozen=True, slots=True)
class RedirectRow:
    """An address that leads to the resource at `target` (308)."""

    address: str
    target: str


@dataclass(frozen=True, slots=True)
class GoneRow:
    """An address of what was withdrawn or has expired (410): why, and what takes its place.

    What is withdrawn goes from every revision; what has expired stays in those that showed it.
    """

    address: str
    reason: str
    replacement: str | None
    kind: Literal["withdrawn", "expired"] = "withdrawn"


@dataclass(frozen=True, slots=True)
class MediaRow:
    """An image or another file; `digest` is the opaque part of its entity tag too."""

    digest: str
    name: str
    media_type: str
    body: bytes


Row = EntryRow | RepresentationRow | PathRow | RedirectRow | GoneRow | MediaRow


Values = tuple[str | bytes | None, ...]
"""What a row's columns have, in the order of FIELDS."""
StoredRow = tuple[str, bytes, Values]
"""A row as its table takes it: the table, 16 bytes that differ where the values do, the values."""


class Memo(NamedTuple):
    """What the compiler wants to know of a unit at the next publish; `data` is its own affair.

    `files` are paths below the content folder, each with what tells a changed file. `offers` are
    the keys that others find the unit by, `needs` those that it asked for. `due` is the instant,
    as `exact_text_of` has it, from which on it is another one.
    """

    data: bytes = b""
    files: Sequence[tuple[str, bytes]] = ()
    offers: Collection[str] = ()
    needs: Collection[str] = ()
    due: str | None = None


class UnitRows(NamedTuple):
    """The rows of a unit: of what is compiled at a time, an entry's files in all languages.

    Without a memo the one that there is stays.
    """

    unit: str
    rows: Sequence[StoredRow]
    memo: Memo | None = None


def localised_address(address: str, locale: str) -> str:
    """Return where the representation in a language is that is not the default one."""
    return f"{address}?locale={locale}"


def marked(locales: Iterable[str]) -> str:
    """Return languages as the store holds them: each between commas, as `,en,uk,`."""
    return "".join(f",{locale}" for locale in locales) + ","


def row_digest(row: Row) -> bytes:
    """Return 16 bytes that differ where a row's values do.

    The compressed twin is left out: it follows from the identity bytes, and its own bytes may
    differ from one processor to another. So are a file's bytes: their digest stands for them.
    """
    _, _, covered = _values(row)
    return _digest(row, covered)


def _digest(row: Row, covered: Iterable[str | bytes | None]) -> bytes:
    pieces = [type(row).__name__.encode()]
    for part in covered:
        value = part if isinstance(part, bytes) else (part or "").encode()
        pieces.append(_LENGTH(len(value)))
        pieces.append(value)
    return sha256(b"".join(pieces)).digest()[:16]


_LENGTH = Struct(">Q").pack
FIELDS = {
    "entry": "type, id, parent, locales, position, address, card",
    "representation": "address, media_type, language, last_modified, tag, cache_tags, identity,"
    " gzip",
    "path": "address, target",
    "redirect": "address, target",
    "gone": "address, reason, replacement, kind",
    "media": "tag, name, media_type, body",
}
"""The tables whose rows hold from one revision until another, and what their rows have."""
TABLES = tuple(FIELDS)


def stored(row: Row) -> StoredRow:
    """Return a row as its table takes it."""
    table, values, covered = _values(row)
    return table, _digest(row, covered), values


def _values(row: Row) -> tuple[str, Values, Values]:
    """Return a row's table, what its columns have, and what of it the digest covers."""
    values: Values
    match row:
        case EntryRow():
            locales = marked(row.locales)
            values = row.type, row.id, row.parent, locales, row.position, row.address, row.card
            return "entry", values, values
        case RepresentationRow():
            modified = row.last_modified.isoformat() if row.last_modified else None
            head = row.address, row.media_type, row.language, modified
            tags = " ".join(row.cache_tags)
            values = *head, row.tag, tags, row.identity, row.gzip
            return "representation", values, (*head, tags, row.identity)
        case PathRow():
            values = row.address, row.target
            return "path", values, values
        case RedirectRow():
            values = row.address, row.target
            return "redirect", values, values
        case GoneRow():
            values = row.address, row.reason, row.replacement, row.kind
            return "gone", values, values
        case MediaRow():
            values = row.digest, row.name, row.media_type
            return "media", (*values, row.body), values
