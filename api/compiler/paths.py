"""Where each entry stands: its id, its place in the front end, its address in the API."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import NamedTuple, Self

from api.contract.operations import embedded_address, item_address
from api.contract.views import title_field
from api.errors import (
    DUPLICATE_ID,
    DUPLICATE_PATH,
    DUPLICATE_SECTION_KEY,
    MISSING_SOURCE,
    Issue,
    Place,
    nearest,
)
from api.source.document import Document
from api.source.node import Fields, Items
from schemas.discovery import Models, parent_field
from schemas.entry import EmbeddedEntry, Entry


@dataclass(frozen=True, slots=True)
class Locales:
    """The site's languages; `default` is that of content that names no other."""

    default: str
    all: Sequence[str]

    @property
    def others(self) -> list[str]:
        """The languages besides the default one."""
        return [locale for locale in self.all if locale != self.default]


class ValidEntry(NamedTuple):
    """A Document and its entry; `fallback` names what a translation shows as its source has it."""

    document: Document
    value: Entry
    fallback: tuple[str, ...] = ()


class Alternate(NamedTuple):
    """A language that an entry has, and the front end's route to it."""

    locale: str
    path: str


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """An entry in one language, with its addresses.

    `slug` is its name in addresses, the key for an embedded one; `path` the front end's route;
    `address` the API's, which is the same for all languages; `fields` what its file says, with
    places. `parent` is None for an entry with a file of its own; `number` counts from 1 among a
    parent's entries. `locale` is its language, `shown_in` are the languages asked for in which it
    is what there is, `alternates` all the languages that it has.
    """

    type: str
    id: str
    slug: str
    path: str
    address: str
    value: Entry | EmbeddedEntry
    fields: Fields
    locale: str
    shown_in: tuple[str, ...]
    alternates: tuple[Alternate, ...] = ()
    fallback: tuple[str, ...] = ()
    parent: Self | None = None
    number: int = 0

    @property
    def place(self) -> Place:
        """Where the entry begins in its file."""
        return self.fields.place

    @property
    def unit(self) -> str:
        """What it is compiled with: its file's entry, in all languages and with all its parts."""
        top = self.parent or self
        return f"{top.type}:{top.slug}"

    @property
    def title(self) -> str | None:
        """The title, or the name of what has one."""
        name = title_field(type(self.value))
        title: str | None = getattr(self.value, name) if name else None
        return title

    @property
    def other_address(self) -> str | None:
        """The address by id, where that is another one than the address."""
        if self.parent:
            above = self.parent.other_address
            return above and embedded_address(above, type(self.value), self.slug)
        other = item_address(type(self.own), self.id)
        return None if other == self.address else other

    @property
    def own(self) -> Entry:
        """The value of an entry that has a file; its parent's for an embedded one."""
        value = self.parent.value if self.parent else self.value
        assert isinstance(value, Entry)  # noqa: S101 - for the type checker
        return value


@dataclass(frozen=True, slots=True)
class Index:
    """The placed entries of a language, and how references find them: by type, slug or id.

    What the language lacks is found in `source`, the index of the default language.
    """

    locale: str
    source: "Index | None" = None
    entries: list[PlacedEntry] = field(default_factory=list)
    by_name: dict[str, dict[str, PlacedEntry]] = field(default_factory=dict)

    def find(self, targets: Iterable[str], name: str) -> PlacedEntry | None:
        """Return the entry of one of the types that has this slug or id."""
        for target in targets:
            if found := self.by_name.get(target, {}).get(name):
                return found
            if self.source and (found := self.source.find((target,), name)):
                return found
        return None

    def names(self, targets: tuple[str, ...]) -> list[str]:
        """Return all slugs of the types' entries."""
        return sorted({name for target in targets for name in self.by_name.get(target, {})})


def place(
    sources: Iterable[ValidEntry],
    translations: Iterable[ValidEntry],
    models: Models,
    locales: Locales,
) -> tuple[list[Index], list[Issue]]:
    """Give every entry its addresses; two that claim the same one are an Issue.

    Returns an Index for each language, the default one first.
    """
    translated = list(translations)
    placing = _Placing(models, locales, translated)
    for valid in chain(sources, translated):
        placing.put(valid)
    return list(placing.indexes.values()), placing.issues


class _Placing:
    """The state of one placing: the entries so far, and who has which path."""

    def __init__(self, models: Models, locales: Locales, translated: list[ValidEntry]) -> None:
        source = Index(locales.default)
        self.indexes = {
            locales.default: source,
            **{locale: Index(locale, source) for locale in locales.others},
        }
        self.issues: list[Issue] = []
        self._paths: dict[str, PlacedEntry] = {}
        self._locales: dict[tuple[str, str], set[str]] = {}
        for document, *_ in translated:
            name = document.type, document.slug
            self._locales.setdefault(name, set()).add(str(document.locale))
        self._embedded = {
            parent: [
                (parent_field(models, model), model)
                for model in models.values()
                if issubclass(model, EmbeddedEntry) and model.collection.parent == parent
            ]
            for parent in models
        }

    def put(self, valid: ValidEntry) -> None:
        index = self.indexes[valid.document.locale or next(iter(self.indexes))]
        entry = self._placed(valid, index)
        if index.source and not index.source.find((entry.type,), entry.slug):
            return  # its source text has an Issue of its own
        if taken := list(self._claim(index, entry)):
            self.issues += taken
            return
        for name, model in self._embedded[entry.type]:
            for number, (part, node) in enumerate(_parts(entry, name), 1):
                placed = self._placed_part(entry, model, part, node, number)
                if name in entry.fallback and index.source:
                    placed = replace(placed, locale=index.source.locale)
                self.issues += self._claim(index, placed)

    def _placed(self, valid: ValidEntry, index: Index) -> PlacedEntry:
        document, value, fallback = valid
        path = value.collection.path.replace("{slug}", document.slug)
        has = self._locales.get((document.type, document.slug), set())
        default = next(iter(self.indexes))
        shown = (
            (index.locale,)
            if document.locale
            else tuple(locale for locale in self.indexes if locale not in has)
        )
        return PlacedEntry(
            type=document.type,
            id=value.id or document.slug,
            slug=document.slug,
            path=_localised(path, document.locale),
            address=item_address(type(value), document.slug),
            value=value,
            fields=document.fields._replace(place=document.start),
            locale=index.locale,
            shown_in=shown,
            alternates=(
                Alternate(default, path),
                *(
                    Alternate(locale, _localised(path, locale))
                    for locale in self.indexes
                    if locale in has
                ),
            ),
            fallback=fallback,
        )

    def _placed_part(
        self,
        parent: PlacedEntry,
        model: type[EmbeddedEntry],
        value: EmbeddedEntry,
        fields: Fields,
        number: int,
    ) -> PlacedEntry:
        return PlacedEntry(
            type=model.type_name(),
            id=f"{parent.id}.{value.key}",
            slug=value.key,
            path=f"{parent.path}#{value.key}",
            address=embedded_address(parent.address, model, value.key),
            value=value,
            fields=fields,
            locale=parent.locale,
            shown_in=parent.shown_in,
            parent=parent,
            number=number,
        )

    def _claim(self, index: Index, entry: PlacedEntry) -> Iterator[Issue]:
        names: Mapping[str, PlacedEntry] = index.by_name.setdefault(entry.type, {})
        own = (entry.id, f"{entry.parent.slug}.{entry.slug}" if entry.parent else entry.slug)
        if name := next((name for name in own if name in names), None):
            yield _taken(entry, name, names[name])
            return
        if taken := self._paths.get(entry.path):
            yield DUPLICATE_PATH.at(
                entry.place, f"the path '{entry.path}' is another entry's", other=taken.place
            )
            return
        if index.source and not index.source.find((entry.type,), own[1]):
            keys = _keys_of(index.source, entry)
            yield MISSING_SOURCE.at(
                entry.fields.values["key"].place,
                f"the source text has no {entry.type} '{entry.slug}'",
                allowed=keys,
                nearest=nearest(entry.slug, keys),
            )
            return
        self._paths[entry.path] = entry
        index.entries.append(entry)
        index.by_name[entry.type].update(dict.fromkeys(own, entry))


def _localised(path: str, locale: str | None) -> str:
    """Return a front end's route in a language: those of other ones have it as prefix."""
    return f"/{locale}{path}".rstrip("/") if locale else path


def _keys_of(source: Index, part: PlacedEntry) -> list[str]:
    """Return the keys of the parts that the source text has of this type."""
    parent = part.parent.slug if part.parent else ""
    return [
        one.slug
        for one in source.entries
        if one.parent and one.type == part.type and one.parent.slug == parent
    ]


def _parts(entry: PlacedEntry, name: str) -> Iterator[tuple[EmbeddedEntry, Fields]]:
    nodes = entry.fields.values.get(name)
    items = nodes.items if isinstance(nodes, Items) else ()
    for part, node in zip(getattr(entry.value, name), items, strict=True):
        if isinstance(node, Fields):
            yield part, node


def _taken(entry: PlacedEntry, name: str, other: PlacedEntry) -> Issue:
    if entry.parent:
        place, first = (one.fields.values["key"].place for one in (entry, other))
        return DUPLICATE_SECTION_KEY.at(place, f"the key '{entry.slug}' is taken", other=first)
    node = entry.fields.values.get("id")
    place = node.place if node else entry.place
    return DUPLICATE_ID.at(place, f"the id '{name}' is another {entry.type}'s", other=other.place)
