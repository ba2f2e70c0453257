"""What a publish writes: the rows of one revision, as plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal


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
    """The bytes of a resource: `tag` is the opaque part of their entity tag."""

    address: str
    media_type: str
    language: str | None
    last_modified: datetime | None
    tag: str
    identity: bytes
    gzip: bytes


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


@dataclass(frozen=True, slots=True)
class UnitRows:
    """The rows of a unit: of what is compiled at a time, an entry's files in all languages.

    `memo` is the compiler's own; the store keeps it for the next publish.
    """

    unit: str
    rows: Sequence[Row]
    memo: bytes = b""


TABLES = ("entry", "representation", "path", "redirect", "gone", "media")
"""The tables whose rows hold from one revision until another."""


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
    parts: tuple[str | bytes, ...]
    match row:
        case EntryRow():
            locales = marked(row.locales)
            parts = (row.type, row.id, row.parent, locales, row.position, row.address, row.card)
        case RepresentationRow():
            modified = row.last_modified.isoformat() if row.last_modified else ""
            parts = (row.address, row.media_type, row.language or "", modified, row.identity)
        case PathRow() | RedirectRow():
            parts = (row.address, row.target)
        case GoneRow():
            parts = (row.address, row.reason, row.replacement or "", row.kind)
        case MediaRow():
            parts = (row.digest, row.name, row.media_type)
    digest = sha256(type(row).__name__.encode())
    for part in parts:
        value = part.encode() if isinstance(part, str) else part
        digest.update(len(value).to_bytes(8, "big"))
        digest.update(value)
    return digest.digest()[:16]
