"""What one process tells, others read: whole, and without a file."""

import os
import signal
from pathlib import Path

import pytest

from api.serving.child import ended, fork, send
from api.serving.followed import FollowedStore, Seen
from api.serving.pauses import STEADY_SECONDS, Pauses
from api.serving.state import SIZE, SharedState
from api.web.readiness import PublishFailure, PublishState
from tests.servers import eventually
from tests.support import NOW, Site, write

FAILURE = PublishFailure(NOW, "content", 2, ("unknown_field",), ("a", "ї"))


def test_state_is_told_to_a_process_that_was_forked_before() -> None:
    shared = SharedState()
    told = PublishState("0f343b0931126a20", NOW, folder_changed=True, failure=FAILURE)
    reader, writer = os.pipe()

    def read() -> None:
        os.read(reader, 1)
        assert shared.state() == told
        assert shared.generation() == 7

    pid = fork(read, orphaned=signal.SIGKILL)
    shared.tell(PublishState())
    shared.tell(told)
    shared.set_generation(7)
    os.write(writer, b".")
    assert eventually(lambda: [how for how in [ended(pid)] if how is not None]) == [""]
    os.close(reader)
    os.close(writer)


def test_state_is_never_read_half_written() -> None:
    shared = SharedState()
    states = [
        PublishState(failure=PublishFailure(NOW, "content", n, texts=(str(n) * 20_000,)))
        for n in range(3)
    ]
    shared.tell(states[0])

    def write_on() -> None:
        while True:
            for state in states:
                shared.tell(state)

    pid = fork(write_on, orphaned=signal.SIGKILL)
    try:
        assert all(shared.state() in states for _ in range(2_000))
    finally:
        send(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def test_state_that_is_too_large_is_refused() -> None:
    shared = SharedState()
    with pytest.raises(ValueError, match="bytes of"):
        shared.tell(PublishState(revision="x" * SIZE))
    assert shared.state() == PublishState()


def test_store_is_followed(tmp_path: Path) -> None:
    site = Site(tmp_path)
    followed = FollowedStore(site.store)
    assert (followed.look(), followed.revision) == (Seen.NOTHING_NEW, None)
    first = site.publish().revision
    assert (followed.look(), followed.revision) == (Seen.REVISION, first)
    assert followed.look() is Seen.NOTHING_NEW
    write(site.content, {"topics/one.yaml": "title: Changed\n"})
    second = site.publish().revision
    assert (followed.look(), followed.revision) == (Seen.REVISION, second)
    assert followed.replacements == 0


def test_store_whose_file_is_removed_or_replaced_is_noticed(tmp_path: Path) -> None:
    site = Site(tmp_path)
    followed = FollowedStore(site.store)
    first = site.publish().revision
    assert followed.look() is Seen.REVISION
    # It is kept, so that the file system gives the next file a number of its own.
    site.store.rename(tmp_path / "before.db")
    for beside in site.folder.glob("store.db-*"):
        beside.unlink()
    assert [followed.look(), followed.look()] == [Seen.GONE, Seen.NOTHING_NEW]
    assert followed.revision == first
    site.store.write_bytes(b"no store")
    assert (followed.look(), followed.replacements) == (Seen.NOTHING_NEW, 0)
    site.store.unlink()
    site.publish()
    followed.look()
    assert followed.replacements == 1


def test_pauses_grow_while_something_fails_at_once() -> None:
    pauses = Pauses(first=0.25, longest=2.0)
    now, waits = 0.0, []
    for _ in range(7):
        pauses.began(now)
        now += 0.1
        pauses.died(now)
        waits.append(pauses.until - now)
        now = pauses.until
    assert waits == pytest.approx([0, 0.25, 0.5, 1, 2, 2, 2])
    pauses.began(now)
    pauses.died(now + STEADY_SECONDS)
    assert pauses.until == now + STEADY_SECONDS
