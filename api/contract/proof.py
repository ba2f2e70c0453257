"""The proof: whether what is about to be served is what openapi.yaml promises."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import Any

import jsonschema_rs

Json = Any

MOST_FAULTS = 10
SHOWN = 120


def closed(document: Mapping[str, Json]) -> dict[str, Json]:
    """Return an OpenAPI document in which nothing undeclared is allowed.

    Objects allow their declared properties alone, extensible enums their known values, and a
    BlockNode is one of the block types in use.
    """
    found: dict[str, Json] = _closed(document)
    return found


def _closed(node: Json) -> Json:
    if isinstance(node, list):
        return [_closed(value) for value in node]
    if not isinstance(node, Mapping):
        return node
    if "x-block-types" in node:
        return {
            "oneOf": [
                {"$ref": f"#/components/schemas/{name}"} for name in node["x-block-types"].values()
            ]
        }
    result = {key: _closed(value) for key, value in node.items()}
    if result.get("type") == "object" and "properties" in result:
        result.setdefault("additionalProperties", False)
    if "x-extensible-enum" in result and isinstance(result["x-extensible-enum"], list):
        null = [None] if "null" in result["type"] else []
        result["enum"] = result["x-extensible-enum"] + null
    return result


class Proof:
    """Validators for the schemas of a contract, closed."""

    def __init__(self, document: Mapping[str, Json]) -> None:
        self._document = document
        self._validators: dict[tuple[str, str], jsonschema_rs.Draft202012Validator] = {}

    @cached_property
    def _schemas(self) -> dict[str, Json]:
        schemas: dict[str, Json] = closed(self._document)["components"]["schemas"]
        return schemas

    def faults(self, name: str, value: Json, proven: str = "") -> Iterator[str]:
        """Yield where and how a value differs from the schema `name`: nothing when it is kept.

        `proven` names a property that is passed over: its value is known to keep its schema.
        Raises KeyError when the contract has no such schema.
        """
        validator = self._validators.get((name, proven))
        if validator is None:
            validator = self._validators[name, proven] = self._validator(name, proven)
        if validator.is_valid(value):
            return
        for error in islice(validator.iter_errors(value), MOST_FAULTS):
            where = "/".join(str(part) for part in error.instance_path)
            yield f"/{where}: {_shortened(error.message)}"

    def _validator(self, name: str, proven: str) -> jsonschema_rs.Draft202012Validator:
        schema = self._schemas[name]
        if proven:
            schema = {**schema, "properties": {**schema["properties"], proven: True}}
        return jsonschema_rs.Draft202012Validator(
            {**schema, "components": {"schemas": self._schemas}}, validate_formats=True
        )


def _shortened(message: str) -> str:
    """Cut the value that a message quotes at its start; what is wrong stands at its end."""
    if len(message) <= 2 * SHOWN:
        return message
    return f"{message[:SHOWN]} … {message[-SHOWN:]}"
