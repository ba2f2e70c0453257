"""A clock that is set forward and back by years: no 5xx, the same tags, schedules follow it."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from tests.faults.tools import need_command
from tests.servers import Server, eventually, server
from tests.support import REPOSITORY, Site, write

COMING = "title: Coming\npublish_at: 2030-01-01T00:00:00Z\n"
ENDING = "title: Ending\nexpire_at: 2030-01-01T00:00:00Z\n"
TARGETS = ("/v1", "/v1/articles", "/v1/articles/first", "/v1/topics/one", "/v1/site", "/v1/contact")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    need_command("faketime")
    return Site(tmp_path / "site")


def _publish(site: Site, year: int) -> str:
    """Publish by the command in a year; return the revision's name."""
    done = subprocess.run(
        [
            *("faketime", f"{year}-06-01 00:00:00", sys.executable, "-m", "api", "publish"),
            *(str(site.content), "--store", str(site.store)),
        ],
        cwd=REPOSITORY,
        env={**os.environ, "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split("revision ")[1][:16]


def test_publishes_of_other_years_are_the_same_revision(site: Site) -> None:
    assert len({_publish(site, year) for year in (2026, 1999)}) == 1


def test_schedules_follow_a_clock_that_is_set_forward_and_back(site: Site) -> None:
    write(site.content, {"topics/coming.yaml": COMING, "topics/ending.yaml": ENDING})
    first = _publish(site, 2026)
    later = _publish(site, 2031)
    assert later != first
    assert _publish(site, 2026) == first


def _library() -> str:
    """Return the library that `faketime` loads, which reads the time from a file each time."""
    need_command("faketime")
    told = subprocess.run(
        ["faketime", "now", "sh", "-c", "echo $LD_PRELOAD"],
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


def _shows_coming(running: Server, wanted: bool) -> bool:  # noqa: FBT001 - what is compared
    return (running.ask("/v1/topics/coming").status == 200) == wanted


def test_server_whose_clock_jumps_answers_with_the_same_tags(site: Site, tmp_path: Path) -> None:
    write(site.content, {"topics/coming.yaml": COMING, "topics/ending.yaml": ENDING})
    clock = tmp_path / "clock"
    clock.write_text("+0")
    environment = {
        "LD_PRELOAD": _library(),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_RESET": "1",
    }
    arguments = (site.content, "--store", site.store)
    with server(tmp_path / "said", *arguments, before=None, **environment) as running:
        eventually(lambda: running.out[1:])
        tags = [running.ask(target)["etag"] for target in TARGETS]
        for shift, years in (("+3650d", 10), ("-7300d", -20), ("+18000d", 49), ("+0", 0)):
            clock.write_text(f"{shift}\n")
            is_later = datetime.now(UTC).year + years >= 2030
            running.send(signal.SIGHUP)
            eventually(partial(_shows_coming, running, is_later))
            assert running.ask("/v1/topics/ending").status == (410 if is_later else 200)
            answers = [running.ask(target) for target in TARGETS]
            assert {answer.status for answer in answers} == {200}
            assert [answer["etag"] for answer in answers] == tags
            assert running.ready()["status"] == "ready"
        assert running.err == []
