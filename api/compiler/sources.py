"""Where the values of an entry stand in its files, by JSON Pointer (RFC 6901)."""

from collections.abc import Iterator
from pathlib import Path

from api.compiler.translations import lay_over
from api.contract.views import Derived, title_field
from api.errors import ContentError, Place
from api.source.document import Document, parse_document
from api.source.node import Fields, Items, Node, Scalar
from api.source.tree import SUFFIXES, ContentFile, read
from schemas.collection import Folder
from schemas.discovery import Models, parent_field
from schemas.entry import EmbeddedEntry, EntryModel
from schemas.fields import Model
from schemas.shape import Keyed, Many, Nested, Shape, fields_of


class SourceFiles:
    """The files of a content folder, read again to find where a value stands."""

    def __init__(self, root: Path, models: Models) -> None:
        self._root = root
        self._models = models

    def entry(self, type_name: str, slug: str, locale: str) -> dict[str, Place]:
        """Return the place of each value that an entry's files give, by pointers into its item.

        What a translation gives stands in its file, the rest in its source text's. There are none
        where the files have gone or cannot be read.
        """
        model = self._models[type_name]
        fields = self._fields(model, slug, locale)
        return dict(_of_entry(model, fields)) if fields else {}

    def part(self, type_name: str, slug: str, key: str, locale: str) -> dict[str, Place]:
        """Return the same for an embedded entry, given the slug of its parent and its own key."""
        model = self._models[type_name]
        if not issubclass(model, EmbeddedEntry):
            return {}
        fields = self._fields(self._models[model.collection.parent], slug, locale)
        held = fields.values.get(parent_field(self._models, model)) if fields else None
        for item in held.items if isinstance(held, Items) else ():
            match item:
                case Fields({"key": Scalar(text)}) if text == key:
                    return dict(_of_model(model, item, ""))
        return {}

    def _fields(self, model: EntryModel, slug: str, locale: str) -> Fields | None:
        source = self._document(model, slug, None)
        own = self._document(model, slug, locale)
        if source is None or own is None:
            return source.fields if source else None
        return lay_over(source, own, model)[0].fields

    def _document(self, model: EntryModel, slug: str, locale: str | None) -> Document | None:
        name = f"{slug}.{locale}" if locale else slug
        if isinstance(model.collection, Folder):
            name = f"{model.collection.name}/{name}"
        for suffix in SUFFIXES:
            file = ContentFile(self._root, f"{name}{suffix}", model.type_name(), slug, locale)
            try:
                raw = read(self._root, file)
            except ContentError:
                continue
            return parse_document(file, raw, model)[0]
        return None


def _of_entry(model: EntryModel, fields: Fields) -> Iterator[tuple[str, Place]]:
    yield from _of_model(model, fields, "")
    name = title_field(model)
    if name and name != Derived.TITLE and name in fields.values:
        yield f"/{Derived.TITLE}", fields.values[name].place


def _of_model(model: type[Model], fields: Fields, above: str) -> Iterator[tuple[str, Place]]:
    for name, field in fields_of(model).items():
        if not field.private and (node := fields.values.get(name)):
            yield from _of_value(field.shape, node, f"{above}/{name}")


def _of_value(shape: Shape, node: Node, pointer: str) -> Iterator[tuple[str, Place]]:
    yield pointer, node.place
    match shape, node:
        case Many(item), Items(nodes):
            for number, one in enumerate(nodes):
                yield from _of_value(item, one, f"{pointer}/{number}")
        case Keyed(item), Fields(values):
            for key, one in values.items():
                yield from _of_value(item, one, f"{pointer}/{_escaped(key)}")
        case Nested(model), Fields():
            yield from _of_model(model, node, pointer)
        case _:
            return


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
