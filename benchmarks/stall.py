"""The longest time that a worker lets a client wait while a publish comes in.

`python -m benchmarks.stall [ARTICLES]` serves a small store, publishes a corpus into it from
another process, and asks meanwhile for one article over one connection, at a steady rate. It writes
a section of results.md.
"""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import results
from benchmarks.corpus import corpus
from benchmarks.keypoint import Served, command, serving
from benchmarks.processes import descendants, waited

RATE = 500
"""Requests a second."""
QUIET, ELSEWHERE = 10.0, 20.0
"""Seconds of load before the publish, and while there is one into another store."""
AFTER = 3.0
"""Seconds of load after the publish."""
BAR_MS = 20.0
FIRST = 10
"""How many articles are served before the publish."""
PATH = "/v1/articles/article-7"
SECTION = """\
# The longest stall while a publish comes in

Written by `python -m benchmarks.stall {articles}`; one worker, one connection, {rate} requests a
second for one stored article.

| meanwhile | answers | p50 ms | p99.9 ms | longest ms | longest, waits for a core aside, ms |
|---|---|---|---|---|---|
{rows}

The bar is ≤ {bar:.0f} ms while {articles:,} articles come in: as a client sees it {seen}; with
waits for a core aside {alone}.

{about}

The first row is the machine alone; the second tells what other processes do that compile, by a
publish into a store that nobody serves; the third is a publish into the store that the worker
serves, until {after:.0f} s after it is served. Times are a client's, from before it sends until it
has the whole answer. With two cores, and two processes that compile, client and worker wait for
a core: the kernel tells how long each was ready and did not run (schedstat), and the last column
leaves that out of each answer's time. What is left of the longest is what the worker did, or waited
for, itself.
"""


@dataclass(slots=True)
class Phase:
    """What was measured while something went on: the times of the answers in ms."""

    name: str
    times: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    """The same without the waits for a core."""

    def row(self) -> str:
        """Return a row of the table."""
        return (
            f"| {self.name} | {len(self.times):,} | {_part(self.times, 0.5):.2f} "
            f"| {_part(self.times, 0.999):.2f} | {max(self.times):.2f} "
            f"| **{max(self.alone):.2f}** |"
        )


def _part(times: list[float], part: float) -> float:
    return sorted(times)[int(part * (len(times) - 1))]


def asked(name: str, server: Served, worker: int, goes_on: Callable[[], bool]) -> Phase:
    """Ask at a steady rate for as long as something goes on."""
    phase = Phase(name)
    began = time.perf_counter()
    for number in count():
        time.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        before = waited(worker)[1] + waited_here()
        sent = time.perf_counter()
        server.get(PATH)
        took = time.perf_counter() - sent
        waiting = waited(worker)[1] + waited_here() - before
        phase.times.append(took * 1e3)
        phase.alone.append(max(0.0, took - waiting) * 1e3)
        if not goes_on():
            break
    print(phase.row(), flush=True)
    return phase


def waited_here() -> float:
    """Return the seconds that this process waited for a core."""
    _, waiting, _ = Path("/proc/thread-self/schedstat").read_text().split()
    return int(waiting) / 1e9


def _for(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end


@contextmanager
def _publishing(folder: Path, content: Path, store: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "said").open("wb") as out:
        process = subprocess.Popen(
            command("publish", content, "--store", store), stdout=out, stderr=out
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _until_served(process: subprocess.Popen[bytes]) -> Callable[[], bool]:
    """Tell whether a publish goes on, or was over less than AFTER seconds ago."""
    over: list[float] = []

    def goes_on() -> bool:
        if not over and process.poll() is not None:
            over.append(time.monotonic())
        return not over or time.monotonic() < over[0] + AFTER

    return goes_on


def phases(folder: Path, articles: int) -> Iterator[Phase]:
    """Measure with nothing beside, with a publish elsewhere, and with one into the store."""
    first, content = folder / "first", folder / "content"
    corpus(content, articles)
    (first / "articles").mkdir(parents=True)
    shutil.copytree(content / "topics", first / "topics")
    for number in range(FIRST):
        shutil.copy(content / f"articles/article-{number}.md", first / "articles")
    store = folder / "store.db"
    subprocess.run(command("publish", first, "--store", store), check=True, capture_output=True)
    with serving(folder, first, "--store", store, "--read-only") as server:
        server.get(PATH)
        (worker,) = descendants(server.pid)
        yield asked("nothing", server, worker, _for(QUIET))
        with _publishing(folder, content, folder / "other.db"):
            yield asked("a publish into another store", server, worker, _for(ELSEWHERE))
        with _publishing(folder, content, store) as process:
            what = f"a publish of {articles:,} articles"
            yield asked(what, server, worker, _until_served(process))
            if process.returncode:
                sys.exit((folder / "said").read_text())
        server.get(f"/v1/articles/article-{articles - 1}")  # it has come in


def _verdict(times: list[float]) -> str:
    return "met" if max(times) <= BAR_MS else "missed"


def main(articles: int) -> None:
    """Measure, and write the section."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with TemporaryDirectory() as folder:
        found = list(phases(Path(folder), articles))
    section = SECTION.format(
        articles=articles,
        rate=RATE,
        rows="\n".join(phase.row() for phase in found),
        bar=BAR_MS,
        seen=_verdict(found[-1].times),
        alone=_verdict(found[-1].alone),
        after=AFTER,
        about=results.about(),
    )
    results.write(section)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
