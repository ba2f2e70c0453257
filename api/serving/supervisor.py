"""The supervisor: workers that serve, a child for each publish, and whoever watches the folder.

It has one thread and no event loop, so that it may fork at any time; it does nothing that takes
long, and nothing of the content is ever in it.
"""

import signal
import socket
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import wait
from time import monotonic

from api.serving.agenda import TICK_SECONDS, Agenda, Paths
from api.serving.followed import FollowedStore, Seen
from api.serving.messages import Messages
from api.serving.publisher import Outcome, Publisher
from api.serving.signals import Signals, heard
from api.serving.state import SharedState
from api.serving.watcher import Watcher
from api.serving.workers import Workers
from api.store.revision import Origin
from api.store.writer import Published
from api.web.readiness import PublishState

BEYOND_GRACE = 2.0
"""Seconds after the grace time when what has not ended is killed."""
_END = {signal.SIGTERM, signal.SIGINT}


@dataclass(frozen=True, slots=True)
class Parts:
    """What a supervisor has under it. Without a publisher it only follows the store.

    Workers answer on `listening`, whose address is `address`; `shared` is what they are told by.
    """

    listening: socket.socket
    address: str
    store: FollowedStore
    shared: SharedState
    workers: Workers
    publisher: Publisher | None = None
    watcher: Watcher | None = None


class Supervisor:
    """Keeps a store served, and published into, until it is told to end."""

    def __init__(self, parts: Parts, messages: Messages, grace_seconds: float) -> None:
        self._parts = parts
        self._messages = messages
        self._grace_seconds = grace_seconds
        self._agenda = Agenda()
        self._state = PublishState(texts_open=parts.watcher is not None)
        self._serves = False
        self._next_look = 0.0
        self._paths: Paths = None
        self._changed_meanwhile = False

    def run(self) -> bool:
        """Serve until SIGTERM or SIGINT comes; False where there is no revision to serve.

        What the store has is served before anything else; where it has nothing, the first publish
        decides. SIGHUP publishes.
        """
        with heard() as signals:
            try:
                return self._run(signals)
            finally:
                self._stop(signals)

    def _run(self, signals: Signals) -> bool:
        if not self._parts.watcher:  # who asks for it once changes from then on are seen
            self._agenda.want()
        while True:
            self._follow()
            if self._conclude() and not self._parts.store.revision:
                return False
            self._watch()
            self._publish()
            self._serve()
            self._wait(signals)
            came = signals.read()
            if came & _END:
                return True
            if signal.SIGHUP in came:
                self._agenda.want()

    def _follow(self) -> None:
        """Look, once in a while, whether others have published or replaced the store's file."""
        if monotonic() < self._next_look:
            return
        new, publisher = self._look(), self._parts.publisher
        ours = publisher is not None and publisher.busy
        if new and self._serves and not ours and self._parts.store.revision:
            self._messages.follows(self._parts.store.revision)

    def _look(self) -> bool:
        """Look at the store; tell whether it has another revision."""
        store = self._parts.store
        self._next_look = monotonic() + TICK_SECONDS
        seen = store.look()
        self._parts.shared.set_generation(store.replacements)
        if seen is Seen.GONE:
            self._agenda.want()
        if seen is not Seen.REVISION or not store.revision:
            return False
        self._agenda.serve(store.revision)
        self._tell(replace(self._state, revision=store.revision.name, since=_now()))
        if store.revision.origin is Origin.PUBLISH:
            self._tell(replace(self._state, failure=None))
        elif self._parts.watcher:
            self._tell(replace(self._state, folder_changed=True))
        return True

    def _conclude(self) -> bool:
        """Tell whether a publish has come to its end; workers and operator know then."""
        publisher = self._parts.publisher
        outcome = publisher.outcome() if publisher else None
        if publisher and publisher.damage != self._state.store_damage:
            self._tell(replace(self._state, store_damage=publisher.damage))
        if outcome is None:
            return False
        self._look()
        if isinstance(outcome.result, Published):
            self._succeed(outcome.result, outcome)
            return True
        failure = outcome.result
        if failure.reason in {"content", "shrink"}:
            self._agenda.settle()
        else:
            self._agenda.retry(monotonic())
        self._tell(replace(self._state, failure=failure))
        self._messages.failed(failure, self._parts.store.revision)
        return True

    def _succeed(self, done: Published, outcome: Outcome) -> None:
        self._agenda.succeed(monotonic(), self._paths)
        changed = self._changed_meanwhile if self._parts.watcher else None
        self._tell(replace(self._state, failure=None, folder_changed=changed))
        if done.new or not self._agenda.confirms:
            self._messages.published(done, outcome)

    def _watch(self) -> None:
        watcher = self._parts.watcher
        paths = watcher.changed() if watcher else None
        if paths is not None:
            self._changed_meanwhile = True
            self._agenda.want(paths)
            self._tell(replace(self._state, folder_changed=True))

    def _publish(self) -> None:
        """Begin a publish that is due; while one goes on, others wait for it, as one."""
        publisher = self._parts.publisher
        if publisher and not publisher.busy and self._agenda.is_due(_now(), monotonic()):
            self._paths = self._agenda.begin(_now())
            self._changed_meanwhile = False
            publisher.start(self._paths)

    def _serve(self) -> None:
        """Have all workers at work, once there is something to serve."""
        if not self._parts.store.revision:
            return
        for how in self._parts.workers.tend():
            self._messages.worker_ended(how)
        if not self._serves:
            self._serves = True
            self._messages.serving(self._parts.address)

    def _wait(self, signals: Signals) -> None:
        """Wait until something has happened or is due; a child's end comes as a signal."""
        publisher, watcher = self._parts.publisher, self._parts.watcher
        pipes = [part.pipe for part in (publisher, watcher) if part and part.pipe]
        free = publisher is not None and not publisher.busy
        timeout = self._agenda.wait(_now(), monotonic()) if free else TICK_SECONDS
        wait([signals.waiting, *pipes], timeout)

    def _tell(self, state: PublishState) -> None:
        self._state = state
        self._parts.shared.tell(state)

    def _stop(self, signals: Signals) -> None:
        """End all children: the workers when they have answered, or when their time is over."""
        parts = self._parts
        parts.listening.close()
        parts.workers.send(signal.SIGTERM)
        if parts.watcher:
            parts.watcher.stop()
        if parts.publisher:
            parts.publisher.stop()
        until = monotonic() + self._grace_seconds + BEYOND_GRACE
        while parts.workers.alive():
            if monotonic() > until or signals.read() & _END:
                parts.workers.send(signal.SIGKILL)
            wait([signals.waiting], TICK_SECONDS)


def _now() -> datetime:
    return datetime.now(UTC)
