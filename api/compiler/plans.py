"""How the properties of each view are filled: planned once for a set of models.

A plan has a function for each property, so that nothing is asked of a shape once a value is there.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property, partial
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from api.compiler.catalogue import Face
from api.compiler.paths import PlacedEntry
from api.contract.views import Derived, Link, ListOf, MapOf, Object, Property, Shown, View, Views
from schemas.collection import SingleFile
from schemas.entry import EmbeddedEntry, EntryModel
from schemas.fields import RichText
from schemas.review import Review
from schemas.shape import Formatted, Kind, Single, fields_of

_PLAIN = frozenset({Kind.TEXT, Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN})
_DATES = ("published_at", "updated_at")


class Showing(Protocol):
    """An entry that is being shown, and what it is shown by."""

    entry: PlacedEntry

    def face(self, targets: tuple[str, ...], name: str) -> Face | None:
        """Return the face that a reference leads to, None where it is not public."""

    def blocks(self, text: RichText) -> list[Any]:
        """Return the blocks of a text that has addresses, these resolved."""

    def parts(self, type_name: str, values: list[Any]) -> list[Any]:
        """Return the embedded entries of a type that are the entry's."""

    def status(self, review: Review) -> str:
        """Return what a review says of the entry."""


Value = Any
"""What a model's field holds, None left out; or, as a result, JSON."""
Fill = Callable[[Value, int, Showing], Value]
"""Returns a property, given the model that it is of and the model's number in a list, from 1."""
_Show = Callable[[Value, Showing], Value]
"""Returns the JSON of a field's value that is not None."""
Fills = tuple[tuple[str, Fill], ...]


class Plan(NamedTuple):
    """How entries of a type are shown: their items, and the names of what their cards have.

    `has_hash` tells whether an item has a hash of its values, `is_listed` whether there is a list
    that shows its card. `dates` are the fields that tell when it was changed. `schema` and
    `card_schema` are the contract's names for the item in its envelope, and for the card.
    """

    fills: Fills
    has_hash: bool
    is_listed: bool
    card: tuple[str, ...]
    dates: tuple[str, ...]
    schema: str
    card_schema: str


class Plans:
    """The plans of all content types, by type name; made once for a set of models."""

    def __init__(self, views: Views) -> None:
        self.views = views

    @cached_property
    def items(self) -> Mapping[str, Plan]:
        """How entries are shown."""
        return MappingProxyType(
            {name: self._plan(name, model) for name, model in self.views.models.items()}
        )

    def _plan(self, name: str, model: EntryModel) -> Plan:
        view, card = self.views.items[name], self.views.cards[name]
        names = [one.name for one in view.properties]
        own = model
        if issubclass(model, EmbeddedEntry):
            own = self.views.models[model.collection.parent]
        fields = fields_of(own)
        return Plan(
            fills=tuple((one.name, self._of_entry(one)) for one in view.properties),
            has_hash=Derived.HASH in names,
            is_listed=not isinstance(model.collection, SingleFile),
            card=tuple(one.name for one in card.properties),
            dates=tuple(one for one in _DATES if not fields[one].private),
            schema=f"{view.name}Item",
            card_schema=card.name,
        )

    def _of_entry(self, shown: Property) -> Fill:
        match shown.derived:
            case None:
                return self._of_field(shown)
            case Derived.HASH | Derived.NUMBER | Derived.STATUS:
                return _nothing
            case Derived.ALTERNATES:
                return _alternates
            case derived:
                return partial(_of_place, _attribute(derived))

    def _of_model(self, shown: Property) -> Fill:
        match shown.derived:
            case Derived.NUMBER:
                return _number
            case Derived.STATUS:
                return _status
            case Derived.PATH:
                return _path
            case _:
                return self._of_field(shown)

    def _of_field(self, shown: Property) -> Fill:
        name = shown.name
        if isinstance(shown.shown, Single) and _is_plain(shown.shown):
            return lambda model, _, __: getattr(model, name)
        show = self._show(shown.shown)

        def fill(model: Value, _: int, showing: Showing) -> Value:
            value = getattr(model, name)
            return None if value is None else show(value, showing)

        return fill

    def _show(self, shown: Shown) -> _Show:
        match shown:
            case Single():
                return _as_it_is if _is_plain(shown) else _as_json
            case Formatted():
                return _rich_text
            case Link(targets):
                return _link(targets, self.views.shown_by(shown))
            case ListOf(item):
                return self._list(item)
            case MapOf(item):
                return _map(self._show(item))
            case Object(view):
                fills = self._fills(view)
                return lambda model, showing: {
                    name: fill(model, 1, showing) for name, fill in fills
                }

    def _list(self, item: Shown) -> _Show:
        if not isinstance(item, Object):
            return _list(self._show(item))
        if item.embedded:
            type_name = str(item.view.constant)
            return lambda values, showing: showing.parts(type_name, values)
        fills = self._fills(item.view)
        return lambda values, showing: [
            {name: fill(model, number, showing) for name, fill in fills}
            for number, model in enumerate(values, 1)
        ]

    def _fills(self, view: View) -> Fills:
        return tuple((one.name, self._of_model(one)) for one in view.properties)


def _attribute(derived: Derived) -> Callable[[object], Value]:
    """Return what tells of an entry, or of a face, what follows from its place."""
    return attrgetter("slug" if derived is Derived.KEY else derived.value)


def _nothing(_: Value, __: int, ___: Showing) -> None:
    """Show nothing yet."""


def _alternates(_: Value, __: int, showing: Showing) -> Value:
    return [alternate._asdict() for alternate in showing.entry.alternates]


def _of_place(get: Callable[[object], Value], _: Value, __: int, showing: Showing) -> Value:
    return get(showing.entry)


def _number(_: Value, number: int, __: Showing) -> int:
    return number


def _status(model: Value, _: int, showing: Showing) -> str:
    return showing.status(model)


def _path(model: Value, _: int, showing: Showing) -> str:
    return f"{showing.entry.page}#{model.key}"


def _as_it_is(value: Value, _: Showing) -> Value:
    return value


def _as_json(value: Value, _: Showing) -> Value:
    return single(value)


def _rich_text(value: RichText, showing: Showing) -> Value:
    blocks = showing.blocks(value) if value.targets else [*value.blocks]
    return {"blocks": blocks, "html": None, "markdown": None, "text": None}


def _link(targets: tuple[str, ...], view: View) -> _Show:
    derived = tuple((one.name, one.derived and _attribute(one.derived)) for one in view.properties)

    def show(name: Value, showing: Showing) -> Value:
        face = showing.face(targets, name)
        if face is None:
            return None
        return {name: get(face) if get else face.values[name] for name, get in derived}

    return show


def _list(show: _Show) -> _Show:
    def shown(values: Value, showing: Showing) -> Value:
        found = [show(value, showing) for value in values]
        return [one for one in found if one is not None]

    return shown


def _map(show: _Show) -> _Show:
    def shown(values: Value, showing: Showing) -> Value:
        found = {key: show(value, showing) for key, value in values.items()}
        return {key: one for key, one in found.items() if one is not None}

    return shown


def _is_plain(shown: Single) -> bool:
    """Tell whether a field's value is JSON as it is."""
    return shown.kind in _PLAIN and not shown.values


def single(value: Value) -> Value:
    """Return the JSON of a single value."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case StrEnum():
            return value.value
        case _:
            return value
