"""A server on one core, wrk on another, and what they tell of one run."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import cpu_seconds, descendants, memory

CONNECTIONS = 64
SCRIPT = Path(__file__).parent / "load.lua"
_LINE = re.compile(r"measured (.+)")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address and its process, whose children answer perhaps."""

    address: str
    pid: int

    def cpu_seconds(self) -> float:
        """Return what the process and its descendants have used of their core so far."""
        return sum(map(cpu_seconds, (self.pid, *descendants(self.pid))))

    def memory(self) -> dict[str, int]:
        """Return the memory of the process and its descendants by kind, in KiB (proc(5))."""
        total: Counter[str] = Counter()
        for pid in (self.pid, *descendants(self.pid)):
            total.update(memory(pid))
        return total


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of wrk told; `cpu` is the server's CPU µs a request, latencies are in µs."""

    requests: int
    rate: float
    cpu: float
    p50: float
    p99: float
    size: float
    """The bytes of an answer, headers included."""


def cores() -> tuple[int, int]:
    """Return the core of the server and that of wrk; ends the program where there is one alone."""
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:  # noqa: PLR2004 - one for each
        sys.exit("This needs two cores: one for the server, one for wrk.")
    return allowed[0], allowed[1]


def tool(name: str, package: str) -> str:
    """Return the path of a program; ends this one, saying how to get it, where it is not here."""
    found = shutil.which(name)
    if found is None:
        sys.exit(f"{name} is not here; on Debian: apt-get install {package}")
    return found


@contextmanager
def serving(command: Sequence[str]) -> Iterator[Server]:
    """Run a command on the server's core, until its address is no longer needed."""
    core = str(cores()[0])
    pinned = [tool("taskset", "util-linux"), "-c", core, *command]
    with subprocess.Popen(pinned, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout  # noqa: S101 - for the type checker
        try:
            address = next(line.split()[1] for line in process.stdout if line.startswith("serving"))
            yield Server(address, process.pid)
        finally:
            process.terminate()


def load(
    server: Server, path: str, headers: Mapping[str, str], seconds: int, among: int = 1
) -> Run:
    """Ask a server for some seconds; ends the program where an answer is an error.

    Where `among` is above 1, `path` ends in a number for each request, by chance below it.
    """
    fields = [part for name, text in headers.items() for part in ("-H", f"{name}: {text}")]
    wrk = [tool("wrk", "wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(SCRIPT)]
    core = str(cores()[1])
    before = server.cpu_seconds()
    told = subprocess.run(
        [
            tool("taskset", "util-linux"),
            "-c",
            core,
            *wrk,
            *fields,
            server.address,
            path,
            str(among),
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    used = server.cpu_seconds() - before
    found = _LINE.search(told)
    if found is None:
        sys.exit(f"wrk told nothing:\n{told}")
    requests, duration, size, errors, p50, p99 = map(float, found[1].split())
    if errors or not requests:
        sys.exit(f"{path}: {errors:.0f} of {requests:.0f} requests failed:\n{told}")
    return Run(
        int(requests),
        requests / duration * 1e6,
        used / requests * 1e6,
        p50,
        p99,
        size / requests,
    )
