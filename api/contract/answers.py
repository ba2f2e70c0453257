"""The schemas of all that the API says beside content: envelopes, indexes, health, problems."""

from collections.abc import Mapping

from api.contract.schema import (
    Schema,
    constant,
    described,
    extensible,
    nullable,
    object_schema,
    ref,
)

_STRING: Schema = {"type": "string"}
_INTEGER: Schema = {"type": "integer"}


def item_envelope(data: Schema, description: str) -> Schema:
    """Return the schema of the envelope around one item."""
    return object_schema(
        description, {"data": data, "included": ref("Included"), "meta": ref("ItemMeta")}
    )


_LINK = described(_STRING, "A path of this API.")
_PROBLEM: Mapping[str, Schema] = {
    "type": described(_STRING, "The address of the page about this kind of problem."),
    "title": described(_STRING, "The kind of problem in a few words."),
    "status": described(_INTEGER, "The HTTP status."),
    "detail": described(_STRING, "What is wrong with this request."),
    "instance": described(_STRING, "The path that was asked for."),
    "request_id": described(_STRING, "The id of the request, for the operator's log."),
    "errors": {
        "type": "array",
        "description": "The wrong parts of the request.",
        "items": ref("ProblemFault"),
    },
}
COMMON: Mapping[str, Schema] = {
    "ItemMeta": object_schema("About the answer.", {"locale": ref("LocaleMeta")}),
    "LocaleMeta": object_schema(
        "The language asked for and the one served; both are among the site's.",
        {
            "requested": described(_STRING, "The language asked for (BCP 47)."),
            "served": described(_STRING, "The language served (BCP 47)."),
            "fallback": {
                "type": "array",
                "description": "The fields that the translation lacks: they are in the default "
                "language.",
                "items": _STRING,
            },
        },
    ),
    "PageMeta": object_schema(
        "Where the page stands in its list.",
        {
            "total": described(_INTEGER, "How many entries the list has."),
            "page": described(_INTEGER, "Which page this is, from 1."),
            "limit": described(_INTEGER, "How many entries a page has."),
            "pages": described(_INTEGER, "How many pages there are."),
        },
    ),
    "PageLinks": object_schema(
        "The addresses of this page and its neighbours.",
        {
            "self": described(_STRING, "This page."),
            "first": described(_STRING, "The first page."),
            "prev": described(nullable(_STRING), "The page before this one."),
            "next": described(nullable(_STRING), "The page after this one."),
            "last": described(_STRING, "The last page."),
        },
    ),
    "ApiRoot": object_schema(
        "What this service is.",
        {
            "name": described(_STRING, "The program's name."),
            "version": described(_STRING, "The program's version."),
            "versions": {
                "type": "array",
                "description": "The versions of the API.",
                "items": ref("ApiVersion"),
            },
            "links": ref("ApiLinks"),
        },
    ),
    "ApiVersion": object_schema(
        "A version of the API.",
        {
            "name": described(_STRING, "The version's name in paths."),
            "status": described(extensible(("current",)), "Whether to build on it."),
            "href": described(_STRING, "Its index."),
        },
    ),
    "ApiLinks": object_schema(
        "Where to read on.",
        {
            "contract": described(_STRING, "The contract, as YAML."),
            "health": described(_STRING, "Whether the process answers."),
            "readiness": described(_STRING, "Which revision is served."),
        },
    ),
    "ApiIndexItem": item_envelope(ref("ApiIndex"), "The collections and languages."),
    "ApiIndex": object_schema(
        "The collections and languages.",
        {
            "collections": {
                "type": "array",
                "description": "The collections, by name.",
                "items": ref("ApiCollection"),
            },
            "locales": {
                "type": "array",
                "description": "The site's languages (BCP 47).",
                "items": _STRING,
            },
            "default_locale": described(_STRING, "The language of content that names no other."),
            "links": ref("ApiIndexLinks"),
        },
    ),
    "ApiCollection": object_schema(
        "A collection.",
        {
            "name": described(_STRING, "The collection's name in paths."),
            "type": described(_STRING, "The type of its entries."),
            "kind": described(
                extensible(("folder", "single", "embedded")),
                "Whether it has many entries, one, or parts of other entries.",
            ),
            "href": described(_LINK, "The list; for a single entry, the entry."),
            "schema": described(_LINK, "The JSON Schema of the type."),
        },
    ),
    "ApiIndexLinks": object_schema(
        "Where to read on.",
        {
            "schemas": described(_LINK, "The types' schemas."),
            "openapi_yaml": described(_LINK, "The contract, as YAML."),
            "openapi_json": described(_LINK, "The contract, as JSON."),
        },
    ),
    "SchemaIndexItem": item_envelope(ref("SchemaIndex"), "The content types' schemas."),
    "SchemaIndex": object_schema(
        "The content types' schemas.",
        {
            "schemas": {
                "type": "array",
                "description": "One member for each type.",
                "items": ref("SchemaEntry"),
            },
        },
    ),
    "SchemaEntry": object_schema(
        "Where a type's schema is.",
        {
            "type": described(_STRING, "The type's name."),
            "href": described(_LINK, "The schema's address."),
        },
    ),
    "JsonSchema": {
        "type": "object",
        "description": "A JSON Schema of dialect 2020-12.",
        "required": ["$schema", "$id", "title", "type", "properties", "$defs"],
        "additionalProperties": True,
    },
    "OpenApiDocument": {
        "type": "object",
        "description": "An OpenAPI 3.1 document.",
        "required": ["openapi", "info", "paths", "components"],
        "additionalProperties": True,
    },
    "HtmlPage": described(_STRING, "A page of HTML."),
    "MediaFile": {"type": "string", "format": "binary", "description": "The bytes of a file."},
    "Health": object_schema(
        "The process answers.", {"status": described(constant("ok"), "Always ok.")}
    ),
    "Readiness": object_schema(
        "Which revision is served, and how the last publish went.",
        {
            "status": described(
                extensible(("ready", "degraded", "unavailable")),
                "degraded: an older revision stands in; unavailable: there is none.",
            ),
            "revision": described(nullable(_STRING), "The revision served: 16 hex digits."),
            "published_at": described(
                {"type": ["string", "null"], "format": "date-time"}, "When it was published."
            ),
            "served_since": described(
                {"type": ["string", "null"], "format": "date-time"},
                "Since when this server serves it; null where it is so new that this is not known.",
            ),
            "next_change": described(
                {"type": ["string", "null"], "format": "date-time"},
                "When the next entry begins or ends, and a publish is due; null where none does. "
                "A minute after it an older revision stands in: degraded.",
            ),
            "folder_changed": described(
                {"type": ["boolean", "null"]},
                "Whether the content folder has changed since it was published; null where nobody "
                "watches it.",
            ),
            "store_damage": described(
                nullable(_STRING),
                "What is wrong with the store's file, which is served as far as it can be until "
                "the content is published into a new one; null where nothing is known to be.",
            ),
            "last_failure": {
                "oneOf": [ref("PublishFailure"), {"type": "null"}],
                "description": "How the last publish failed, if it did.",
            },
        },
    ),
    "PublishFailure": object_schema(
        "A publish that failed.",
        {
            "at": described({"type": "string", "format": "date-time"}, "When."),
            "reason": described(
                extensible(("content", "store", "shrink", "compiler")),
                "content: it has Issues; store: it could not be written; shrink: more than a third "
                "of the entries would end; compiler: the process "
                "that compiles has died, or gone beyond its bounds.",
            ),
            "issues": described(_INTEGER, "How many Issues the content has."),
            "codes": {
                "type": "array",
                "items": _STRING,
                "description": "The codes of the Issues, each once.",
            },
            "texts": {
                "type": ["array", "null"],
                "items": _STRING,
                "description": "What went wrong, in words: the first 100 Issues; null where they "
                "are not told to everyone, and the request has not the token.",
            },
        },
    ),
    "Problem": object_schema("A problem document (RFC 9457).", _PROBLEM),
    "GoneProblem": object_schema(
        "The problem document of what is gone.",
        {
            **_PROBLEM,
            "reason": described(
                nullable(_STRING), "Why it is gone, in the site's default language."
            ),
            "replacement": described(nullable(_LINK), "The address to read instead."),
        },
    ),
    "ProblemFault": object_schema(
        "One wrong part of a request.",
        {
            "in": described(
                extensible(("query", "header", "path")),
                "Where it stands.",
            ),
            "name": described(_STRING, "Its name, as the request has it."),
            "code": described(_STRING, "What is wrong with it."),
            "allowed": {
                "type": "array",
                "items": _STRING,
                "description": "What would be right; empty where that is no list.",
            },
            "did_you_mean": described(nullable(_STRING), "The nearest of what is allowed."),
        },
    ),
}
