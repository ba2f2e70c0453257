"""The page about pull requests is true: its command runs, and says what is shown."""

import re
import subprocess
import sys
from pathlib import Path

import yaml

from tests.support import REPOSITORY, write

PAGE = (REPOSITORY / "docs/how-to/review-a-pull-request.md").read_text(encoding="utf-8")
ARTICLE = "---\ntitle: Example article\ntopics: [{}]\n---\nA {} text.\n"
OLD = {
    "topics/one.yaml": "title: One\n",
    "articles/example.md": ARTICLE.format("one", "first"),
}
NEW = {
    "topics/uno.yaml": "title: One\n",
    "articles/example.md": ARTICLE.format("uno", "second"),
}


def block(language: str) -> str:
    """Return the page's first code block in a language."""
    found = re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def run(command: str, folder: Path) -> str:
    name, *arguments = command.split()
    assert name == "keypoint"
    ran = subprocess.run(
        [sys.executable, "-m", "api", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(REPOSITORY), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


def test_the_shown_command_says_what_is_shown(tmp_path: Path) -> None:
    write(tmp_path / "old/content", OLD)
    write(tmp_path / "new/content", NEW)
    said = run(block("sh"), tmp_path)
    pattern = ".*".join(map(re.escape, block("text").strip().split("…")))
    assert re.match(pattern, said, re.DOTALL), said


def test_the_workflow_runs_the_same_commands(tmp_path: Path) -> None:
    write(tmp_path / "base/content", OLD)
    write(tmp_path / "content", NEW)
    steps = yaml.safe_load(block("yaml"))["jobs"]["content"]["steps"]
    install, check, diff = (step["run"] for step in steps if "run" in step)
    assert install.startswith("make install ")
    assert run(check, tmp_path) == ""
    command, _, target = diff.partition(" >> ")
    assert target == '"$GITHUB_STEP_SUMMARY"'
    assert "write `id: one` or `redirect_from: [one]`" in run(command, tmp_path)
