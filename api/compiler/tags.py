"""The cache tags of an item: its own entry's, and those of all entries whose values it shows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from api.compiler.texts import worded
from api.http.cache_tags import bounded, entry_tag
from schemas.discovery import Models
from schemas.entry import EmbeddedEntry


def item_tags(models: Models, item: Mapping[str, Any], shown: Iterable[str]) -> tuple[str, ...]:
    """Return the tags of an item, given those of the entries that it shows; its own is first."""
    return bounded([tag_of(models, item["type"], item["id"])], shown)


def tag_of(models: Models, type_name: str, entry_id: str) -> str:
    """Return an entry's tag; a part has that of the entry whose file it stands in."""
    model = models[type_name]
    if issubclass(model, EmbeddedEntry):
        return entry_tag(model.collection.parent, entry_id.partition(".")[0])
    return entry_tag(type_name, entry_id)


def block_tags(models: Models, blocks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the tags of the entries that links of a text lead to: they show their paths."""
    for block in blocks:
        for words in worded(block):
            for mark in words["markDefs"]:
                if "reference" in mark:
                    yield tag_of(models, mark["reference"]["type"], mark["reference"]["id"])
