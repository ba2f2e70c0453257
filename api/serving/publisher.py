"""Publishing in a process of its own: whatever becomes of that, nobody else notices."""

import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from time import monotonic, sleep

from api.errors import ContentError, Issue
from api.serving.agenda import Paths
from api.serving.child import ended, fork, send
from api.store.database import StoreError
from api.store.guards import ShrinkError
from api.store.writer import Published
from api.web.readiness import PublishFailure

MOST_TEXTS = 100
"""How many Issues are told in full to whoever asks for readiness."""
LONGEST_TEXT = 500
STOP_SECONDS = 1.0
"""How long a publish that is not wanted any more has to end by itself."""
STEP_SECONDS = 0.01

Note = Callable[[str], None]
"""Takes what is wrong with the store, as soon as that is known."""
Publish = Callable[[Note | None, Paths], Published]
"""Publishes; tells editors of their Issues. With a Note, the store is verified first, and a damaged
one set aside before another is written. Raises ContentError or StoreError."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that a process that publishes may take: bytes of addresses, seconds of CPU time.

    Content is made by people; what takes more than this is an accident, and must not take the
    whole machine with it.
    """

    memory: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a publish, and how many seconds it took."""

    result: Published | PublishFailure
    seconds: float


@dataclass(frozen=True, slots=True)
class _Running:
    pid: int
    pipe: Connection
    began: float


class Publisher:
    """At most one publish at a time, each in a child process."""

    def __init__(self, publish: Publish, bounds: Bounds) -> None:
        self._publish = publish
        self._bounds = bounds
        self._running: _Running | None = None
        self._damage: str | None = None
        self._is_sound = False
        self._result: Published | PublishFailure | None = None

    @property
    def pipe(self) -> Connection | None:
        """What has something to read once there is news; None where no publish is under way."""
        return self._running.pipe if self._running and not self._result else None

    @property
    def busy(self) -> bool:
        """Whether a publish is under way."""
        return self._running is not None

    @property
    def damage(self) -> str | None:
        """What is wrong with the store; None where nothing is known to be."""
        return self._damage

    def start(self, paths: Paths = None) -> None:
        """Begin a publish; none is under way. The store is verified until one has gone well.

        `paths` are those that have changed since the last one, where nothing else has.
        """
        ours, theirs = Pipe(duplex=False)
        began = monotonic()
        pid = fork(lambda: self._work(theirs, paths), orphaned=signal.SIGKILL)
        theirs.close()
        self._running, self._result = _Running(pid, ours, began), None

    def outcome(self) -> Outcome | None:
        """Return what came of the publish, None while it is under way or where none is."""
        if self._running is None:
            return None
        how = ended(self._running.pid)
        self._read()
        if how is None:
            return None
        result = self._result or _failure(f"the process that publishes {how or 'ended early'}")
        seconds = monotonic() - self._running.began
        self._running.pipe.close()
        self._running = self._result = None
        return Outcome(result, seconds)

    def run(self) -> Outcome:
        """Publish, and return what came of it; an exception meanwhile ends the publish."""
        self.start()
        try:
            while not (outcome := self.outcome()):
                wait([self.pipe] if self.pipe else [], STEP_SECONDS)
        finally:
            self.stop()
        return outcome

    def stop(self) -> None:
        """End the publish that is under way, if there is one; the store stays as it is."""
        if self._running is None:
            return
        until = monotonic() + STOP_SECONDS
        send(self._running.pid, signal.SIGTERM)
        while self.outcome() is None:
            if monotonic() > until:
                send(self._running.pid, signal.SIGKILL)
            sleep(STEP_SECONDS)

    def _read(self) -> None:
        pipe = self.pipe
        while pipe and self._result is None and pipe.poll():
            try:
                message = pipe.recv()
            except (EOFError, OSError):
                return
            if isinstance(message, str):
                self._damage = message
                continue
            self._result = message
            if isinstance(message, Published):
                self._is_sound, self._damage = True, None
            elif message.reason == "store":  # perhaps it has been damaged since it was sound
                self._is_sound = False

    def _work(self, pipe: Connection, paths: Paths) -> None:
        """Publish in the child, and send what came of it."""
        _bound(resource.RLIMIT_AS, self._bounds.memory)
        _bound(resource.RLIMIT_CPU, self._bounds.seconds)
        note = None if self._is_sound else lambda text: pipe.send(_plain(text))
        pipe.send(self._attempt(note, paths))

    def _attempt(self, note: Note | None, paths: Paths) -> Published | PublishFailure:
        try:
            return self._publish(note, paths)
        except ContentError as error:
            wrong = [issue for issue in error.issues if issue.is_error]
            codes = tuple(dict.fromkeys(issue.code for issue in wrong))
            return PublishFailure(_now(), "content", len(wrong), codes, tuple(_texts(wrong)))
        except ShrinkError as error:
            return PublishFailure(_now(), "shrink", texts=(_plain(str(error)),))
        except StoreError as error:
            return PublishFailure(_now(), "store", texts=(_plain(str(error)),))
        except MemoryError:
            bound = f"{self._bounds.memory // 2**20} MiB"
            return _failure(f"publishing needs more memory than its bound of {bound}")
        except Exception as error:  # noqa: BLE001 - whatever fails, the last revision serves on
            return _failure(f"publishing failed: {type(error).__name__}: {error}")


def _failure(text: str) -> PublishFailure:
    return PublishFailure(_now(), "compiler", texts=(_plain(text),))


def _bound(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (allowed, hard))


def _texts(issues: Sequence[Issue]) -> Iterator[str]:
    return (_plain(str(issue)) for issue in islice(issues, MOST_TEXTS))


def _plain(text: str) -> str:
    """Return a text of bounded length that UTF-8 can say, whatever a file was called."""
    short = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
    return short.encode(errors="replace").decode()


def _now() -> datetime:
    return datetime.now(UTC)
