"""The default order of a collection, as bytes that sort as its entries do."""

import struct
import unicodedata
from datetime import UTC, date, datetime, timedelta

from api.compiler.paths import PlacedEntry
from schemas.collection import Folder

_NULL = b"\xff"
_GIVEN = b"\x01"
_END = b"\x00"
_INVERTED = bytes(range(255, -1, -1))
_SIGN_BIT = 1 << 63
_ALL_BITS = (1 << 64) - 1
_FIRST = datetime.min.replace(tzinfo=UTC)


def position(entry: PlacedEntry) -> bytes:
    """Return an entry's place in its collection's default order; nulls come last.

    Parts of other entries stand together by their parent's id, in the order of the file; the
    entry of a single file stands alone.
    """
    if entry.parent:
        return _text(entry.parent.id) + entry.number.to_bytes(4, "big")
    collection = type(entry.value).collection
    names = collection.order if isinstance(collection, Folder) else ()
    return b"".join(_key(entry, name) for name in names)


def _key(entry: PlacedEntry, name: str) -> bytes:
    field = name.removeprefix("-")
    value = entry.title if field == "title" else getattr(entry.value, field)
    if value is None:
        return _NULL
    key = _encoded(value)
    return _GIVEN + (key.translate(_INVERTED) if name.startswith("-") else key)


def _encoded(value: object) -> bytes:
    match value:
        case bool() | int() | float():
            bits = int.from_bytes(struct.pack(">d", float(value)), "big")
            ordered = bits ^ _ALL_BITS if bits & _SIGN_BIT else bits | _SIGN_BIT
            return ordered.to_bytes(8, "big")
        case datetime():
            return ((value - _FIRST) // timedelta(microseconds=1)).to_bytes(8, "big")
        case date():
            return value.toordinal().to_bytes(4, "big")
        case _:
            return _text(str(value))


def _text(value: str) -> bytes:
    """Fold case and diacritics first; what is then equal is told apart by the text itself."""
    bare = value
    if not value.isascii():
        decomposed = unicodedata.normalize("NFKD", value)
        bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.casefold().encode() + _END + value.encode() + _END
