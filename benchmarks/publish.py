"""What publishing takes: from nothing, beside Hugo, and after an edit, until that is served.

`python -m benchmarks.publish [ARTICLES [ROUNDS]]` writes a synthetic corpus shaped like the first
content into a temporary folder, publishes it and builds it by turns, and writes a section of
results.md.
"""

import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import hugo, results
from benchmarks.corpus import corpus
from benchmarks.edits import Wait, waits
from benchmarks.keypoint import command
from benchmarks.load import cores
from benchmarks.processes import Spent, run

LARGE = 50_000
"""From so many articles on there are two rounds, else three."""
SECTION = """\
# Publishing {articles:,} articles

Written by `python -m benchmarks.publish {articles}`; {rounds} rounds, by turns, two cores, warm
files.

| from nothing | articles/s | CPU µs an article | memory at most, MiB | seconds |
|---|---|---|---|---|
{programs}

Of Hugo's articles/s, median over the rounds: **{rate:.2f}** (bar ≥ 2, star 3: {rate_verdict}). Of
its memory: **{memory:.2f}** (bar ≤ 0.1: {memory_verdict}).

| with these articles published | median s | worst s | times | bar |
|---|---|---|---|---|
{waits}

{about}

Hugo writes each article's front matter and its text as HTML into a file of JSON; it has two cores,
no theme, no lists, and no cache from before. Keypoint is `keypoint publish` into a new store, as a
user starts it: it checks every file, resolves the topics, writes the texts as blocks, proves every
answer against the contract, compresses it, and makes the lists; all of it is on the disk when it
ends (fsync), while Hugo's files are in the system's cache. Memory is the sum over all processes of
a program, pages that they share counted once (PSS), the largest of looks many times a second.

*Served* is measured by a client that asks `keypoint serve --watch` for the article every 2 ms, from
the moment when the file is closed.
"""


@dataclass(slots=True)
class Program:
    """A program's runs."""

    name: str
    spent: list[Spent] = field(default_factory=list)

    def row(self, articles: int) -> str:
        """Return a row of the table: medians."""
        seconds, cpu, memory = (
            median(values)
            for values in zip(*((s.seconds, s.cpu, s.memory) for s in self.spent), strict=True)
        )
        return (
            f"| {self.name} | {articles / seconds:,.0f} | {cpu / articles * 1e6:,.0f} "
            f"| {memory:,.0f} | {seconds:.1f} |"
        )


def by_turns(folder: Path, content: Path, articles: int, rounds: int) -> tuple[Program, Program]:
    """Publish and build by turns, the first of a round being the second of the next.

    The last store is left as `store.db`. Ends the program where one of the two has made less than
    all articles.
    """
    keypoint, built = Program("Keypoint"), Program(f"Hugo {hugo.version()}")
    hugo.site(folder / "site", content)
    turns = [(_build, built), (_publish, keypoint)]
    for _ in range(rounds):
        for make, program in turns:
            program.spent.append(make(folder, content, articles))
            print(program.row(articles), flush=True)
        turns.reverse()
    return keypoint, built


def _publish(folder: Path, content: Path, articles: int) -> Spent:
    for ending in ("", "-wal", "-shm", ".memory"):
        (folder / f"store.db{ending}").unlink(missing_ok=True)
    store = folder / "store.db"
    spent = run(command("publish", content, "--store", store), folder)
    with closing(sqlite3.connect(store)) as connection:
        query = "SELECT count(DISTINCT unit) FROM representation WHERE unit LIKE 'article:%'"
        _require("Keypoint", connection.execute(query).fetchone()[0], articles)
    return spent


def _build(folder: Path, _: Path, articles: int) -> Spent:
    out = folder / "built"
    spent = run(hugo.command(folder / "site", out), folder)
    _require("Hugo", hugo.articles(out), articles)
    for made in (out, out.with_name("built-cache")):
        shutil.rmtree(made, ignore_errors=True)
    return spent


def _require(name: str, made: int, articles: int) -> None:
    if made != articles:
        sys.exit(f"{name} has made {made} of {articles} articles")


def section(articles: int, programs: tuple[Program, Program], waited: list[Wait]) -> str:
    """Return the section of the results, in Markdown."""
    rounds = list(zip(*(program.spent for program in programs), strict=True))
    rate = median(other.seconds / ours.seconds for ours, other in rounds)
    memory = median(ours.memory / other.memory for ours, other in rounds)
    return SECTION.format(
        articles=articles,
        rounds=len(rounds),
        programs="\n".join(program.row(articles) for program in programs),
        rate=rate,
        rate_verdict=_verdict(rate >= 2, rate >= 3),  # noqa: PLR2004 - as the text has it
        memory=memory,
        memory_verdict=_verdict(memory <= 0.1),  # noqa: PLR2004 - likewise
        waits="\n".join(wait.row() for wait in waited),
        about=results.about(Hugo=hugo.version()),
    )


def _verdict(met: bool, star: bool = False) -> str:  # noqa: FBT001, FBT002 - what it is about
    if star:
        return "star"
    return "met" if met else "missed"


def main(articles: int, rounds: int) -> None:
    """Measure everything, and write the section."""
    # What was started ends with this program, however that ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    cores()
    with TemporaryDirectory() as name:
        folder = Path(name)
        content = folder / "content"
        corpus(content, articles)
        programs = by_turns(folder, content, articles, rounds)
        waited = []
        for wait in waits(folder, content, folder / "store.db", articles):
            waited.append(wait)
            print(wait.row(), flush=True)
        results.write(section(articles, programs, waited))


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    main(count, int(sys.argv[2]) if len(sys.argv) > 2 else 2 if count >= LARGE else 3)  # noqa: PLR2004
