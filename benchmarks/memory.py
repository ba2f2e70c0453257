"""The memory of a server with four workers, after every article was asked for many times.

`python -m benchmarks.memory [ARTICLES [SECONDS]]` publishes a corpus, serves it, loads it with wrk,
and writes a section of results.md.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import results
from benchmarks.corpus import corpus
from benchmarks.keypoint import PATIENCE, Served, command, serving
from benchmarks.load import CONNECTIONS, SCRIPT, tool
from benchmarks.processes import descendants, memory

WORKERS = 4
STEP = 0.1
BAR, STAR = 150, 80
"""MiB that a worker has for itself."""
SECTION = """\
# The memory of four workers with {articles:,} articles

Written by `python -m benchmarks.memory {articles}`; after {seconds} s of wrk with {connections}
connections, each request for one of all articles by chance: {requests:,} requests.

| MiB | its own | of that written to | PSS | RSS |
|---|---|---|---|---|
{rows}

The bar is ≤ {bar} MiB of a worker's own, star {star}: {verdict}. All together take
{together:,.0f} MiB (PSS); the store's file has {store:,.0f} MiB.

{about}

*Its own* are pages that no other process has (private, clean or dirty); what a worker has in common
with the supervisor that it was forked from, and pages of the store's file, which SQLite maps into
memory and the system may take back at any time, are in PSS by their share.
"""


def load(server: Served, articles: int, seconds: int) -> int:
    """Ask for all articles by chance; return how many answers came.

    Ends the program on an error.
    """
    wrk = [tool("wrk", "wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(SCRIPT)]
    asked = [server.address, "/v1/articles/article-", str(articles)]
    told = subprocess.run(
        [*wrk, "-H", "Accept-Encoding: gzip", *asked], check=True, capture_output=True, text=True
    ).stdout
    _, requests, _, _, errors, *_ = told[told.index("measured") :].split()
    if int(errors):
        sys.exit(f"{errors} requests failed:\n{told}")
    return int(requests)


def alone(server: Served) -> list[int]:
    """Return the workers, once the publish that a server begins with is over.

    Raises TimeoutError.
    """
    end = time.monotonic() + PATIENCE
    while len(pids := list(descendants(server.pid))) != WORKERS:
        if time.monotonic() > end:
            raise TimeoutError(f"there are {len(pids)} processes and not {WORKERS}")
        time.sleep(STEP)
    return pids


def own(kinds: Mapping[str, int]) -> float:
    """Return the MiB that a process shares with none."""
    return (kinds["Private_Clean"] + kinds["Private_Dirty"]) / 1024


def row(name: str, kinds: Mapping[str, int]) -> str:
    """Return a row of the table."""
    dirty, pss, rss = (kinds[kind] / 1024 for kind in ("Private_Dirty", "Pss", "Rss"))
    return f"| {name} | **{own(kinds):.0f}** | {dirty:.0f} | {pss:.0f} | {rss:.0f} |"


def main(articles: int, seconds: int) -> None:
    """Measure, and write the section."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with TemporaryDirectory() as name:
        folder = Path(name)
        content, store = folder / "content", folder / "store.db"
        corpus(content, articles)
        publish = command("publish", content, "--store", store)
        subprocess.run(publish, check=True, capture_output=True)
        with serving(folder, content, "--store", store, "--workers", str(WORKERS)) as server:
            requests = load(server, articles, seconds)
            supervisor, workers = memory(server.pid), list(map(memory, alone(server)))
        size = store.stat().st_size / 2**20
    most = max(map(own, workers))
    rows = [row("supervisor", supervisor)]
    rows += [row(f"worker {number}", kinds) for number, kinds in enumerate(workers, 1)]
    section = SECTION.format(
        articles=articles,
        seconds=seconds,
        connections=CONNECTIONS,
        requests=requests,
        rows="\n".join(rows),
        bar=BAR,
        star=STAR,
        verdict="star" if most <= STAR else "met" if most <= BAR else "missed",
        together=sum(kinds["Pss"] for kinds in (supervisor, *workers)) / 1024,
        store=size,
        about=results.about(),
    )
    results.write(section)


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*(given + [100_000, 25][len(given) :]))
