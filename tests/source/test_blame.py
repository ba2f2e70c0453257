"""Which commit a line comes from."""

import subprocess
from pathlib import Path

import pytest

from api.source.blame import Commit, blame


def git(folder: Path, *arguments: str, day: int = 1) -> str:
    date = f"2026-01-{day:02}T09:00:00+02:00"
    who = {"NAME": "Example", "EMAIL": "example@example.org", "DATE": date}
    environment = {
        f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()
    }
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.strip()


def commit(folder: Path, text: str, day: int) -> str:
    (folder / "a.md").write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "A change", day=day)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    return tmp_path


def test_each_line_has_the_commit_that_last_changed_it(repository: Path) -> None:
    first = commit(repository, "one\ntwo\nthree\n", 1)
    second = commit(repository, "one\nTWO\nthree\n", 2)
    (repository / "a.md").write_text("one\nTWO\nthree\nfour\n")
    assert blame(repository / "a.md") == {
        1: Commit(first, "2026-01-01T07:00:00Z"),
        2: Commit(second, "2026-01-02T07:00:00Z"),
        3: Commit(first, "2026-01-01T07:00:00Z"),
    }


def test_what_git_does_not_know_has_no_commits(repository: Path, tmp_path: Path) -> None:
    commit(repository, "one\n", 1)
    (repository / "new.md").write_text("new\n")
    assert blame(repository / "new.md") == {}
    assert blame(repository / "none.md") == {}
    assert blame(tmp_path / "none" / "none.md") == {}


def test_git_that_takes_too_long_is_not_waited_for(repository: Path) -> None:
    commit(repository, "one\n", 1)
    assert blame(repository / "a.md", 0.0) == {}


def test_repository_starts_no_program_of_its_own(repository: Path) -> None:
    commit(repository, "one\n", 1)
    program = repository / "program"
    program.write_text(f'#!/bin/sh\ntouch {repository}/started\ncat "$1"\n')
    program.chmod(0o755)
    (repository / ".git" / "info").mkdir(exist_ok=True)
    (repository / ".git" / "info" / "attributes").write_text("*.md diff=x\n")
    git(repository, "config", "diff.x.textconv", str(program))
    git(repository, "config", "core.fsmonitor", str(program))
    assert blame(repository / "a.md")
    assert not (repository / "started").exists()
