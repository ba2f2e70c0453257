"""References: what an editor writes must name an entry that there is."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from api.compiler.paths import Index
from api.errors import DANGLING_REFERENCE, Issue, Place, nearest
from api.source.document import Document
from api.source.node import Fields, Scalar, each
from schemas.collection import Embedded
from schemas.discovery import Models
from schemas.entry import EntryModel
from schemas.fields import REFERENCE_PATTERN, Model
from schemas.shape import Nested, Referring, fields_of

_Found = tuple[tuple[str, ...], str, Place]

SHOWN_NAMES = 20
"""How many slugs an Issue lists."""
SUGGESTED = 100
"""How many Issues of one run look for the nearest slug: it costs a walk over all of them."""


def dangling(
    documents: Iterable[Document],
    models: Models,
    index: Index,
    broken: Collection[tuple[str, str]],
) -> Iterator[Issue]:
    """Yield an Issue for each reference of the documents that leads to no entry.

    `broken` has the type and slug or id of files with Issues of their own: a reference to one of
    them is right once that file is.
    """
    names = cache(index.names)
    count = 0
    for document in documents:
        for found in _of_document(document, models, index, broken):
            count += 1
            yield no_entry(*found, names(found[0]), meant=count <= SUGGESTED)


def _of_document(
    document: Document, models: Models, index: Index, broken: Collection[tuple[str, str]]
) -> Iterator[_Found]:
    for targets, name, place in _of_model(models[document.type], document.fields):
        if index.find(targets, name) is None and not any(
            file_of(models[target], target, name) in broken
            for target in targets
            if target in models
        ):
            yield targets, name, place


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
    return DANGLING_REFERENCE.at(
        place,
        what if there else f"{what}, nor is there any {kind}",
        allowed=there if len(there) <= SHOWN_NAMES else (),
        nearest=nearest(name, there) if meant else None,
    )


def _of_model(model: type[Model], fields: Fields) -> Iterator[_Found]:
    for name, field in fields_of(model).items():
        node = fields.values.get(name)
        if node is None or (isinstance(node, Scalar) and node.is_null):
            continue
        for shape, value in each(field.shape, node):
            match shape, value:
                case Referring(targets), Scalar(text) if re.match(REFERENCE_PATTERN, text):
                    yield targets, text, value.place
                case Nested(inner), Fields():
                    yield from _of_model(inner, value)
