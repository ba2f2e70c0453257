"""What other entries may show of the entries of a unit."""

from collections.abc import Collection, Iterator

from api.compiler.anchors import anchors
from api.compiler.catalogue import Face
from api.compiler.expand import link_values
from api.compiler.paths import PlacedEntry
from api.contract.views import Views
from api.errors import Place


def faces(
    unit: str, entries: Collection[PlacedEntry], views: Views, *, public: bool
) -> Iterator[Face]:
    """Yield a face for each entry of a unit, its parts among them."""
    for entry in entries:
        yield Face(
            unit=unit,
            type=entry.type,
            id=entry.id,
            slug=entry.slug,
            names=entry.names,
            language=entry.language,
            path=entry.path,
            page=entry.page,
            address=entry.address,
            title=entry.title,
            place=entry.place,
            claimed_at=_claimed_at(entry),
            values=link_values(views.links[entry.type], entry),
            anchors=() if entry.parent else anchors(entry),
            public=public,
        )


def _claimed_at(entry: PlacedEntry) -> Place:
    node = entry.fields.values.get("id")
    return node.place if node and not entry.parent else entry.place
