"""Two states of an item, field by field."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from api.richtext.markdown import render_markdown

_RICH_TEXT = {"blocks", "html", "markdown", "text"}
_DERIVED = {"hash", "alternates", "locale", "type", "id"}
"""What follows from other values of an item, or is what it was found by."""
_DERIVED_IN_PARTS = {"type", "id", "path", "number"}


class Value(NamedTuple):
    """A field's values that differ."""

    field: str
    old: Any
    new: Any


class ShownEntry(NamedTuple):
    """Another entry (`type:id`) that is shown with other values than before."""

    name: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Value | ShownEntry]:
    """Yield what differs in two states of an item's `data`."""
    fields = _Fields(str(new["id"]))
    for name in (*new, *(name for name in old if name not in new)):
        if name not in _DERIVED:
            yield from fields.compare(name, old.get(name), new.get(name))


class _Fields:
    """Compares the values of one entry: what has its id before a dot is a part of it."""

    def __init__(self, own: str) -> None:
        self._own = own

    def compare(self, field: str, old: Any, new: Any) -> Iterator[Value | ShownEntry]:  # noqa: ANN401 - JSON
        if old == new:
            return
        match old, new:
            case dict(), dict() if _is_rich(old) and _is_rich(new):
                yield from self._rich(field, old["blocks"], new["blocks"])
            case dict(), dict() if self._is_link(old) and self._is_link(new):
                yield from self._link(field, old, new)
            case dict(), dict():
                for name in _names(old, new):
                    yield from self.compare(f"{field}.{name}", old.get(name), new.get(name))
            case list(), list():
                yield from self._lists(field, old, new)
            case _:
                yield Value(field, self._plain(old), self._plain(new))

    def _rich(self, field: str, old: Any, new: Any) -> Iterator[Value | ShownEntry]:  # noqa: ANN401 - JSON
        before, after = _links_by_name(old), _links_by_name(new)
        if before == after:
            yield from (ShownEntry(name) for name in sorted(_moved(old, new)))
            return
        texts = render_markdown(before), render_markdown(after)
        # What Markdown has no form for, such as the size of an image.
        yield Value(field, *(texts if texts[0] != texts[1] else (before, after)))

    def _link(
        self, field: str, old: dict[str, Any], new: dict[str, Any]
    ) -> Iterator[Value | ShownEntry]:
        before, after = _name(old), _name(new)
        yield ShownEntry(after) if before == after else Value(field, before, after)

    def _lists(self, field: str, old: list[Any], new: list[Any]) -> Iterator[Value | ShownEntry]:
        if all(map(self._is_part, (*old, *new))):
            yield from self._parts(field, old, new)
        elif len(old) == len(new) and not any(map(self._is_link, (*old, *new))):
            if all(isinstance(one, dict) for one in (*old, *new)):
                for number, (before, after) in enumerate(zip(old, new, strict=True), 1):
                    yield from self.compare(f"{field}[{number}]", before, after)
            else:
                yield Value(field, old, new)
        elif (before := self._plain(old)) != (after := self._plain(new)):
            yield Value(field, before, after)
        else:
            changed = (_name(one) for one, other in zip(new, old, strict=True) if one != other)
            yield from map(ShownEntry, changed)

    def _parts(self, field: str, old: list[Any], new: list[Any]) -> Iterator[Value | ShownEntry]:
        before, after = ({part["key"]: part for part in parts} for parts in (old, new))
        for key in (*after, *(key for key in before if key not in after)):
            yield from self.compare(f"{field}[{key}]", before.get(key), after.get(key))
        kept_before = [key for key in before if key in after]
        kept_after = [key for key in after if key in before]
        if kept_before != kept_after:
            yield Value(f"{field} (order)", kept_before, kept_after)

    def _is_link(self, value: object) -> bool:
        return (
            isinstance(value, dict)
            and {"type", "id", "path"} <= value.keys()
            and not str(value["id"]).startswith(f"{self._own}.")
        )

    def _is_part(self, value: object) -> bool:
        return isinstance(value, dict) and "key" in value and not self._is_link(value)

    def _plain(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        """Return a value as people want it: links by name, rich text as Markdown."""
        match value:
            case dict() if _is_rich(value):
                return render_markdown(_links_by_name(value["blocks"]))
            case dict() if self._is_link(value):
                return _name(value)
            case dict():
                return {name: self._plain(value[name]) for name in _names(value, value)}
            case list():
                return [self._plain(one) for one in value]
            case _:
                return value


def _names(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    derived = _DERIVED_IN_PARTS if "key" in new else set()
    for name in (*new, *(name for name in old if name not in new)):
        if name not in derived:
            yield name


def _name(link: Mapping[str, Any]) -> str:
    return f"{link['type']}:{link['id']}"


def _is_rich(value: Mapping[str, Any]) -> bool:
    return value.keys() == _RICH_TEXT


def _links_by_name(node: Any) -> Any:  # noqa: ANN401 - JSON
    """Return blocks whose links to entries name these, wherever they are.

    The fallback of a block is left out: it is made of the block's own values.
    """
    if isinstance(node, list):
        return [_links_by_name(one) for one in node]
    if not isinstance(node, dict):
        return node
    parts = {name: _links_by_name(one) for name, one in node.items() if name != "fallback"}
    if isinstance(reference := node.get("reference"), dict):
        _, mark, key = str(node["href"]).partition("#")
        # A link to a part names it already; its anchor is the last step of its id.
        own_key = str(reference["id"]).rpartition(".")[2]
        parts["href"] = _name(reference) + (mark + key if key != own_key else "")
    return parts


def _moved(old: Any, new: Any) -> set[str]:  # noqa: ANN401 - JSON
    """Return the entries whose links in texts have another address; all else is the same."""
    if isinstance(new, list):
        return set().union(*map(_moved, old, new))
    if not isinstance(new, dict):
        return set()
    found = set().union(*(_moved(old.get(name), one) for name, one in new.items()))
    if "reference" in new and old["href"] != new["href"]:
        found.add(_name(new["reference"]))
    return found
