"""Anchors: the keys of an entry's sections and points, each once in a page."""

from collections.abc import Iterable, Iterator, Sequence

from api.compiler.contents import Key
from api.compiler.paths import PlacedEntry
from api.errors import DUPLICATE_SECTION_KEY, STALE_TRANSLATION, Issue

SHOWN_KEYS = 5
TOP = "top"
"""The anchor that every page has (HTML, 7.4.6.4)."""


def anchors(entry: PlacedEntry) -> tuple[str, ...]:
    """Return the names that `#name` may lead to in an entry's page.

    They are the keys of its sections and points, and the anchors of headings within texts.
    """
    keys = [key.name for key in entry.contents.keys]
    keys += [
        str(block["anchor"])
        for text in entry.contents.texts
        for block in text.value.blocks
        if "anchor" in block
    ]
    return tuple(dict.fromkeys(keys))


def repeated_keys(entries: Iterable[PlacedEntry]) -> Iterator[Issue]:
    """Yield an Issue for each key that another section or point of its page has already.

    Two embedded entries with one key are told where they are placed (see `paths`).
    """
    for entry in entries:
        if entry.parent is None:
            yield from _repeated(entry.contents.keys)


def lacking_keys(entries: Iterable[PlacedEntry]) -> Iterator[Issue]:
    """Yield a warning for each translation that lacks sections or points of its source text.

    `entries` are those of one unit, its source text first.
    """
    pages = [entry for entry in entries if entry.parent is None]
    for entry in pages[1:]:
        source = pages[0]
        own = {key.name for key in entry.contents.keys}
        lacking = [key.name for key in source.contents.keys if key.name not in own]
        if lacking:
            names = ", ".join(f"'{key}'" for key in lacking[:SHOWN_KEYS])
            what = f"the translation lacks {len(lacking)} sections or points of its source: {names}"
            yield STALE_TRANSLATION.at(entry.place, what, other=source.place)


def _repeated(keys: Sequence[Key]) -> Iterator[Issue]:
    if len({key.name for key in keys}) == len(keys):
        return
    first: dict[str, Key] = {}
    for key in keys:
        other = first.setdefault(key.name, key)
        if other.place != key.place and not (key.embedded and other.embedded):
            what = f"the key '{key.name}' is taken"
            yield DUPLICATE_SECTION_KEY.at(key.place, what, other=other.place)
