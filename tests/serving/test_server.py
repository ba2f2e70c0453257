"""A running server: what happens to its folder, its store, its processes, and what clients see."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.compiler import pipeline
from api.serving.agenda import TICK_SECONDS
from api.serving.supervisor import BEYOND_GRACE
from api.serving.worker import ACCEPT_SECONDS, DRAIN_SECONDS
from tests.raw import Wire, request
from tests.servers import Load, Server, connections, eventually, is_running, server
from tests.support import REPOSITORY, Site, write

CHANGED = {"topics/one.yaml": "title: Changed\n"}
BROKEN = {"topics/one.yaml": "titel: One\n"}
MENDED = {"topics/one.yaml": "title: Mended\n"}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


@pytest.fixture
def published(site: Site) -> Site:
    site.publish()
    return site


GATED = '''
"""A topic whose publish waits as long as a file is there."""

import time
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from schemas.collection import Folder
from schemas.entry import Entry
from schemas.fields import Title, Use


def wait(title: str) -> str:
    while title != "Example topic" and Path(GATE).exists():
        time.sleep(0.01)
    return title


class Topic(Entry):
    """A topic."""

    collection: ClassVar = Folder(name="topics", path="/topics/{slug}")

    title: Annotated[Title, AfterValidator(wait), Use.CARD]
    """The topic's name."""

    example: ClassVar[str] = "title: Example topic\\n"
'''
"""A model that makes a publish take as long as a test wants."""


@dataclass(frozen=True)
class Gated:
    """A published site, and what holds its next publish up."""

    site: Site
    gate: Path

    @property
    def arguments(self) -> tuple[str | Path, ...]:
        site = self.site
        return (site.content, "--store", site.store, "--schemas", site.schemas)

    def publisher(self, running: Server) -> int:
        """Return the process that publishes, where nobody watches."""
        eventually(lambda: len(running.workers()) == 1 and len(running.children()) == 2)
        (pid,) = set(running.children()) - set(running.workers())
        return pid


@pytest.fixture
def gated(tmp_path: Path) -> Gated:
    gate = tmp_path / "gate"
    model = GATED.replace("GATE", repr(str(gate)))
    schemas = write(tmp_path / "schemas", {"topic.py": model})
    site = Site(tmp_path / "site", {"topics/one.yaml": "title: One\n"}, schemas)
    site.publish()
    gate.touch()
    return Gated(site, gate)


# The folder


def test_edit_is_served_and_told_in_one_line(site: Site, tmp_path: Path) -> None:
    with server(tmp_path, site.content, "--store", site.store, "--watch") as running:
        assert (running.title(), running.ready()["folder_changed"]) == ("One", False)
        before = len(running.out)
        began = time.monotonic()
        write(site.content, CHANGED)
        eventually(lambda: running.title() == "Changed")
        assert time.monotonic() - began < 3
        said = eventually(lambda: running.out[before:])
        assert len(said) == 1
        assert f"{site.content}: published revision {running.ready()['revision']}, " in said[0]
        assert running.err == []
        assert running.ready()["folder_changed"] is False


def test_editors_leftovers_publish_nothing(site: Site, tmp_path: Path) -> None:
    with server(tmp_path, site.content, "--store", site.store, "--watch") as running:
        before = eventually(lambda: running.out if len(running.out) > 1 else [])
        write(site.content, {"topics/.one.yaml.swp": "", "topics/one.yaml~": "", "4913": ""})
        time.sleep(0.5)
        assert running.out == before
        write(site.content, CHANGED)
        eventually(lambda: running.title() == "Changed")


def test_broken_edit_is_told_and_the_last_good_revision_serves_on(
    site: Site, tmp_path: Path
) -> None:
    with server(tmp_path, site.content, "--store", site.store, "--watch") as running:
        good = running.ready()["revision"]
        write(site.content, BROKEN)
        eventually(running.is_degraded)
        told = running.ready()
        assert (running.title(), told["revision"]) == ("One", good)
        assert told["folder_changed"] is True
        assert told["last_failure"]["reason"] == "content"
        assert told["last_failure"]["codes"] == ["missing_field", "unknown_field"]
        assert "unknown field 'titel'" in "\n".join(told["last_failure"]["texts"])
        told_lines = [line for line in running.err if "unknown field 'titel'" in line]
        assert len(told_lines) == 1
        assert running.err[-1].endswith(f"not published: revision {good} is served on")
        write(site.content, MENDED)
        eventually(running.is_ready)
        assert running.title() == "Mended"
        assert running.ready()["last_failure"] is None


def test_folder_that_is_replaced_is_watched_on(site: Site, tmp_path: Path) -> None:
    with server(tmp_path, site.content, "--store", site.store, "--watch") as running:
        write(site.folder / "next", {**site.files, **CHANGED})
        site.content.rename(site.folder / "before")
        (site.folder / "next").rename(site.content)
        eventually(lambda: running.title() == "Changed")
        write(site.content, MENDED)
        eventually(lambda: running.title() == "Mended")


def test_changes_during_a_publish_give_one_more(gated: Gated, tmp_path: Path) -> None:
    with server(tmp_path, *gated.arguments, "--watch") as running:
        eventually(lambda: len(running.children()) == 3)
        for number in range(5):
            write(gated.site.content, {"topics/one.yaml": f"title: Title {number}\n"})
            time.sleep(0.15)
        assert running.title() == "One"
        gated.gate.unlink()
        eventually(lambda: running.title() == "Title 4")
        eventually(lambda: len(running.children()) == 2)
        time.sleep(0.3)
        told = [line for line in running.out if "revision" in line]
        assert len(told) == 2, running.out


def test_sighup_publishes(published: Site, tmp_path: Path) -> None:
    with server(tmp_path, published.content, "--store", published.store) as running:
        eventually(lambda: running.out[1:])
        write(published.content, CHANGED)
        assert running.ready()["folder_changed"] is None
        running.send(signal.SIGHUP)
        eventually(lambda: running.title() == "Changed")


def test_texts_of_issues_are_not_told_without_watching(published: Site, tmp_path: Path) -> None:
    write(published.content, BROKEN)
    with server(tmp_path, published.content, "--store", published.store) as running:
        eventually(running.is_degraded)
        assert running.ready()["last_failure"]["texts"] is None
        assert "titel" not in running.ask("/readyz").body.decode()


# The store


def test_stored_revision_is_served_before_anything_else(gated: Gated, tmp_path: Path) -> None:
    write(gated.site.content, CHANGED)
    with server(tmp_path, *gated.arguments) as running:
        assert running.title() == "One"
        gated.gate.unlink()
        eventually(lambda: running.title() == "Changed")


def test_damaged_store_is_served_until_the_folder_is_published_anew(
    gated: Gated, tmp_path: Path
) -> None:
    store = gated.site.store
    with closing(sqlite3.connect(store)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'gone_by_address'"
        (page,) = connection.execute(query).fetchone()
    with store.open("r+b") as file:
        file.seek((page - 1) * 4096)  # a page that no answer comes from
        file.write(b"\xff" * 100)
    write(gated.site.content, CHANGED)
    with server(tmp_path, *gated.arguments) as running:
        eventually(running.is_degraded)
        assert running.ready()["store_damage"]
        assert running.ready()["last_failure"] is None
        assert running.title() == "One"
        gated.gate.unlink()
        eventually(running.is_ready)
        assert running.ready()["store_damage"] is None
        eventually(lambda: running.title() == "Changed")
        assert [file.name for file in gated.site.folder.glob("store.db.damaged-*Z")]
        assert "was damaged" in running.err[0]


def test_store_that_is_damaged_while_it_is_served_is_made_anew(
    published: Site, tmp_path: Path
) -> None:
    with server(tmp_path, published.content, "--store", published.store) as running:
        eventually(lambda: running.out[-1].endswith("nothing has changed"))
        size = published.store.stat().st_size
        with published.store.open("r+b") as file:
            file.seek(8192)
            file.write(b"\xff" * (size - 8192))
        write(published.content, CHANGED)
        running.send(signal.SIGHUP)
        eventually(lambda: running.is_ready() and running.title() == "Changed")
        assert [*published.folder.glob("store.db.damaged-*Z")]


def keypoint(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "api", *map(str, arguments)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )


def test_publish_by_command_is_served_by_all_within_a_second(
    published: Site, tmp_path: Path
) -> None:
    follow = ("--store", published.store, "--read-only", "--workers", "2")
    with (
        server(tmp_path / "first", published.content, "--store", published.store) as first,
        server(tmp_path / "second", *follow) as second,
    ):
        eventually(lambda: first.out[1:])
        wires = [Wire(second.address) for _ in range(24)]
        eventually(lambda: all(connections(pid) > 3 for pid in second.workers()))
        write(published.content, CHANGED)
        done = keypoint("publish", published.content, "--store", published.store)
        began = time.monotonic()
        assert (done.returncode, done.stderr) == (0, "")
        revision = done.stdout.partition("published revision ")[2][:16]
        for wire in wires:
            wire.send(request("/v1/topics/one"))
            assert wire.read()["content-revision"] == revision
        assert first.ask("/v1/topics/one")["content-revision"] == revision
        assert time.monotonic() - began < 1
        for wire in wires:
            wire.__exit__()
        eventually(lambda: first.ready()["served_since"])
        assert any("another process" in line for line in first.out)


def test_publish_by_command_of_broken_content_changes_nothing(published: Site) -> None:
    before = published.store.read_bytes()
    write(published.content, BROKEN)
    done = keypoint("publish", published.content, "--store", published.store)
    assert (done.returncode, done.stdout) == (1, "")
    assert "unknown field 'titel'" in done.stderr
    assert done.stderr.splitlines()[-1] == (f"nothing is published: {published.store} is as it was")
    assert published.store.read_bytes() == before


def test_publish_by_command_into_a_store_that_cannot_be_used_says_why(site: Site) -> None:
    store = write(site.folder, {"odd.db": "no store"}) / "odd.db"
    done = keypoint("publish", site.content, "--store", store)
    assert done.returncode == 1
    assert done.stderr.startswith(f"keypoint: {store}: ")


def test_file_that_takes_the_stores_place_is_served(published: Site, tmp_path: Path) -> None:
    release = tmp_path / "release.db"
    assert keypoint("build", published.content, "--out", release).returncode == 0
    with server(tmp_path, "--store", release, "--read-only", "--workers", "2") as running:
        with Wire(running.address) as wire:

            def title() -> str:
                wire.send(request("/v1/topics/one"))
                return str(wire.read().json()["data"]["title"])

            assert title() == "One"
            write(published.content, CHANGED)
            assert keypoint("build", published.content, "--out", release).returncode == 0
            # A second, and what a busy machine takes.
            eventually(lambda: title() == "Changed", 3)
        assert {running.title() for _ in range(12)} == {"Changed"}


def test_file_that_is_no_store_takes_no_place(published: Site, tmp_path: Path) -> None:
    with server(tmp_path, "--store", published.store, "--read-only") as running:
        assert running.title() == "One"
        odd = tmp_path / "odd"
        odd.write_bytes(b"no store")
        odd.replace(published.store)
        time.sleep(1.1)
        assert running.title() == "One"
        assert is_running(running.process.pid)


def test_store_that_is_removed_is_published_anew(published: Site, tmp_path: Path) -> None:
    with server(tmp_path, published.content, "--store", published.store) as running:
        eventually(lambda: running.out[1:])
        for file in published.folder.glob("store.db*"):
            file.unlink()
        eventually(published.store.exists)
        eventually(running.is_ready)
        assert running.title() == "One"


def test_folder_is_published_when_the_revisions_next_change_comes(
    site: Site, tmp_path: Path
) -> None:
    with server(tmp_path, site.content, "--store", site.store) as running:
        own = running.ready()["revision"]
        at = (datetime.now(UTC) + timedelta(seconds=3)).replace(microsecond=0)
        coming = f"title: Coming\npublish_at: {at.isoformat()}\n"
        write(site.content, {"topics/coming.yaml": coming})
        running.send(signal.SIGHUP)
        eventually(lambda: running.ready()["revision"] != own)
        late = datetime.now(UTC) - at
        assert timedelta() <= late < timedelta(seconds=1)


# The processes


def test_sigterm_answers_every_request_in_flight(published: Site, tmp_path: Path) -> None:
    arguments = ("--store", published.store, "--read-only", "--workers", "2")
    with server(tmp_path, *arguments) as running:
        with Load.of(running, 16, "/v1/articles/first", renewed=False) as load:
            began = time.monotonic()
            running.send(signal.SIGTERM)
            eventually(lambda: running.process.poll() is not None)
            took = time.monotonic() - began
        assert running.process.returncode == 0
        assert took < 5
        assert load.lost == 0
        assert {answer.status for answer in load.answers} == {200}
        assert running.err == []


def test_sigterm_answers_those_who_wait_to_be_heard(published: Site, tmp_path: Path) -> None:
    with (
        server(tmp_path, "--store", published.store, "--read-only") as running,
        ExitStack() as all_,
    ):
        assert running.is_ready()  # so the worker hears SIGTERM by now
        worker = eventually(running.workers)[0]
        os.kill(worker, signal.SIGSTOP)
        wires = [all_.enter_context(Wire(running.address)) for _ in range(16)]
        for wire in wires:
            wire.send(request("/v1/articles/first"))
        running.send(signal.SIGTERM)
        time.sleep(0.3)
        os.kill(worker, signal.SIGCONT)
        assert {wire.read().status for wire in wires} == {200}
        assert running.process.wait(5) == 0


def test_idle_connections_do_not_keep_a_server_from_ending(published: Site, tmp_path: Path) -> None:
    with (
        server(tmp_path, "--store", published.store, "--read-only") as running,
        Wire(running.address) as idle,
        Wire(running.address) as late,
    ):
        late.send(request("/healthz"))
        assert late.read().status == 200
        running.send(signal.SIGTERM)
        time.sleep(0.35)  # new connections are not taken any more
        late.send(request("/healthz"))
        answer = late.read()
        assert (answer.status, answer.closes) == (200, True)
        assert running.process.wait(5) == 0
        assert idle.is_closed()


def test_client_that_reads_nothing_holds_a_server_for_its_grace_time_alone(
    published: Site, tmp_path: Path
) -> None:
    words = "Words of an example. " * 20_000
    write(published.content, {"articles/long.md": f"---\ntitle: Long\n---\n{words}\n"})
    published.publish()
    arguments = ("--store", published.store, "--read-only", "--grace-seconds", "1")
    with server(tmp_path, *arguments) as running, Wire(running.address) as wire:
        wire.send(100 * request("/v1/articles/long?rich_text=html"))
        time.sleep(0.5)
        began = time.monotonic()
        running.send(signal.SIGTERM)
        assert running.process.wait(20) == 0
        # The time in which requests are taken still, and the grace time; the supervisor waits more.
        assert time.monotonic() - began < 1 + ACCEPT_SECONDS + DRAIN_SECONDS + BEYOND_GRACE / 2


def test_worker_that_hears_nothing_is_killed_when_its_time_is_over(
    published: Site, tmp_path: Path
) -> None:
    arguments = ("--store", published.store, "--read-only", "--grace-seconds", "1")
    with server(tmp_path, *arguments) as running:
        assert running.is_ready()  # so the worker hears SIGTERM by now
        worker = eventually(running.workers)[0]
        os.kill(worker, signal.SIGSTOP)
        began = time.monotonic()
        running.send(signal.SIGTERM)
        assert running.process.wait(20) == 0
        assert 1 < time.monotonic() - began < 1 + BEYOND_GRACE + 2 * TICK_SECONDS
        assert not is_running(worker)


def test_killed_worker_is_replaced_and_loses_its_own_requests_alone(
    published: Site, tmp_path: Path
) -> None:
    arguments = ("--store", published.store, "--read-only", "--workers", "2")
    with server(tmp_path, *arguments) as running:
        first, second = eventually(lambda: running.workers()[1:] and running.workers())
        with Load.of(running, 16, "/v1/articles/first") as load:
            own = connections(first)
            os.kill(first, signal.SIGKILL)
            began = time.monotonic()
            eventually(lambda: len({*running.workers()} - {first}) == 2)
            assert time.monotonic() - began < 1
            time.sleep(0.3)
        assert first not in running.workers()
        assert second in running.workers()
        assert load.lost <= own
        assert {answer.status for answer in load.answers} == {200}
        assert running.err == [
            "keypoint: a worker was ended by SIGKILL; another one takes its place"
        ]


def test_killed_publish_leaves_the_last_revision_served(gated: Gated, tmp_path: Path) -> None:
    write(gated.site.content, CHANGED)
    token = "a token for readiness alone"  # noqa: S105 - of this test
    with server(tmp_path, *gated.arguments, KEYPOINT_READINESS_TOKEN=token) as running:
        os.kill(gated.publisher(running), signal.SIGKILL)
        eventually(running.is_degraded)
        told = running.ask("/readyz", f"Authorization: Bearer {token}").json()["last_failure"]
        assert told["reason"] == "compiler"
        assert told["texts"] == ["the process that publishes was ended by SIGKILL"]
        assert running.ready()["last_failure"]["texts"] is None
        assert running.title() == "One"
        gated.gate.unlink()
        # It is tried again, without any change of the folder.
        eventually(running.is_ready)
        assert running.title() == "Changed"


def test_server_that_publishes_ends_in_time(gated: Gated, tmp_path: Path) -> None:
    with server(tmp_path, *gated.arguments) as running:
        publisher = gated.publisher(running)
        began = time.monotonic()
        assert running.end() == 0
        assert time.monotonic() - began < 3
        assert not is_running(publisher)
        assert running.err == []


def test_killed_watcher_is_replaced(site: Site, tmp_path: Path) -> None:
    with server(tmp_path, site.content, "--store", site.store, "--watch") as running:
        eventually(running.workers)
        (watcher,) = set(running.children()) - set(running.workers())
        os.kill(watcher, signal.SIGKILL)
        eventually(lambda: len(running.children()) == 2 and watcher not in running.children())
        write(site.content, CHANGED)
        eventually(lambda: running.title() == "Changed")


def test_killed_supervisor_leaves_no_process_and_no_taken_port(
    published: Site, tmp_path: Path
) -> None:
    arguments = (published.content, "--store", published.store, "--workers", "2", "--watch")
    with server(tmp_path, *arguments) as running:
        eventually(lambda: len(running.workers()) == 2)
        left = running.children()
        running.process.kill()
        eventually(lambda: not any(is_running(pid) for pid in left), 3)
        with socket.create_server(running.address):
            pass


def test_ctrl_c_ends_a_group_of_processes_once(published: Site, tmp_path: Path) -> None:
    with server(tmp_path, published.content, "--store", published.store) as running:
        eventually(lambda: running.out[1:])
        for pid in running.children():
            os.kill(pid, signal.SIGINT)  # as a terminal does, to all
        time.sleep(0.3)
        assert running.title() == "One"
        assert running.end(signal.SIGINT) == 0
        assert running.err == []


# What clients see


def test_no_answer_mixes_two_revisions(site: Site, tmp_path: Path) -> None:
    def edit(number: int) -> None:
        write(
            site.content,
            {
                "topics/one.yaml": f"title: Number {number}\n",
                "articles/second.md": f"---\ntitle: Number {number}\n---\nNumber {number}.\n",
            },
        )

    edit(0)
    site.publish()
    arguments = ("--store", site.store, "--read-only", "--workers", "2")
    with server(tmp_path, *arguments) as running:
        with Load.of(running, 16, "/v1/articles/second?rich_text=text", "/v1/topics/one") as load:
            for number in range(1, 21):
                edit(number)
                pipeline.publish(site.content, site.store, site.models, datetime.now(UTC))
                time.sleep(0.05)
        seen: dict[str, set[str]] = {}
        for answer in load.answers:
            assert answer.status == 200
            data = answer.json()["data"]
            numbers = seen.setdefault(answer["content-revision"], set())
            numbers.add(data["title"])
            if data["type"] == "article":
                numbers.add(data["body"]["text"].rstrip("."))
        assert load.lost == 0
        assert len(seen) > 10
        assert all(len(numbers) == 1 for numbers in seen.values()), seen


def test_requests_are_answered_while_a_large_publish_comes_in(site: Site, tmp_path: Path) -> None:
    with server(tmp_path, site.content, "--store", site.store, "--watch") as running:
        with Load.of(running, 4, "/v1/articles/first") as load:
            write(
                site.content,
                {
                    f"articles/example-{number}.md": f"---\ntitle: Example {number}\n---\nText.\n"
                    for number in range(1_500)
                },
            )
            eventually(lambda: running.ask("/v1/articles?limit=1").json()["meta"]["total"] == 1_502)
        assert load.lost == 0
        assert {answer.status for answer in load.answers} == {200}
