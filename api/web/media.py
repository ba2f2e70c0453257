"""Images and other files: sent from the store in pieces, whole or as a range of bytes."""

from collections.abc import Mapping

from starlette.types import Receive, Scope, Send

from api.errors import (
    NOT_ACCEPTABLE,
    NOT_FOUND,
    PRECONDITION_FAILED,
    RANGE_NOT_SATISFIABLE,
    ProblemError,
)
from api.http.caching import IMMUTABLE
from api.http.conditional import Outcome, evaluate
from api.http.cors import FILE_HEADERS
from api.http.disposition import content_disposition
from api.http.negotiation import IDENTITY, negotiate
from api.http.ranges import ACCEPT_RANGES, ByteRange, Whole, asked_range, range_holds
from api.store.reader import StoredMedia
from api.web.content import Content
from api.web.responses import FIELDS, NOSNIFF, REQUEST_ID, Header, conditions, send_answer
from schemas.media import KINDS, MEDIA_TYPES

PIECE = 256 * 1024
"""How many bytes of a file are in memory at once."""
_ALWAYS: tuple[Header, ...] = (
    (b"cache-control", IMMUTABLE.encode()),
    # Pages that isolate themselves may show the file too (Fetch, 3.7).
    (b"cross-origin-resource-policy", b"cross-origin"),
    NOSNIFF,
    *FILE_HEADERS,
)
_POLICY = "default-src 'none'"


class MediaEndpoint:
    """Answers with a file of the store, by its digest and its name."""

    def __init__(self, content: Content) -> None:
        self._content = content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3.0); raises ProblemError where the file is not sent."""
        digest, name = (scope["path_params"][part] for part in ("digest", "name"))
        media = self._content.media(digest, name)
        if media is None:
            raise ProblemError(NOT_FOUND, "No file has this digest and this name.")
        fields = {name: value.decode("latin-1") for name, value in scope[FIELDS].items()}
        if negotiate(fields.get(b"accept-encoding", ""), (IDENTITY,)) is None:
            raise ProblemError(
                NOT_ACCEPTABLE, "Accept-Encoding refuses the one coding on offer: identity."
            )
        etag = f'"{digest}"'
        unchanged: tuple[Header, ...] = ((b"etag", etag.encode()), *_ALWAYS)
        match evaluate(conditions(scope), etag, None):
            case Outcome.NOT_MODIFIED:
                await send_answer(scope, send, 304, unchanged)
            case Outcome.PRECONDITION_FAILED:
                raise ProblemError(PRECONDITION_FAILED, f"The present entity tag is {etag}.")
            case Outcome.PROCEED:
                part = _part(scope["method"], fields, etag, media.length)
                headers = (*_described(media, name), *unchanged)
                await self._send(scope, send, media, part, headers)

    async def _send(
        self,
        scope: Scope,
        send: Send,
        media: StoredMedia,
        part: ByteRange | None,
        headers: tuple[Header, ...],
    ) -> None:
        first, length = (part.first, part.length) if part else (0, media.length)
        # The file is read from the store that was asked first, even where another takes its place.
        reader = self._content.reader
        sized = [(b"content-length", str(length).encode()), *headers]
        if part:
            sized.append((b"content-range", part.content_range(media.length).encode()))
        sized.append((b"x-request-id", scope[REQUEST_ID]))
        status = 206 if part else 200
        await send({"type": "http.response.start", "status": status, "headers": sized})
        end = first if scope["method"] == "HEAD" else first + length
        for start in range(first, end, PIECE):
            piece = reader.part(media, start, min(PIECE, end - start))
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _part(method: str, fields: Mapping[bytes, str], etag: str, length: int) -> ByteRange | None:
    """Return the part to send, None for the whole; Range counts for GET alone (RFC 9110, 14.2)."""
    if method != "GET" or not range_holds(fields.get(b"if-range"), etag):
        return None
    asked = asked_range(fields.get(b"range"), length)
    if asked is Whole.NOT_SATISFIABLE:
        raise ProblemError(
            RANGE_NOT_SATISFIABLE,
            f"The file has {length:,} bytes.",
            headers={"Content-Range": f"bytes */{length}"},
        )
    return asked if isinstance(asked, ByteRange) else None


def _described(media: StoredMedia, name: str) -> tuple[Header, ...]:
    """Return the headers that say what a file is, and what a browser may do with it."""
    kind = MEDIA_TYPES[media.media_type]
    # Chromium shows no PDF in a sandbox.
    policy = _POLICY if kind is KINDS[".pdf"] else f"{_POLICY}; sandbox"
    return (
        (b"content-type", media.media_type.encode()),
        (b"content-disposition", content_disposition(name, inline=kind.inline).encode()),
        (b"content-security-policy", policy.encode()),
        (b"accept-ranges", ACCEPT_RANGES.encode()),
    )
