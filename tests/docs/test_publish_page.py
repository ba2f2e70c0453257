"""The page about publishing is true: its commands, its hook, its unit and its job are run."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path

import pytest
import yaml

from api.serving.agenda import FIRST_RETRY, LAST_RETRY
from api.serving.supervisor import BEYOND_GRACE
from api.settings import Settings
from api.store.guards import FEW, SHARE
from api.store.retention import LEAST
from tests.docs.replay import Session, blocks
from tests.servers import PATIENCE, eventually
from tests.support import REPOSITORY, Site, write

PAGE = (REPOSITORY / "docs/how-to/publish.md").read_text(encoding="utf-8")
PROGRAM = "/opt/keypoint/.venv/bin"
STORE = "/var/lib/keypoint"
CONTENT = {
    "content/articles/example.md": "---\ntitle: Example article\n---\nAn example of a text.\n",
    **{f"content/topics/topic-{n}.yaml": f"title: Example topic {n}\n" for n in range(5)},
}


def block(language: str) -> str:
    """Return the one block of the page in a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Give a terminal in a clone of the repository that editors push to."""
    clone, site = tmp_path / "clone", tmp_path / "srv/site"
    write(clone, CONTENT)
    _git(tmp_path, "init", "-q", "--bare", "-b", "main", "srv/site.git")
    _git(clone, "init", "-q", "-b", "main")
    _git(clone, "config", "user.name", "Ann Example")
    _git(clone, "config", "user.email", "ann@example.org")
    _git(clone, "remote", "add", "origin", str(tmp_path / "srv/site.git"))
    _git(clone, "add", ".")
    _git(clone, "commit", "-qm", "An article")
    _git(clone, "push", "-q", "origin", "main")
    site.mkdir()
    _git(tmp_path / "srv/site.git", f"--work-tree={site}", "checkout", "-f", "main")
    state = tmp_path / "state"
    state.mkdir()
    program = Path(sys.executable).parent
    opened = Session(clone, {"/srv": tmp_path / "srv", STORE: state, PROGRAM: program})
    hook = tmp_path / "srv/site.git/hooks/post-receive"
    hook.write_text(opened.placed(block("sh")), encoding="utf-8")
    hook.chmod(0o755)
    yield opened
    opened.end()


def test_commands_say_what_is_shown(session: Session) -> None:
    for one in blocks(PAGE):
        session.play(one)


def _unit() -> dict[str, str]:
    parser = RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(block("ini"))
    return dict(parser["Service"])


def test_unit_runs_reloads_and_ends_the_server(tmp_path: Path) -> None:
    site, unit = Site(tmp_path), _unit()
    program, *words = unit["ExecStart"].split()
    assert program == f"{PROGRAM}/keypoint"
    assert f"$ keypoint {' '.join(words)}\n" in PAGE
    assert unit["ExecReload"].split()[1:] == ["-HUP", "$MAINPID"]
    places = {"/srv/site": tmp_path, f"{STORE}/store.db": site.store}
    session = Session(tmp_path, places)
    try:
        session.serve(f"keypoint {' '.join(words)}")
        eventually(lambda: any(line.startswith("serving ") for line in session.said()))
        write(site.content, {"topics/one.yaml": "title: Changed\n"})
        assert session.server
        session.server.send_signal(signal.SIGHUP)
        eventually(lambda: "2 rows added" in session.said()[-1] or len(session.said()) > 2)
        assert "published revision" in session.said()[-1]
        session.server.send_signal(signal.SIGTERM)
        assert session.server.wait(PATIENCE) == 0
    finally:
        session.end()


def test_unit_gives_a_server_the_time_that_it_takes_to_end() -> None:
    grace = Settings.model_fields["grace_seconds"].default
    assert int(_unit()["TimeoutStopSec"]) > grace + BEYOND_GRACE


def test_job_publishes(tmp_path: Path) -> None:
    write(tmp_path, CONTENT)
    session = Session(tmp_path, {STORE: tmp_path})
    run = [step["run"] for step in yaml.safe_load(block("yaml"))["jobs"]["publish"]["steps"][1:]]
    assert run[0] == f'echo {PROGRAM} >> "$GITHUB_PATH"'
    check, diff, publish = map(session.placed, run[1:])
    summary = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    assert session.run(check).stdout == ""
    assert "published revision" in session.run(publish).stdout
    write(tmp_path, {"content/topics/topic-1.yaml": "title: Changed\n"})
    session.run(diff, **summary)
    assert "Changed" in (tmp_path / "summary").read_text(encoding="utf-8")
    assert "2 rows added" in session.run(publish).stdout


def test_numbers_are_the_programs() -> None:
    settings = {name: field.default for name, field in Settings.model_fields.items()}
    text = " ".join(PAGE.split())
    assert (SHARE, FEW, LEAST) == (3, 3, 10)
    assert "more than a third of the entries, and more than three" in text
    assert f"`KEYPOINT_KEEP_DAYS` ({settings['keep_days']}), the newest ten longer" in text
    assert f"`KEYPOINT_KEEP_REVISIONS` ({settings['keep_revisions']:,})" in text
    assert f"`KEYPOINT_DELETED_DAYS` ({settings['deleted_days']})" in text
    assert (FIRST_RETRY, LAST_RETRY) == (2, 5 * 60)
    assert "after 2 seconds, then less and less often, every 5 minutes at the latest" in text


def test_shown_variables_are_settings() -> None:
    named = {name.lower() for name in re.findall(r"KEYPOINT_(\w+)", PAGE)}
    assert named
    assert named <= Settings.model_fields.keys()
