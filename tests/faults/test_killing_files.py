"""A file that kills, stalls or bloats what compiles it is named; all else goes on."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.compiler import pipeline, pool
from api.errors import ContentError
from tests.servers import eventually, server
from tests.support import NOW, Site, write

TOPIC = '''
"""A topic whose title may end the process."""

import os
import signal
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from schemas.collection import Folder
from schemas.entry import Entry
from schemas.fields import Title, Use


def obey(title: str) -> str:
    match title:
        case "Kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "Loop":
            while True:
                pass
        case "Eat":
            eaten = [bytes(2**26) for _ in range(1_000)]
            return str(len(eaten))
    return title


class Topic(Entry):
    """A topic."""

    collection: ClassVar = Folder(name="topics", path="/topics/{slug}")

    title: Annotated[Title, AfterValidator(obey), Use.CARD]
    """The topic's name."""

    example: ClassVar[str] = "title: Example topic\\n"
'''


@pytest.fixture
def site(tmp_path: Path) -> Site:
    schemas = write(tmp_path / "schemas", {"topic.py": TOPIC})
    files = {f"topics/topic-{one:02}.yaml": f"title: Topic {one}\n" for one in range(40)}
    site = Site(tmp_path / "site", files, schemas)
    pipeline.publish(site.content, site.store, site.models, NOW, jobs=2)
    return site


@pytest.mark.parametrize(
    ("title", "how"),
    [
        ("Kill", "the process was ended by SIGKILL"),
        ("Loop", "it took more than 1 seconds"),
        ("Eat", "it took more than 1 GiB of memory"),
    ],
)
def test_file_that_ends_its_process_is_named_beside_all_other_issues(
    site: Site, monkeypatch: pytest.MonkeyPatch, title: str, how: str
) -> None:
    monkeypatch.setattr(pool, "CPU_SECONDS", 1)
    monkeypatch.setattr(pool, "MEMORY_BYTES", 2**30)
    before = site.store.read_bytes()
    faulty = {"topics/topic-07.yaml": f"title: {title}\n", "topics/topic-09.yaml": "titel: A\n"}
    write(site.content, faulty)
    with pytest.raises(ContentError) as caught:
        pipeline.publish(site.content, site.store, site.models, NOW, jobs=2)
    told = [(one.place.path.rpartition("/")[2], one.code, one.what) for one in caught.value.issues]
    assert told[0] == ("topic-07.yaml", "uncompilable", how)
    assert [one[:2] for one in told[1:]] == [
        ("topic-09.yaml", "missing_field"),
        ("topic-09.yaml", "unknown_field"),
    ]
    assert site.store.read_bytes() == before


def test_server_lives_on_when_a_file_kills_the_compiler(site: Site, tmp_path: Path) -> None:
    arguments = (site.content, "--store", site.store, "--schemas", site.schemas, "--watch")
    with server(tmp_path, *arguments) as running:
        eventually(lambda: running.out[1:])
        workers = running.workers()
        good = running.ready()["revision"]
        write(site.content, {"topics/topic-07.yaml": "title: Kill\n"})
        eventually(running.is_degraded)
        told = running.ready()
        assert (told["revision"], told["last_failure"]["codes"]) == (good, ["uncompilable"])
        assert "topic-07.yaml" in told["last_failure"]["texts"][0]
        assert running.title("/v1/topics/topic-07") == "Topic 7"
        assert running.process.poll() is None
        assert running.workers() == workers
        write(site.content, {"topics/topic-07.yaml": "title: Mended\n"})
        eventually(lambda: running.title("/v1/topics/topic-07") == "Mended")


def test_process_that_dies_while_it_tells_its_results_is_told() -> None:
    def work(task: int) -> bytes:
        if task == pool.CHUNK + 3:
            threading.Thread(target=_die_soon, daemon=True).start()
        return bytes(2**20)

    def killed(task: int, how: str) -> bytes:
        return f"{task}: {how}".encode()

    results = pool.run(work, range(2 * pool.CHUNK), 2, killed)
    found = [_after_a_second(results), *results]
    assert len(found) == 2 * pool.CHUNK
    assert [one for one in found if one != bytes(2**20)] in (
        [],
        [f"{pool.CHUNK + 3}: the process was ended by SIGKILL".encode()],
    )


def _after_a_second(results: Iterator[bytes]) -> bytes:
    """Let the processes fill their pipes: one of them dies then."""
    first = next(results)
    time.sleep(1)
    return first


def _die_soon() -> None:
    time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)
