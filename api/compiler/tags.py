"""The cache tags of an item: its own entry's, and those of all entries whose values it shows."""

from collections.abc import Iterator, Mapping
from typing import Any

from api.contract.views import Link, ListOf, MapOf, Object, Shown, View, Views
from api.http.cache_tags import bounded, entry_tag
from schemas.entry import EmbeddedEntry
from schemas.shape import Formatted


def item_tags(views: Views, item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tags of an item, as the view of its type shows it; its own entry's is first.

    A part has the tag of the entry whose file it stands in.
    """
    own = _tag(views, item)
    return bounded([own], set(_of_view(views, views.items[item["type"]], item)))


def _tag(views: Views, named: Mapping[str, Any]) -> str:
    model = views.models[named["type"]]
    if issubclass(model, EmbeddedEntry):
        return entry_tag(model.collection.parent, named["id"].partition(".")[0])
    return entry_tag(named["type"], named["id"])


def _of_view(views: Views, view: View, values: Mapping[str, Any]) -> Iterator[str]:
    for shown in view.properties:
        yield from _of_value(views, shown.shown, values[shown.name])


def _of_value(views: Views, shown: Shown, value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if value is None:
        return
    match shown:
        case Link():
            yield _tag(views, value)
            yield from _of_view(views, views.shown_by(shown), value)
        case Formatted():
            yield from _of_blocks(views, value["blocks"])
        case Object(view):
            yield from _of_view(views, view, value)
        case ListOf(item):
            for one in value:
                yield from _of_value(views, item, one)
        case MapOf(item):
            for one in value.values():
                yield from _of_value(views, item, one)


def _of_blocks(views: Views, node: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield the tags of the entries that links of a text lead to: they show their paths."""
    if isinstance(node, Mapping):
        if "reference" in node:
            yield _tag(views, node["reference"])
        node = node.values()
    elif not isinstance(node, list | tuple):
        return
    for one in node:
        yield from _of_blocks(views, one)
