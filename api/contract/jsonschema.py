"""JSON Schema 2020-12 of everything that the API says, made from the views.

The schemas are flat and open: a client must accept properties, block types and enum values that
it does not know. `proof` closes them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from api.contract.rich_text import RICH_TEXT
from api.contract.schema import (
    COMPONENTS,
    Schema,
    constant,
    described,
    extensible,
    nullable,
    object_schema,
    ref,
)
from api.contract.views import (
    MIXED_LINK,
    Derived,
    Link,
    ListOf,
    MapOf,
    Object,
    Property,
    Shown,
    View,
    Views,
)
from schemas.collection import SingleFile
from schemas.discovery import Models
from schemas.entry import BODY
from schemas.shape import Formatted, Kind, SchemaError, Single

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DEFINITIONS = "#/$defs/"
_SINGLES: Mapping[Kind, Schema] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.INSTANT: {"type": "string", "format": "date-time"},
    Kind.DATE: {"type": "string", "format": "date"},
}


def components(views: Views) -> dict[str, Schema]:
    """Return the schemas of all types and views by name.

    Raises SchemaError when two different ones would have the same name.
    """
    found: dict[str, Schema] = dict(RICH_TEXT)
    for name in views.models:
        for view in _of_type(name, views):
            for shown in _reachable(view, views):
                schema = _object(shown, views)
                if found.setdefault(shown.name, schema) != schema:
                    raise SchemaError(f"two different models are named '{shown.name}'")
    return found


def _of_type(name: str, views: Views) -> Iterator[View]:
    yield views.items[name]
    yield views.links[name]
    if not isinstance(views.models[name].collection, SingleFile):
        yield views.cards[name]


def standalone(type_name: str, views: Views, address: str) -> Schema:
    """Return one type's schemas as a document of its own: its item, with card and link beside."""
    all_schemas = components(views)
    own = views.items[type_name].name
    beside = [view.name for view in _of_type(type_name, views) if view.name != own]
    wanted = _needed({"anyOf": [all_schemas[own], *map(ref, beside)]}, all_schemas)
    document = {
        "$schema": DIALECT,
        "$id": address,
        "title": own,
        **all_schemas[own],
        "$defs": wanted,
    }
    rebased: Schema = _rebased(document)
    return rebased


def editor_schema(models: Models, type_name: str) -> Schema:
    """Return the JSON Schema of what an editor writes: a YAML file, or the lines above a text.

    The text itself fills the body, so none is required among the fields.
    """
    schema = models[type_name].model_json_schema()
    schema["required"] = [name for name in schema.get("required", ()) if name != BODY]
    return {"$schema": DIALECT, **schema}


def _needed(schema: Schema, definitions: Mapping[str, Schema]) -> dict[str, Schema]:
    """Return the definitions that a schema refers to, directly or not."""
    found: dict[str, Schema] = {}
    todo = list(_references(schema))
    while todo:
        name = todo.pop()
        if name not in found:
            found[name] = definitions[name]
            todo.extend(_references(definitions[name]))
    return {name: found[name] for name in sorted(found)}


def _object(view: View, views: Views) -> Schema:
    return object_schema(
        view.description, {item.name: _property(item, view, views) for item in view.properties}
    )


def _property(item: Property, view: View, views: Views) -> Schema:
    if item.derived is Derived.TYPE and view.constant:
        return described(constant(view.constant), item.description)
    schema = _shown(item.shown, views)
    return described(nullable(schema) if item.nullable else schema, item.description)


def _shown(shown: Shown, views: Views) -> Schema:
    match shown:
        case Single(kind, values):
            return extensible(values) if values else dict(_SINGLES[kind])
        case Formatted():
            return ref("RichText")
        case Link():
            return ref(views.shown_by(shown).name)
        case Object(view):
            return ref(view.name)
        case ListOf(item):
            return {"type": "array", "items": _shown(item, views)}
        case MapOf(item):
            return {"type": "object", "additionalProperties": _shown(item, views)}


def _reachable(view: View, views: Views) -> Iterator[View]:
    yield view
    for item in view.properties:
        yield from _within(item.shown, views)


def _within(shown: Shown, views: Views) -> Iterator[View]:
    match shown:
        case ListOf(item) | MapOf(item):
            yield from _within(item, views)
        case Object(view):
            yield from _reachable(view, views)
        case Link() if views.shown_by(shown) is MIXED_LINK:
            yield MIXED_LINK
        case _:
            return


def _references(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield str(value).removeprefix(COMPONENTS)
            elif key == "x-block-types":
                yield from value.values()
            else:
                yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _rebased(schema: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(schema, dict):
        return {
            key: value.replace(COMPONENTS, DEFINITIONS) if key == "$ref" else _rebased(value)
            for key, value in schema.items()
        }
    if isinstance(schema, list):
        return [_rebased(value) for value in schema]
    return schema
