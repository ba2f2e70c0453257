"""The page about the store is true: what it promises is held by tests that there are."""

import re
from pathlib import Path

import pytest

from api.store.memory import memory_of
from api.store.verify import ASIDE, CHECKED_BYTES
from tests.support import REPOSITORY, SMALL, Site, write

PAGE = (REPOSITORY / "docs/explanation/store.md").read_text(encoding="utf-8")
PROMISES = re.findall(r"^\| ([^|]+) \| `(tests/[\w/]+\.py)` (`test_.+`) \|$", PAGE, re.MULTILINE)
DRAFT = {"articles/draft.md": "---\ntitle: Canary of a draft\nstatus: draft\n---\nMore canary.\n"}


def test_every_promise_has_its_tests() -> None:
    assert len(PROMISES) == PAGE.partition("## Held by")[2].count("\n| ") - 1


@pytest.mark.parametrize(("promise", "file", "names"), PROMISES, ids=[one[0] for one in PROMISES])
def test_promise_is_held_by_tests_that_there_are(promise: str, file: str, names: str) -> None:
    text = (REPOSITORY / file).read_text(encoding="utf-8")
    for name in re.findall(r"`(\w+)`", names):
        assert f"def {name}(" in text, promise


def test_notes_are_their_owners(tmp_path: Path) -> None:
    site = Site(tmp_path, {**SMALL, **DRAFT})
    site.publish()
    for file in tmp_path.glob("store.db.memory*"):
        assert file.stat().st_mode & 0o077 == 0, file
    assert memory_of(site.store).exists()
    assert b"anary of a draft" not in site.store.read_bytes()


def test_store_without_its_notes_comes_to_the_same_revision(tmp_path: Path) -> None:
    site = Site(tmp_path)
    first = site.publish()
    memory_of(site.store).unlink()
    again = site.publish()
    assert (again.new, again.revision) == (False, first.revision)
    write(site.content, {"topics/one.yaml": "title: Changed\n"})
    kept = site.publish()
    fresh = Site(tmp_path / "fresh")
    write(fresh.content, {"topics/one.yaml": "title: Changed\n"})
    assert fresh.publish().revision.digest == kept.revision.digest


@pytest.mark.parametrize("damaged", [b"", b"no notes at all, and much too short", b"\xff" * 40_960])
def test_notes_that_cannot_be_read_are_made_anew(tmp_path: Path, damaged: bytes) -> None:
    site = Site(tmp_path)
    first = site.publish()
    memory_of(site.store).write_bytes(damaged)
    assert site.publish().revision == first.revision
    assert memory_of(site.store).stat().st_mode & 0o077 == 0
    write(site.content, {"topics/one.yaml": "title: Changed\n"})
    assert site.publish().added


def test_numbers_are_the_programs() -> None:
    text = " ".join(PAGE.split())
    assert f"every page of a file of at most {CHECKED_BYTES // 2**20} MiB" in text
    assert ASIDE == 3
    assert "Three of these are kept" in text
