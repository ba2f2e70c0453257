"""Where each entry stands: its id, its place in the front end, its address in the API."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from api.contract.operations import embedded_address, item_address
from api.contract.views import title_field
from api.errors import DUPLICATE_ID, DUPLICATE_PATH, DUPLICATE_SECTION_KEY, Issue, Place
from api.source.document import Document
from api.source.node import Fields, Items
from schemas.discovery import Models, parent_field
from schemas.entry import EmbeddedEntry, Entry


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """An entry with its addresses.

    `slug` is its name in addresses, the key for an embedded one; `path` the front end's route;
    `fields` what its file says, with places. `parent` is None for an entry with a file of its
    own; `number` counts from 1 among a parent's entries.
    """

    type: str
    id: str
    slug: str
    path: str
    address: str
    value: Entry | EmbeddedEntry
    fields: Fields
    parent: Self | None = None
    number: int = 0

    @property
    def place(self) -> Place:
        """Where the entry begins in its file."""
        return self.fields.place

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
    """All placed entries, and how references find them: by type, then by slug or id."""

    entries: list[PlacedEntry] = field(default_factory=list)
    by_name: dict[str, dict[str, PlacedEntry]] = field(default_factory=dict)

    def find(self, targets: Iterable[str], name: str) -> PlacedEntry | None:
        """Return the entry of one of the types that has this slug or id."""
        for target in targets:
            if found := self.by_name.get(target, {}).get(name):
                return found
        return None

    def names(self, targets: tuple[str, ...]) -> list[str]:
        """Return all slugs of the types' entries."""
        return sorted({name for target in targets for name in self.by_name.get(target, {})})


def place(valid: Iterable[tuple[Document, Entry]], models: Models) -> tuple[Index, list[Issue]]:
    """Give every entry its addresses; two that claim the same one are an Issue."""
    index = Index()
    issues: list[Issue] = []
    paths: dict[str, PlacedEntry] = {}
    embedded = {
        parent: [
            (parent_field(models, model), model)
            for model in models.values()
            if issubclass(model, EmbeddedEntry) and model.collection.parent == parent
        ]
        for parent in models
    }
    for document, value in valid:
        entry = _placed(document, value)
        if taken := list(_claim(index, paths, entry)):
            issues += taken
            continue
        for name, model in embedded[entry.type]:
            for number, (part, node) in enumerate(_parts(entry, name), 1):
                issues += _claim(index, paths, _placed_part(entry, model, part, node, number))
    return index, issues


def _placed(document: Document, value: Entry) -> PlacedEntry:
    return PlacedEntry(
        type=document.type,
        id=value.id or document.slug,
        slug=document.slug,
        path=value.collection.path.replace("{slug}", document.slug),
        address=item_address(type(value), document.slug),
        value=value,
        fields=document.fields._replace(place=document.start),
    )


def _parts(entry: PlacedEntry, name: str) -> Iterator[tuple[EmbeddedEntry, Fields]]:
    nodes = entry.fields.values.get(name)
    items = nodes.items if isinstance(nodes, Items) else ()
    for part, node in zip(getattr(entry.value, name), items, strict=True):
        if isinstance(node, Fields):
            yield part, node


def _placed_part(
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
        parent=parent,
        number=number,
    )


def _taken(entry: PlacedEntry, name: str, other: PlacedEntry) -> Issue:
    if entry.parent:
        place, first = (one.fields.values["key"].place for one in (entry, other))
        return DUPLICATE_SECTION_KEY.at(place, f"the key '{entry.slug}' is taken", other=first)
    node = entry.fields.values.get("id")
    place = node.place if node else entry.place
    return DUPLICATE_ID.at(place, f"the id '{name}' is another {entry.type}'s", other=other.place)


def _claim(index: Index, paths: dict[str, PlacedEntry], entry: PlacedEntry) -> Iterator[Issue]:
    names: Mapping[str, PlacedEntry] = index.by_name.setdefault(entry.type, {})
    own = (entry.id, f"{entry.parent.slug}.{entry.slug}" if entry.parent else entry.slug)
    if name := next((name for name in own if name in names), None):
        yield _taken(entry, name, names[name])
        return
    if taken := paths.get(entry.path):
        yield DUPLICATE_PATH.at(
            entry.place, f"the path '{entry.path}' is another entry's", other=taken.place
        )
        return
    paths[entry.path] = entry
    index.entries.append(entry)
    index.by_name[entry.type].update(dict.fromkeys(own, entry))
