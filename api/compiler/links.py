"""References: what an editor writes must name an entry that there is."""

import re
from collections.abc import Collection, Iterable, Iterator

from api.compiler.catalogue import Index
from api.errors import DANGLING_REFERENCE, HIDDEN_REFERENCE, Issue, Place, nearest
from api.source.document import Document
from api.source.node import Fields, Items, Node, Scalar
from schemas.collection import Embedded
from schemas.discovery import Models
from schemas.entry import EntryModel
from schemas.fields import REFERENCE_PATTERN, Model
from schemas.shape import Keyed, Many, Nested, Referring, Shape, fields_holding

_REFERENCE = re.compile(REFERENCE_PATTERN)
_Found = tuple[tuple[str, ...], str, Place, bool]
"""The types that a reference may lead to, what it says, where, and whether it must lead there."""

SHOWN_NAMES = 20
"""How many slugs an Issue lists."""
SUGGESTED = 100
"""How many Issues of one run look for the nearest slug: it costs a walk over all of them."""


class Suggestions:
    """Counts the Issues that look for the nearest name: at most SUGGESTED of one run do."""

    def __init__(self) -> None:
        self._count = 0

    def may(self) -> bool:
        """Tell whether one more may look."""
        self._count += 1
        return self._count <= SUGGESTED


def dangling(
    documents: Iterable[Document],
    models: Models,
    index: Index,
    broken: Collection[tuple[str, str]],
    suggestions: Suggestions,
) -> Iterator[Issue]:
    """Yield an Issue for each reference of the documents that leads to no entry.

    One that must be there may not lead to an entry that is not public either.

    `broken` has the type and slug or id of files with Issues of their own: a reference to one of
    them is right once that file is.
    """
    for document in documents:
        for targets, name, place, required in _references(models[document.type], document.fields):
            if face := index.find(targets, name):
                if required and not face.public:
                    what = f"the {face.type} '{name}' is not public, and this field must show it"
                    yield HIDDEN_REFERENCE.at(place, what, other=face.place)
            elif not any(
                file_of(models[one], one, name) in broken for one in targets if one in models
            ):
                there = index.names(targets)
                yield no_entry(targets, name, place, there, meant=suggestions.may())


def file_of(model: EntryModel, target: str, name: str) -> tuple[str, str]:
    """Return the type and slug of the file that holds what a reference means."""
    if isinstance(model.collection, Embedded):
        return model.collection.parent, name.partition(".")[0]
    return target, name


def no_entry(
    targets: tuple[str, ...], name: str, place: Place, there: list[str], *, meant: bool
) -> Issue:
    """Make the Issue of a reference at a place to an entry of none of the types.

    `there` has the slugs that there are; `meant` tells whether to look for the nearest.
    """
    kind = " or ".join(targets)
    what = f"no {kind} has the slug '{name}'"
    return Issue(
        DANGLING_REFERENCE,
        place,
        what if there else f"{what}, nor is there any {kind}",
        allowed=tuple(there) if len(there) <= SHOWN_NAMES else (),
        nearest=nearest(name, there) if meant else None,
        names=tuple((target, name) for target in targets),
    )


def _references(model: type[Model], fields: Fields) -> list[_Found]:
    found: list[_Found] = []
    _of_model(model, fields, found)
    return found


def _of_model(model: type[Model], fields: Fields, found: list[_Found]) -> None:
    for field in fields_holding(model, Referring):
        node = fields.values.get(field.name)
        if node is not None and not (isinstance(node, Scalar) and node.is_null):
            _in_shape(field.shape, node, found, required=not field.nullable)


def _in_shape(shape: Shape, node: Node, found: list[_Found], *, required: bool) -> None:
    """Take up the references of a node; what does not have the shape `validate` tells of."""
    if isinstance(shape, Referring) and isinstance(node, Scalar):
        if _REFERENCE.match(node.text):
            found.append((shape.targets, node.text, node.place, required))
    elif isinstance(shape, Many) and isinstance(node, Items):
        for one in node.items:
            _in_shape(shape.item, one, found, required=False)
    elif isinstance(shape, Keyed) and isinstance(node, Fields):
        for one in node.values.values():
            _in_shape(shape.item, one, found, required=False)
    elif isinstance(shape, Nested) and isinstance(node, Fields):
        _of_model(shape.model, node, found)
