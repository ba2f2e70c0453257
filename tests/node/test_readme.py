"""The README's JavaScript runs in Node against the real server."""

import subprocess
from pathlib import Path

from tests.docs.test_readme import ADDRESS, blocks
from tests.support import SEED_CONTENT, running


def test_shown_javascript_prints_the_article(tmp_path: Path) -> None:
    (script,) = blocks("js")
    with running(SEED_CONTENT, tmp_path / "store.db") as address:
        done = subprocess.run(
            ["node", "--input-type=module", "-e", script.replace(ADDRESS, address)],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "Ketamine, Esketamine for Depression and Addiction"
    assert lines[1] == "1. Mechanism of Action"
    assert lines[7] == "7. Support and Treatment"
