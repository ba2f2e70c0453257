"""Which content types there are: the models of a folder, in the order of its files' names."""

import importlib
import os
import sys
from collections.abc import Iterator, Mapping
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import MappingProxyType

from schemas.collection import Embedded, Folder, SingleFile
from schemas.entry import LIFECYCLE, EmbeddedEntry, Entry, EntryModel, Part
from schemas.fields import Model, Use
from schemas.shape import (
    Formatted,
    Keyed,
    Many,
    ModelField,
    Nested,
    Referring,
    SchemaError,
    Shape,
    Single,
    fields_of,
)

Models = Mapping[str, EntryModel]
OWN_FOLDER = Path(__file__).parent
ENTRY_NAMES = frozenset({"type", "slug", "path", "locale", "alternates", "hash"})
EMBEDDED_NAMES = frozenset({"type", "id", "path"})
PART_NAMES = frozenset({"number", "path"})
"""Properties that the API derives: no field may have their names."""


def discover(folder: Path = OWN_FOLDER) -> Models:
    """Return the content types declared in a folder's Python files, by type name.

    Files are read in name order and classes in the order written. The mapping is frozen.
    Raises SchemaError when a declaration is wrong, with the file and what to change.
    """
    models: dict[str, EntryModel] = {}
    for file in sorted(folder.glob("*.py")):
        if file.stem.startswith("_"):
            continue
        for model in _declared(_package(folder), file):
            name = model.type_name()
            if name in models:
                raise SchemaError(f"{file.name}: the type '{name}' is declared twice")
            models[name] = model
    if not models:
        raise SchemaError(f"{folder}: no content type is declared here")
    _check(models)
    return MappingProxyType(models)


def parent_field(models: Models, model: type[EmbeddedEntry]) -> str:
    """Return the name of the parent's field that holds an embedded model's entries.

    Raises SchemaError when the declared parent has no such field.
    """
    declared = model.collection
    parent = models.get(declared.parent)
    if parent is not None and issubclass(parent, Entry):
        found = [
            field.name for field in fields_of(parent).values() if field.shape == Many(Nested(model))
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise SchemaError(
                f"{parent.__name__}: the fields {' and '.join(found)} are both lists of "
                f"{model.__name__}, of which a parent has one"
            )
    raise SchemaError(
        f"{model.__name__}: the parent type '{declared.parent}' has no field "
        f"'list[{model.__name__}]'"
    )


def _package(folder: Path) -> str:
    if folder.resolve() == OWN_FOLDER.resolve():
        return __package__ or "schemas"
    name = "_schemas_" + os.fsencode(folder.resolve()).hex()
    if name not in sys.modules:
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(folder.resolve())]
        sys.modules[name] = module_from_spec(spec)
    return name


def _declared(package: str, file: Path) -> Iterator[EntryModel]:
    try:
        module = importlib.import_module(f"{package}.{file.stem}")
    except SchemaError:
        raise
    except (Exception, SystemExit) as error:
        raise SchemaError(f"{file}: {type(error).__name__}: {error}") from error
    for value in vars(module).values():
        if (
            isinstance(value, type)
            and issubclass(value, Entry | EmbeddedEntry)
            and value.__module__ == module.__name__
            and "collection" in vars(value)
        ):
            yield value


def _check(models: Models) -> None:
    names: dict[str, EntryModel] = {}
    for model in models.values():
        name = model.collection.name
        if name in names:
            raise SchemaError(
                f"{model.__name__}: the collection '{name}' is {names[name].__name__}'s already"
            )
        names[name] = model
        _check_declaration(models, model)
        own = EMBEDDED_NAMES if issubclass(model, EmbeddedEntry) else ENTRY_NAMES
        for field in fields_of(model).values():
            for target in _targets(field.shape, (model,)):
                if target not in models and field.name not in Entry.model_fields:
                    raise SchemaError(
                        f"{model.__name__}.{field.name}: there is no type '{target}'; "
                        f"there are {', '.join(models)}"
                    )
            _check_embedded(models, model, field)
            if Use.LINK in field.uses and not field.private and _leads_on(field.shape):
                raise SchemaError(
                    f"{model.__name__}.{field.name}: a link shows plain values, neither links nor "
                    "rich text: take Use.LINK away"
                )
        _check_names(model, own)


def _leads_on(shape: Shape) -> bool:
    """Tell whether a value may hold a reference or a rich text."""
    match shape:
        case Many(item) | Keyed(item):
            return _leads_on(item)
        case Nested(model):
            return any(_leads_on(field.shape) for field in fields_of(model).values())
        case _:
            return isinstance(shape, Referring | Formatted)


def _check_names(model: type[Model], reserved: frozenset[str]) -> None:
    if taken := reserved & fields_of(model).keys():
        raise SchemaError(f"{model.__name__}: the API gives '{min(taken)}' itself")
    for field in fields_of(model).values():
        for nested in _nested(field.shape):
            if issubclass(nested, Part):
                _check_names(nested, PART_NAMES)


def _check_embedded(models: Models, model: EntryModel, field: ModelField) -> None:
    """Hold that an embedded type stands in its parent alone, in a list of its own."""
    for nested in _nested(field.shape):
        if not issubclass(nested, EmbeddedEntry):
            continue
        name = nested.type_name()
        if models.get(name) is not nested:
            raise SchemaError(
                f"{model.__name__}.{field.name}: {nested.__name__} is not declared in this folder"
            )
        if nested.collection.parent != model.type_name() or field.shape != Many(Nested(nested)):
            raise SchemaError(
                f"{model.__name__}.{field.name}: {nested.__name__} can only be a "
                f"'list[{nested.__name__}]' of its parent type '{nested.collection.parent}'"
            )
        if field.private or field.nullable:
            raise SchemaError(
                f"{model.__name__}.{field.name}: a list of entries is neither private nor null"
            )


def _nested(shape: Shape) -> Iterator[type[Model]]:
    match shape:
        case Many(item) | Keyed(item):
            yield from _nested(item)
        case Nested(model):
            yield model
            if not issubclass(model, EmbeddedEntry):
                for field in fields_of(model).values():
                    yield from _nested(field.shape)
        case _:
            return


def _check_declaration(models: Models, model: EntryModel) -> None:
    match model.collection:
        case Embedded():
            if not issubclass(model, EmbeddedEntry):
                raise SchemaError(f"{model.__name__}: an embedded type extends EmbeddedEntry")
            parent_field(models, model)
        case Folder(path=path, title=title) | SingleFile(path=path, title=title) as declared:
            if not issubclass(model, Entry):
                raise SchemaError(f"{model.__name__}: a type with files extends Entry")
            if title not in fields_of(model) or fields_of(model)[title].private:
                raise SchemaError(
                    f"{model.__name__}: there is no public field '{title}' for the title"
                )
            _check_lifecycle(model)
            for name in declared.order if isinstance(declared, Folder) else ():
                _check_order(model, name.removeprefix("-"), title)
            if not path.startswith("/"):
                raise SchemaError(f"{model.__name__}: the path '{path}' does not begin with '/'")
            if "example" not in vars(model):
                raise SchemaError(f"{model.__name__}: it has no example")


def _check_lifecycle(model: type[Entry]) -> None:
    """Hold that a type has the lifecycle as Entry declares it."""
    for name in LIFECYCLE:
        if fields_of(model)[name] != fields_of(Entry)[name]:
            raise SchemaError(f"{model.__name__}: '{name}' is declared by Entry for all types")


def _check_order(model: type[Entry], name: str, title: str) -> None:
    if name in ("title", title):
        return
    field = fields_of(model).get(name)
    if field is None or not isinstance(field.shape, Single) or Use.SORT not in field.uses:
        raise SchemaError(
            f"{model.__name__}: the order has '{name}', which is no field marked with Use.SORT"
        )
    if field.private:
        raise SchemaError(f"{model.__name__}: the order has the private field '{name}'")


def _targets(shape: Shape, around: tuple[type[Model], ...]) -> Iterator[str]:
    match shape:
        case Referring(targets):
            yield from targets
        case Many(item) | Keyed(item):
            yield from _targets(item, around)
        case Nested(model) if model in around:
            raise SchemaError(f"{model.__name__}: a model cannot be a part of itself")
        case Nested(model):
            for field in fields_of(model).values():
                yield from _targets(field.shape, (*around, model))
        case _:
            return
