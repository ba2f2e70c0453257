"""The cache tags of an item: its own entry's, and those of all entries whose values it shows."""

from collections.abc import Iterable, Mapping
from typing import Any

from api.compiler.texts import worded
from api.contract.views import Link, ListOf, MapOf, Object, Shown, View, Views
from api.http.cache_tags import bounded, entry_tag
from schemas.entry import EmbeddedEntry
from schemas.shape import Formatted


def item_tags(views: Views, item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tags of an item, as the view of its type shows it; its own entry's is first.

    A part has the tag of the entry whose file it stands in.
    """
    shown = _Shown(views)
    shown.add_all(views.items[item["type"]], item)
    return bounded([_tag(views, item)], shown.tags)


def _tag(views: Views, named: Mapping[str, Any]) -> str:
    model = views.models[named["type"]]
    if issubclass(model, EmbeddedEntry):
        return entry_tag(model.collection.parent, named["id"].partition(".")[0])
    return entry_tag(named["type"], named["id"])


class _Shown:
    """Gathers the tags of the entries whose values are shown."""

    def __init__(self, views: Views) -> None:
        self.tags: set[str] = set()
        self._views = views

    def add_all(self, view: View, values: Mapping[str, Any]) -> None:
        for shown in view.leading:
            value = values[shown.name]
            if value is not None:
                self._add(shown.shown, value)

    def _add(self, shown: Shown, value: Any) -> None:  # noqa: ANN401 - JSON
        match shown:
            case Formatted():
                self._add_blocks(value["blocks"])
            case Link():
                self.tags.add(_tag(self._views, value))
                self.add_all(self._views.shown_by(shown), value)
            case Object():
                self.add_all(shown.view, value)
            case ListOf():
                for one in value:
                    self._add(shown.item, one)
            case MapOf():
                for one in value.values():
                    self._add(shown.item, one)

    def _add_blocks(self, blocks: Iterable[Mapping[str, Any]]) -> None:
        """Add the entries that links of a text lead to: they show their paths."""
        for block in blocks:
            for words in worded(block):
                for mark in words["markDefs"]:
                    if "reference" in mark:
                        self.tags.add(_tag(self._views, mark["reference"]))
