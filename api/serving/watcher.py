"""Watching in a process of its own: the library that does it has a thread, the supervisor none."""

import os
import signal
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import chain
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from api.serving.child import ended, fork, send
from api.serving.pauses import Pauses
from api.source.watch import changes


@dataclass(frozen=True, slots=True)
class _Running:
    pid: int
    pipe: Connection


class Watcher:
    """A child that tells of changes; where it dies there is another, and all may have changed."""

    def __init__(self, root: Path, clock: Callable[[], float]) -> None:
        self._root = root
        self._clock = clock
        self._pauses = Pauses()
        self._running: _Running | None = None

    @property
    def pipe(self) -> Connection | None:
        """What has something to read once the folder has changed."""
        return self._running.pipe if self._running else None

    def changed(self) -> Collection[str] | None:
        """Return the paths that have changed since this was asked last, None where none has.

        Without paths anything may have changed.
        """
        if self._running is None:
            if self._clock() >= self._pauses.until:
                self._start()
            return None
        if ended(self._running.pid) is not None:
            self._running.pipe.close()
            self._running = None
            self._pauses.died(self._clock())
            return ()
        return self._read()

    def stop(self) -> None:
        """End the child."""
        if self._running:
            send(self._running.pid, signal.SIGKILL)
            os.waitpid(self._running.pid, 0)
            self._running.pipe.close()
            self._running = None

    def _read(self) -> Collection[str] | None:
        groups: list[list[str]] = []
        try:
            while self._running and self._running.pipe.poll():
                groups.append(self._running.pipe.recv())
        except (EOFError, OSError):  # it has ended, and is found so in a moment
            return ()
        if not groups:
            return None
        return set(chain.from_iterable(groups)) if all(groups) else ()

    def _start(self) -> None:
        ours, theirs = Pipe(duplex=False)
        pid = fork(lambda: self._watch(theirs), orphaned=signal.SIGKILL)
        theirs.close()
        self._running = _Running(pid, ours)
        self._pauses.began(self._clock())

    def _watch(self, pipe: Connection) -> None:
        for paths in changes(self._root):
            pipe.send(paths)
