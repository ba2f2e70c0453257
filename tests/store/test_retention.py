"""Old revisions are kept for a time and a number; what none of them shows is taken out."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from api.store.reader import Reader
from api.store.retention import LEAST, STEP, Retention
from api.store.rows import MediaRow, RepresentationRow, Row, UnitRows
from api.store.writer import publish
from tests.support import NOW, STAMP

DAY = timedelta(days=1)


def _page(address: str, text: str | bytes) -> RepresentationRow:
    body = text if isinstance(text, bytes) else text.encode()
    return RepresentationRow(address, "application/json", None, None, "tag", body, b"gz")


def _publish(
    store: Path, *rows: Row, now: datetime = NOW, retention: Retention | None = None
) -> None:
    units = [UnitRows(f"unit {place}", [row]) for place, row in enumerate(rows)]
    publish(store, units, STAMP, now, retention=retention or Retention(), allow_shrink=True)


def _numbers(store: Path) -> list[int]:
    with Reader(store) as reader:
        return [revision.number for revision in reader.revisions()]


def _count(store: Path, table: str) -> int:
    with closing(sqlite3.connect(store)) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return int(found[0])


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def test_revisions_above_the_number_go(store: Path) -> None:
    for number in range(6):
        _publish(store, _page("/a", f"{number}"), retention=Retention(most=3))
    assert _numbers(store) == [6, 5, 4]
    assert _count(store, "representation") == 3


def test_old_revisions_go_but_for_the_newest(store: Path) -> None:
    for number in range(LEAST + 3):
        _publish(store, _page("/a", f"{number}"))
    _publish(store, _page("/a", "new"), now=NOW + 29 * DAY)
    assert len(_numbers(store)) == LEAST + 4
    _publish(store, _page("/a", "newer"), now=NOW + 31 * DAY)
    assert len(_numbers(store)) == LEAST


def test_publish_of_nothing_new_takes_out_what_has_become_old(store: Path) -> None:
    for number in range(LEAST + 3):
        _publish(store, _page("/a", f"{number}"))
    _publish(store, _page("/a", f"{LEAST + 2}"), now=NOW + 31 * DAY)
    assert len(_numbers(store)) == LEAST


def test_every_kept_revision_is_whole(store: Path) -> None:
    rule = Retention(most=4)
    history = [{"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "2"}, {"a": "3", "c": "1"}]
    history += [{"a": "3", "b": "1"}, {"b": "2", "c": "1"}, {"a": "1", "b": "1"}]
    for pages in history:
        units = [UnitRows(name, [_page(f"/{name}", text)]) for name, text in pages.items()]
        publish(store, units, STAMP, NOW, retention=rule)
    with Reader(store) as reader:
        for number in (4, 5, 6, 7):
            found = {name: reader.representation(number, f"/{name}") for name in "abc"}
            shown = {name: one.identity.decode() for name, one in found.items() if one}
            assert shown == history[number - 1]
    assert _numbers(store) == [7, 6, 5, 4]


def test_row_goes_with_the_last_revision_that_has_it(store: Path) -> None:
    rule = Retention(most=2)
    _publish(store, _page("/a", "old"), retention=rule)
    _publish(store, _page("/a", "new"), retention=rule)
    assert _count(store, "representation") == 2
    _publish(store, _page("/a", "newer"), retention=rule)
    assert _count(store, "representation") == 2


def test_files_go_too(store: Path) -> None:
    rule = Retention(most=2)
    _publish(store, MediaRow("digest", "a.png", "image/png", b"bytes"), retention=rule)
    for text in ("1", "2"):
        with Reader(store) as reader:
            assert reader.media("digest", "a.png"), "a kept revision may show it"
        _publish(store, _page("/a", text), retention=rule)
    with Reader(store) as reader:
        assert reader.media("digest", "a.png") is None


def test_more_than_a_step_is_taken_out(store: Path) -> None:
    rule = Retention(most=2)
    many = [_page(f"/{number}", "x") for number in range(2 * STEP + 1)]
    _publish(store, *many, retention=rule)
    _publish(store, retention=rule)
    _publish(store, _page("/a", "x"), retention=rule)
    assert _count(store, "representation") == 1


def test_space_is_used_again(store: Path) -> None:
    rule = Retention(most=2)
    sizes = []
    for _ in range(12):
        _publish(store, _page("/a", os.urandom(200_000)), retention=rule)
        sizes.append(store.stat().st_size)
    assert sizes[-1] == sizes[5]
    assert sizes[-1] < 5 * 200_000


def test_what_cannot_be_taken_out_is_left_to_the_next_publish(store: Path) -> None:
    rule = Retention(most=2)
    _publish(store, _page("/a", "1"), retention=rule)
    with closing(sqlite3.connect(store)) as connection:
        connection.execute(
            "CREATE TRIGGER stop BEFORE DELETE ON revision BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    for text in ("2", "3"):
        _publish(store, _page("/a", text), retention=rule)
    assert _numbers(store) == [3, 2, 1]
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("DROP TRIGGER stop")
    _publish(store, _page("/a", "3"), retention=rule)
    assert _numbers(store) == [3, 2]
