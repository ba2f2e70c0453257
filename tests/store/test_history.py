"""Each kept revision says what it changed."""

from pathlib import Path

from api.store.history import Step, history
from api.store.retention import Retention
from api.store.rollback import roll_back
from api.store.rows import EntryRow, RepresentationRow, Row, UnitRows
from api.store.writer import publish
from tests.support import NOW, STAMP


def _unit(name: str, text: str) -> UnitRows:
    at = f"/v1/articles/{name}"
    rows: list[Row] = [EntryRow("article", name, "", ("en",), b"", at, b"{}")]
    for address in (at, f"{at}/sections/a"):
        page = RepresentationRow(address, "text/plain", "en", None, "tag", text.encode(), b"gz")
        rows.append(page)
    return UnitRows(f"article:{name}", rows)


def _publish(store: Path, retention: Retention | None = None, **entries: str) -> None:
    own = RepresentationRow("/v1", "text/plain", None, None, "tag", str(entries).encode(), b"gz")
    units = [UnitRows("", [own]), *(_unit(name, text) for name, text in entries.items())]
    publish(store, units, STAMP, NOW, retention=retention or Retention())


def _told(store: Path) -> list[tuple[int, str, int | None, int | None, int | None, int]]:
    return [
        (step.number, step.origin, step.added, step.changed, step.ended, step.rows)
        for step in history(store)
    ]


def test_entries_are_counted_against_the_revision_before(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    _publish(store, a="1", b="1", c="1")
    _publish(store, a="2", b="1", d="1", e="1")
    _publish(store, a="2", b="2")
    roll_back(store, "1", NOW)
    assert _told(store) == [
        (4, "rollback", 1, 2, 0, 10),
        (3, "publish", 0, 1, 2, 7),
        (2, "publish", 2, 1, 1, 13),
        (1, "publish", None, None, None, 10),
    ]


def test_entry_that_came_back_was_added(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    _publish(store, a="1")
    _publish(store)
    _publish(store, a="1")
    assert _told(store)[:2] == [(3, "publish", 1, 0, 0, 4), (2, "publish", 0, 0, 1, 1)]


def test_counts_stay_when_older_revisions_go(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    for number in range(4):
        _publish(store, Retention(most=2), a="1", b=str(number))
    assert _told(store) == [(4, "publish", 0, 1, 0, 7), (3, "publish", None, None, None, 7)]


def test_revision_says_its_name_and_when_it_came(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    done = publish(store, [], STAMP, NOW)
    expected = Step(done.revision.name, 1, "2026-11-23T12:00:00Z", "publish", None, None, None, 0)
    assert history(store) == [expected]
