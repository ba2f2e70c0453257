"""An item's answer with the source of each of its values beside it."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.compiler.sources import SourceFiles
from api.errors import Place
from api.preview.parameters import no_source
from api.source.blame import Commit, blame
from api.web.responses import FIELDS, Header, send_answer
from schemas.discovery import Models

_OF_THE_BODY = frozenset({b"content-length", b"content-encoding", b"x-request-id"})


class _Answer(NamedTuple):
    status: int
    headers: list[Header]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The answer, an empty object where it is no object of JSON."""
        if dict(self.headers).get(b"content-type") != b"application/json":
            return {}
        value = orjson.loads(self.body)
        return value if isinstance(value, dict) else {}


class Sources:
    """Answers as an application does, items with the member `source`."""

    def __init__(self, root: Path, models: Models) -> None:
        self._root = root
        self._models = models
        self._files = SourceFiles(root, models)

    async def send(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; raises ProblemError where what is there is no item."""
        answer = await _asked(app, scope, receive)
        body = answer.body
        if answer.status == 200:  # noqa: PLR2004 - OK
            value = answer.json
            data = value.get("data")
            if not isinstance(data, dict) or data.get("type") not in self._models:
                raise no_source()
            slug = data.get("slug") or await _parents_slug(app, scope, receive)
            locale = value["meta"]["locale"]["served"]
            value["source"] = await asyncio.to_thread(self._of, data, slug, locale)
            body = orjson.dumps(value)
        headers = [(name, value) for name, value in answer.headers if name not in _OF_THE_BODY]
        headers.append((b"content-length", str(len(body)).encode()))
        await send_answer(scope, send, answer.status, headers, body)

    def _of(self, data: Mapping[str, Any], slug: str, locale: str) -> dict[str, Any]:
        """Return the source of each value that the files give, by pointers into the answer."""
        key = data.get("key")
        places = (
            self._files.part(data["type"], slug, key, locale)
            if key
            else self._files.entry(data["type"], slug, locale)
        )
        commits = {path: blame(Path(path)) for path in {place.path for place in places.values()}}
        return {
            f"/data{pointer}": self._source(place, commits[place.path].get(place.line))
            for pointer, place in places.items()
        }

    def _source(self, place: Place, commit: Commit | None) -> dict[str, Any]:
        return {
            "file": Path(place.path).relative_to(self._root).as_posix(),
            "line": place.line,
            "column": place.column,
            "commit": commit and commit._asdict(),
        }


async def _parents_slug(app: ASGIApp, scope: Scope, receive: Receive) -> str:
    """Return the slug of the entry whose part is asked for: two steps above it."""
    above = scope["path"].rsplit("/", 2)[0]
    parent = await _asked(app, {**scope, "path": above}, receive)
    return str(parent.json["data"]["slug"])


async def _asked(app: ASGIApp, scope: Scope, receive: Receive) -> _Answer:
    """Return what an application answers to a plain GET of the path."""
    messages: list[Message] = []

    async def gather(message: Message) -> None:
        messages.append(message)

    fields = {name: value for name, value in scope[FIELDS].items() if name != b"accept-encoding"}
    raw_path = scope["path"].encode()
    plain = {**scope, "method": "GET", FIELDS: fields, "raw_path": raw_path}
    await app(plain, receive, gather)
    start, *parts = messages
    body = b"".join(part.get("body", b"") for part in parts)
    return _Answer(start["status"], list(start["headers"]), body)
