"""openapi.yaml: the contract, made from the models and the operations alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from api.contract.answers import COMMON, item_envelope
from api.contract.envelopes import root
from api.contract.jsonschema import DIALECT, components
from api.contract.links import links, part_examples
from api.contract.operations import (
    PREFIX,
    REV,
    REVISION_PATTERN,
    Choice,
    Does,
    Language,
    Number,
    Operation,
    Parameter,
    PathPart,
    RevisionName,
    operations,
)
from api.contract.problems import document as problem_document
from api.contract.schema import Schema, object_schema, ref
from api.contract.views import Views
from api.errors import (
    BAD_REQUEST,
    CONTENT_TOO_LARGE,
    GONE,
    HEADERS_TOO_LARGE,
    INTERNAL_ERROR,
    INVALID_PARAMETER,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    NOT_FOUND,
    NOT_READY,
    PRECONDITION_FAILED,
    PROBLEMS,
    RANGE_NOT_SATISFIABLE,
    REVISION_GONE,
    URI_TOO_LONG,
    Fault,
    ProblemKind,
)
from api.http.language import LONGEST_TAG
from schemas.collection import SingleFile
from schemas.discovery import Models
from schemas.media import MEDIA_TYPES
from schemas.shape import SchemaError

VERSION = "1.0.0"
Examples = Mapping[str, Any]
"""One example answer for each operation, by the operation's id."""

_EVERYWHERE = (
    METHOD_NOT_ALLOWED,
    CONTENT_TOO_LARGE,
    URI_TOO_LONG,
    HEADERS_TOO_LARGE,
    INTERNAL_ERROR,
)
_UNCACHED = frozenset({Does.TELL_HEALTH, Does.TELL_READINESS})
_STORED = frozenset({Does.READ, Does.LIST})

_DESCRIPTION = """\
Content of flat files as JSON. Every address also answers HEAD and OPTIONS; other methods get a
405. Every error is a problem document (RFC 9457); a request that is no HTTP is a 400 of the type
bad_request on every address, and an address that nothing has is a 404. Clients ignore properties,
block types and enum values that they do not know: they may be added at any time. What breaks a
client comes under a new major version in the path."""

_HEADERS: Mapping[str, tuple[str, str]] = {
    "ETag": (
        "The validator of these bytes in this coding (RFC 9110, 8.8.3).",
        '"u6mVyJzvQXo3cPOdWz8Nrw"',
    ),
    "Last-Modified": (
        "When the content last changed, where it says so itself.",
        "Sat, 03 Jan 2026 10:30:00 GMT",
    ),
    "Cache-Control": (
        "How long the answer may be reused.",
        "public, max-age=60, stale-while-revalidate=86400, stale-if-error=604800",
    ),
    "Content-Revision": (
        "The revision of the content: 16 hex digits.",
        "0f343b0931126a20",
    ),
    "Content-Language": ("The language of the answer (BCP 47).", "en"),
    "Content-Encoding": ("The coding: br or gzip; absent for none.", "br"),
    "Location": ("Where it is now: a path of this server.", "/v1/articles/example-article"),
    "Vary": ("The request headers that chose this answer.", "Accept-Encoding"),
    "Link": (
        "The list's first, prev, next and last page (RFC 8288).",
        '</v1/articles?page=2>; rel="next"',
    ),
    "Retry-After": ("In how many seconds to ask again (RFC 9110, 10.2.3).", "5"),
    "Allow": ("The methods that are answered.", "GET, HEAD, OPTIONS"),
    "X-Request-Id": (
        "The id of this request: the client's own where it is well-formed.",
        "7hXk2pQ9sT",
    ),
    "X-Content-Type-Options": ("The media type is not to be guessed.", "nosniff"),
    "Content-Security-Policy": ("What a page may load.", "default-src 'none'"),
    "Content-Disposition": (
        "Whether a browser shows the file in place or saves it, and its name (RFC 6266).",
        'inline; filename="example.png"',
    ),
    "Accept-Ranges": ("Ranges of bytes may be asked for (RFC 9110, 14.3).", "bytes"),
    "Content-Range": (
        "Which bytes these are, or how many there are (RFC 9110, 14.4).",
        "bytes 0-1023/146515",
    ),
    "Cross-Origin-Resource-Policy": ("Pages of every origin may show the file.", "cross-origin"),
    "Access-Control-Allow-Origin": ("Every origin may read the answer.", "*"),
    "Access-Control-Expose-Headers": (
        "The headers that scripts may read.",
        "ETag, Link, Content-Revision",
    ),
}
"""What each header says, and an example of it; the value of each is a string."""
_EXTRA: Mapping[ProblemKind, tuple[str, ...]] = {
    METHOD_NOT_ALLOWED: ("Allow",),
    RANGE_NOT_SATISFIABLE: ("Content-Range",),
    NOT_READY: ("Retry-After",),
}
"""The headers that only some problems have."""
_GONE: Mapping[str, str | None] = {
    "reason": "An example of a reason.",
    "replacement": "/v1/articles/example-article",
}
_DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Keypoint content API", "version": VERSION},
    "paths": {},
    "components": {},
}
_UNREADY = {
    "status": "unavailable",
    "revision": None,
    "published_at": None,
    "served_since": None,
    "next_change": None,
    "folder_changed": None,
    "store_damage": None,
    "last_failure": None,
}
_EXAMPLES: Examples = {
    "getApiRoot": root("0.1.0"),
    "getSchema": {
        "$schema": DIALECT,
        "$id": "/v1/schemas/example",
        "title": "Example",
        "type": "object",
        "properties": {},
        "$defs": {},
    },
    "getOpenApiYaml": _DOCUMENT,
    "getOpenApiJson": _DOCUMENT,
    "getCurrentOpenApi": _DOCUMENT,
    "getProblemPage": "<!doctype html><title>Not found</title>",
    "getHealth": {"status": "ok"},
    "getReadiness": {
        "status": "ready",
        "revision": "0f343b0931126a20",
        "published_at": "2026-01-03T10:30:00Z",
        "served_since": "2026-01-03T10:30:00Z",
        "next_change": None,
        "folder_changed": False,
        "store_damage": None,
        "last_failure": None,
    },
}
"""The answers that no content shapes."""

_ALWAYS = (
    "X-Request-Id",
    "X-Content-Type-Options",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Cache-Control",
)
_VALIDATED = (*_ALWAYS, "ETag", "Vary")
_FOUND = (*_VALIDATED, "Content-Encoding")
_UNCHANGED_FILE = (*_ALWAYS, "ETag", "Cross-Origin-Resource-Policy")
_FILE = (*_UNCHANGED_FILE, "Content-Disposition", "Content-Security-Policy", "Accept-Ranges")
_METADATA = frozenset(
    {"Content-Encoding", "Content-Language", "Last-Modified", "X-Content-Type-Options"}
)
"""What 304 leaves out, since a client that has the bytes knows it (RFC 9110, 15.4.5)."""


def document(models: Models, examples: Examples) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document for a set of models.

    `examples` has an answer for each operation that serves content. Raises SchemaError when names
    collide.
    """
    views = Views(models)
    found = operations(models)
    parts = part_examples(found, models, examples)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Keypoint content API",
            "version": VERSION,
            "summary": "Flat files as versioned JSON.",
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "This server"}],
        "security": [],
        "tags": [{"name": name} for name in dict.fromkeys(operation.tag for operation in found)],
        "paths": {
            operation.path: {"get": _operation(operation, found, parts, {**_EXAMPLES, **examples})}
            for operation in found
        },
        "components": {
            "schemas": _apart(components(views), _envelopes(models, views), COMMON),
            "responses": {kind.code: _problem(kind) for kind in PROBLEMS.values()},
            "headers": {
                name: {
                    "description": description,
                    "schema": {"type": "string"},
                    "example": example,
                }
                for name, (description, example) in _HEADERS.items()
            },
        },
    }


def _apart(*groups: Mapping[str, Schema]) -> dict[str, Schema]:
    """Join groups of schemas; raises SchemaError when two have one name."""
    found: dict[str, Schema] = {}
    for group in groups:
        if taken := found.keys() & group.keys():
            raise SchemaError(f"the contract has a schema '{min(taken)}' already: rename the model")
        found.update(group)
    return found


def to_yaml(contract: Mapping[str, Any]) -> str:
    """Return the document as YAML, its keys in their order, without anchors."""
    return yaml.dump(contract, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def _operation(
    operation: Operation,
    operations: Sequence[Operation],
    parts: Mapping[str, str],
    examples: Examples,
) -> dict[str, Any]:
    parameters = [
        *(_path_parameter(part, operation.path, parts) for part in operation.parts),
        *(_query_parameter(parameter) for parameter in operation.parameters),
    ]
    return {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.tag],
        **({"parameters": parameters} if parameters else {}),
        "responses": {
            "200": _success(operation, operations, examples),
            **_further(operation),
        },
    }


def _success(
    operation: Operation, operations: Sequence[Operation], examples: Examples
) -> dict[str, Any]:
    leads = links(operation, operations)
    if operation.does is Does.SEND_FILE:
        content = _file_content(operation)
    else:
        media = {"schema": ref(operation.response), "example": examples[operation.id]}
        content = {operation.media_type: media}
    return {
        "description": f"{operation.summary}.",
        "headers": _headers(_success_headers(operation)),
        "content": content,
        **({"links": leads} if leads else {}),
    }


def _file_content(operation: Operation) -> dict[str, Any]:
    return {name: {"schema": ref(operation.response)} for name in MEDIA_TYPES}


def _success_headers(operation: Operation) -> Iterator[str]:
    if operation.does in _UNCACHED:
        yield from _ALWAYS
        return
    if operation.does is Does.SEND_FILE:
        yield from _FILE
        return
    yield from _FOUND
    if operation.does in _STORED:
        yield "Content-Revision"
    if operation.response.endswith("Item"):
        yield "Content-Language"
    if operation.does is Does.READ and operation.type:
        yield "Last-Modified"
    if operation.does is Does.LIST:
        yield "Link"
    if operation.does is Does.EXPLAIN_PROBLEM:
        yield "Content-Security-Policy"


def _further(operation: Operation) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    # What is wrong with a query, where one is read, goes before what is no HTTP: one each status.
    kinds = [BAD_REQUEST, *_EVERYWHERE]
    if operation.does not in _UNCACHED:
        unchanged = (name for name in _success_headers(operation) if name not in _METADATA)
        answers["304"] = {
            "description": "The client's copy is current (RFC 9110, 15.4.5).",
            "headers": _headers(_UNCHANGED_FILE if operation.does is Does.SEND_FILE else unchanged),
        }
        kinds += (PRECONDITION_FAILED, NOT_ACCEPTABLE)
    if operation.path.startswith(PREFIX):
        kinds.append(INVALID_PARAMETER)
    if REV in operation.parameters:
        kinds.append(REVISION_GONE)
    if operation.parts or (operation.does is Does.READ and operation.type):
        kinds += (NOT_FOUND, GONE) if operation.type else (NOT_FOUND,)
    if operation.type and operation.parts:
        answers["308"] = {
            "description": "The entry has another slug now (RFC 9110, 15.4.9).",
            "headers": _headers((*_ALWAYS, "Location")),
        }
    if operation.does is Does.SEND_FILE:
        kinds += (RANGE_NOT_SATISFIABLE, NOT_READY)
        answers["206"] = {
            "description": "The part that Range asked for (RFC 9110, 15.3.7).",
            "headers": _headers((*_FILE, "Content-Range")),
            "content": _file_content(operation),
        }
    if operation.does in _STORED:
        kinds.append(NOT_READY)
    if operation.does is Does.TELL_READINESS:
        answers["503"] = {
            "description": "Nothing has been published yet, or the store cannot be read.",
            "headers": _headers(_ALWAYS),
            "content": {"application/json": {"schema": ref("Readiness"), "example": _UNREADY}},
        }
    for kind in kinds:
        answers[str(kind.status)] = {"$ref": f"#/components/responses/{kind.code}"}
    return dict(sorted(answers.items()))


def _headers(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _path_parameter(part: PathPart, path: str, examples: Mapping[str, str]) -> dict[str, Any]:
    above, name, _ = path.partition(f"{{{part.name}}}")
    example = examples.get(above + name)
    return {
        "name": part.name,
        "in": "path",
        "required": True,
        "description": part.description,
        "schema": {"type": "string", "pattern": part.pattern, "maxLength": part.length},
        **({"example": example} if example else {}),
    }


def _query_parameter(parameter: Parameter) -> dict[str, Any]:
    schema: Schema
    match parameter.takes:
        case Choice(values):
            schema = {"type": "string", "enum": list(values), "default": values[0]}
        case Language():
            schema = {"type": "string", "maxLength": LONGEST_TAG, "examples": ["uk-UA"]}
        case RevisionName():
            schema = {"type": "string", "pattern": REVISION_PATTERN}
        case Number(least, most, default):
            schema = {"type": "integer", "minimum": least, "maximum": most, "default": default}
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.description,
        "schema": schema,
    }


def _problem(kind: ProblemKind) -> dict[str, Any]:
    extra = _EXTRA.get(kind, ())
    faults = (
        (Fault("query", "pgae", "unknown_parameter", ("limit", "page"), "page"),)
        if kind is INVALID_PARAMETER
        else ()
    )
    example = problem_document(
        kind,
        kind.meaning,
        faults,
        instance="/v1/articles",
        request_id="7hXk2pQ9sT",
        public_url="",
        members=_GONE if kind.status == GONE.status else {},
    )
    # What is gone has one schema, for an operation says one of a status.
    schema = ref("GoneProblem" if kind.status == GONE.status else "Problem")
    return {
        "description": kind.meaning,
        "headers": _headers((*_ALWAYS, *extra)),
        "content": {"application/problem+json": {"schema": schema, "example": example}},
    }


def _envelopes(models: Models, views: Views) -> dict[str, Schema]:
    found: dict[str, Schema] = {"Included": _included(models, views)}
    for name, model in models.items():
        item, card = views.items[name].name, views.cards[name].name
        found[f"{item}Item"] = item_envelope(ref(item), f"One {name}.")
        if isinstance(model.collection, SingleFile):
            continue
        for data in (item, card):
            found[f"{data}Page"] = object_schema(
                f"A page of a list of {model.collection.name}.",
                {
                    "data": {"type": "array", "items": ref(data)},
                    "included": ref("Included"),
                    "meta": ref("PageMeta"),
                    "links": ref("PageLinks"),
                },
            )
        found[f"{item}List"] = {
            "description": "Cards, or whole items where `view=full` asks for them.",
            "anyOf": [ref(f"{item}Page"), ref(f"{card}Page")],
        }
    return found


def _included(models: Models, views: Views) -> Schema:
    by_collection = {
        model.collection.name: {
            "type": "object",
            "description": f"Entries of {model.collection.name}, by id.",
            "additionalProperties": ref(views.items[name].name),
        }
        for name, model in models.items()
    }
    return object_schema(
        "Entries that the request asked to include, by collection and id.",
        by_collection,
        optional=frozenset(by_collection),
    )
