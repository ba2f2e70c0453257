"""The preview's own stores: one for each instant that was asked for, a few of them kept."""

import asyncio
import os
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from shutil import rmtree

from starlette.types import ASGIApp

from api.app import create_app
from api.errors import Issue, not_ready
from api.preview.child import Outcome
from api.preview.folder import FolderState
from api.preview.lifespan import running
from api.preview.litter import own_folder
from api.settings import Settings
from api.web.readiness import PublishFailure, PublishState, Silent

MOST_INSTANTS = 8
"""How many stores are kept: those that were used last."""
_PRESENT = "now"

Publish = Callable[[Path, Path, Path | None, datetime], Awaitable[Outcome]]
Tell = Callable[[str, Sequence[Issue]], None]
"""Told why a publish failed, with the Issues where it was the content."""


@dataclass
class _Shown:
    """The content as it is from one instant until another, and what answers with it.

    `state` is the folder's when it was published, or could not be; `app` is None before the first
    time that it could. `users` are requests under way.
    """

    folder: Path
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    app: ASGIApp | None = None
    failed: str = ""
    users: int = 0
    dropped: bool = False
    closing: AsyncExitStack = field(default_factory=AsyncExitStack)

    def holds(self, at: datetime, state: str) -> bool:
        """Tell whether this is what the folder, in this state, shows at an instant."""
        begun = self.since is not None and self.since <= at
        return self.state == state and begun and (self.until is None or at < self.until)


class _Failed(Silent):
    """Tells how a publish failed, if it did."""

    def __init__(self, failure: PublishFailure | None) -> None:
        self._failure = failure

    def state(self) -> PublishState:
        """Return the failure."""
        return PublishState(failure=self._failure)


class Stores:
    """Publishes a folder for each instant that is asked for, into stores of the preview's own.

    All of them are in one temporary folder, which `close` removes.
    """

    def __init__(self, settings: Settings, publish: Publish, tell: Tell) -> None:
        self._settings = settings
        self._publish = publish
        self._tell = tell
        self._state = FolderState(settings.content)
        self._publishing = asyncio.Lock()
        self._kept: OrderedDict[str, _Shown] = OrderedDict()
        self._numbers = count(1)
        self._folder, self._hold = own_folder()

    async def close(self) -> None:
        """Close all stores, and remove them."""
        for shown in self._kept.values():
            await shown.closing.aclose()
        self._kept.clear()
        rmtree(self._folder, ignore_errors=True)
        os.close(self._hold)

    @asynccontextmanager
    async def at(self, instant: datetime | None) -> AsyncIterator[ASGIApp]:
        """Give what answers with the content as it is at an instant; None: now.

        The folder's last good content answers where the present one has errors. Raises
        ProblemError where it never had any.
        """
        shown = await self._shown(instant)
        if shown.app is None:
            raise not_ready(f"Nothing to show: {shown.failed}")
        shown.users += 1
        try:
            yield shown.app
        finally:
            shown.users -= 1
            await self._drop_unused(shown)

    async def _shown(self, instant: datetime | None) -> _Shown:
        if found := self._find(instant, await self._state.now()):
            return found
        async with self._publishing:
            state = await self._state.now()
            return self._find(instant, state) or await self._made(instant, state)

    def _find(self, instant: datetime | None, state: str) -> _Shown | None:
        at = instant or datetime.now(UTC)
        for key, shown in self._kept.items():
            if shown.holds(at, state):
                self._kept.move_to_end(key)
                return shown
        return None

    async def _made(self, instant: datetime | None, state: str) -> _Shown:
        key = instant.isoformat() if instant else _PRESENT
        shown = self._kept.get(key) or _Shown(self._folder / str(next(self._numbers)))
        shown.folder.mkdir(exist_ok=True)
        at = instant or datetime.now(UTC)
        store = shown.folder / "store.db"
        content, schemas = self._settings.content, self._settings.schemas
        outcome = await self._publish(content, store, schemas, at)
        if outcome.failed:
            self._tell(outcome.failed, outcome.issues)
        if outcome.failed or shown.failed or shown.app is None:
            await self._answer_with(shown, store, outcome)
        shown.state, shown.since, shown.until = state, at, outcome.next_change
        shown.failed = _said(outcome)
        self._kept[key] = shown
        self._kept.move_to_end(key)
        await self._bound()
        return shown

    async def _answer_with(self, shown: _Shown, store: Path, outcome: Outcome) -> None:
        """Make what answers anew: readiness tells from now on how the last publish went."""
        if outcome.failed and shown.app is None:
            return
        failure = None
        if outcome.failed:
            codes = tuple(dict.fromkeys(issue.code for issue in outcome.issues))
            reason = "content" if outcome.issues else "store"
            failure = PublishFailure(datetime.now(UTC), reason, len(outcome.issues), codes)
        settings = self._settings.model_copy(update={"store": store})
        app = create_app(settings, _Failed(failure))
        await shown.closing.enter_async_context(running(app))
        shown.app = app

    async def _bound(self) -> None:
        while len(self._kept) > MOST_INSTANTS:
            _, oldest = self._kept.popitem(last=False)
            oldest.dropped = True
            await self._drop_unused(oldest)

    async def _drop_unused(self, shown: _Shown) -> None:
        if shown.dropped and not shown.users:
            await shown.closing.aclose()
            await asyncio.to_thread(rmtree, shown.folder, ignore_errors=True)


def _said(outcome: Outcome) -> str:
    """Tell an editor why there is nothing: the first Issue, and how many there are."""
    if not outcome.issues:
        return outcome.failed
    return f"{outcome.failed}, {len(outcome.issues)} in all; the first: {outcome.issues[0]}"
