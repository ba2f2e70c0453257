"""Published content, ready to be sent: read from the store at a pinned revision, and kept."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from cachetools import LRUCache

from api.contract import envelopes
from api.contract.operations import BLOCKS
from api.errors import NOT_READY, ProblemError
from api.http.link_header import link_header
from api.http.validators import entity_tag
from api.richtext.forms import in_form
from api.store.database import StoreError
from api.store.query import Query, Shows
from api.store.reader import Reader, StoredMedia
from api.store.revision import Revision
from api.web.params import Parameters
from api.web.responses import Header, Prepared, prepare

CACHE_BYTES = 32 * 2**20
_OVERHEAD = 4_096
"""What a kept answer takes beside its identity bytes: codings, headers, the entry itself."""


class Target(NamedTuple):
    """What a request asks for: its path, decoded, and its query as it was sent."""

    path: str
    query: bytes


_Key = tuple[str, Target]


class Content:
    """The store as answers; those in use are kept, up to CACHE_BYTES."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._reader: Reader | None = None
        self._kept: LRUCache[_Key, Prepared] = LRUCache(
            CACHE_BYTES, getsizeof=lambda prepared: _OVERHEAD + 3 * len(prepared.identity)
        )

    def close(self) -> None:
        """Close the store."""
        if self._reader:
            self._reader.close()
            self._reader = None

    def latest(self) -> Revision | None:
        """Return the current revision, None where none can be read."""
        try:
            if self._reader is None:
                self._reader = Reader(self._store)
            return self._reader.pin()
        except StoreError:
            self.close()
            return None

    def pin(self) -> Revision:
        """Return the current revision, for the whole of a request.

        Raises ProblemError when nothing has been published.
        """
        revision = self.latest()
        if revision is None:
            raise ProblemError(NOT_READY, "No content has been published yet.")
        return revision

    @property
    def reader(self) -> Reader:
        """The open store: there is one once a revision was pinned."""
        if self._reader is None:
            raise ProblemError(NOT_READY, "No content has been published yet.")
        return self._reader

    def kept(self, revision: Revision, target: Target) -> Prepared | None:
        """Return the answer to a request target that was given at this revision before."""
        return self._kept.get((revision.digest, target))

    def keep(self, revision: Revision, target: Target, prepared: Prepared) -> Prepared:
        """Keep an answer for the next request like this one."""
        key = revision.digest, target
        if self._kept.getsizeof(prepared) <= self._kept.maxsize:
            self._kept[key] = prepared
        return prepared

    def stored(
        self, revision: Revision, address: str, form: str = BLOCKS, locale: str | None = None
    ) -> Prepared | None:
        """Return what is at an address, its rich text in one of FORMS, in one of the languages.

        What has no such translation, and without `locale` all, is in the default language.
        """
        wanted = None if locale == revision.locales[0] else locale
        found = self.reader.representation(revision.number, address, wanted)
        if found is None:
            return None
        headers = tuple(_headers(revision, found.language))
        modified = _past(found.last_modified)
        if form == BLOCKS and wanted in {None, found.language}:
            return Prepared(
                found.identity, found.media_type, found.tag, modified, headers, found.gzip
            )
        value = orjson.loads(found.identity)
        if form != BLOCKS:
            value = in_form(value, form)
        if wanted:
            value["meta"]["locale"]["requested"] = wanted
        body = orjson.dumps(value)
        return Prepared(body, found.media_type, entity_tag(body), modified, headers)

    def media(self, digest: str, name: str) -> StoredMedia | None:
        """Return the media file of a digest and a name, of whichever revision it is."""
        self.pin()
        return self.reader.media(digest, name)

    def canonical(self, revision: Revision, address: str) -> str | None:
        """Return the address by slug of what is at an address, None where nothing is."""
        return self.reader.canonical(revision.number, address)

    def listed(
        self, revision: Revision, query: Query, path: str, parameters: Parameters
    ) -> Prepared:
        """Return a page of a list; `path` is the list's own address."""
        listed = self.reader.list(revision.number, query)
        form = parameters.choices["rich_text"]
        links = envelopes.page_links(
            path, parameters.given, query.page, envelopes.page_count(listed.total, query.limit)
        )
        body = envelopes.page(
            [_shown(entry, query.shows, form) for entry in listed.entries],
            links,
            total=listed.total,
            page=query.page,
            limit=query.limit,
        )
        others = {name: target for name, target in links.items() if name != "self"}
        return prepare(
            orjson.dumps(body),
            "application/json",
            *_headers(revision, None),
            (b"link", link_header(others).encode()),
        )


def _shown(entry: bytes, shows: Shows, form: str) -> Any:  # noqa: ANN401 - JSON
    if shows is Shows.CARD and form == BLOCKS:
        return orjson.Fragment(entry)
    value = orjson.loads(entry)
    if shows is Shows.FULL:
        value = value["data"]
    return value if form == BLOCKS else in_form(value, form)


def _past(modified: datetime | None) -> datetime | None:
    """Leave out a date that has not come: none may be later than Date (RFC 9110, 8.8.2.1)."""
    return modified if modified and modified <= datetime.now(UTC) else None


def _headers(revision: Revision, language: str | None) -> list[Header]:
    headers = [(b"content-revision", revision.name.encode())]
    if language:
        headers.append((b"content-language", language.encode()))
    return headers
