"""Mutated files are read, or refused by Issues: no other exception, no crash, no stall."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.harnesses import HARNESSES
from tests.support import REPOSITORY

FOUND = Path(__file__).parent / "found"
SECONDS = 10
UNMEASURED = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
"""The environment of a run: measured, each input would take ten times as long."""
YAMLISH = "ab:-?,[]{}#&*!|>'\"%@`~<=.\\/ \n\t1é\x85\u2028\ufeff\x01"

needs_atheris = pytest.mark.skipif(
    find_spec("atheris") is None and "CI" not in os.environ,
    reason="atheris is there on Linux x86-64 alone",
)


def test_inputs_that_once_failed_are_read_or_refused() -> None:
    for file in FOUND.glob("*/*"):
        HARNESSES[file.parent.name](file.read_bytes())


@pytest.mark.parametrize("harness", HARNESSES)
@given(raw=st.binary() | st.text(YAMLISH).map(str.encode))
def test_any_bytes_are_read_or_refused(harness: str, raw: bytes) -> None:
    HARNESSES[harness](raw)


@needs_atheris
@pytest.mark.parametrize("harness", HARNESSES)
def test_mutated_files_are_read_or_refused(harness: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.run", harness, str(SECONDS), str(tmp_path)],
        cwd=REPOSITORY,
        env=UNMEASURED,
        capture_output=True,
        text=True,
        timeout=SECONDS + 120,
        check=False,
        errors="replace",
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    assert list(tmp_path.iterdir()) == []


@needs_atheris
def test_harness_that_fails_is_seen(tmp_path: Path) -> None:
    for failing in ("raise ValueError", "import os; os.abort()"):
        program = (
            "from tests.fuzz import run\n"
            f"def broken(raw):\n    {failing}\n"
            "run.HARNESSES = {'yaml': broken}\n"
            f"run.main('yaml', 5, {str(tmp_path)!r})\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=REPOSITORY,
            env=UNMEASURED,
            capture_output=True,
            check=False,
        )
        assert done.returncode != 0
