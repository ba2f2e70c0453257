"""What is generated is current, and a stale file is told."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.support import REPOSITORY


def _generate(repository: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "docs/generate.py", *options],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )


def test_generated_files_are_current() -> None:
    done = _generate(REPOSITORY, "--check")
    assert (done.returncode, done.stdout) == (0, "")


def test_stale_contract_is_told(tmp_path: Path) -> None:
    for name in ("docs", "openapi.yaml"):
        source = REPOSITORY / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    assert _generate(tmp_path).returncode == 0
    contract = tmp_path / "openapi.yaml"
    contract.write_text(contract.read_text(encoding="utf-8").replace("getArticle", "readArticle"))
    done = _generate(tmp_path, "--check")
    assert done.returncode == 1
    assert done.stdout == "openapi.yaml is stale: run `make openapi`\n"
