"""Progress is silent while a command is quick, a bar on a terminal, lines elsewhere."""

import io
from dataclasses import dataclass

import pytest
from rich.console import Console

from api.progress import progress


@dataclass
class Clock:
    """A clock that goes on only when it is told to."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


def _console(*, terminal: bool) -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    return Console(file=file, force_terminal=terminal, width=80, _environ={}), file


@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "log"])
def test_first_second_passes_in_silence(*, terminal: bool) -> None:
    console, file = _console(terminal=terminal)
    clock = Clock()
    with progress(console, clock) as report:
        for done in range(1, 100):
            clock.seconds += 0.01
            report("read", done, 100)
    assert file.getvalue() == ""


def test_log_has_a_line_after_a_second_and_then_every_five() -> None:
    console, file = _console(terminal=False)
    clock = Clock()
    with progress(console, clock) as report:
        for done in range(1, 13):
            clock.seconds += 1
            report("compile", done, 12)
    assert file.getvalue().splitlines() == [
        "compile: 1 of 12",
        "compile: 6 of 12",
        "compile: 11 of 12",
    ]


def test_log_leaves_out_a_total_that_is_not_known() -> None:
    console, file = _console(terminal=False)
    clock = Clock()
    with progress(console, clock) as report:
        clock.seconds += 2
        report("read", 7, 0)
    assert file.getvalue() == "read: 7\n"


def test_terminal_shows_a_bar_for_each_stage_after_a_second() -> None:
    console, file = _console(terminal=True)
    clock = Clock()
    with progress(console, clock) as report:
        report("read", 1, 2)
        clock.seconds += 1
        report("read", 2, 2)
        report("compile", 1, 0)
        report("compile", 2, 0)
    shown = file.getvalue()
    assert "read" in shown
    assert "compile" in shown
    assert "100%" in shown


def test_bar_is_taken_away_when_the_command_fails() -> None:
    console, file = _console(terminal=True)
    clock = Clock()

    def fail() -> None:
        with progress(console, clock) as report:
            clock.seconds += 1
            report("read", 1, 2)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert file.getvalue().endswith("\x1b[2K"), "the last thing is that the line is cleared"


def test_real_clock_is_quick_enough_for_silence() -> None:
    console, file = _console(terminal=False)
    with progress(console) as report:
        report("read", 1, 1)
    assert file.getvalue() == ""
