"""How far a command is: a bar on a terminal, plain lines elsewhere, nothing when it is quick."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Self

from rich.console import Console
from rich.progress import Progress, TaskID

from api.compiler.compiling import Report

QUIET_SECONDS = 1.0
LINE_SECONDS = 5.0


@contextmanager
def progress(console: Console, clock: Callable[[], float] = monotonic) -> Iterator[Report]:
    """Give a function to report with: the stage, how many steps are done, how many there are.

    The first second passes in silence; `clock` counts the seconds.
    """
    if console.is_terminal:
        with _Bar(console, clock) as bar:
            yield bar.report
    else:
        yield _Lines(console, clock).report


class _Bar:
    """A bar on a terminal."""

    def __init__(self, console: Console, clock: Callable[[], float]) -> None:
        self._progress = Progress(console=console, transient=True)
        self._tasks: dict[str, TaskID] = {}
        self._clock = clock
        self._due = clock() + QUIET_SECONDS
        self._started = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._started:
            self._progress.stop()

    def report(self, stage: str, done: int, total: int) -> None:
        if not self._started:
            if self._clock() < self._due:
                return
            self._progress.start()
            self._started = True
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage, total=total or None)
        self._progress.update(self._tasks[stage], completed=done)


class _Lines:
    """A line now and then, for logs."""

    def __init__(self, console: Console, clock: Callable[[], float]) -> None:
        self._console = console
        self._clock = clock
        self._due = clock() + QUIET_SECONDS

    def report(self, stage: str, done: int, total: int) -> None:
        now = self._clock()
        if now < self._due:
            return
        self._due = now + LINE_SECONDS
        self._console.print(f"{stage}: {done} of {total}" if total else f"{stage}: {done}")
