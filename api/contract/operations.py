"""Every operation of the API, as data: what routes, parameters and openapi.yaml follow from."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, auto

from api.contract.problems import PAGES
from api.http.validators import TAG_LENGTH
from api.richtext.forms import RENDERED
from schemas.collection import Folder
from schemas.discovery import Models
from schemas.entry import EmbeddedEntry, EntryModel
from schemas.fields import SLUG, SLUG_LENGTH, SLUG_PATTERN
from schemas.media import NAME_LENGTH, NAME_PATTERN
from schemas.shape import SchemaError

PREFIX = "/v1"
CURRENT = "/openapi.yaml"
"""Where the contract of the current version is."""
MEDIA = "/media"
"""Where images and other files are."""
DIGEST_PATTERN = f"^[A-Za-z0-9_-]{{{TAG_LENGTH}}}$"
REVISION_PATTERN = "^[0-9a-f]{16}$"
PAGE_LIMIT = 100
PAGE_DEFAULT = 20
PAGE_MOST = 1_000_000
BLOCKS = "blocks"
FORMS = (BLOCKS, *RENDERED)
RESERVED = frozenset({"schemas", "resolve", "search", "manifest", "bundle", "sync", "events"})


class Does(StrEnum):
    """What an operation does; each is answered by one endpoint."""

    TELL_SERVICE = auto()
    READ = auto()
    LIST = auto()
    EXPLAIN_PROBLEM = auto()
    TELL_HEALTH = auto()
    TELL_READINESS = auto()
    SEND_FILE = auto()


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number between two bounds."""

    least: int
    most: int
    default: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words; the first is the default."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """A language tag; without one the site's default language is meant."""


@dataclass(frozen=True, slots=True)
class RevisionName:
    """The name of a revision; without one the current revision is meant."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter."""

    name: str
    takes: Number | Choice | Language | RevisionName
    description: str


@dataclass(frozen=True, slots=True)
class PathPart:
    """A variable part of a path."""

    name: str
    description: str
    pattern: str
    length: int


@dataclass(frozen=True, slots=True)
class Operation:
    """One promise of the API.

    `response` names the schema of its answer; `type` is the content type that it serves and
    `parent` the type whose entries it reads them from, where there are such.
    """

    id: str
    path: str
    does: Does
    summary: str
    tag: str
    response: str
    media_type: str = "application/json"
    parts: tuple[PathPart, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    type: str | None = None
    parent: str | None = None


RICH_TEXT = Parameter(
    "rich_text",
    Choice(FORMS),
    "Which form of rich text is filled; the others are null.",
)
PAGE = Parameter("page", Number(1, PAGE_MOST, 1), "Which page of the list, from 1.")
LIMIT = Parameter("limit", Number(1, PAGE_LIMIT, PAGE_DEFAULT), "How many entries a page has.")
VIEW = Parameter("view", Choice(("card", "full")), "Cards, or whole items.")
LOCALE = Parameter(
    "locale",
    Language(),
    "The language wanted, as a BCP 47 tag: `uk-UA` finds `uk` (RFC 4647, 3.4). What has no such "
    "translation is served in the site's default language.",
)
REV = Parameter(
    "rev",
    RevisionName(),
    "The revision to read, as `Content-Revision` names it, for answers that belong together. One "
    "that is not kept is a 410 that names the current one.",
)
LIST_PARAMETERS = (PAGE, LIMIT, VIEW, RICH_TEXT, LOCALE, REV)
ITEM_PARAMETERS = (RICH_TEXT, LOCALE, REV)

_SLUG = PathPart("slug", "The entry's slug, or its id.", SLUG_PATTERN, SLUG_LENGTH)
_KEY = PathPart("key", "The key within the parent.", SLUG_PATTERN, SLUG_LENGTH)
_NAME = PathPart("type", "The name of a content type.", "^[a-z0-9_]+$", SLUG_LENGTH)
_DIGEST = PathPart("digest", "The digest of the file's bytes.", DIGEST_PATTERN, TAG_LENGTH)
_FILE = PathPart("name", "The file's name.", NAME_PATTERN, NAME_LENGTH)
_CODE = PathPart("code", "The code of a kind of problem.", "^[a-z_]+$", SLUG_LENGTH)


def operations(models: Models) -> tuple[Operation, ...]:
    """Return all operations in the order of the contract.

    Raises SchemaError when a collection takes a name that the API itself uses.
    """
    found = (
        Operation(
            "getApiRoot", "/", Does.TELL_SERVICE, "What this service is", "service", "ApiRoot"
        ),
        Operation(
            "getApiIndex",
            PREFIX,
            Does.READ,
            "The collections and languages",
            "service",
            "ApiIndexItem",
            parameters=(REV,),
        ),
        *(operation for model in models.values() for operation in _of_type(models, model)),
        *_CONTRACT,
        _MEDIA,
        *_OPERATION,
    )
    ids = Counter(operation.id for operation in found)
    if twice := [name for name, count in ids.items() if count > 1]:
        raise SchemaError(f"two operations would be named {twice[0]}: rename a type or collection")
    return found


def item_address(model: EntryModel, slug: str) -> str:
    """Return the address of an entry that has a file of its own."""
    name = model.collection.name
    return f"{PREFIX}/{name}/{slug}" if isinstance(model.collection, Folder) else f"{PREFIX}/{name}"


def embedded_address(parent: str, model: EntryModel, key: str) -> str:
    """Return the address of an embedded entry below its parent's address."""
    return f"{parent}/{model.collection.name}/{key}"


def schema_address(type_name: str) -> str:
    """Return the address of a type's JSON Schema."""
    return f"{PREFIX}/schemas/{type_name}"


def media_address(digest: str, name: str) -> str:
    """Return the address of a file that stands beside the content."""
    return f"{MEDIA}/{digest}/{name}"


def _of_type(models: Models, model: EntryModel) -> Iterator[Operation]:
    collection = model.collection
    if collection.name in RESERVED:
        raise SchemaError(
            f"{model.__name__}: the collection's name '{collection.name}' is one of the API's own"
        )
    if not re.fullmatch(SLUG, collection.name):
        raise SchemaError(
            f"{model.__name__}: the collection's name '{collection.name}' is no slug: write "
            "lower-case letters, digits and single hyphens between them"
        )
    if issubclass(model, EmbeddedEntry):
        yield _list(model, f"list{_pascal(collection.name)}", f"{PREFIX}/{collection.name}")
        yield from _below(models[model.collection.parent], model)
    elif isinstance(collection, Folder):
        yield _list(model, f"list{_pascal(collection.name)}", f"{PREFIX}/{collection.name}")
        yield _read(model, f"get{model.__name__}", item_address(model, "{slug}"), (_SLUG,))
    else:
        yield _read(model, f"get{model.__name__}", item_address(model, ""), ())


def _below(parent: EntryModel, model: type[EmbeddedEntry]) -> Iterator[Operation]:
    parts = (_SLUG,) if isinstance(parent.collection, Folder) else ()
    path = item_address(parent, "{slug}")
    plural = f"{parent.__name__}{_pascal(model.collection.name)}"
    yield _list(
        model, f"list{plural}", f"{path}/{model.collection.name}", parts, parent.type_name()
    )
    yield _read(
        model,
        f"get{parent.__name__}{model.__name__}",
        embedded_address(path, model, "{key}"),
        (*parts, _KEY),
    )


def _list(
    model: EntryModel,
    name: str,
    path: str,
    parts: tuple[PathPart, ...] = (),
    parent: str | None = None,
) -> Operation:
    return Operation(
        name,
        path,
        Does.LIST,
        f"List {model.collection.name}" + (f" of one {parent}" if parent else ""),
        model.collection.name,
        f"{model.__name__}List",
        parts=parts,
        parameters=LIST_PARAMETERS,
        type=model.type_name(),
        parent=parent,
    )


def _read(model: EntryModel, name: str, path: str, parts: tuple[PathPart, ...]) -> Operation:
    return Operation(
        name,
        path,
        Does.READ,
        f"Read one {model.type_name()}" if parts else f"Read the {model.type_name()}",
        model.collection.name,
        f"{model.__name__}Item",
        parts=parts,
        parameters=ITEM_PARAMETERS,
        type=model.type_name(),
    )


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))


_CONTRACT = (
    Operation(
        "listSchemas",
        f"{PREFIX}/schemas",
        Does.READ,
        "The content types' schemas",
        "contract",
        "SchemaIndexItem",
        parameters=(REV,),
    ),
    Operation(
        "getSchema",
        schema_address("{type}"),
        Does.READ,
        "The JSON Schema of a content type",
        "contract",
        "JsonSchema",
        "application/schema+json",
        parts=(_NAME,),
        parameters=(REV,),
    ),
    *(
        Operation(
            name,
            path,
            Does.READ,
            summary,
            "contract",
            "OpenApiDocument",
            media_type,
        )
        for name, path, summary, media_type in (
            (
                "getOpenApiYaml",
                f"{PREFIX}/openapi.yaml",
                "This contract as YAML",
                "application/yaml",
            ),
            (
                "getOpenApiJson",
                f"{PREFIX}/openapi.json",
                "This contract as JSON",
                "application/json",
            ),
            (
                "getCurrentOpenApi",
                CURRENT,
                "The contract of the current version",
                "application/yaml",
            ),
        )
    ),
)
_MEDIA = Operation(
    "getMediaFile",
    media_address("{digest}", "{name}"),
    Does.SEND_FILE,
    "Read an image or another file of the content",
    "media",
    "MediaFile",
    "*/*",
    parts=(_DIGEST, _FILE),
)
_OPERATION = (
    Operation(
        "getProblemPage",
        f"{PAGES}/{{code}}",
        Does.EXPLAIN_PROBLEM,
        "What a kind of problem means",
        "docs",
        "HtmlPage",
        "text/html; charset=utf-8",
        parts=(_CODE,),
    ),
    Operation(
        "getHealth",
        "/healthz",
        Does.TELL_HEALTH,
        "Whether the process answers",
        "operation",
        "Health",
    ),
    Operation(
        "getReadiness",
        "/readyz",
        Does.TELL_READINESS,
        "Which revision is served, and how the last publish went",
        "operation",
        "Readiness",
    ),
)
