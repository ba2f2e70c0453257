"""Anchors: the keys of an entry's sections and points, each once in a page."""

from collections.abc import Iterable, Iterator
from functools import cache

from api.compiler.paths import PlacedEntry
from api.compiler.texts import PlacedText, fields_down_to
from api.errors import DUPLICATE_SECTION_KEY, STALE_TRANSLATION, Issue, Place
from api.source.node import Fields, Scalar, each
from schemas.entry import EmbeddedEntry, Part
from schemas.fields import Model
from schemas.shape import Nested

SHOWN_KEYS = 5
TOP = "top"
"""The anchor that every page has (HTML, 7.4.6.4)."""

_Key = tuple[str, Place, bool]
"""A key, where it stands, and whether it is that of an embedded entry."""


def anchors(entry: PlacedEntry) -> tuple[str, ...]:
    """Return the names that `#name` may lead to in an entry's page.

    They are the keys of its sections and points, and the anchors of headings within texts.
    """
    keys = [key for key, _, _ in _of_model(type(entry.value), entry.fields)]
    for found in entry.texts:
        if isinstance(found, PlacedText):
            keys += (str(block["anchor"]) for block in found.value.blocks if "anchor" in block)
    return tuple(dict.fromkeys(keys))


def repeated_keys(entries: Iterable[PlacedEntry]) -> Iterator[Issue]:
    """Yield an Issue for each key that another section or point of its page has already.

    Two embedded entries with one key are told where they are placed (see `paths`).
    """
    for entry in entries:
        if entry.parent is None:
            yield from _repeated(entry)


def lacking_keys(entries: Iterable[PlacedEntry]) -> Iterator[Issue]:
    """Yield a warning for each translation that lacks sections or points of its source text.

    `entries` are those of one unit, its source text first.
    """
    pages = [entry for entry in entries if entry.parent is None]
    for entry in pages[1:]:
        source = pages[0]
        own = {key for key, _, _ in _of_model(type(entry.value), entry.fields)}
        lacking = [
            key for key, _, _ in _of_model(type(source.value), source.fields) if key not in own
        ]
        if lacking:
            names = ", ".join(f"'{key}'" for key in lacking[:SHOWN_KEYS])
            what = f"the translation lacks {len(lacking)} sections or points of its source: {names}"
            yield STALE_TRANSLATION.at(entry.place, what, other=source.place)


def _repeated(entry: PlacedEntry) -> Iterator[Issue]:
    first: dict[str, tuple[Place, bool]] = {}
    for key, place, embedded in _of_model(type(entry.value), entry.fields):
        other, other_embedded = first.setdefault(key, (place, embedded))
        if other != place and not (embedded and other_embedded):
            yield DUPLICATE_SECTION_KEY.at(place, f"the key '{key}' is taken", other=other)


def _of_model(model: type[Model], fields: Fields) -> Iterator[_Key]:
    embedded, keyed = _kind(model)
    if keyed and isinstance(key := fields.values.get("key"), Scalar):
        yield key.text, key.place, embedded
    for field in fields_down_to(model, Nested):
        if field.name in fields.values:
            for shape, value in each(field.shape, fields.values[field.name]):
                if isinstance(shape, Nested) and isinstance(value, Fields):
                    yield from _of_model(shape.model, value)


@cache
def _kind(model: type[Model]) -> tuple[bool, bool]:
    """Tell whether a model is of embedded entries, and whether it has a key at all."""
    return issubclass(model, EmbeddedEntry), issubclass(model, EmbeddedEntry | Part)
