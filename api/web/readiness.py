"""Readiness: which revision is served, and how publishing goes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any, Protocol

from starlette.types import Receive, Scope, Send

from api.store.revision import Revision
from api.web.content import Content
from api.web.responses import FIELDS, send_json

OVERDUE = timedelta(seconds=60)
"""How long a publish may take that an entry's time calls for."""


@dataclass(frozen=True, slots=True)
class PublishFailure:
    """How the last publish failed: when, for what, with how many Issues, and of which codes.

    `reason` is `content`, `store` where that could not be written, `shrink` where too many entries
    would end, or `compiler` where the process that compiles has died or gone beyond its bounds.
    `texts` say it to an operator.
    """

    at: datetime
    reason: str
    issues: int = 0
    codes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def untold(self) -> tuple[str, ...]:
        """What an operator has not been told: Issues are told as they are found."""
        return () if self.reason == "content" else self.texts


@dataclass(frozen=True, slots=True)
class PublishState:
    """What a supervisor knows, and the store does not.

    `revision` is served `since` an instant; `folder_changed` tells whether the content folder is
    otherwise than what was published, None where nobody watches it; `failure` is that of the last
    publish, None when it went well; `store_damage` is what is wrong with the store that is served;
    `texts_open` tells whether everyone may read the texts of a failure.
    """

    revision: str = ""
    since: datetime | None = None
    folder_changed: bool | None = None
    failure: PublishFailure | None = None
    store_damage: str | None = None
    texts_open: bool = False


class Telling(Protocol):
    """Who tells how publishing goes."""

    def state(self) -> PublishState:
        """Return what was told last."""

    def generation(self) -> int:
        """Return how often another file has taken the store's place."""


class Silent:
    """Where nobody publishes, there is nothing to tell."""

    def state(self) -> PublishState:
        """Return that nothing is known."""
        return PublishState()

    def generation(self) -> int:
        """Return that the store's file is the first one."""
        return 0


class ReadinessEndpoint:
    """Tells which revision is served, and how the last publish went."""

    def __init__(self, content: Content, telling: Telling, token: str | None) -> None:
        self._content = content
        self._telling = telling
        self._authorization = f"Bearer {token}".encode() if token else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3.0)."""
        revision = self._content.latest()
        state = self._telling.state()
        shown = (
            state.texts_open if self._authorization is None else self._knows_token(scope[FIELDS])
        )
        if state.store_damage is None:
            state = replace(state, store_damage=self._content.damage)
        value = readiness(revision, state, datetime.now(UTC), texts=shown)
        await send_json(scope, send, 200 if revision else 503, value)

    def _knows_token(self, fields: Mapping[bytes, bytes]) -> bool:
        given = fields.get(b"authorization", b"")
        return self._authorization is not None and compare_digest(given, self._authorization)


def readiness(
    revision: Revision | None, state: PublishState, now: datetime, *, texts: bool
) -> dict[str, Any]:
    """Return the answer; `texts` tells whether it has those of the Issues.

    Where an entry's time has come and nobody has published, as into a store that is served read
    only, an older revision stands in.
    """
    failure, damage = state.failure, state.store_damage
    change = revision.stamp.next_change if revision else None
    next_change = datetime.fromisoformat(change) if change else None
    is_overdue = next_change is not None and now - next_change > OVERDUE
    standing_in = "degraded" if failure or damage or is_overdue else "ready"
    known = revision is not None and revision.name == state.revision
    return {
        "status": standing_in if revision else "unavailable",
        "revision": revision.name if revision else None,
        "published_at": revision.published_at if revision else None,
        "served_since": _instant(state.since) if known and state.since else None,
        "next_change": _instant(next_change) if next_change else None,
        "folder_changed": state.folder_changed,
        "store_damage": damage,
        "last_failure": failure
        and {
            "at": _instant(failure.at),
            "reason": failure.reason,
            "issues": failure.issues,
            "codes": list(failure.codes),
            "texts": list(failure.texts) if texts else None,
        },
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
