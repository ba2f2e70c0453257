"""Real servers: the command in a process of its own, asked over sockets and watched from outside.

Every wait is bounded.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeVar

from tests.raw import Answer, ClosedError, Wire, ask, request, socket_address
from tests.support import REPOSITORY, without_progress

PATIENCE = 20.0
"""Seconds after which something does not happen any more."""
Found = TypeVar("Found")


def eventually(find: Callable[[], Found], patience: float = PATIENCE) -> Found:
    """Return what a function finds, once it finds something."""
    end = time.monotonic() + patience
    while not (found := find()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
    return found


class Server:
    """`keypoint serve`, running; what it says is in files of `folder`.

    `before` is called in its process before the command begins.
    """

    def __init__(
        self,
        folder: Path,
        *arguments: str | Path,
        before: Callable[[], None] | None = None,
        **environment: str,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._out, self._err = folder / "out", folder / "err"
        command = [sys.executable, "-m", "api", "serve", "--port", "0", *map(str, arguments)]
        with self._out.open("w") as out, self._err.open("w") as err:
            self.process = subprocess.Popen(
                command,
                cwd=REPOSITORY,
                env={**os.environ, **environment},
                stdout=out,
                stderr=err,
                preexec_fn=before,  # noqa: PLW1509 - no thread of a test holds a lock yet
            )
        try:
            self.address: tuple[str, int] = eventually(self._address) or ("", 0)
        except AssertionError:
            self.process.kill()
            raise

    @property
    def out(self) -> list[str]:
        return self._out.read_text().splitlines()

    @property
    def err(self) -> list[str]:
        return without_progress(self._err.read_text()).splitlines()

    def ask(self, target: str, *lines: str) -> Answer:
        return ask(self.address, target, *lines)

    def title(self, target: str = "/v1/topics/one") -> str:
        title: str = self.ask(target).json()["data"]["title"]
        return title

    def ready(self) -> dict[str, Any]:
        told: dict[str, Any] = self.ask("/readyz").json()
        return told

    def is_ready(self) -> bool:
        return bool(self.ready()["status"] == "ready")

    def is_degraded(self) -> bool:
        return bool(self.ready()["status"] == "degraded")

    def children(self) -> list[int]:
        return children(self.process.pid)

    def workers(self) -> list[int]:
        """Return the processes that have an event loop; who watches has one too, and inotify."""
        return [pid for pid in self.children() if _files(pid).count("eventpoll") == 1]

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.send(number)
        return self.process.wait(PATIENCE)

    def _address(self) -> tuple[str, int] | None:
        assert self.process.poll() is None, self.err
        said = [line for line in self.out if line.startswith("serving ")]
        return socket_address(said[0].split()[1]) if said else None


@contextmanager
def server(
    folder: Path,
    *arguments: str | Path,
    before: Callable[[], None] | None = None,
    **environment: str,
) -> Iterator[Server]:
    """Run a server; it ends with the test, and its children with it."""
    started = Server(folder, *arguments, before=before, **environment)
    try:
        yield started
    finally:
        with suppress(subprocess.TimeoutExpired):
            started.end()
        started.process.kill()
        started.process.wait(PATIENCE)


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def is_running(pid: int) -> bool:
    """Tell whether a process is there, and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def connections(pid: int) -> int:
    """Return how many sockets a process has open."""
    return _files(pid).count("socket")


def _files(pid: int) -> list[str]:
    """Return the kinds of files that a process has open."""
    kinds = []
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            target = str(file.readlink())
            kinds.append("eventpoll" if "[eventpoll]" in target else target.partition(":")[0])
            if "inotify" in target:
                kinds.append("eventpoll")
    return kinds


@dataclass
class Load:
    """Connections that ask again as soon as they are answered, until the server ends them.

    Then there is another one in its place, where `renewed`.
    """

    address: tuple[str, int]
    targets: tuple[str, ...]
    renewed: bool = True
    answers: list[Answer] = field(default_factory=list)
    lost: int = 0
    """How many requests were sent and not answered."""
    _over: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)

    @classmethod
    @contextmanager
    def of(
        cls, server: Server, count: int, *targets: str, renewed: bool = True
    ) -> "Iterator[Load]":
        """Run so many connections until the body is over."""
        load = cls(server.address, targets, renewed)
        load._threads = [Thread(target=load._ask) for _ in range(count)]
        for thread in load._threads:
            thread.start()
        try:
            eventually(lambda: len(load.answers) > 4 * count)
            yield load
        finally:
            load.end()

    def end(self) -> None:
        """Wait until every connection has the answer that it waits for."""
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()

    def _ask(self) -> None:
        while not self._over.is_set():
            try:
                wire = Wire(self.address)
            except ConnectionRefusedError:
                time.sleep(0.01)
                continue
            with wire:
                self._ask_over(wire)
            if not self.renewed:
                return

    def _ask_over(self, wire: Wire) -> None:
        while not self._over.is_set():
            for target in self.targets:
                wire.send(request(target))
                try:
                    answer = wire.read()
                except ClosedError:
                    self.lost += 1
                    return
                self.answers.append(answer)
                if answer.closes:
                    return
