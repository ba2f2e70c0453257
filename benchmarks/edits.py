"""How long an editor and an operator wait once a corpus is published."""

import re
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.keypoint import Served, command, serving

EDITS, TOPIC_EDITS, STARTS, COMMANDS = 10, 3, 5, 3
PAUSE = 0.3
"""Seconds between two edits."""
SETTLED = 2.5
"""Seconds after which a file's times tell its changes: younger files are read once more."""
FOLDERS_COMPARED = 20_000
"""The most articles of a folder that is compared with a store: all of it is compiled for that."""
TOPIC = "topic-3"
_TITLE = re.compile(r"^title: .+$", re.MULTILINE)
_revisions = count(1)


@dataclass(frozen=True, slots=True)
class Wait:
    """What was waited for, the seconds of each time, and the bar and the star where it has them."""

    what: str
    seconds: list[float]
    bar: float | None = None
    star: float | None = None

    def row(self) -> str:
        """Return a row of the table."""
        verdict = ""
        if self.bar and self.star:
            middle = median(self.seconds)
            told = "met" if middle <= self.bar else "missed"
            verdict = f"≤ {self.bar:g}: {'star' if middle <= self.star else told}"
        return (
            f"| {self.what} | **{median(self.seconds):.2f}** | {max(self.seconds):.2f} "
            f"| {len(self.seconds)} | {verdict} |"
        )


def waits(folder: Path, content: Path, store: Path, articles: int) -> Iterator[Wait]:
    """Yield what is measured, with a store into which the content is published."""
    article = content / f"articles/article-{articles // 2}.md"
    shown = _with_topic(content)
    number = _count(content, TOPIC)
    time.sleep(SETTLED)
    with serving(folder, content, "--store", store, "--watch") as server:
        server.settle()
        path = f"/v1/articles/{article.stem}"
        taken = [_served(server, article, path) for _ in range(EDITS)]
        yield Wait("from a saved edit until it is served", taken, 1.0, 0.2)
        topic = content / f"topics/{TOPIC}.yaml"
        taken = [_served(server, topic, f"/v1/articles/{shown.stem}") for _ in range(TOPIC_EDITS)]
        yield Wait(f"the same of a topic's title, which {number:,} articles show", taken)
    time.sleep(SETTLED)
    publish = command("publish", content, "--store", store)
    taken = list(_after_edits(article, lambda: _timed(publish, folder)))
    yield Wait("`keypoint publish` after an edit, the program's start included", taken)
    taken = [_start(folder, content, store) for _ in range(STARTS)]
    yield Wait("from `keypoint serve` to its first 200, of a published article", taken, 1.0, 0.3)
    last = command("diff", *_last_two(store), "--store", store)
    taken = [_timed(last, folder) for _ in range(COMMANDS)]
    yield Wait("`keypoint diff` of two revisions with an edit between them", taken)
    if articles <= FOLDERS_COMPARED:
        _edit(article)
        diff = command("diff", content, "--store", store)
        yield Wait("`keypoint diff` between the store and a folder", [_timed(diff, folder)])
    rollback = command("rollback", "--store", store)
    yield Wait("`keypoint rollback`", [_timed(rollback, folder) for _ in range(COMMANDS)])


def _edit(file: Path) -> bytes:
    """Give a file another title, and return that."""
    title = f"Edited for the {next(_revisions)}. time"
    file.write_text(_TITLE.sub(f"title: {title}", file.read_text(), count=1))
    return title.encode()


def _served(server: Served, file: Path, path: str) -> float:
    """Return the seconds from an edit's being saved until an answer has its title."""
    time.sleep(PAUSE)
    title = _edit(file)
    began = time.perf_counter()
    server.until(path, lambda body: title in body)
    took = time.perf_counter() - began
    server.settle()
    return took


def _after_edits(file: Path, timed: Callable[[], float]) -> Iterator[float]:
    for _ in range(COMMANDS):
        _edit(file)
        yield timed()


def _timed(arguments: list[str], folder: Path) -> float:
    began = time.perf_counter()
    with (folder / "said").open("wb") as out:
        subprocess.run(arguments, check=True, stdout=out, stderr=out)
    return time.perf_counter() - began


def _last_two(store: Path) -> list[str]:
    with closing(sqlite3.connect(store)) as connection:
        newest = connection.execute("SELECT max(number) FROM revision").fetchone()[0]
    return [str(newest - 1), str(newest)]


def _start(folder: Path, content: Path, store: Path) -> float:
    began = time.perf_counter()
    with serving(folder, content, "--store", store) as server:
        server.get("/v1/articles/article-1")
        return time.perf_counter() - began


def _with_topic(content: Path) -> Path:
    """Return an article that shows the topic."""
    return next(file for file in _articles(content) if _shows(file, TOPIC))


def _count(content: Path, topic: str) -> int:
    return sum(_shows(file, topic) for file in _articles(content))


def _articles(content: Path) -> Iterator[Path]:
    return (content / "articles").iterdir()


def _shows(file: Path, topic: str) -> bool:
    return re.search(rf"\b{topic}\b[,\]]", file.read_text()) is not None
