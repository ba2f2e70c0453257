"""A disk that is full, failing or read-only, and files that cannot be opened: old or new, told."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.compiler import pipeline
from api.compiler.tools import tools_of
from api.store.database import StoreError
from api.store.memory import memory_of
from api.store.verify import verify
from tests.faults.stores import difference, numbers, told
from tests.faults.tools import disk, remount, traced
from tests.servers import eventually, server
from tests.support import NOW, REPOSITORY, own_models, write

MODELS = own_models()
TOOLS = tools_of(MODELS)


def _folder(root: Path, number: int) -> Path:
    return write(root, {f"topics/t{one}.yaml": f"title: Number {number}\n" for one in range(40)})


def _publish(content: Path, store: Path, jobs: int = 0) -> None:
    pipeline.publish(content, store, MODELS, NOW, tools=TOOLS, jobs=jobs)


def _command(
    content: Path, store: Path, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api", "publish", str(content), "--store", str(store)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        preexec_fn=before,
    )


def _is_right(content: Path, store: Path, folder: Path) -> bool:
    """Publish once the fault is gone, and compare to a publish from nothing."""
    _publish(content, store)
    _publish(content, folder / "fresh.db")
    return difference(told(store), told(folder / "fresh.db")) == "" and verify(store) is None


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk with a store of number 1, and room for no other publish."""
    with disk(tmp_path / "disk", "16m") as folder:
        _publish(_folder(tmp_path / "content", 1), folder / "store.db")
        yield folder


def _fill(folder: Path) -> None:
    used = sum(one.stat().st_blocks * 512 for one in folder.iterdir())
    remount(folder, f"size={used // 1024 + 48}k")


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        ("fdatasync", "EIO", "the disk does not read or write, see the system's log"),
        ("pwrite64", "EIO", "the disk does not read or write, see the system's log"),
        ("ftruncate", "ENOSPC", "the disk "),
        ("pwrite64", "ENOSPC", "the disk "),  # it tells the full disk apart in some calls alone
    ],
)
@pytest.mark.parametrize("nth", ["1", "2+"])
def test_call_that_fails_is_told_and_the_last_revision_stays(
    tmp_path: Path, call: str, error: str, said: str, nth: str
) -> None:
    content, store = tmp_path / "content", tmp_path / "store.db"
    _publish(_folder(content, 1), store)
    _folder(content, 2)

    def work() -> None:
        try:
            _publish(content, store)
        except StoreError as caught:
            (tmp_path / "said").write_text(str(caught))
        else:
            (tmp_path / "said").write_text("done")

    inject = f"inject={call}:error={error}:when={nth}"
    assert traced(work, "-e", f"trace={call}", "-e", inject) == 0
    told_so = (tmp_path / "said").read_text()
    assert told_so == "done" or said in told_so
    assert numbers(store) == ({2} if told_so == "done" else {1})
    if nth == "2+" and call == "pwrite64":
        assert told_so != "done"
    assert verify(store) is None
    assert _is_right(content, store, tmp_path)


def test_full_disk_is_told_by_the_command_and_the_next_publish_is_right(
    small: Path, tmp_path: Path
) -> None:
    content, store = _folder(tmp_path / "content", 2), small / "store.db"
    _fill(small)
    done = _command(content, store)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the disk is full, make room on it" in done.stderr
    assert done.stderr.splitlines()[-1] == f"nothing is published: {store} is as it was"
    assert numbers(store) == {1}
    assert verify(store) is None
    remount(small, "size=16m")
    done = _command(content, store)
    assert (done.returncode, done.stderr) == (0, "")
    assert _is_right(content, store, tmp_path)


def test_server_serves_on_with_a_full_disk_and_publishes_once_there_is_room(
    small: Path, tmp_path: Path
) -> None:
    content, store = tmp_path / "content", small / "store.db"
    arguments = (content, "--store", store, "--watch")
    with server(tmp_path / "said", *arguments) as running:
        eventually(lambda: running.out[1:])
        _fill(small)
        _folder(content, 2)
        eventually(running.is_degraded)
        failure = running.ready()["last_failure"]
        assert failure["reason"] == "store"
        assert "the disk is full, make room on it" in failure["texts"][0]
        assert running.title("/v1/topics/t1") == "Number 1"
        remount(small, "size=16m")
        eventually(running.is_ready)
        assert running.title("/v1/topics/t1") == "Number 2"


def test_read_only_disk_is_told_and_the_next_publish_is_right(small: Path, tmp_path: Path) -> None:
    content, store = _folder(tmp_path / "content", 2), small / "store.db"
    remount(small, "ro")
    done = _command(content, store)
    assert done.returncode == 1
    assert "read-only" in done.stderr or "may be read and written" in done.stderr
    assert "Traceback" not in done.stderr
    remount(small, "rw")
    assert numbers(store) == {1}
    assert _command(content, store).returncode == 0
    assert numbers(store) == {2}


def test_new_store_on_a_full_disk_leaves_no_litter_that_stops_the_next(tmp_path: Path) -> None:
    content = _folder(tmp_path / "content", 1)
    with disk(tmp_path / "disk", "64k") as folder:
        done = _command(content, folder / "store.db")
        assert done.returncode == 1
        assert "the disk is full, make room on it" in done.stderr
        assert "Traceback" not in done.stderr
        remount(folder, "size=16m")
        done = _command(content, folder / "store.db")
        assert (done.returncode, done.stderr) == (0, "")
        assert numbers(folder / "store.db") == {1}


def test_publish_whose_notes_alone_cannot_be_written_is_told_as_done(tmp_path: Path) -> None:
    content, store = tmp_path / "content", tmp_path / "store.db"
    _publish(_folder(content, 1), store)
    # What the notes have of drafts takes more than the store's few new rows do.
    drafts = {f"topics/d{one}.yaml": "title: Draft\nstatus: draft\n" for one in range(400)}
    write(content, {**drafts, "topics/t1.yaml": "title: Number 2\n"})
    for most in range(40_000, 1_000_000, 8_000):
        is_done = _publishes_with_files_of(most, content, store)
        assert (2 in numbers(store)) is is_done
        if is_done:
            break
    assert is_done
    assert _is_right(content, store, tmp_path)


def _publishes_with_files_of(most: int, content: Path, store: Path) -> bool:
    """Publish in a process none of whose files may have more than so many bytes."""
    pid = os.fork()
    if not pid:
        status = 2
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
            _publish(content, store)
            status = 0
        except StoreError:
            status = 1
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status in {0, 1}
    return status == 0


def _bound(most: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@pytest.mark.parametrize("most", [6, 8, 9, 11, 16])
def test_publish_that_may_open_few_files_is_whole_or_told(tmp_path: Path, most: int) -> None:
    content, store = tmp_path / "content", tmp_path / "store.db"
    _publish(_folder(content, 1), store)
    _folder(content, 2)
    done = _command(content, store, _bound(most))
    assert "Traceback" not in done.stderr
    assert numbers(store) == {2 if done.returncode == 0 else 1}
    assert done.returncode in {0, 1}
    assert done.returncode == 0 or done.stderr
    assert _is_right(content, store, tmp_path)


@pytest.mark.parametrize("ending", ["", ".memory"])
def test_files_that_may_not_be_written_are_told(tmp_path: Path, ending: str) -> None:
    content, store = tmp_path / "content", tmp_path / "store.db"
    _publish(_folder(content, 1), store)
    file = memory_of(store) if ending else store
    if os.geteuid() == 0:
        flag = subprocess.run(["chattr", "+i", str(file)], check=False, capture_output=True)
        if flag.returncode:
            pytest.skip(f"no file can be made immutable here: {flag.stderr.decode().strip()}")
    else:
        file.chmod(0o400)
    try:
        _folder(content, 2)
        done = _command(content, store)
        assert "Traceback" not in done.stderr
        assert numbers(store) == {2 if done.returncode == 0 else 1}
        assert done.returncode == 0 or file.name in done.stderr
    finally:
        subprocess.run(["chattr", "-i", str(file)], check=False, capture_output=True)
        file.chmod(0o600)
    assert _is_right(content, store, tmp_path)
