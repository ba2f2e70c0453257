"""Signals as something to read: a supervisor waits for them as it waits for its children."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

HEARD = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


class Signals:
    """The signals that have come since they were read last."""

    def __init__(self, waiting: socket.socket) -> None:
        self.waiting = waiting
        self._terminal = _has_terminal()

    def read(self) -> set[signal.Signals]:
        """Return what has come; SIGHUP is SIGTERM where the terminal was closed."""
        came: set[signal.Signals] = set()
        with suppress(BlockingIOError):
            came = {signal.Signals(number) for number in self.waiting.recv(4_096)}
        if signal.SIGHUP in came and self._terminal and not _has_terminal():
            came.add(signal.SIGTERM)
        return came


@contextmanager
def heard() -> Iterator[Signals]:
    """Let HEARD be read, and do nothing else; what they did before, they do again afterwards."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(0)
        theirs.settimeout(0)
        earlier = {number: signal.signal(number, lambda *_: None) for number in HEARD}
        descriptor = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        try:
            yield Signals(ours)
        finally:
            signal.set_wakeup_fd(descriptor)
            for number, handler in earlier.items():
                signal.signal(number, handler)


def _has_terminal() -> bool:
    try:
        return os.isatty(sys.__stderr__.fileno()) if sys.__stderr__ else False
    except (OSError, ValueError):
        return False
