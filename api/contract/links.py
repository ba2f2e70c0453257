"""How one operation leads to another: examples of path parts, and links (OpenAPI 3.1, 4.8.20)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.contract.operations import Does, Operation, schema_address
from api.contract.problems import PAGES
from api.errors import NOT_FOUND
from schemas.discovery import Models


def part_examples(
    operations: Sequence[Operation], models: Models, answers: Mapping[str, Any]
) -> dict[str, str]:
    """Return an example of each variable part, by the path up to and with it.

    `answers` has an example answer of each list: its first entry is what a part leads to.
    """
    found = {schema_address("{type}"): next(iter(models)), f"{PAGES}/{{code}}": NOT_FOUND.code}
    for operation in operations:
        if operation.does is Does.LIST:
            entry = answers[operation.id]["data"][0]
            for name in entry.keys() & {"slug", "key"}:
                found[f"{operation.path}/{{{name}}}"] = entry[name]
    return found


def links(operation: Operation, operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the links from an operation's answer to what lies below it, by a name for each."""
    return {
        other.id: {
            "operationId": other.id,
            "parameters": dict(_parameters(operation, other)),
        }
        for other in operations
        if _leads(operation, other)
    }


def _leads(operation: Operation, other: Operation) -> bool:
    """Tell whether an answer, and the path it came from, name all that another path asks for."""
    more = len(other.parts) - len(operation.parts)
    if operation.does is Does.LIST:
        return more == 1 and other.path.startswith(f"{operation.path}/{{")
    below = other.does is Does.LIST and other.path.startswith(f"{operation.path}/")
    return below and more == 0 and bool(other.parts)


def _parameters(operation: Operation, other: Operation) -> Iterator[tuple[str, str]]:
    own = {part.name for part in operation.parts}
    for part in other.parts:
        if part.name in own:
            yield part.name, f"$request.path.{part.name}"
        else:
            yield part.name, f"$response.body#/data/0/{part.name}"
