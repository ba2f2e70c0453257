"""Child processes do what this one would do, and what ends one is told of its task alone."""

import os
import signal
from collections.abc import Callable

import pytest

from api.compiler import pool

TASKS = range(100)


def _told(task: int, how: str) -> str:
    return f"{task}: {how}"


def _run(work: Callable[[int], str], jobs: int = 2) -> list[str]:
    return sorted(pool.run(work, TASKS, jobs, _told))


def _plain(task: int) -> str:
    return f"{task} is done"


def _doing(task: int, what: Callable[[], object]) -> Callable[[int], str]:
    """Return work that does something else for one task."""

    def work(given: int) -> str:
        if given == task:
            what()
        return _plain(given)

    return work


@pytest.mark.parametrize("jobs", [0, 1, 2, 7])
def test_every_task_is_done_once(jobs: int) -> None:
    assert _run(_plain, jobs) == sorted(map(_plain, TASKS))


def test_nothing_to_do_starts_no_process() -> None:
    assert list(pool.run(_plain, [], 2, _told)) == []


def test_work_is_done_in_other_processes() -> None:
    found = set(pool.run(lambda _: os.getpid(), TASKS, 2, lambda *_: 0))
    assert len(found) == 2
    assert os.getpid() not in found


class _EndedError(Exception):
    """What the handler of a signal raises."""


def _end(*_: object) -> None:
    raise _EndedError


_around_forks: list[Callable[[], None]] = []
os.register_at_fork(after_in_parent=lambda: [do() for do in _around_forks])


def test_signal_that_comes_while_a_process_is_started_is_heard() -> None:
    before = signal.signal(signal.SIGTERM, _end)
    _around_forks.append(lambda: os.kill(os.getpid(), signal.SIGTERM))
    try:
        with pytest.raises(_EndedError):
            _run(_plain)
    finally:
        _around_forks.clear()
        signal.signal(signal.SIGTERM, before)


def _eat() -> None:
    held = bytearray(pool.MEMORY_BYTES)
    held[0] = 1


def _compute() -> None:
    while True:
        pass


@pytest.mark.parametrize(
    ("what", "how"),
    [
        pytest.param(
            lambda: os.kill(os.getpid(), signal.SIGKILL),
            "the process was ended by SIGKILL",
            id="killed",
        ),
        pytest.param(_eat, "it took more than 2 GiB of memory", id="memory"),
        pytest.param(_compute, "it took more than 1 seconds", id="time"),
        pytest.param(
            lambda: int("one"),
            "the program failed on it: ValueError: invalid literal for int() with base 10: 'one'",
            id="exception",
        ),
    ],
)
def test_what_ends_a_process_is_told_of_its_task_alone(
    monkeypatch: pytest.MonkeyPatch, what: Callable[[], object], how: str
) -> None:
    monkeypatch.setattr(pool, "CPU_SECONDS", 1)
    told = _run(_doing(41, what))
    assert f"41: {how}" in told
    assert len(told) == len(TASKS)
    assert {one for one in told if not one.startswith("41")} == {
        _plain(task) for task in TASKS if task != 41
    }


def test_abandoned_run_leaves_no_process() -> None:
    results = pool.run(lambda _: os.getpid(), TASKS, 2, lambda *_: 0)
    pid = next(results)
    results.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
