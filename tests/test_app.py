import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.compiler.tools import contract_of
from api.contract.operations import REV, Does, Operation, media_address, operations
from api.contract.proof import Proof
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
    UNAUTHORIZED,
    URI_TOO_LONG,
    ProblemKind,
)
from api.http.validators import entity_tag
from api.settings import Settings
from api.store.rows import GoneRow, MediaRow, UnitRows, stored
from api.store.writer import publish, publishing
from schemas.discovery import discover
from schemas.shape import SchemaError
from tests.support import NOW, SMALL, STAMP, Site, client, own_models, units, write

Json = Any
OPERATIONS = {operation.id: operation for operation in operations(own_models())}
ADDRESSES = {
    "getApiRoot": "/",
    "getApiIndex": "/v1",
    "listArticles": "/v1/articles",
    "getArticle": "/v1/articles/first",
    "listComments": "/v1/comments",
    "getComment": "/v1/comments/said",
    "getContact": "/v1/contact",
    "listPeople": "/v1/people",
    "getPerson": "/v1/people/ann",
    "listSections": "/v1/sections",
    "listArticleSections": "/v1/articles/first/sections",
    "getArticleSection": "/v1/articles/first/sections/part",
    "listServices": "/v1/services",
    "getService": "/v1/services/care",
    "getSite": "/v1/site",
    "listTopics": "/v1/topics",
    "getTopic": "/v1/topics/one",
    "listSchemas": "/v1/schemas",
    "getSchema": "/v1/schemas/article",
    "getOpenApiYaml": "/v1/openapi.yaml",
    "getOpenApiJson": "/v1/openapi.json",
    "getCurrentOpenApi": "/openapi.yaml",
    "getMediaFile": media_address(entity_tag(b"a,b\n"), "list.csv"),
    "getProblemPage": "/docs/problems/not_found",
    "getHealth": "/healthz",
    "getReadiness": "/readyz",
}
FILES = {**SMALL, "comments/said.md": "---\narticle: first\n---\nWords.\n"}
UNCACHED = frozenset({Does.TELL_HEALTH, Does.TELL_READINESS})
STORED = frozenset({Does.READ, Does.LIST})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[TestClient]:
    site = Site(folder / "whole", FILES)
    site.publish()
    table = MediaRow(entity_tag(b"a,b\n"), "list.csv", "text/csv; charset=utf-8", b"a,b\n")
    with publishing(site.store, NOW) as making:
        making.put(UnitRows("table", [stored(table)]))
        making.finish(STAMP)
    with client(site.settings) as served:
        yield served


@pytest.fixture(scope="module")
def unpublished(folder: Path) -> Iterator[TestClient]:
    with client(Settings(store=folder / "none.db")) as served:
        yield served


@pytest.fixture(scope="module")
def gone(folder: Path) -> Iterator[TestClient]:
    """A server of a store in which everything was withdrawn."""
    store = folder / "gone.db"
    rows = [GoneRow(address, "Example reason.", "/v1/site") for address in ADDRESSES.values()]
    publish(store, units(rows), STAMP, NOW)
    with client(Settings(store=store)) as served:
        yield served


@pytest.fixture(scope="module")
def damaged(folder: Path) -> Iterator[TestClient]:
    """A server whose store loses its content while it is open."""
    site = Site(folder / "damaged")
    with site.served() as served:
        assert served.get("/v1/nothing").status_code == 404
        with closing(sqlite3.connect(site.store)) as connection:
            connection.executescript("DROP TABLE representation; DROP TABLE entry")
        yield served


@pytest.fixture(scope="module")
def nonsense(folder: Path) -> Iterator[TestClient]:
    """A server of a store that has what no program of ours wrote."""
    site = Site(folder / "nonsense", FILES)
    site.publish()
    with closing(sqlite3.connect(site.store, isolation_level=None)) as connection:
        connection.execute("UPDATE representation SET last_modified = 'no date'")
        connection.execute("UPDATE entry SET card = 5")
    with client(site.settings) as served:
        yield served


def test_damage_that_an_answer_meets_is_told_by_readiness_for_a_while(damaged: TestClient) -> None:
    answer = damaged.get("/v1/articles/first")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["detail"] == "The store cannot be read."
    ready = damaged.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
    assert ready.json()["store_damage"] == "it cannot be read"


@pytest.mark.parametrize("path", ["/", "/healthz", "/docs/problems/internal_error"])
def test_what_needs_no_store_is_answered_above_a_damaged_one(
    damaged: TestClient, path: str
) -> None:
    assert damaged.get(path).status_code == 200


@pytest.fixture(scope="module")
def contract() -> Mapping[str, Json]:
    return contract_of(discover())


@pytest.fixture(scope="module")
def proof(contract: Mapping[str, Json]) -> Proof:
    return Proof(contract)


def test_every_operation_has_an_address_here() -> None:
    assert list(ADDRESSES) == list(OPERATIONS)


each_address = pytest.mark.parametrize(
    "address", [pytest.param(address, id=name) for name, address in ADDRESSES.items()]
)


@each_address
def test_operation_answers(served: TestClient, address: str) -> None:
    assert served.get(address).status_code == 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that must fail: what follows the address, and how it is asked for."""

    kind: ProblemKind
    query: str = ""
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    server: str = "served"


def mistakes(operation: Operation) -> Iterator[Asked]:
    """Yield a request for each kind of problem that an operation can have."""
    yield Asked(METHOD_NOT_ALLOWED, method="DELETE")
    yield Asked(CONTENT_TOO_LARGE, body=b"body")
    yield Asked(URI_TOO_LONG, query="?" + "a" * 9_000)
    yield Asked(HEADERS_TOO_LARGE, headers={"x-large": "a" * 33_000})
    if operation.does not in UNCACHED:
        yield Asked(NOT_ACCEPTABLE, headers={"accept-encoding": "*;q=0"})
        yield Asked(PRECONDITION_FAILED, headers={"if-match": '"another"'})
    if operation.path.startswith("/v1"):
        yield Asked(INVALID_PARAMETER, query="?no_such_parameter=1")
    if operation.parts:
        yield Asked(NOT_FOUND)
    if REV in operation.parameters:
        yield Asked(REVISION_GONE, query="?rev=0123456789abcdef")
    if operation.type and (operation.parts or operation.does is Does.READ):
        yield Asked(GONE, server="gone")
    if operation.does is Does.SEND_FILE:
        yield Asked(RANGE_NOT_SATISFIABLE, headers={"range": "bytes=4-"})
        yield Asked(NOT_READY, server="unpublished")
    if operation.does in STORED:
        yield Asked(NOT_READY, server="unpublished")
        yield Asked(INTERNAL_ERROR, server="nonsense")


@pytest.mark.parametrize(
    ("operation", "asked"),
    [
        pytest.param(operation, asked, id=f"{operation.id}-{asked.kind.code}")
        for operation in OPERATIONS.values()
        for asked in mistakes(operation)
    ],
)
def test_every_mistake_is_answered_by_the_problem_that_the_contract_has(
    request: pytest.FixtureRequest,
    proof: Proof,
    contract: Mapping[str, Json],
    operation: Operation,
    asked: Asked,
) -> None:
    server: TestClient = request.getfixturevalue(asked.server)
    address = ADDRESSES[operation.id]
    if asked.kind is NOT_FOUND:
        address = operation.path
        for part in operation.parts:
            address = address.replace(f"{{{part.name}}}", "nothing")
    target = address + asked.query
    answer = server.request(asked.method, target, headers=asked.headers, content=asked.body)
    assert answer.status_code == asked.kind.status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert list(proof.faults("GoneProblem" if asked.kind.status == 410 else "Problem", body)) == []
    assert body["type"] == f"/docs/problems/{asked.kind.code}"
    assert body["status"] == asked.kind.status
    assert body["instance"] == address
    assert body["request_id"] == answer.headers["x-request-id"]
    promised = contract["paths"][operation.path]["get"]["responses"]
    # Of the kinds with one status an operation names one; what is gone looks the same for both.
    codes = {kind.code for kind in (asked.kind, GONE) if kind.status == asked.kind.status}
    assert promised[str(asked.kind.status)]["$ref"].rpartition("/")[2] in codes
    described = contract["components"]["responses"][asked.kind.code]["headers"]
    assert undescribed(answer.headers, described) == set()


def test_every_kind_of_problem_is_among_the_mistakes() -> None:
    seen = {asked.kind.code for operation in OPERATIONS.values() for asked in mistakes(operation)}
    below = {BAD_REQUEST.code}  # the connection refuses it: see tests/wire
    assert seen == set(PROBLEMS) - below - {UNAUTHORIZED.code}, "which a preview alone answers"


def undescribed(headers: Mapping[str, str], described: Mapping[str, Json]) -> set[str]:
    """Return the headers that are sent but not described; those of content are OpenAPI's own."""
    content = {"content-type", "content-length"}
    return {name.lower() for name in headers} - {name.lower() for name in described} - content


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
@pytest.mark.parametrize("name", ADDRESSES)
def test_every_header_is_described(
    served: TestClient, contract: Mapping[str, Json], name: str, coding: str
) -> None:
    promised = contract["paths"][OPERATIONS[name].path]["get"]["responses"]
    answer = served.get(ADDRESSES[name], headers={"accept-encoding": coding})
    assert undescribed(answer.headers, promised["200"]["headers"]) == set()
    assert answer.headers["content-type"] in promised["200"]["content"]
    if "etag" in answer.headers:
        headers = {"accept-encoding": coding, "if-none-match": answer.headers["etag"]}
        current = served.get(ADDRESSES[name], headers=headers)
        assert current.status_code == 304
        assert undescribed(current.headers, promised["304"]["headers"]) == set()


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        *(pytest.param(address, {}, id=name) for name, address in ADDRESSES.items()),
        pytest.param("/v1/articles/first", {"accept-encoding": "gzip"}, id="gzip"),
        pytest.param("/v1/articles/first", {"accept-encoding": "br"}, id="br"),
        pytest.param("/v1/articles/first?rich_text=html", {}, id="another form"),
        pytest.param("/v1/articles?limit=1", {}, id="page"),
        pytest.param("/v1/articles/first", {"if-none-match": "*"}, id="not modified"),
        pytest.param("/v1/articles/", {}, id="redirect"),
        pytest.param("/nothing", {}, id="no route"),
        pytest.param("/v1/articles/nothing", {}, id="no entry"),
        pytest.param("/v1?a=1", {}, id="wrong parameter"),
        pytest.param("/v1", {"if-match": '"a"'}, id="precondition"),
        pytest.param("/v1", {"accept-encoding": "*;q=0"}, id="no coding"),
    ],
)
def test_head_is_answered_as_get_is_but_without_a_body(
    served: TestClient, path: str, headers: Mapping[str, str]
) -> None:
    given = {**headers, "x-request-id": "same"}
    get, head = served.get(path, headers=given), served.head(path, headers=given)
    assert head.status_code == get.status_code
    assert list(head.headers.multi_items()) == list(get.headers.multi_items())
    assert head.content == b""


@each_address
def test_options_are_answered_everywhere(served: TestClient, address: str) -> None:
    answer = served.options(address)
    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@each_address
def test_trailing_slash_is_redirected_everywhere(served: TestClient, address: str) -> None:
    if address == "/":
        assert served.get("/").status_code == 200
        return
    answer = served.get(f"{address}/?a=1")
    assert answer.status_code == 308
    assert answer.headers["location"] == f"{address}?a=1"


def test_answer_that_was_kept_is_the_one_that_was_given_first(served: TestClient) -> None:
    for path in ("/v1/articles/second", "/v1/articles?page=1", "/v1/topics/two?rich_text=text"):
        first, second = (served.get(path, headers={"x-request-id": "same"}) for _ in range(2))
        assert first.content == second.content
        assert first.headers == second.headers


def journal_mode(store: Path, mode: str) -> str:
    """Set a store's journal mode, which no other connection may have open, and return it."""
    with closing(sqlite3.connect(store, timeout=0)) as connection:
        found: str = connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()[0]
        return found


def test_store_is_closed_when_the_application_ends(tmp_path: Path) -> None:
    site = Site(tmp_path)
    with site.served() as served:
        assert served.get("/v1").status_code == 200
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            journal_mode(site.store, "delete")
    assert journal_mode(site.store, "delete") == "delete"


def test_application_that_served_nothing_ends(tmp_path: Path) -> None:
    with client(Settings(store=tmp_path / "store.db")):
        pass
    assert list(tmp_path.iterdir()) == []


def test_types_of_another_folder_are_served(tmp_path: Path) -> None:
    schemas = write(
        tmp_path / "types",
        {
            "note.py": (
                '"""Notes."""\n\n'
                "from typing import ClassVar\n\n"
                "from schemas.collection import Folder\n"
                "from schemas.entry import Entry\n"
                "from schemas.fields import Title\n\n\n"
                "class Note(Entry):\n"
                '    """A note."""\n\n'
                '    collection: ClassVar = Folder(name="notes", path="/notes/{slug}")\n'
                "    title: Title\n"
                '    """The title."""\n'
                '    example: ClassVar[str] = "title: Example\\n"\n'
            )
        },
    )
    with Site(tmp_path, {"notes/a.yaml": "title: A\n"}, schemas).served() as served:
        assert served.get("/v1/notes/a").json()["data"]["title"] == "A"
        assert served.get("/v1/articles").status_code == 404


def test_wrong_types_are_refused_before_anything_is_served(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="no content type is declared here"):
        create_app(Settings(store=tmp_path / "store.db", schemas=tmp_path))


def test_store_that_can_no_longer_be_read_is_not_ready(folder: Path) -> None:
    site = Site(folder / "unreadable")
    with site.served() as served:
        assert served.get("/readyz").status_code == 200
        with closing(sqlite3.connect(site.store)) as connection:
            connection.execute("DROP TABLE revision")
        assert served.get("/readyz").json()["status"] == "unavailable"
        assert served.get("/v1/articles").status_code == 503
        assert served.get("/healthz").status_code == 200
