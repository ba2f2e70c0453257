"""The pieces that JSON Schemas are made of."""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

COMPONENTS = "#/components/schemas/"
STRING: Schema = {"type": "string"}


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
