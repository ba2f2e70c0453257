"""The page about faults is true: each row names files and tests that there are."""

import re

import pytest

from tests.support import REPOSITORY

PAGE = (REPOSITORY / "docs/explanation/faults.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| Fault ")
]
FAULTS = (
    *("half-written", "vanishing", "10 MB", "UTF-8", "NUL", "byte order mark", "CRLF", "symlink"),
    *("a loop", "FIFO", "no permission", "30_000", "merge keys", "alias bombs", "explicit tags"),
    *("second document", "duplicate keys", "50 ms", "12:30", "duplicate slug", "dangling", "cycle"),
    *("capitals", "Unicode twin", "a third", "SIGKILL", "ENOSPC", "EIO", "EROFS", "EMFILE"),
    *("litter", "SIGTERM under load", "a worker killed", "clock", "drafts", "private fields"),
)


@pytest.mark.parametrize(("fault", "held", "tests"), ROWS, ids=[row[0] for row in ROWS])
def test_fault_is_held_by_what_there_is(fault: str, held: str, tests: str) -> None:
    for file in re.findall(r"`(api/[\w/]+\.py)`", held):
        assert (REPOSITORY / file).exists(), fault
    named = re.findall(r"`(tests/[\w/]+\.py)`((?:,? `\w+`)+)", tests)
    assert len(named) == tests.count("`tests/"), fault
    for file, names in named:
        text = (REPOSITORY / file).read_text(encoding="utf-8")
        for name in re.findall(r"`(\w+)`", names):
            assert f"def {name}(" in text, fault


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_has_a_row(fault: str) -> None:
    assert any(fault in row[0] for row in ROWS)
