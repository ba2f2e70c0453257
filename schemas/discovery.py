"""Which content types there are: the models of a folder, in the order of its files' names."""

import importlib
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import MappingProxyType

from schemas.collection import Embedded, Folder, SingleFile
from schemas.entry import EmbeddedEntry, Entry, EntryModel
from schemas.shape import Keyed, Many, Nested, Referring, SchemaError, Shape, fields_of

Models = Mapping[str, EntryModel]
OWN_FOLDER = Path(__file__).parent


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
        for field in fields_of(parent).values():
            if field.shape == Many(Nested(model)):
                return field.name
    raise SchemaError(
        f"{model.__name__}: the parent type '{declared.parent}' has no field "
        f"'list[{model.__name__}]'"
    )


def _package(folder: Path) -> str:
    if folder.resolve() == OWN_FOLDER.resolve():
        return __package__ or "schemas"
    name = "_schemas" + re.sub(r"\W", "_", str(folder.resolve()))
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
    except Exception as error:
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
        for field in fields_of(model).values():
            for target in _targets(field.shape):
                if target not in models:
                    raise SchemaError(
                        f"{model.__name__}.{field.name}: there is no type '{target}'; "
                        f"there are {', '.join(models)}"
                    )


def _check_declaration(models: Models, model: EntryModel) -> None:
    match model.collection:
        case Embedded():
            if not issubclass(model, EmbeddedEntry):
                raise SchemaError(f"{model.__name__}: an embedded type extends EmbeddedEntry")
            parent_field(models, model)
        case Folder(path=path, title=title) | SingleFile(path=path, title=title):
            if not issubclass(model, Entry):
                raise SchemaError(f"{model.__name__}: a type with files extends Entry")
            if title not in fields_of(model):
                raise SchemaError(f"{model.__name__}: there is no field '{title}' for the title")
            if not path.startswith("/"):
                raise SchemaError(f"{model.__name__}: the path '{path}' does not begin with '/'")
            if "example" not in vars(model):
                raise SchemaError(f"{model.__name__}: it has no example")


def _targets(shape: Shape) -> Iterator[str]:
    match shape:
        case Referring(targets):
            yield from targets
        case Many(item) | Keyed(item):
            yield from _targets(item)
        case Nested(model):
            for field in fields_of(model).values():
                yield from _targets(field.shape)
        case _:
            return
