"""A publish that is killed at any of its system calls leaves the old revision or the new one."""

import os
import re
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

import pytest

from api.compiler import pipeline
from api.compiler.tools import tools_of
from api.store.retention import Retention
from api.store.verify import verify
from tests.faults.stores import difference, numbers, told
from tests.faults.tools import SOAK, report, traced
from tests.support import NOW, own_models, write

MODELS = own_models()
TOOLS = tools_of(MODELS)
KEPT = Retention(timedelta(days=9), 10_000)
KILLS = 200 if SOAK else 24
CALLS = (
    *("pwrite64", "fdatasync", "openat", "ftruncate", "unlink", "mmap", "write", "fcntl"),
    *("pread64", "newfstatat", "close", "read", "getdents64", "lseek", "clone", "wait4"),
    *("fchown", "munmap", "sendto", "recvfrom", "utimensat", "poll", "brk", "exit_group"),
)
"""System calls of a publish, those that write first."""


def _folder(root: Path, number: int) -> Path:
    """Write a folder of which every entry has the number, and a file that has it too."""
    title = f"title: Number {number}"
    files = {f"topics/topic-{one}.yaml": f"{title}\n" for one in range(4)}
    files |= {
        f"articles/article-{one}.md": (
            f"---\n{title}\ntopics: [topic-{one}]\n---\nNumber {number}. [A file](a.csv).\n"
        )
        for one in range(4)
    }
    return write(root, {**files, "articles/a.csv": f"Number {number}\n"})


def _publish(content: Path, store: Path, jobs: int) -> str:
    done = pipeline.publish(
        content, store, MODELS, NOW, tools=TOOLS, jobs=jobs, retention=KEPT, allow_shrink=True
    )
    return done.revision.digest


def _acknowledge(content: Path, store: Path, jobs: int, ledger: Path) -> None:
    digest = _publish(content, store, jobs)
    with ledger.open("a") as file:
        file.write(f"{digest}\n")


def _spread(count: int, parts: int) -> list[int]:
    """Return up to so many numbers from 1 to `count`, the last ones first, then spread."""
    return sorted({count, *(1 + count * part // parts for part in range(parts))} - {count + 1})


@pytest.mark.parametrize("jobs", [0, 2])
def test_killed_publish_leaves_the_old_revision_or_the_new_one(tmp_path: Path, jobs: int) -> None:
    content, store = tmp_path / "content", tmp_path / "store.db"
    ledger = tmp_path / "ledger"
    _publish(_folder(content, 0), store, jobs)
    _folder(content, 1)
    calls = tmp_path / "calls"
    assert traced(lambda: _publish(content, store, jobs), out=calls) == 0
    counts = Counter(re.findall(r"^\d+ +(\w+)\(", calls.read_text(), re.MULTILINE))
    served, number = 1, 1
    met: list[tuple[str, int]] = []
    outcomes: Counter[str] = Counter()
    each = KILLS // 2
    queues = [[(call, n) for n in _spread(counts[call], each)] for call in CALLS if counts[call]]
    turns = (queue.pop(0 if len(queue) % 2 else -1) for queue in cycle(queues) if queue)
    for call, n in islice(turns, 3 * each):
        if len(met) == each:
            break
        number += 1
        _folder(content, number)
        before = ledger.read_text() if ledger.exists() else ""
        status = traced(
            lambda: _acknowledge(content, store, jobs, ledger),
            *("-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={n}"),
        )
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            met.append((call, n))  # it was killed itself, not a child of its own
        assert verify(store) is None
        (found,) = numbers(store)
        assert found in {served, number}
        if ledger.exists() and ledger.read_text() != before:
            assert found == number, "it was acknowledged"
        outcomes["new" if found == number else "old"] += 1
        served = found
    _check_ledger(store, ledger)
    fresh = tmp_path / "fresh.db"
    assert _publish(content, fresh, 0) == _publish(content, store, jobs)
    assert difference(told(store), told(fresh)) == ""
    assert len(met) == each
    assert outcomes["old"] > 2
    calls_met = Counter(call for call, _ in met)
    report(
        f"publishes with {jobs} jobs",
        f"{len(met)} kills at {len(calls_met)} distinct system calls, "
        f"{len(set(met))} distinct points (call, n); afterwards the old revision "
        f"{outcomes['old']} times, the new one {outcomes['new']} times, in {number - 1} publishes; "
        + ", ".join(f"{call} {count}" for call, count in calls_met.most_common()),
    )


def _check_ledger(store: Path, ledger: Path) -> None:
    """Check that every publish that was acknowledged can be read, and is whole."""
    digests = ledger.read_text().splitlines() if ledger.exists() else []
    with closing(sqlite3.connect(store)) as connection:
        for digest in digests:
            query = "SELECT number FROM revision WHERE digest = ?"
            (revision,) = connection.execute(query, (digest,)).fetchone()
            assert len(numbers(store, revision)) == 1
