"""Compiling in child processes: what kills one is told of its task, and ends nothing else."""

import gc
import os
import pickle
import resource
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

CHUNK = 16
"""How many tasks a process is given at a time."""
QUEUED = 2
"""How many chunks a process has before it: it must not wait while the last results are read."""
CPU_SECONDS = 20
"""The longest that a chunk may compute: the slowest file under all bounds takes about a second."""
HOW_LENGTH = 200
MEMORY_BYTES = 2 * 2**30
"""The most that a process may allocate: an image of 50 million pixels takes a tenth of it."""


@dataclass(frozen=True, slots=True)
class _Failure:
    """A task that raised what no task should."""

    how: str


@dataclass(eq=False)
class _Worker:
    process: ForkProcess
    connection: Connection
    chunks: deque[Sequence[int]] = field(default_factory=deque)


def run(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    jobs: int,
    killed: Callable[[Task, str], Result],
) -> Generator[Result, None, None]:
    """Yield what `work` makes of each task, in any order, from up to `jobs` child processes.

    The children are forked: they know what this process knows now. `killed` makes the result of a
    task that a child could not survive, told in which way. Without jobs the work is done here.
    """
    if not jobs:
        yield from map(work, tasks)
        return
    pool = _Pool(work, tasks, jobs, killed)
    try:
        yield from pool.run()
    finally:
        pool.close()


class _Pool(Generic[Task, Result]):
    """The state of one run: which chunks wait, and which worker has which."""

    def __init__(
        self,
        work: Callable[[Task], Result],
        tasks: Sequence[Task],
        jobs: int,
        killed: Callable[[Task, str], Result],
    ) -> None:
        self._work = work
        self._tasks = tasks
        self._killed = killed
        numbers = range(len(tasks))
        self._waiting: deque[Sequence[int]] = deque(
            numbers[start : start + CHUNK] for start in range(0, len(tasks), CHUNK)
        )
        self._alone: set[int] = set()
        """The tasks whose process died once: each is tried once more, alone."""
        self._jobs = min(jobs, len(self._waiting))
        self._workers: list[_Worker] = []

    def run(self) -> Iterator[Result]:
        while self._waiting or self._workers:
            self._feed()
            if not self._workers:
                return
            ready = wait([worker.connection for worker in self._workers])
            for worker in [one for one in self._workers if one.connection in ready]:
                yield from self._results(worker)

    def close(self) -> None:
        for worker in self._workers:
            worker.connection.close()
            worker.process.kill()
            worker.process.join()

    def _feed(self) -> None:
        while self._waiting and len(self._workers) < self._jobs:
            self._workers.append(self._started())
        for worker in list(self._workers):
            while self._waiting and len(worker.chunks) < QUEUED:
                chunk = self._waiting.popleft()
                worker.chunks.append(chunk)
                with suppress(BrokenPipeError):  # it has died: reading from it tells
                    worker.connection.send(list(chunk))
            if not worker.chunks:
                self._end(worker)

    def _started(self) -> _Worker:
        context = get_context("fork")
        ours, theirs = context.Pipe()
        inherited = [ours, *(worker.connection for worker in self._workers)]
        process = context.Process(target=_serve, args=(self._work, self._tasks, theirs, inherited))
        # What a signal raised in what runs around a fork would be printed, and lost.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        return _Worker(process, ours)

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join()

    def _results(self, worker: _Worker) -> Iterator[Result]:
        try:
            received = worker.connection.recv_bytes()
        except (EOFError, OSError):  # at once, or in the middle of its results
            yield from self._died(worker)
            return
        results: list[Result | _Failure] = pickle.loads(received)  # noqa: S301 - our own child's
        for number, result in zip(worker.chunks.popleft(), results, strict=True):
            if isinstance(result, _Failure):
                yield self._killed(self._tasks[number], result.how)
            else:
                yield result

    def _died(self, worker: _Worker) -> Iterator[Result]:
        self._end(worker)
        culprit, *others = worker.chunks
        self._waiting.extendleft(others)
        if len(culprit) == 1 and culprit[0] in self._alone:
            yield self._killed(self._tasks[culprit[0]], _how(worker.process.exitcode))
            return
        self._alone.update(culprit)
        self._waiting.extendleft([number] for number in culprit)


def _how(code: int | None) -> str:
    if code == -signal.SIGXCPU:
        return f"it took more than {CPU_SECONDS} seconds"
    if code == _OUT_OF_MEMORY:
        return f"it took more than {MEMORY_BYTES // 2**30} GiB of memory"
    if code is not None and code < 0:
        return f"the process was ended by {signal.Signals(-code).name}"
    return "the process failed"


_OUT_OF_MEMORY = 3


def _serve(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    connection: Connection,
    inherited: Sequence[Connection],
) -> None:
    """Work on chunks until there are none."""
    for other in inherited:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its children itself
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    # What a unit leaves is freed by its reference counts; the process takes along what is left.
    gc.disable()
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    _, hardest = resource.getrlimit(resource.RLIMIT_CPU)
    while True:
        try:
            chunk: list[int] = connection.recv()
        except (EOFError, ConnectionResetError):
            return
        usage = resource.getrusage(resource.RUSAGE_SELF)
        used = int(usage.ru_utime + usage.ru_stime)
        resource.setrlimit(resource.RLIMIT_CPU, (used + CPU_SECONDS, hardest))
        try:
            results = [_worked(work, tasks[number]) for number in chunk]
        except MemoryError:
            os._exit(_OUT_OF_MEMORY)
        with suppress(BrokenPipeError):  # whoever wanted to know is gone; so is this, at once
            # `send` would look for connections among the objects.
            connection.send_bytes(pickle.dumps(results, pickle.HIGHEST_PROTOCOL))


def _worked(work: Callable[[Task], Result], task: Task) -> Result | _Failure:
    try:
        return work(task)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - one file's failure is no other's
        return _Failure(f"the program failed on it: {type(error).__name__}: {error}"[:HOW_LENGTH])
