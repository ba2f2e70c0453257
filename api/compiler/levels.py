"""In which order types are compiled: first those that others refer to."""

from collections.abc import Iterator

from schemas.collection import Embedded
from schemas.discovery import Models
from schemas.fields import Model
from schemas.shape import Keyed, Many, Nested, Referring, Shape, fields_of


def owner(models: Models, name: str) -> str:
    """Return the type whose files have the entries of a type: its parent's for an embedded one."""
    collection = models[name].collection
    return collection.parent if isinstance(collection, Embedded) else name


def levels(models: Models) -> Iterator[frozenset[str]]:
    """Yield the types with files, in sets: each refers to itself and to earlier ones alone.

    Types that refer to each other in a circle come last, together.
    """
    refers = {
        name: {owner(models, target) for target in _targets(model) if target in models} - {name}
        for name, model in models.items()
        if owner(models, name) == name
    }
    while refers:
        ready = frozenset(name for name, targets in refers.items() if not targets & refers.keys())
        ready = ready or frozenset(refers)
        yield ready
        refers = {name: targets for name, targets in refers.items() if name not in ready}


def _targets(model: type[Model]) -> Iterator[str]:
    for field in fields_of(model).values():
        yield from _of_shape(field.shape)


def _of_shape(shape: Shape) -> Iterator[str]:
    match shape:
        case Referring(targets):
            yield from targets
        case Many(item) | Keyed(item):
            yield from _of_shape(item)
        case Nested(model):
            yield from _targets(model)
        case _:
            return
