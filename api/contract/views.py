"""What a reader sees of each content type: its item, its card, its link.

A view is derived from the model alone. The compiler fills it with values and `jsonschema`
describes it, so what is served and what is promised cannot differ.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from types import MappingProxyType

from schemas.collection import Embedded
from schemas.discovery import Models
from schemas.entry import EmbeddedEntry, Entry, EntryModel, Part
from schemas.fields import Model, Use
from schemas.review import Review, ReviewStatus
from schemas.shape import (
    Formatted,
    Keyed,
    Kind,
    Many,
    ModelField,
    Nested,
    Referring,
    Shape,
    Single,
    fields_of,
)


class Derived(StrEnum):
    """The properties that no editor writes: they follow from where an entry stands."""

    TYPE = "type"
    ID = "id"
    SLUG = "slug"
    KEY = "key"
    PATH = "path"
    LOCALE = "locale"
    ALTERNATES = "alternates"
    TITLE = "title"
    HASH = "hash"
    NUMBER = "number"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an entry of one of the types `targets`."""

    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """A value shown by a view of its own; `embedded` where it is an entry in its own right."""

    view: "View"
    embedded: bool = False


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one shape."""

    item: "Shown"


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object with free names and values of one shape."""

    item: "Shown"


Shown = Single | Formatted | Link | Object | ListOf | MapOf


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a view; `derived` is None where the model's field of its name fills it."""

    name: str
    shown: Shown
    nullable: bool
    description: str
    derived: Derived | None = None


@dataclass(frozen=True)
class View:
    """An object of the contract: its name there, and its properties in order.

    `constant` is the value of its `type`, where it is an entry's.
    """

    name: str
    description: str
    properties: tuple[Property, ...]
    constant: str | None = None


TEXT = Single(Kind.TEXT)
_DESCRIPTIONS: Mapping[Derived, str] = MappingProxyType(
    {
        Derived.TYPE: "The content type.",
        Derived.ID: "The stable name: it survives a change of the slug.",
        Derived.SLUG: "The name in addresses.",
        Derived.KEY: "The name within the parent.",
        Derived.PATH: "The front end's route, with an anchor for what is part of a page.",
        Derived.LOCALE: "The language of what is shown (BCP 47).",
        Derived.ALTERNATES: "The languages that the entry has, the default one first.",
        Derived.TITLE: "The title; for a type that has a name, its name.",
        Derived.HASH: "Changes exactly when a value of this item changes: 32 hex digits.",
        Derived.NUMBER: "The position among its siblings, from 1.",
        Derived.STATUS: "What the review says of the present text.",
    }
)
_ENTRY_HEAD = (
    Derived.TYPE,
    Derived.ID,
    Derived.SLUG,
    Derived.PATH,
    Derived.LOCALE,
    Derived.ALTERNATES,
    Derived.TITLE,
)
_ENTRY_LINK = (Derived.TYPE, Derived.ID, Derived.SLUG, Derived.PATH, Derived.TITLE)
_EMBEDDED_HEAD = (Derived.TYPE, Derived.ID, Derived.KEY, Derived.PATH, Derived.TITLE)
_COMMON = tuple(Entry.model_fields)


class Views:
    """The views of all content types; made once for a set of models."""

    def __init__(self, models: Models) -> None:
        self.models = models

    @cached_property
    def items(self) -> Mapping[str, View]:
        """The whole entry, by type name."""
        return MappingProxyType({name: self._item(model) for name, model in self.models.items()})

    @cached_property
    def cards(self) -> Mapping[str, View]:
        """The entry as lists show it, by type name."""
        return MappingProxyType({name: self._card(model) for name, model in self.models.items()})

    @cached_property
    def links(self) -> Mapping[str, View]:
        """The entry as other entries show it, by type name."""
        return MappingProxyType({name: self._link(model) for name, model in self.models.items()})

    def shown_by(self, link: Link) -> View:
        """Return the view that shows a link: its target's own, or the one for mixed targets."""
        return self.links.get(link.targets[0], MIXED_LINK) if len(link.targets) == 1 else MIXED_LINK

    def _item(self, model: EntryModel) -> View:
        fields = _public(model)
        return View(
            model.__name__,
            _first_paragraph(model),
            (*self._head(model, fields), *self._own(model, fields)),
            model.type_name(),
        )

    def _card(self, model: EntryModel) -> View:
        fields = [field for field in _public(model) if Use.CARD in field.uses]
        head = (one for one in self._head(model, fields) if one.derived is not Derived.ALTERNATES)
        return View(
            f"{model.__name__}Card",
            f"{_first_paragraph(model)} As lists show it.",
            (*head, *self._own(model, fields)),
            model.type_name(),
        )

    def _link(self, model: EntryModel) -> View:
        head = _EMBEDDED_HEAD if issubclass(model, EmbeddedEntry) else _ENTRY_LINK
        fields = [field for field in _public(model) if Use.LINK in field.uses]
        return View(
            f"{model.__name__}Link",
            f"{_first_paragraph(model)} As a link to it shows it.",
            (
                *(_derived(model, name) for name in head),
                *(self._property(field) for field in fields),
            ),
            model.type_name(),
        )

    def _head(self, model: EntryModel, fields: list[ModelField]) -> Iterator[Property]:
        """Yield the properties that all entries have: derived ones, then common fields."""
        if issubclass(model, EmbeddedEntry):
            yield from (_derived(model, name) for name in _EMBEDDED_HEAD)
            return
        yield from (_derived(model, name) for name in _ENTRY_HEAD)
        for field in fields:
            if field.name in _COMMON and field.name != Derived.ID:
                yield self._property(field)
        yield _derived(model, Derived.HASH)

    def _own(self, model: EntryModel, fields: list[ModelField]) -> Iterator[Property]:
        """Yield the properties of the type's own fields."""
        shown = {*_EMBEDDED_HEAD} if issubclass(model, EmbeddedEntry) else {*_COMMON, *_ENTRY_HEAD}
        yield from (self._property(field) for field in fields if field.name not in shown)

    def _property(self, field: ModelField) -> Property:
        return Property(
            field.name, self._shown(field.shape), field.nullable, field.description or ""
        )

    def _shown(self, shape: Shape) -> Shown:
        match shape:
            case Single() | Formatted():
                return shape
            case Referring(targets):
                return Link(targets)
            case Many(item):
                return ListOf(self._shown(item))
            case Keyed(item):
                return MapOf(self._shown(item))
            case Nested(model):
                if issubclass(model, EmbeddedEntry):
                    return Object(self._item(model), embedded=True)
                return Object(self._nested(model))

    def _nested(self, model: type[Model]) -> View:
        fields = _public(model)
        if issubclass(model, Part):
            return View(model.__name__, _first_paragraph(model), tuple(self._part(fields)))
        own = tuple(self._property(field) for field in fields)
        derived = (_STATUS,) if issubclass(model, Review) else ()
        return View(model.__name__, _first_paragraph(model), (*own, *derived))

    def _part(self, fields: list[ModelField]) -> Iterator[Property]:
        own = {field.name: self._property(field) for field in fields}
        yield own.pop(Derived.KEY)
        yield _derived_property(Derived.NUMBER, Single(Kind.INTEGER))
        if Derived.TITLE in own:
            yield own.pop(Derived.TITLE)
        yield _derived_property(Derived.PATH, TEXT)
        yield from own.values()


MIXED_LINK = View(
    "EntryLink",
    "A link to an entry of one of several types.",
    tuple(
        Property(name.value, TEXT, name is Derived.TITLE, _DESCRIPTIONS[name], name)
        for name in (Derived.TYPE, Derived.ID, Derived.PATH, Derived.TITLE)
    ),
)


ALTERNATE = View(
    "Alternate",
    "A language that an entry has.",
    (
        Property("locale", TEXT, nullable=False, description="The language (BCP 47)."),
        Property("path", TEXT, nullable=False, description="The front end's route to it."),
    ),
)


def _public(model: type[Model]) -> list[ModelField]:
    return [field for field in fields_of(model).values() if not field.private]


def _derived(model: EntryModel, name: Derived) -> Property:
    nullable = False
    if name is Derived.ALTERNATES:
        return _derived_property(name, ListOf(Object(ALTERNATE)))
    if name is Derived.TITLE:
        nullable = title_field(model) is None or _title_nullable(model)
    return _derived_property(name, TEXT, nullable=nullable)


def _derived_property(name: Derived, shown: Shown, *, nullable: bool = False) -> Property:
    return Property(name.value, shown, nullable, _DESCRIPTIONS[name], name)


@cache
def title_field(model: EntryModel) -> str | None:
    """Return the name of the field that gives an entry its title, or None where none does."""
    name = "title" if isinstance(model.collection, Embedded) else model.collection.title
    return name if name in fields_of(model) else None


_STATUS = _derived_property(
    Derived.STATUS, Single(Kind.TEXT, tuple(status.value for status in ReviewStatus))
)


def _title_nullable(model: EntryModel) -> bool:
    name = title_field(model)
    return name is None or fields_of(model)[name].nullable


def _first_paragraph(model: type[Model]) -> str:
    return (model.__doc__ or "").split("\n\n")[0].strip()
