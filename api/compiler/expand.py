"""Entries become what readers see: references are links, rich text is blocks, values are JSON."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from api.compiler.catalogue import Face, Index
from api.compiler.paths import PlacedEntry
from api.compiler.plans import Plans, single
from api.compiler.review import entry_digest, review_status
from api.compiler.tags import block_tags, tag_of
from api.compiler.targets import NO_FILES, ContentFiles, Targets
from api.contract.views import Derived, ListOf, MapOf, Object, Shown, View
from api.http.validators import value_hash
from schemas.fields import RichText
from schemas.review import Review


class Item(NamedTuple):
    """The whole of an entry as readers see it, and the cache tags of the entries that it shows."""

    values: dict[str, Any]
    tags: frozenset[str]


class Expander:
    """Entries become what the views show: references are links, Markdown is rich text.

    Links are those of the index's language. `at` is the instant at which reviews are shown;
    without one their days do not count.
    """

    def __init__(
        self,
        plans: Plans,
        index: Index,
        files: ContentFiles = NO_FILES,
        at: datetime | None = None,
    ) -> None:
        self.plans = plans
        self.index = index
        self.files = files
        self.at = at
        self.targets = Targets(files, index)
        self._own = {(entry.type, entry.id): entry for entry in index.entries}
        self._parts: dict[str, Item] = {}

    def item(self, entry: PlacedEntry) -> Item:
        """Return the whole entry, its hash among its values."""
        if entry.parent:
            return self.part(entry)
        item = self._item(entry)
        if self.plans.items[entry.type].has_hash:
            item.values[Derived.HASH.value] = value_hash(item.values)
        return item

    def card(self, entry: PlacedEntry, item: Item) -> dict[str, Any]:
        """Return the entry as lists show it, given the whole of it."""
        return {name: item.values[name] for name in self.plans.items[entry.type].card}

    def has_shown(self, entry: PlacedEntry) -> bool:
        """Tell whether an entry is a part that an item of its parent has shown already."""
        return entry.address in self._parts

    def part(self, part: PlacedEntry) -> Item:
        """Return an embedded entry, which its parent shows as it is shown by itself."""
        found = self._parts.get(part.address)
        if found is None:
            found = self._parts[part.address] = self._item(part)
        return found

    def part_of(self, parent: PlacedEntry, type_name: str, key: str) -> Item:
        """Return an entry's part by its key."""
        return self.part(self._own[type_name, f"{parent.id}.{key}"])

    def _item(self, entry: PlacedEntry) -> Item:
        showing = _Showing(self, entry)
        fills = self.plans.items[entry.type].fills
        values = {name: fill(entry.value, 1, showing) for name, fill in fills}
        return Item(values, frozenset(showing.tags))


class _Showing:
    """An entry that is being shown, with the tags of the entries whose values it has shown."""

    __slots__ = ("_expander", "entry", "tags")

    def __init__(self, expander: Expander, entry: PlacedEntry) -> None:
        self._expander = expander
        self.entry = entry
        self.tags: set[str] = set()

    def face(self, targets: Iterable[str], name: str) -> Face | None:
        """Return the face that a reference leads to, None where it is not public."""
        face = self._expander.index.find(targets, name)
        if face is None:
            raise LookupError(name)
        if not face.public:
            return None
        self.tags.add(tag_of(self._expander.plans.views.models, face.type, face.id))
        return face

    def blocks(self, text: RichText) -> list[Any]:
        """Return the blocks of a text that has addresses, these resolved."""
        blocks = self._expander.targets.blocks(text, self.entry)
        self.tags.update(block_tags(self._expander.plans.views.models, blocks))
        return blocks

    def parts(self, type_name: str, values: list[Any]) -> list[Any]:
        """Return the embedded entries of a type that are the entry's."""
        parts = [self._expander.part_of(self.entry, type_name, value.key) for value in values]
        for part in parts:
            self.tags |= part.tags
        return [part.values for part in parts]

    def status(self, review: Review) -> str:
        """Return what a review says of the entry."""
        expander = self._expander
        digest = entry_digest(self.entry, expander.index, expander.files)
        return review_status(review, digest, expander.at).value


def link_values(view: View, entry: PlacedEntry) -> dict[str, Any]:
    """Return the values of an entry that a link to it shows, beside what follows from its place."""
    return {
        shown.name: _plain(shown.shown, getattr(entry.value, shown.name))
        for shown in view.properties
        if shown.derived is None
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
            return single(value)
