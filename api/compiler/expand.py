"""Entries become what readers see: references are links, rich text is blocks, values are JSON."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from api.compiler.catalogue import Face, Index
from api.compiler.paths import PlacedEntry
from api.compiler.review import entry_digest, review_status
from api.compiler.targets import NO_FILES, ContentFiles, Targets
from api.contract.views import Derived, Link, ListOf, MapOf, Object, Property, Shown, View, Views
from api.http.validators import value_hash
from schemas.fields import Model, RichText
from schemas.review import Review
from schemas.shape import Formatted, Single


class Expander:
    """Entries become what the views show: references are links, Markdown is rich text.

    Links are those of the index's language. `at` is the instant at which reviews are shown;
    without one their days do not count.
    """

    def __init__(
        self,
        views: Views,
        index: Index,
        files: ContentFiles = NO_FILES,
        at: datetime | None = None,
    ) -> None:
        self.views = views
        self.index = index
        self._own = {(entry.type, entry.id): entry for entry in index.entries}
        self._parts: dict[str, dict[str, Any]] = {}
        self.files = files
        self.at = at
        self.targets = Targets(files, index)

    def item(self, entry: PlacedEntry) -> dict[str, Any]:
        """Return the whole entry, its hash among its values."""
        view = self.views.items[entry.type]
        item = self._part(view, entry) if entry.parent else self._expand(view, entry)
        if Derived.HASH in item:
            item[Derived.HASH.value] = value_hash(item)
        return item

    def card(self, entry: PlacedEntry, item: Mapping[str, Any]) -> dict[str, Any]:
        """Return the entry as lists show it, given the whole of it."""
        return {shown.name: item[shown.name] for shown in self.views.cards[entry.type].properties}

    def _part(self, view: View, part: PlacedEntry) -> dict[str, Any]:
        """Return an embedded entry, which its parent shows as it is shown by itself."""
        if part.address not in self._parts:
            self._parts[part.address] = self._expand(view, part)
        return self._parts[part.address]

    def _expand(self, view: View, entry: PlacedEntry) -> dict[str, Any]:
        return {
            shown.name: self._derive(shown.derived, entry)
            if shown.derived
            else self._value(shown.shown, getattr(entry.value, shown.name), entry)
            for shown in view.properties
        }

    def _derive(self, name: Derived, entry: PlacedEntry) -> Any:  # noqa: ANN401 - JSON
        match name:
            case Derived.TYPE:
                return entry.type
            case Derived.ID:
                return entry.id
            case Derived.SLUG | Derived.KEY:
                return entry.slug
            case Derived.PATH:
                return entry.path
            case Derived.LOCALE:
                return entry.locale
            case Derived.ALTERNATES:
                return [alternate._asdict() for alternate in entry.alternates]
            case Derived.TITLE:
                return entry.title
            case Derived.HASH | Derived.NUMBER | Derived.STATUS:
                return None

    def _value(self, shown: Shown, value: Any, entry: PlacedEntry) -> Any:  # noqa: ANN401 - JSON
        if value is None:
            return None
        match shown:
            case Single():
                return _single(value)
            case Formatted():
                return self._rich_text(value, entry)
            case Link():
                face = self._target(shown.targets, value)
                return _link(self.views.shown_by(shown), face) if face.public else None
            case ListOf():
                return self._list(shown.item, value, entry)
            case MapOf():
                found = {key: self._value(shown.item, one, entry) for key, one in value.items()}
                return {key: one for key, one in found.items() if one is not None}
            case Object():
                return self._object(shown.view, value, entry, 1)

    def _rich_text(self, text: RichText, entry: PlacedEntry) -> dict[str, Any]:
        blocks = self.targets.blocks(text, entry)
        return {"blocks": blocks, "html": None, "markdown": None, "text": None}

    def _target(self, targets: Iterable[str], name: str) -> Face:
        if target := self.index.find(targets, name):
            return target
        raise LookupError(name)

    def _list(self, item: Shown, values: list[Any], entry: PlacedEntry) -> list[Any]:
        if not isinstance(item, Object):
            shown = (self._value(item, value, entry) for value in values)
            return [one for one in shown if one is not None]
        if item.embedded:
            own = str(item.view.constant)
            parts = [self._own[own, f"{entry.id}.{value.key}"] for value in values]
            return [self._part(item.view, part) for part in parts]
        return [
            self._object(item.view, value, entry, number) for number, value in enumerate(values, 1)
        ]

    def _object(self, view: View, value: Model, entry: PlacedEntry, number: int) -> dict[str, Any]:
        return {shown.name: self._within(shown, value, entry, number) for shown in view.properties}

    def _within(self, shown: Property, value: Model, entry: PlacedEntry, number: int) -> Any:  # noqa: ANN401 - JSON
        if shown.derived is None:
            return self._value(shown.shown, getattr(value, shown.name), entry)
        if shown.derived is Derived.NUMBER:
            return number
        if isinstance(value, Review) and shown.derived is Derived.STATUS:
            return review_status(value, entry_digest(entry, self.index, self.files), self.at).value
        if shown.derived is Derived.PATH:
            return f"{entry.page}#{getattr(value, Derived.KEY)}"
        return self._value(shown.shown, getattr(value, shown.name), entry)


def link_values(view: View, entry: PlacedEntry) -> dict[str, Any]:
    """Return the values of an entry that a link to it shows, beside what follows from its place."""
    return {
        shown.name: _plain(shown.shown, getattr(entry.value, shown.name))
        for shown in view.properties
        if shown.derived is None
    }


def _link(view: View, face: Face) -> dict[str, Any]:
    return {
        shown.name: face.derived(shown.derived) if shown.derived else face.values[shown.name]
        for shown in view.properties
    }


def _plain(shown: Shown, value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a value that leads to no other entry."""
    if value is None:
        return None
    match shown:
        case ListOf(item):
            return [_plain(item, one) for one in value]
        case MapOf(item):
            return {key: _plain(item, one) for key, one in value.items()}
        case Object(view):
            return {
                one.name: _plain(one.shown, getattr(value, one.name)) for one in view.properties
            }
        case _:
            return _single(value)


def _single(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case StrEnum():
            return value.value
        case _:
            return value
