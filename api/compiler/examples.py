"""The models' own examples, compiled as content is: what openapi.yaml shows as answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api.compiler.catalogue import Catalogue, Index, Lookups, Nothing
from api.compiler.expand import Expander, Item
from api.compiler.faces import faces
from api.compiler.noted import note
from api.compiler.paths import Locales, PlacedEntry, ValidEntry, place
from api.compiler.plans import Plans
from api.compiler.representations import index_data, schema_index_data
from api.compiler.validate import validate
from api.contract import envelopes
from api.contract.openapi import Examples
from api.contract.operations import Does, Operation, operations
from api.contract.views import Views
from api.source.document import parse_document
from api.source.tree import ContentFile
from schemas.collection import SingleFile
from schemas.discovery import Models
from schemas.entry import Entry
from schemas.shape import SchemaError

LOCALES = Locales("en", ("en", "uk"))


def examples(models: Models) -> Examples:
    """Return an example answer for each operation that serves content, by its id.

    Raises SchemaError when an example is wrong, naming what is wrong with it.
    """
    compiled = _Compiled(models)
    return {
        operation.id: answer
        for operation in operations(models)
        if (answer := compiled.answer(operation)) is not None
    }


class _Compiled:
    """All examples of a set of models, as one small site."""

    def __init__(self, models: Models) -> None:
        self.models = models
        self.views = Views(models)
        placed = [place([one], models, LOCALES) for one in _valid(models)]
        entries = [entry for one in placed for entry in one.entries]
        catalogue = Catalogue(Nothing())
        issues = [issue for one in placed for issue in one.issues]
        for one in placed:
            unit = one.entries[0].type
            issues += catalogue.add(note(unit, faces(unit, one.entries, self.views, public=True)))
        if issues:
            raise SchemaError(f"the examples are in each other's way: {issues[0]}")
        self.index = Index(LOCALES.default, Lookups(catalogue, (), bool), None, entries)
        self.expander = Expander(Plans(self.views), self.index)

    def answer(self, operation: Operation) -> Any:  # noqa: ANN401 - JSON
        match operation:
            case Operation(does=Does.LIST):
                return self._page(operation)
            case Operation(does=Does.READ, type=str()):
                entry = self._entry(str(operation.type))
                return envelopes.item(self._item(entry).values, LOCALES.default)
            case Operation(id="getApiIndex"):
                return envelopes.item(index_data(self.models, LOCALES), LOCALES.default)
            case Operation(id="listSchemas"):
                return envelopes.item(schema_index_data(self.models), LOCALES.default)
            case _:
                return None

    def _page(self, operation: Operation) -> dict[str, Any]:
        entry = self._entry(str(operation.type))
        card = self.expander.card(entry, self._item(entry))
        path = operation.path
        if entry.parent:
            path = path.replace("{slug}", entry.parent.slug)
        links = envelopes.page_links(path, {}, 1, 1)
        return envelopes.page([card], links, total=1, page=1, limit=20)

    def _entry(self, type_name: str) -> PlacedEntry:
        for entry in self.index.entries:
            if entry.type == type_name:
                return entry
        raise SchemaError(f"no example has a {type_name}: add one to its parent's example")

    def _item(self, entry: PlacedEntry) -> Item:
        try:
            return self.expander.item(entry)
        except LookupError as error:
            raise SchemaError(
                f"the example of {entry.type} refers to {error}: "
                "examples refer to each other as 'example-{type}' alone"
            ) from error


def _valid(models: Models) -> Iterator[ValidEntry]:
    for name, model in models.items():
        if not issubclass(model, Entry):
            continue
        single = isinstance(model.collection, SingleFile)
        slug = model.collection.name if single else f"example-{name.replace('_', '-')}"
        file = ContentFile(Path(), f"{model.__name__}.example{model.example_suffix()}", name, slug)
        document, issues = parse_document(file, model.example.encode(), model)
        value = None
        if document:
            value, more = validate(document, model)
            issues = [*issues, *more]
        if issues or document is None or not isinstance(value, Entry):
            raise SchemaError(f"the example of {name} is wrong:\n" + "\n".join(map(str, issues)))
        yield ValidEntry(document, value)
