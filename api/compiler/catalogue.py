"""What entries of other units are to an entry: their faces, found by name, by page, by file."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from api.compiler.paths import PlacedEntry
from api.contract.views import Derived
from api.errors import DUPLICATE_ID, DUPLICATE_PATH, Issue, Place
from api.source.image import Picture

KEPT_FACES = 10_000
"""How many faces are kept once they were asked for."""


class Face(NamedTuple):
    """What other entries may show of an entry, and what their links to it need.

    `unit` is what it is compiled with. `language` is the one whose entries it is among. `names`
    are its id and its slug (`parent.key` for a part), `page` is the route to its page, `values`
    are those that a link shows, `anchors` those of the page. An entry that is not `public` can be
    named, but is not shown.
    """

    unit: str
    type: str
    id: str
    slug: str
    names: tuple[str, str]
    language: str
    path: str
    page: str
    address: str
    title: str | None
    place: Place
    claimed_at: Place
    values: Mapping[str, Any]
    anchors: Sequence[str]
    public: bool

    def derived(self, name: Derived) -> str | None:
        """Return what a link shows of where the entry stands."""
        value: str | None = getattr(self, "slug" if name is Derived.KEY else name.value)
        return value

    @property
    def keys(self) -> list[str]:
        """What it is found by."""
        found = [name_key(self.language, self.type, name) for name in dict.fromkeys(self.names)]
        if self.path == self.page:
            found.append(page_key(self.path))
        return found


class MediaFace(NamedTuple):
    """What texts show of a media file: its digest and name, and the picture that it is."""

    unit: str
    digest: str
    name: str
    picture: Picture | None


Found = Face | MediaFace


def name_key(language: str, type_name: str, name: str) -> str:
    """Return what an entry of a type is found by."""
    return f"n:{language}:{type_name}:{name}"


def page_key(path: str) -> str:
    """Return what a page is found by."""
    return f"p:{path}"


def media_key(within: str) -> str:
    """Return what a media file is found by."""
    return f"m:{within}"


def history_key(unit: str) -> str:
    """Return what a unit is found by that is not public, or had other addresses."""
    return f"h:{unit}"


def type_of(key: str) -> str | None:
    """Return the type that a key names, None for one of a page or a file."""
    kind, _, rest = key.partition(":")
    return rest.split(":", 2)[1] if kind == "n" else None


class Earlier(Protocol):
    """What is known of units that this run does not compile."""

    def find(self, key: str) -> Found | None:
        """Return what a key finds."""

    def names(self, language: str, type_name: str) -> Iterable[str]:
        """Return the names that entries have, for suggestions."""

    def pages(self) -> Iterable[str]:
        """Return the routes of all pages, for suggestions."""


class Offer(Protocol):
    """What a unit is to the others: its faces, by their keys."""

    @property
    def unit(self) -> str:
        """The unit's name."""

    @property
    def keys(self) -> Iterable[str]:
        """What its faces are found by."""

    def find(self, key: str) -> Found | None:
        """Return what one of the keys finds."""


class Nothing:
    """All units are compiled: there is nothing else."""

    def find(self, key: str) -> Found | None:
        """Find nothing."""

    def names(self, language: str, type_name: str) -> Iterable[str]:  # noqa: ARG002 - Earlier's
        """Find no names."""
        return ()

    def pages(self) -> Iterable[str]:
        """Find no pages."""
        return ()


class Catalogue:
    """The faces that are known: those of this run, and the earlier ones."""

    def __init__(self, earlier: Earlier) -> None:
        self._earlier = earlier
        self._offers: dict[str, Offer] = {}
        self._found: dict[str, Found | None] = {}
        self._sorted: dict[tuple[str, str], list[str]] = {}

    def add(self, offer: Offer) -> list[Issue]:
        """Take up what a unit offers; return an Issue for each other unit that has a key already.

        Of two units the one whose file comes first by name keeps it.
        """
        self._sorted.clear()
        told: dict[str, Issue] = {}
        for key in offer.keys:
            self._found.pop(key, None)
            other = self._offers.setdefault(key, offer)
            taken = self._earlier.find(key) if other is offer else other.find(key)
            if isinstance(taken, Face) and taken.unit not in {offer.unit, *told}:
                face = offer.find(key)
                assert isinstance(face, Face)  # noqa: S101 - a name or a page is an entry's
                first, second = sorted((taken, face), key=lambda one: one.place)
                told[taken.unit] = _taken(first, second, key)
        return list(told.values())

    def find(self, key: str) -> Found | None:
        """Return what a key finds."""
        if key not in self._found:
            if len(self._found) == KEPT_FACES:
                self._found.clear()
            offer = self._offers.get(key)
            self._found[key] = (offer and offer.find(key)) or self._earlier.find(key)
        return self._found[key]

    def names(self, language: str, type_name: str) -> list[str]:
        """Return the names that a language's entries of a type have."""
        known = language, type_name
        if known not in self._sorted:
            earlier = self._earlier.names(language, type_name)
            own = self._after(name_key(language, type_name, ""))
            self._sorted[known] = sorted({*own, *earlier})
        return self._sorted[known]

    def pages(self) -> list[str]:
        """Return the routes of all pages."""
        return sorted({*self._after(page_key("")), *self._earlier.pages()})

    def _after(self, start: str) -> Iterator[str]:
        return (key.removeprefix(start) for key in self._offers if key.startswith(start))


class Lookups:
    """The questions that one unit asks of a catalogue, and those that had no answer.

    `own` are the unit's own faces; questions about them are nobody else's matter. `is_settled`
    tells of a key whether no answer means that there is none.
    """

    def __init__(
        self, catalogue: Catalogue, own: Iterable[Face], is_settled: Callable[[str], bool]
    ) -> None:
        self.needs: set[str] = set()
        self.open: set[str] = set()
        self.catalogue = catalogue
        self._found: dict[str, Found | None] = {key: face for face in own for key in face.keys}
        self._is_settled = is_settled

    def find(self, key: str) -> Found | None:
        """Return what a key finds."""
        if key in self._found:
            return self._found[key]
        self.needs.add(key)
        found = self._found[key] = self.catalogue.find(key)
        if found is None and not self._is_settled(key):
            self.open.add(key)
        return found


@dataclass(frozen=True, slots=True)
class Index:
    """What an entry of a language may name; what that lacks is found in the default one.

    `entries` are those of the unit itself, in this language.
    """

    locale: str
    lookups: Lookups
    source: "Index | None" = None
    entries: Sequence[PlacedEntry] = ()

    def find(self, targets: Iterable[str], name: str) -> Face | None:
        """Return the entry of one of the types that has this slug or id."""
        for target in targets:
            found = self.lookups.find(name_key(self.locale, target, name))
            if isinstance(found, Face):
                return found
            if self.source and (face := self.source.find((target,), name)):
                return face
        return None

    def page(self, path: str) -> Face | None:
        """Return the entry whose page a route of the front end leads to."""
        found = self.lookups.find(page_key(path))
        return found if isinstance(found, Face) else None

    def media(self, within: str) -> MediaFace | None:
        """Return a media file by its path below the content folder."""
        found = self.lookups.find(media_key(within))
        return found if isinstance(found, MediaFace) else None

    def names(self, targets: Collection[str]) -> list[str]:
        """Return the names of the types' entries, for suggestions."""
        found = [self.lookups.catalogue.names(self.locale, target) for target in targets]
        return found[0] if len(found) == 1 else sorted(set().union(*found))


def _taken(first: Face, second: Face, key: str) -> Issue:
    if key == page_key(second.path):
        what = f"the path '{second.path}' is another entry's"
        return DUPLICATE_PATH.at(second.place, what, other=first.place)
    name = key.rpartition(":")[2]
    what = f"the id '{name}' is another {second.type}'s"
    return DUPLICATE_ID.at(second.claimed_at, what, other=first.place)
