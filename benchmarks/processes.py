"""Programs as they are seen from outside: how long, how much of the cores, how much memory."""

import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

PART = 0.04
"""The part of its core that looking at memory may take: it costs time where there is much of it."""
SHORTEST = 0.02
"""Seconds between two looks, at least."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a program took: seconds, seconds of CPU, and at most so many MiB at a time.

    All with its children; pages that several of them share count once (PSS).
    """

    seconds: float
    cpu: float
    memory: float


def run(command: Sequence[str], folder: Path) -> Spent:
    """Run a program to its end, and return what it took; what it says goes into `folder`.

    Raises RuntimeError, with the end of what it said, where it fails.
    """
    said = folder / "said"
    over = Event()
    with said.open("wb") as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
        watch = _Watch(process.pid, over)
        watch.start()
        try:
            # Not Popen.wait: it does not tell what the children have used.
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            over.set()
            watch.join()
    if process.returncode:
        raise RuntimeError(f"{command} failed:\n{said.read_text(errors='replace')[-2000:]}")
    return Spent(seconds, usage.ru_utime + usage.ru_stime, watch.peak / 1024)


class _Watch(Thread):
    """Looks at the memory of a process and its descendants, again and again."""

    def __init__(self, pid: int, over: Event) -> None:
        super().__init__()
        self.peak = 0
        self._pid = pid
        self._over = over

    def run(self) -> None:
        while True:
            began = time.perf_counter()
            now = sum(memory(pid).get("Pss", 0) for pid in (self._pid, *descendants(self._pid)))
            self.peak = max(self.peak, now)
            pause = (time.perf_counter() - began) / PART
            if self._over.wait(max(SHORTEST, pause)):
                return


def memory(pid: int) -> dict[str, int]:
    """Return the memory of a process by kind, in KiB; empty where it has ended (proc(5))."""
    with suppress(OSError):
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return {name: int(size) for name, size in re.findall(r"(\w+):\s+(\d+) kB", text)}
    return {}


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has used so far (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = fields[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes that a process has started, those that they have started, and so on."""
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from descendants(int(child))


def waited(pid: int) -> tuple[float, float]:
    """Return the seconds that a process was on a core, and those it waited for one."""
    on, waiting, _ = Path(f"/proc/{pid}/schedstat").read_text().split()
    return int(on) / 1e9, int(waiting) / 1e9
