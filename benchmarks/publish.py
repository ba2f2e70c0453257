"""How long an operator waits: publishing from nothing, after one edit, and starting to serve.

`python -m benchmarks.publish [ARTICLES]` writes a synthetic corpus shaped like the first content
into a temporary folder and prints a table of medians over three rounds.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx2

from api.compiler import pipeline
from benchmarks.corpus import corpus
from schemas.discovery import discover

ROUNDS = 3


def _publish(content: Path, store: Path) -> float:
    began = time.perf_counter()
    pipeline.publish(content, store, discover(), datetime.now(UTC))
    return time.perf_counter() - began


def _start(content: Path, store: Path) -> float:
    """Return the seconds from the command to the first answer, the store being current."""
    command = [sys.executable, "-m", "api", "serve", str(content)]
    began = time.perf_counter()
    with subprocess.Popen(
        [*command, "--port", "0", "--store", str(store)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout  # noqa: S101 - for the type checker
        with closing(process.stdout) as lines:
            address = next(line.split()[1] for line in lines if line.startswith("serving "))
            httpx2.get(f"{address}/v1/articles").raise_for_status()
            took = time.perf_counter() - began
            process.terminate()
    return took


def rounds(folder: Path, count: int) -> Iterator[tuple[float, float, float]]:
    """Yield for each round the seconds from nothing, after an edit, and to the first answer."""
    content = folder / "content"
    corpus(content, count)
    edited = content / "articles/article-0.md"
    for number in range(ROUNDS):
        store = folder / f"store-{number}.db"
        nothing = _publish(content, store)
        edited.write_text(edited.read_text().replace("title: ", "title: Edited "))
        yield nothing, _publish(content, store), _start(content, store)


def main(count: int) -> None:
    """Print the table for a corpus of `count` articles."""
    with TemporaryDirectory() as folder:
        nothing, edit, start = zip(*rounds(Path(folder), count), strict=True)
    print(f"{count} articles, median of {ROUNDS} rounds")
    print(f"publish from nothing   {median(nothing):7.2f} s  {count / median(nothing):7.0f} /s")
    print(f"publish after one edit {median(edit):7.2f} s")
    print(f"start to first answer  {median(start):7.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
