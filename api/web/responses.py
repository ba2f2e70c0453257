"""Answers: stored bytes with header tuples made beforehand, problems, redirects."""

from collections.abc import Awaitable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from starlette.types import Scope, Send

from api.contract.problems import document
from api.errors import NOT_ACCEPTABLE, PRECONDITION_FAILED, ProblemError
from api.http.caching import NO_STORE, cache_control
from api.http.coding import CODINGS, encode
from api.http.conditional import Conditions, Outcome, evaluate
from api.http.cors import PREFLIGHT_HEADERS, RESPONSE_HEADERS
from api.http.negotiation import IDENTITY
from api.http.validators import coded_tag, entity_tag, http_date

Header = tuple[bytes, bytes]

ALLOW = "GET, HEAD, OPTIONS"
NOSNIFF: Header = (b"x-content-type-options", b"nosniff")
ALWAYS: tuple[Header, ...] = (NOSNIFF, *RESPONSE_HEADERS)
VARY: Header = (b"vary", b"Accept-Encoding")
LASTING: tuple[Header, ...] = ((b"cache-control", cache_control().encode()),)
"""How long an answer may be kept that time alone does not change."""
EVERYTHING = "*"
"""The name of what each publish touches."""
CONDITIONAL = frozenset(
    {b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since"}
)
_PRECEDING = frozenset({b"if-match", b"if-unmodified-since"})
"""What is evaluated before If-None-Match (RFC 9110, 13.2.2)."""
REQUEST_ID = "keypoint.request_id"
"""Where the scope keeps the request's id."""
CODING = "keypoint.coding"
"""Where the scope keeps the coding that the request takes, None where it takes none on offer."""
FIELDS = "keypoint.fields"
"""Where the scope keeps those header fields of the request that mean something here."""
HEADERS_SIZE = "keypoint.headers_size"
"""Where the scope keeps how many bytes all header fields of the request have."""
REVISION = "keypoint.revision"
"""Where the scope keeps the revision that the request is pinned to."""
MOVING = "keypoint.moving"
"""Where the scope keeps the headers that move with time and revision: Cache-Control is first."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A representation in one coding: its bytes and the headers of 200, and those of 304.

    Those that move with time and revision are none of them.
    """

    etag: bytes
    last_modified: datetime | None
    body: bytes
    headers: tuple[Header, ...]
    unchanged: tuple[Header, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A representation ready to be sent; codings are made at their first use and kept.

    `headers` are those that only this representation has. `shows` names what it shows: addresses
    and types, as the store tells which of them a revision has touched.
    """

    identity: bytes
    media_type: str
    tag: str
    last_modified: datetime | None = None
    headers: tuple[Header, ...] = ()
    language: str | None = None
    gzip: bytes | None = None
    shows: Collection[str] = (EVERYTHING,)
    coded: dict[str, Coded] = field(default_factory=dict)

    def coding(self, name: str) -> Coded:
        """Return the representation in one of CODINGS."""
        if name not in self.coded:
            self.coded[name] = self._code(name)
        return self.coded[name]

    def _code(self, name: str) -> Coded:
        stored = self.gzip if name == "gzip" else None
        body = stored or encode(self.identity, name)
        etag = coded_tag(self.tag, name).encode()
        unchanged = ((b"etag", etag), VARY, *self.headers, *RESPONSE_HEADERS)
        encoding = () if name == IDENTITY else ((b"content-encoding", name.encode()),)
        headers = (
            (b"content-type", self.media_type.encode()),
            (b"content-length", str(len(body)).encode()),
            *encoding,
            *self._metadata(),
            NOSNIFF,
            *unchanged,
        )
        return Coded(etag, self.last_modified, body, headers, unchanged)

    def _metadata(self) -> Iterator[Header]:
        """Yield what a client knows that has the bytes, so 304 leaves it out (15.4.5)."""
        if self.last_modified:
            yield b"last-modified", http_date(self.last_modified).encode()
        if self.language:
            yield b"content-language", self.language.encode()


def prepare(identity: bytes, media_type: str, *headers: Header) -> Prepared:
    """Prepare bytes that were made just now."""
    return Prepared(identity, media_type, entity_tag(identity), headers=headers)


def respond(prepared: Prepared, scope: Scope, send: Send) -> Awaitable[None]:
    """Answer a GET or HEAD in the coding that it takes, as `respond_coded` does.

    Raises ProblemError when no coding is acceptable or a precondition fails.
    """
    coding: str | None = scope[CODING]
    if coding is None:
        raise ProblemError(
            NOT_ACCEPTABLE, f"Accept-Encoding refuses every coding on offer: {', '.join(CODINGS)}."
        )
    return respond_coded(prepared.coding(coding), scope, send)


def respond_coded(coded: Coded, scope: Scope, send: Send) -> Awaitable[None]:
    """Answer a GET or HEAD: the representation, 304, or a problem (RFC 9110, 13.2.2).

    Raises ProblemError when a precondition fails.
    """
    fields: Mapping[bytes, bytes] = scope[FIELDS]
    if CONDITIONAL.isdisjoint(fields):
        return send_answer(scope, send, 200, coded.headers, coded.body, *_moving(scope))
    # What a client sends that asks whether its copy is current is decided without parsing.
    if fields.get(b"if-none-match") == coded.etag and _PRECEDING.isdisjoint(fields):
        return send_answer(scope, send, 304, coded.unchanged, b"", *_moving(scope))
    match evaluate(conditions(scope), coded.etag.decode(), coded.last_modified):
        case Outcome.NOT_MODIFIED:
            return send_answer(scope, send, 304, coded.unchanged, b"", *_moving(scope))
        case Outcome.PRECONDITION_FAILED:
            raise ProblemError(
                PRECONDITION_FAILED, f"The present entity tag is {coded.etag.decode()}."
            )
        case Outcome.PROCEED:
            return send_answer(scope, send, 200, coded.headers, coded.body, *_moving(scope))


def _moving(scope: Scope) -> tuple[Header, ...]:
    moving: tuple[Header, ...] = scope.get(MOVING, LASTING)
    return moving


def conditions(scope: Scope) -> Conditions:
    """Return what a request makes its answer depend on."""
    text = {name: value.decode("latin-1") for name, value in scope[FIELDS].items()}
    return Conditions(
        if_match=text.get(b"if-match"),
        if_none_match=text.get(b"if-none-match"),
        if_modified_since=text.get(b"if-modified-since"),
        if_unmodified_since=text.get(b"if-unmodified-since"),
    )


async def send_answer(
    scope: Scope,
    send: Send,
    status: int,
    headers: Iterable[Header],
    body: bytes = b"",
    *further: Header,
) -> None:
    """Send a whole answer, without its body where HEAD asked for it."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*headers, *further, (b"x-request-id", scope[REQUEST_ID])],
        }
    )
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def send_json(scope: Scope, send: Send, status: int, value: object) -> None:
    """Send JSON that must not be kept."""
    await _send_uncached(scope, send, status, orjson.dumps(value), b"application/json")


async def send_problem(scope: Scope, send: Send, error: ProblemError, public_url: str) -> None:
    """Send a problem document (RFC 9457); it is neither compressed nor cached."""
    value = document(
        error.kind,
        error.detail,
        error.faults,
        instance=scope["raw_path"].decode("latin-1"),
        request_id=scope[REQUEST_ID].decode("ascii"),
        public_url=public_url,
        members=error.members,
    )
    extra = [(name.lower().encode(), text.encode()) for name, text in error.headers.items()]
    await _send_uncached(
        scope, send, error.kind.status, orjson.dumps(value), b"application/problem+json", *extra
    )


async def send_redirect(scope: Scope, send: Send, location: bytes) -> None:
    """Send a 308 to another path of this server (RFC 9110, 15.4.9)."""
    headers = ((b"location", location), (b"content-length", b"0"))
    await send_answer(scope, send, 308, (*headers, _moving(scope)[0], *ALWAYS))


async def send_options(scope: Scope, send: Send) -> None:
    """Send what may be asked here, for a browser's preflight too (Fetch, 4.8)."""
    headers = ((b"allow", ALLOW.encode()), *PREFLIGHT_HEADERS, NOSNIFF)
    await send_answer(scope, send, 204, headers)


async def _send_uncached(
    scope: Scope, send: Send, status: int, body: bytes, media_type: bytes, *headers: Header
) -> None:
    fixed = (
        (b"content-type", media_type),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", NO_STORE.encode()),
    )
    await send_answer(scope, send, status, (*fixed, *headers, *ALWAYS), body)
