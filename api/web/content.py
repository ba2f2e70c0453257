"""Published content, ready to be sent: read from the store at a pinned revision, and kept."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import Any

import orjson

from api.contract import envelopes
from api.contract.operations import BLOCKS
from api.errors import REVISION_GONE, ProblemError, not_ready
from api.http.cache_tags import bounded, cache_tag_header
from api.http.caching import MAX_AGE, cache_control
from api.http.link_header import link_header
from api.http.validators import entity_tag
from api.richtext.forms import in_form
from api.store.database import StoreError
from api.store.former import Gone, Redirected
from api.store.query import Listed, Query, Shows
from api.store.reader import Reader, StoredMedia
from api.store.revision import Revision
from api.web.kept import Kept, Target
from api.web.params import Parameters
from api.web.responses import LASTING, Coded, Header, Prepared

FRESH_SECONDS = 0.005
"""How long the current revision is taken for current, once the store was asked."""

DOUBT_SECONDS = 60.0
"""How long readiness tells that something in the store could not be read."""


class Content:
    """The store as answers; those in use are kept.

    `clock` tells seconds that never go back; `cache_tags` is the header that has them, if any;
    `generation` is another number once another file has taken the store's place. `moving` are the
    headers that what is sent has from the revision that was pinned last.
    """

    def __init__(
        self,
        store: Path,
        clock: Callable[[], float] = monotonic,
        cache_tags: str | None = None,
        generation: Callable[[], int] = int,
    ) -> None:
        self._store = store
        self._cache_tags = cache_tags
        self._clock = clock
        self._generation = generation
        self._opened = 0
        self._reader: Reader | None = None
        self._pinned: Revision | None = None
        self._fresh_until = 0.0
        self._unreadable = False
        self._doubted_until = float("-inf")
        self.moving = LASTING
        self._kept = Kept()

    def close(self) -> None:
        """Close the store."""
        if self._reader:
            self._reader.close()
            self._reader = None
            self._pinned = None

    def latest(self) -> Revision | None:
        """Return the current revision, None where none can be read."""
        try:
            if self._reader is None or self._opened != self._generation():
                self._open()
            return self.reader.pin()
        except StoreError:
            self.close()
            self._unreadable = self._store.exists()
            return None

    @property
    def damage(self) -> str | None:
        """What was wrong with the store when it was last asked, or within DOUBT_SECONDS."""
        in_doubt = self._unreadable or self._clock() < self._doubted_until
        return "it cannot be read" if in_doubt else None

    def doubt(self) -> None:
        """Note that something in the store could not be read."""
        self._doubted_until = self._clock() + DOUBT_SECONDS

    def _open(self) -> None:
        """Open the store; what reads from the file before goes on with that, and closes it."""
        self._pinned = None
        self._kept.clear()
        self._opened = self._generation()
        self._reader = Reader(self._store)
        self._unreadable = False
        self._doubted_until = float("-inf")

    def pin(self) -> Revision:
        """Return the current revision, for the whole of a request.

        The store is asked once in FRESH_SECONDS: its answer takes two system calls. Raises
        ProblemError when nothing has been published, or the store cannot be read.
        """
        now = self._clock()
        if self._pinned is None or now >= self._fresh_until:
            self._pinned = self._turned()
            self._fresh_until = now + FRESH_SECONDS
        return self._pinned

    def _turned(self) -> Revision:
        """Return the current revision, the answers that are kept being told what it changes."""
        latest = self.latest()
        before = self._pinned
        if latest is None:
            self._pinned = None
            raise self._not_ready()
        if before is None:
            self._kept.turn(latest.number, None)
        elif before.number != latest.number:
            self._kept.turn(latest.number, self.reader.touched(before.number))
        self.moving = moving_headers(latest, latest)
        return latest

    def named(self, name: str) -> Revision:
        """Return the newest of the kept revisions of a name.

        Raises ProblemError where there is none.
        """
        current = self.pin()
        if found := self.reader.named(name):
            return found
        raise ProblemError(
            REVISION_GONE,
            f"Revision {name} is not kept; the current one is {current.name}.",
            members={"reason": "The revision is not kept.", "replacement": None},
        )

    @property
    def reader(self) -> Reader:
        """The open store: there is one once a revision was pinned."""
        if self._reader is None:
            raise self._not_ready()
        return self._reader

    def _not_ready(self) -> ProblemError:
        return not_ready(
            "The store cannot be read."
            if self._unreadable
            else "No content has been published yet."
        )

    def kept(self, target: Target, coding: str | None) -> Coded | None:
        """Return the answer to a target, in a coding, that is the pinned revision's too."""
        return self._kept.get(target, coding)

    def keep(
        self, revision: Revision, target: Target, coding: str | None, prepared: Prepared
    ) -> None:
        """Keep an answer in the coding that is sent, for the next request like this one."""
        is_current = self._pinned is not None and self._pinned.number == revision.number
        if coding is not None and is_current:
            self._kept.put(target, coding, prepared.coding(coding), prepared.shows)

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
        headers = self._tags(found.cache_tags)
        modified = _past(found.last_modified)
        shows = (found.address.partition("?")[0],)
        if form == BLOCKS and wanted in {None, found.language}:
            return Prepared(
                found.identity,
                found.media_type,
                found.tag,
                modified,
                headers,
                found.language,
                found.gzip,
                shows,
            )
        value = orjson.loads(found.identity)
        if form != BLOCKS:
            value = in_form(value, form)
        if wanted:
            value["meta"]["locale"]["requested"] = wanted
        body = orjson.dumps(value)
        tag = entity_tag(body)
        return Prepared(body, found.media_type, tag, modified, headers, found.language, shows=shows)

    def media(self, digest: str, name: str) -> StoredMedia | None:
        """Return the media file of a digest and a name, of whichever revision it is."""
        self.pin()
        return self.reader.media(digest, name)

    def canonical(self, revision: Revision, address: str) -> str | None:
        """Return the address by slug of what is at an address, None where nothing is."""
        return self.reader.canonical(revision.number, address)

    def former(self, revision: Revision, address: str) -> Redirected | Gone | None:
        """Return what an address was where nothing is at it, None for one that never was."""
        return self.reader.former(revision.number, address)

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
        identity = orjson.dumps(body)
        headers = self._tags(self._list_tags(revision, query, listed))
        return Prepared(
            identity,
            "application/json",
            entity_tag(identity),
            headers=(*headers, (b"link", link_header(others).encode())),
            shows=(query.type, *(listed.addresses if query.shows is Shows.FULL else ())),
        )

    def _tags(self, tags: tuple[str, ...]) -> tuple[Header, ...]:
        """Return the header of cache tags, where it is wanted."""
        return (cache_tag_header(self._cache_tags, tags),) if self._cache_tags and tags else ()

    def _list_tags(self, revision: Revision, query: Query, listed: Listed) -> tuple[str, ...]:
        """Return a list's cache tags: of its type or parent, and of the entries on the page."""
        if self._cache_tags is None:
            return ()

        def tags(address: str) -> tuple[str, ...]:
            return self.reader.cache_tags(revision.number, address, query.locale)

        own = tags(query.parent)[:1] if query.parent else (query.type,)
        return bounded(own, chain.from_iterable(map(tags, listed.addresses)))


def moving_headers(
    current: Revision, revision: Revision, max_age: int = MAX_AGE
) -> tuple[Header, ...]:
    """Return the headers of an answer from a revision while another one is perhaps the current one.

    Such an answer may change with the current one too: what is withdrawn goes from all.
    """
    remaining = None
    if current.stamp.next_change is not None:
        changes = datetime.fromisoformat(current.stamp.next_change)
        remaining = (changes - datetime.now(UTC)).total_seconds()
    return (
        (b"cache-control", cache_control(max_age, remaining).encode()),
        (b"content-revision", revision.name.encode()),
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
