"""Links taken out of JSON that was proven with them: what is left keeps the contract as well."""

from collections.abc import Callable, Collection
from typing import Any

from api.richtext.draft import fallback_of

Json = Any
Names = frozenset[tuple[str, str]]
"""Types and ids of entries."""
Place = tuple[str | int, ...]
"""The names and numbers that lead to a value."""
Keeps = Callable[[Json], bool]
"""Tells whether an item's or a card's JSON is what the contract promises."""


def anything(_: Json) -> bool:
    """Take all JSON for what the contract promises, where nobody knows that."""
    return True


def without(value: Json, names: Names, keeps: Keeps) -> Json | None:
    """Return a value without the links to some entries: one is null, one of a list leaves it.

    Words that were linked stay, without the link. Where a link must be there, what can be null and
    is around it is null. None where nothing is left then: the value is nothing without that link.
    What did not keep the contract before, since that is another one by now, need not keep it
    afterwards.
    """
    nulls: list[Place] = []
    found = _without(value, names, nulls, ())
    if not nulls or keeps(found) or not keeps(value):
        return found
    return found if _emptied(found, nulls, keeps) else None


def _without(value: Json, names: Names, nulls: list[Place], at: Place) -> Json:
    match value:
        case dict():
            words = _worded(value, names) if "markDefs" in value else value
            left = {
                name: _without_link(one, names, nulls, (*at, name)) for name, one in words.items()
            }
            if "fallback" in left and "_type" in left and left != value:
                left["fallback"] = fallback_of(left)  # type: ignore[arg-type]  # a block as proven
            return left
        case list():
            kept = [one for one in value if not _is_link(one, names)]
            return [_without(one, names, nulls, (*at, n)) for n, one in enumerate(kept)]
    return value


def _worded(words: dict[str, Json], names: Names) -> dict[str, Json]:
    """Return formatted words (`api.richtext.blocks.Words`) without the links to some entries."""
    lost = {mark["_key"] for mark in words["markDefs"] if _is_link(mark.get("reference"), names)}
    if not lost:
        return words
    return {
        **words,
        "markDefs": [mark for mark in words["markDefs"] if mark["_key"] not in lost],
        "children": [
            {**span, "marks": [mark for mark in span["marks"] if mark not in lost]}
            for span in words["children"]
        ],
    }


def _without_link(value: Json, names: Names, nulls: list[Place], at: Place) -> Json:
    if not _is_link(value, names):
        return _without(value, names, nulls, at)
    nulls.append(at)
    return None


def _is_link(value: Json, names: Names) -> bool:
    return isinstance(value, dict) and (value.get("type"), value.get("id")) in names


def _emptied(value: Json, nulls: Collection[Place], keeps: Keeps) -> bool:
    """Empty what is around nulls, the nearest first, until the contract is kept."""
    for level in range(max(map(len, nulls)) - 1, 0, -1):
        for at in {place[:level] for place in nulls if len(place) > level}:
            _empty(value, at)
        if keeps(value):
            return True
    return False


def _empty(value: Json, at: Place) -> None:
    """Make the member at a place null; a value of a list is none."""
    *above, last = at
    for name in above:
        value = value[name]
        if value is None:
            return
    if isinstance(value, dict):
        value[last] = None
