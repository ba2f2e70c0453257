"""Where each entry stands: its id, its place in the front end, its address in the API."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from api.compiler.contents import Contents, walk
from api.contract.operations import embedded_address, item_address
from api.contract.views import title_field
from api.errors import DUPLICATE_SECTION_KEY, MISSING_SOURCE, Issue, Place, nearest
from api.source.document import Document
from api.source.node import Fields, Items
from schemas.discovery import Models, parent_field
from schemas.entry import EmbeddedEntry, Entry, EntryModel


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


class PlacedEntry(NamedTuple):
    """An entry in one language, with its addresses.

    `slug` is its name in addresses, the key for an embedded one; `path` the front end's route;
    `address` the API's, which is the same for all languages; `fields` what its file says, with
    places. `parent` is None for an entry with a file of its own; `number` counts from 1 among a
    parent's entries. `locale` is its language, `shown_in` are the languages asked for in which it
    is what there is, `alternates` all the languages that it has. `contents` are those of an entry
    with a file.
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
    contents: Contents = Contents()
    parent: "PlacedEntry | None" = None
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
    def language(self) -> str:
        """The language whose lists it is in; a part may be shown in another one."""
        return (self.parent or self).locale

    @property
    def page(self) -> str:
        """The front end's route to the page that it is, or is part of."""
        return (self.parent or self).path

    @property
    def names(self) -> tuple[str, str]:
        """What references call it: by id, and by slug."""
        return self.id, f"{self.parent.slug}.{self.slug}" if self.parent else self.slug

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


class Placed(NamedTuple):
    """The entries of a unit, those with a file before their parts; and what is wrong with them."""

    entries: list[PlacedEntry]
    issues: list[Issue]


def place(valid: Iterable[ValidEntry], models: Models, locales: Locales) -> Placed:
    """Give an entry of each language its addresses, and its parts theirs.

    `valid` are the entries of one unit, that of the default language first.
    """
    placing = _Placing(models, locales, list(valid))
    placing.run()
    return Placed(placing.entries, placing.issues)


class _Placing:
    """The state of one placing: the entries so far, and who has which key."""

    def __init__(self, models: Models, locales: Locales, valid: list[ValidEntry]) -> None:
        self.entries: list[PlacedEntry] = []
        self.issues: list[Issue] = []
        self._default = locales.default
        self._languages = (locales.default, *locales.others)
        self._valid = valid
        self._translated = {one.document.locale for one in valid if one.document.locale}
        self._models = tuple(models.values())
        self._parts: dict[tuple[str, str, str], PlacedEntry] = {}

    def run(self) -> None:
        for valid in self._valid:
            entry = self._placed(valid)
            self.entries.append(entry)
            for name, type_name, model in _embedded(self._models, entry.type):
                for number, (part, node) in enumerate(_parts(entry, name), 1):
                    placed = _placed_part(entry, type_name, model, part, node, number)
                    if name in entry.fallback:
                        placed = placed._replace(locale=self._default)
                    self._claim(placed, entry.locale)

    def _placed(self, valid: ValidEntry) -> PlacedEntry:
        document, value, fallback = valid
        path = value.collection.path.replace("{slug}", document.slug)
        shown = (
            (document.locale,)
            if document.locale
            else tuple(one for one in self._languages if one not in self._translated)
        )
        return PlacedEntry(
            type=document.type,
            id=value.id or document.slug,
            slug=document.slug,
            path=_localised(path, document.locale),
            address=item_address(type(value), document.slug),
            value=value,
            fields=Fields(document.fields.values, document.fields.keys, document.start),
            locale=document.locale or self._default,
            shown_in=shown,
            alternates=(
                Alternate(self._default, path),
                *(
                    Alternate(locale, _localised(path, locale))
                    for locale in self._languages
                    if locale in self._translated
                ),
            ),
            fallback=fallback,
            contents=walk(value, document.fields),
        )

    def _claim(self, part: PlacedEntry, locale: str) -> None:
        """Take up a part: its key is its own, and the source text has it too."""
        place = part.fields.values["key"].place
        if taken := self._parts.get((locale, part.type, part.slug)):
            other = taken.fields.values["key"].place
            self.issues.append(
                DUPLICATE_SECTION_KEY.at(place, f"the key '{part.slug}' is taken", other=other)
            )
            return
        default = self._default
        if locale != default and (default, part.type, part.slug) not in self._parts:
            keys = [key for at, kind, key in self._parts if at == default and kind == part.type]
            self.issues.append(
                MISSING_SOURCE.at(
                    place,
                    f"the source text has no {part.type} '{part.slug}'",
                    allowed=keys,
                    nearest=nearest(part.slug, keys),
                )
            )
            return
        self._parts[locale, part.type, part.slug] = part
        self.entries.append(part)


def _placed_part(  # noqa: PLR0913, PLR0917 - what a part is made of
    parent: PlacedEntry,
    type_name: str,
    model: type[EmbeddedEntry],
    value: EmbeddedEntry,
    fields: Fields,
    number: int,
) -> PlacedEntry:
    return PlacedEntry(
        type=type_name,
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


@cache
def _embedded(
    models: tuple[EntryModel, ...], parent: str
) -> tuple[tuple[str, str, type[EmbeddedEntry]], ...]:
    """Return the fields of a type that hold embedded entries, the types and models of these."""
    named = {model.type_name(): model for model in models}
    return tuple(
        (parent_field(named, model), name, model)
        for name, model in named.items()
        if issubclass(model, EmbeddedEntry) and model.collection.parent == parent
    )


def _localised(path: str, locale: str | None) -> str:
    """Return a front end's route in a language: those of other ones have it as prefix."""
    return f"/{locale}{path}".rstrip("/") if locale else path


def _parts(entry: PlacedEntry, name: str) -> Iterator[tuple[EmbeddedEntry, Fields]]:
    nodes = entry.fields.values.get(name)
    items = nodes.items if isinstance(nodes, Items) else ()
    for part, node in zip(getattr(entry.value, name), items, strict=True):
        if isinstance(node, Fields):
            yield part, node
