"""When to publish: what was asked for, what time has brought, what is to be tried again."""

from collections.abc import Collection
from datetime import datetime

from api.store.revision import Revision

TICK_SECONDS = 1.0
"""How long nothing is looked at: within it a clock that was set is noticed."""
STEP_SECONDS = 1.0
"""A clock that runs away from the steady one by this much at once was set."""
FIRST_RETRY, LAST_RETRY = 2.0, 300.0
CONFIRM_SECONDS = 60.0
"""How long after a publish of some files the whole folder is looked through."""

Paths = frozenset[str] | None
"""The paths that have changed since the last publish; None where others may have."""


class Agenda:
    """What calls for a publish; each is answered by one, however often it calls.

    `now` is the time of day, `steady` counts seconds that no one sets. `confirms` tells of the
    publish that has begun whether it only looks the folder through: nobody has asked for it.
    """

    def __init__(self) -> None:
        self.confirms = False
        self._wanted = False
        self._paths: set[str] = set()
        self._is_sure = False
        self._confirm_at: float | None = None
        self._has_to_confirm = False
        self._pause = 0.0
        self._retry_at: float | None = None
        self._change: tuple[int, datetime] | None = None
        self._answered: tuple[int, datetime] | None = None
        self._ahead: float | None = None

    def want(self, paths: Collection[str] = ()) -> None:
        """Note that somebody or something asks for a publish.

        `paths` are those that have changed, where it is known that nothing else has.
        """
        self._wanted = self._wanted or not paths
        self._paths.update(paths)

    def serve(self, revision: Revision) -> None:
        """Note a new revision, which says when the same files give another one.

        Until a publish of ours has gone well after it, it is perhaps of other files than ours was.
        """
        self._is_sure = False
        change = revision.stamp.next_change
        at = datetime.fromisoformat(change) if change else None
        self._change = (revision.number, at) if at else None

    def is_due(self, now: datetime, steady: float) -> bool:
        """Tell whether to publish."""
        self._look_at_clock(now, steady)
        if self._confirm_at is not None and steady >= self._confirm_at:
            self._has_to_confirm = True
        return (
            self._wanted
            or self._has_to_confirm
            or bool(self._paths)
            or (self._retry_at is not None and steady >= self._retry_at)
            or self._has_come(now)
        )

    def begin(self, now: datetime) -> Paths:
        """Note that a publish begins, which answers all that called for it until now.

        Returns the paths that have changed since the last one that went well, None where others
        may have.
        """
        hinted = bool(self._paths) and not self._wanted and self._retry_at is None
        trusted = hinted and self._is_sure and not self._has_to_confirm
        paths = frozenset(self._paths) if trusted else None
        is_asked = self._wanted or self._paths or self._retry_at is not None or self._has_come(now)
        self.confirms = not is_asked
        self._wanted = self._has_to_confirm = self._is_sure = False
        self._paths.clear()
        self._retry_at = None
        if paths is None:
            self._confirm_at = None
        if self._has_come(now):
            self._answered = self._change
        return paths

    def settle(self) -> None:
        """Note that a publish has come to its end, well or by the fault of the content."""
        self._pause = 0.0
        self._confirm_at = None

    def succeed(self, steady: float, paths: Paths) -> None:
        """Note that a publish went well; one of `paths` is followed by one of the whole folder.

        The system tells of changes, but it does not promise to. Further ones of paths do not put
        that off.
        """
        before = self._confirm_at
        self.settle()
        self._is_sure = True
        self._confirm_at = None if paths is None else before or steady + CONFIRM_SECONDS

    def retry(self, steady: float) -> None:
        """Note that a publish has failed by what may be otherwise without any change."""
        self._pause = min(max(2 * self._pause, FIRST_RETRY), LAST_RETRY)
        self._retry_at = steady + self._pause

    def wait(self, now: datetime, steady: float) -> float:
        """Return how many seconds there is nothing to do; never more than TICK_SECONDS."""
        waits = [TICK_SECONDS]
        if self._retry_at is not None:
            waits.append(self._retry_at - steady)
        if self._change is not None and self._change != self._answered:
            waits.append((self._change[1] - now).total_seconds())
        return max(0.0, min(waits))

    def _has_come(self, now: datetime) -> bool:
        change = self._change
        return change is not None and change != self._answered and now >= change[1]

    def _look_at_clock(self, now: datetime, steady: float) -> None:
        ahead = now.timestamp() - steady
        if self._ahead is not None and abs(ahead - self._ahead) >= STEP_SECONDS:
            self._wanted = True
        self._ahead = ahead
