"""The workers of a server: as many as there shall be, whatever becomes of one."""

import signal
from collections.abc import Callable

from api.serving.child import ended, fork, send
from api.serving.pauses import Pauses


class Workers:
    """Child processes that all do the same; a dead one is replaced.

    `clock` tells seconds that never go back.
    """

    def __init__(self, count: int, work: Callable[[], None], clock: Callable[[], float]) -> None:
        self._work = work
        self._clock = clock
        self._pauses = [Pauses() for _ in range(count)]
        self._pids: dict[int, int] = {}

    def tend(self) -> list[str]:
        """Start those that are due; return how the ended ones have ended."""
        told = self._reap()
        now = self._clock()
        for place, pauses in enumerate(self._pauses):
            if place not in self._pids and now >= pauses.until:
                # A worker whose supervisor is gone answers what it has, as after any SIGTERM.
                self._pids[place] = fork(self._work, orphaned=signal.SIGTERM)
                pauses.began(now)
        return told

    def alive(self) -> bool:
        """Tell whether any of them lives."""
        self._reap()
        return bool(self._pids)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to all."""
        for pid in self._pids.values():
            send(pid, number)

    def _reap(self) -> list[str]:
        told = []
        for place, pid in tuple(self._pids.items()):
            how = ended(pid)
            if how is not None:
                del self._pids[place]
                self._pauses[place].died(self._clock())
                told.append(how or "ended")
        return told
