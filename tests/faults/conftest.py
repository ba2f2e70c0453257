"""What was tried, and how often, is told at the end of the run."""

import pytest

from tests.faults.tools import REPORTS


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if REPORTS:
        terminalreporter.section("faults that were made")
        for about, line in REPORTS.items():
            terminalreporter.line(f"{about}: {line}")
