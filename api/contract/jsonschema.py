"""JSON Schema 2020-12 of everything that the API says, made from the views.

The schemas are flat and open: a client must accept properties, block types and enum values that
it does not know. `proof` closes them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

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

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
COMPONENTS = "#/components/schemas/"
DEFINITIONS = "#/$defs/"
_SINGLES: Mapping[Kind, Schema] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.INSTANT: {"type": "string", "format": "date-time"},
    Kind.DATE: {"type": "string", "format": "date"},
}
_STRING: Schema = {"type": "string"}


def ref(name: str) -> Schema:
    """Return a reference to a component."""
    return {"$ref": COMPONENTS + name}


def described(schema: Schema, description: str) -> Schema:
    """Return the schema with a description."""
    return {**schema, "description": description}


def nullable(schema: Schema) -> Schema:
    """Return a schema that also allows null."""
    if "$ref" in schema:
        return {"oneOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def object_schema(
    description: str, properties: Mapping[str, Schema], *, optional: frozenset[str] = frozenset()
) -> Schema:
    """Return the schema of an object whose properties are all there, but for the optional ones."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "description": description,
        **({"required": required} if required else {}),
        "properties": dict(properties),
    }


def extensible(values: tuple[str, ...]) -> Schema:
    """Return the schema of a string whose known values may grow."""
    return {"type": "string", "x-extensible-enum": list(values)}


def constant(value: str) -> Schema:
    """Return the schema of one fixed string, as code generators understand it."""
    return {"type": "string", "enum": [value]}


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


_SPAN = object_schema(
    "A run of text within a block.",
    {
        "_type": described(constant("span"), "The type of this node."),
        "_key": described(_STRING, "The node's name within its rich text."),
        "text": described(_STRING, "The text."),
        "marks": described(
            {"type": "array", "items": _STRING},
            "Decorators (strong, em, code) and the keys of mark definitions.",
        ),
    },
)
_MARK_DEF = object_schema(
    "A link that spans name in their marks.",
    {
        "_type": described(extensible(("link",)), "The type of this definition."),
        "_key": described(_STRING, "The name by which spans mean it."),
        "href": described(_STRING, "Where the link leads."),
        "title": described(nullable(_STRING), "The link's title."),
        "reference": ref("BlockReference"),
    },
    optional=frozenset({"reference"}),
)
_REFERENCE = object_schema(
    "The entry that a link leads to; the link's `href` is its path.",
    {
        "type": described(_STRING, "The entry's type."),
        "id": described(_STRING, "The entry's id."),
    },
)
_FALLBACK = object_schema(
    "What a reader that does not know the block's type may show instead.",
    {
        "text": described(_STRING, "Plain text."),
        "html": described(_STRING, "Sanitised HTML."),
    },
)
_TEXT_BLOCK = {
    "_type": described(constant("block"), "The type of this block."),
    "_key": described(_STRING, "The block's name within its rich text."),
    "style": described(
        extensible(("normal", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")),
        "What the block is.",
    ),
    "listItem": described(extensible(("bullet", "number")), "Given for an item of a list."),
    "level": described({"type": "integer"}, "How deep the list item stands, from 1."),
    "markDefs": described(
        {"type": "array", "items": ref("BlockMarkDef")}, "The links that the spans name."
    ),
    "children": described({"type": "array", "items": ref("BlockSpan")}, "The text, in runs."),
}
_CODE_BLOCK = {
    "_type": described(constant("code"), "The type of this block."),
    "_key": described(_STRING, "The block's name within its rich text."),
    "language": described(nullable(_STRING), "The language that the code is written in."),
    "code": described(_STRING, "The code."),
    "fallback": ref("BlockFallback"),
}
_IMAGE_BLOCK = {
    "_type": described(constant("image"), "The type of this block."),
    "_key": described(_STRING, "The block's name within its rich text."),
    "src": described(_STRING, "The image's address, a path of this API."),
    "alt": described(_STRING, "What is said where the image cannot be seen."),
    "title": described(nullable(_STRING), "The image's title."),
    "width": described({"type": "integer"}, "In pixels."),
    "height": described({"type": "integer"}, "In pixels."),
    "placeholder": described(_STRING, "A tiny copy to show while the image loads, a data: URI."),
    "fallback": ref("BlockFallback"),
}
_LIST_PROPERTIES = frozenset({"listItem", "level"})
_BLOCK_TYPES = {"block": "TextBlock", "code": "CodeBlock", "image": "ImageBlock"}

RICH_TEXT: Mapping[str, Schema] = {
    "RichText": object_schema(
        "Formatted text in the form that was asked for; the other forms are null.",
        {
            "blocks": described(
                {"type": ["array", "null"], "items": ref("BlockNode")}, "Portable Text."
            ),
            "html": described(nullable(_STRING), "Sanitised HTML."),
            "markdown": described(nullable(_STRING), "Markdown (CommonMark)."),
            "text": described(nullable(_STRING), "Plain text."),
        },
    ),
    "BlockNode": {
        **object_schema(
            "A block of Portable Text. Types may be added: show the `fallback` of an unknown one.",
            {
                **_CODE_BLOCK,
                **_IMAGE_BLOCK,
                **_TEXT_BLOCK,
                "_type": described(extensible(tuple(_BLOCK_TYPES)), "The type of this block."),
            },
            optional=frozenset({*_CODE_BLOCK, *_IMAGE_BLOCK, *_TEXT_BLOCK}) - {"_type", "_key"},
        ),
        "x-block-types": _BLOCK_TYPES,
    },
    "TextBlock": {
        **object_schema(
            "A BlockNode of type `block`: a paragraph, heading, quote or list item.",
            _TEXT_BLOCK,
            optional=_LIST_PROPERTIES,
        ),
        "dependentRequired": {"listItem": ["level"], "level": ["listItem"]},
    },
    "CodeBlock": object_schema("A BlockNode of type `code`.", _CODE_BLOCK),
    "ImageBlock": object_schema("A BlockNode of type `image`.", _IMAGE_BLOCK),
    "BlockSpan": _SPAN,
    "BlockMarkDef": _MARK_DEF,
    "BlockReference": _REFERENCE,
    "BlockFallback": _FALLBACK,
}
