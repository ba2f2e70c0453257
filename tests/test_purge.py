"""What `diff` says to purge is enough: every answer that an edit changes has a tag of it.

The edits are all of one line, one file or one name that a small site allows, and sets of such.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.compiler import pipeline
from api.diff.compare import compare
from api.errors import ContentError
from api.http import cache_tags
from api.settings import Settings
from api.store.changes import Pinned, find
from api.store.database import open_readable
from tests.support import NOW, SMALL, Site, client, own_models, write

FILES: Mapping[str, str] = {
    **SMALL,
    "services/scan.yaml": "title: Scan\nid: old-scan\n",
    "articles/second.md": (
        "---\ntitle: Second\nrelated: [first]\nupdated_at: 2026-01-03T00:00:00Z\n"
        "call_to_action:\n  body: Call.\n  contact: contact\n---\n"
        "See [Care](service:care), [it](service:old-scan) and [there](section:first.part).\n"
        "\n## One {#one}\n\nText.\n\n## Two {#two}\n\nOf [Ann](person:ann).\n"
    ),
    "articles/first.uk.md": "---\ntitle: Example\n---\nWith [Care](service:care).\n",
    "topics/one.uk.yaml": "title: Odyn\n",
}
PARAMETERS = ("", "?locale=uk", "?rich_text=html")
OF_LISTS = ("", "?view=full", "?locale=uk", "?limit=1", "?limit=1&page=2", "?limit=1&page=3")
Files = Mapping[str, str]


def _valid(files: Files) -> bool:
    with TemporaryDirectory() as folder:
        try:
            pipeline.check(write(Path(folder) / "content", files), own_models())
        except ContentError:
            return False
    return True


def edits() -> dict[str, dict[str, str | None]]:
    """Return all edits: the files that each writes, None for one that it takes away."""
    found: dict[str, dict[str, str | None]] = {"new": {"topics/new.yaml": "title: Zero\n"}}
    found["translated"] = {"people/ann.uk.md": "---\nname: Anna\n---\nText.\n"}
    for name, text in FILES.items():
        lines = text.splitlines(keepends=True)
        stem, _, suffix = name.partition(".")
        found[f"{name} ended"] = {name: None}
        found[f"{name} renamed"] = {name: None, f"{stem}-a.{suffix}": text}
        found[f"{name} has an id"] = {name: text.replace("title:", "id: new-id\ntitle:", 1)}
        recalled = "withdrawn: {reason: Recalled}\n"
        found[f"{name} withdrawn"] = {
            name: re.sub("(?m)^(title|name):", rf"{recalled}\1:", text, count=1)
        }
        for number, line in enumerate(lines):
            if not line.strip():
                continue
            head, mark, value = line.partition(": ")
            if mark or line.startswith("#"):
                without = [*lines[:number], *lines[number + 1 :]]
                found[f"{name} without line {number + 1}"] = {name: "".join(without)}
            other = f"{head}{mark}A {value}" if mark else f"A {line}"
            changed = [*lines[:number], other, *lines[number + 1 :]]
            found[f"{name} with another line {number + 1}"] = {name: "".join(changed)}
    head, one, two = FILES["articles/second.md"].split("\n## ")
    found["sections in another order"] = {
        "articles/second.md": f"{head}\n## {two}\n## {one}".rstrip("\n") + "\n"
    }
    return {
        name: edit for name, edit in found.items() if edited(edit) != FILES and _valid(edited(edit))
    }


def edited(*edit: Mapping[str, str | None]) -> dict[str, str]:
    files: dict[str, str | None] = dict(FILES)
    for one in edit:
        files |= one
    return {name: text for name, text in files.items() if text is not None}


EDITS = edits()


def _answers(served: TestClient, addresses: list[str]) -> dict[str, tuple[object, ...]]:
    """Return the status, the body, the headers that tell of it, and the tags of each address."""
    found: dict[str, tuple[object, ...]] = {}
    for address in addresses:
        answer = served.get(address)
        told = [answer.headers.get(name) for name in ("etag", "last-modified", "content-language")]
        tags = frozenset(answer.headers.get("xkey", "").split())
        body = answer.content if answer.status_code == 200 else b""
        found[address] = answer.status_code, body, *told, tags
    return found


@dataclass(frozen=True)
class Base:
    """The site before any edit: its store, its answers, what may be asked of it."""

    store: Path
    answers: Mapping[str, tuple[object, ...]]
    addresses: list[str]


def _addresses(store: Path) -> Iterator[str]:
    with closing(open_readable(store)) as connection:
        for (address,) in connection.execute(
            "SELECT address FROM representation UNION SELECT address FROM path"
        ):
            if "?" not in address:
                yield from (address + asked for asked in PARAMETERS)
        for (address,) in connection.execute("SELECT address FROM entry"):
            lists = address.rpartition("/")[0]
            yield from (lists + asked for asked in OF_LISTS)
    for name in ("articles", "sections", "topics", "services", "people", "comments"):
        yield from (f"/v1/{name}{asked}" for asked in OF_LISTS)


def _served(store: Path) -> Settings:
    return Settings(store=store, cache_tags="xkey")


@pytest.fixture(scope="module", params=[cache_tags.SIZE, 40], ids=["all tags", "tags cut"])
def base(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Base]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache_tags, "SIZE", request.param)
        site = Site(tmp_path_factory.mktemp("base"), FILES)
        site.publish()
        addresses = sorted(set(_addresses(site.store)))
        with client(_served(site.store)) as served:
            yield Base(site.store, _answers(served, addresses), addresses)


def _assert_purged(base: Base, files: Files) -> set[str]:
    """Publish other files; return the addresses that answer otherwise, all of them purged."""
    with TemporaryDirectory() as folder:
        content = write(Path(folder) / "content", files)
        store = Path(folder) / "store.db"
        shutil.copy(base.store, store)
        done = pipeline.publish(content, store, own_models(), NOW)
        with closing(open_readable(store)) as connection, client(_served(store)) as served:
            old, new = _revisions(connection, done.revision.number)
            purged = set(compare(old, new).cache_tags)
            after = _answers(served, base.addresses)
    changed = set()
    for address, before in base.answers.items():
        if before[0] == 200 and before[:-1] != after[address][:-1]:
            changed.add(address)
            tags = before[-1]
            assert isinstance(tags, frozenset)
            assert tags & purged, f"{address} with {sorted(tags)} is not among {sorted(purged)}"
    return changed


def _revisions(connection: Connection, last: int) -> tuple[Pinned, Pinned]:
    first, second = (find(connection, str(number)) for number in (1, last))
    assert first
    assert second
    return Pinned(connection, first), Pinned(connection, second)


@pytest.mark.parametrize("base", [cache_tags.SIZE], indirect=True, ids=["all tags"])
def test_every_answer_that_one_edit_changes_is_purged(base: Base) -> None:
    changed = {name: _assert_purged(base, edited(edit)) for name, edit in EDITS.items()}
    assert all(changed.values()), [name for name, found in changed.items() if not found]


@example({"sections in another order", "contact.yaml with another line 1"})
@given(st.sets(st.sampled_from(sorted(EDITS)), min_size=2, max_size=4))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_answer_that_several_edits_change_is_purged(base: Base, names: set[str]) -> None:
    files = edited(*(EDITS[name] for name in sorted(names)))
    assume(_valid(files))
    _assert_purged(base, files)
