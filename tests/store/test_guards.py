"""A publish that takes much of the content away is refused, unless that is said to be meant."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from api.store.guards import ShrinkError
from api.store.reader import Reader
from api.store.rows import EntryRow, GoneRow, RedirectRow, RepresentationRow, Row, UnitRows
from api.store.writer import Published, publish
from tests.support import NOW, STAMP


def _entry(number: int, card: str = "card") -> UnitRows:
    address = f"/v1/articles/{number}"
    rows: list[Row] = [
        EntryRow("article", f"{number}", "", ("en",), b"", address, card.encode()),
        RepresentationRow(address, "application/json", "en", None, "tag", b"{}", b"gz"),
        # A section: the unit has two entries in lists, and counts once.
        EntryRow("section", f"{number}", address, ("en",), b"", f"{address}/s", card.encode()),
    ]
    return UnitRows(f"article:{number}", rows)


def _publish(store: Path, units: Iterable[UnitRows], *, allow_shrink: bool = False) -> Published:
    return publish(store, units, STAMP, NOW, allow_shrink=allow_shrink)


@pytest.mark.parametrize(
    ("before", "after", "refused"),
    [
        pytest.param(12, 8, False, id="a third"),
        pytest.param(12, 7, True, id="more than a third"),
        pytest.param(3, 0, False, id="all of a few"),
        pytest.param(4, 1, False, id="three of four"),
        pytest.param(4, 0, True, id="all of four"),
        pytest.param(200, 0, True, id="all"),
        pytest.param(200, 197, False, id="three of many"),
    ],
)
def test_publish_that_ends_more_than_a_third_is_refused(
    tmp_path: Path, before: int, after: int, *, refused: bool
) -> None:
    store = tmp_path / "store.db"
    _publish(store, map(_entry, range(before)))
    if not refused:
        assert _publish(store, map(_entry, range(after))).new
        return
    with pytest.raises(ShrinkError) as caught:
        _publish(store, map(_entry, range(after)))
    assert str(caught.value) == (
        f"{before - after} of {before} entries would end, more than a third: nothing is "
        "published; where that is meant, allow it with --allow-shrink"
    )
    with Reader(store) as reader:
        assert [revision.number for revision in reader.revisions()] == [1]
        assert reader.representation(1, f"/v1/articles/{before - 1}")


def test_what_is_meant_is_published(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    _publish(store, map(_entry, range(12)))
    assert _publish(store, [], allow_shrink=True).new


def test_edit_of_every_entry_ends_none(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    _publish(store, map(_entry, range(12)))
    assert _publish(store, [_entry(number, "new") for number in range(12)]).new


@pytest.mark.parametrize(
    "instead",
    [
        pytest.param(lambda at: GoneRow(at, "An example.", None), id="withdrawn"),
        pytest.param(lambda at: GoneRow(at, "", None, "expired"), id="expired"),
        pytest.param(lambda at: RedirectRow(at, "/v1/articles/new"), id="moved"),
    ],
)
def test_entry_that_ended_on_purpose_does_not_count(
    tmp_path: Path, instead: Callable[[str], Row]
) -> None:
    store = tmp_path / "store.db"
    _publish(store, map(_entry, range(12)))
    rows = (
        UnitRows(f"article:{number}", [instead(f"/v1/articles/{number}")]) for number in range(12)
    )
    assert _publish(store, rows).new


def test_new_entries_do_not_make_up_for_those_that_end(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    _publish(store, map(_entry, range(12)))
    with pytest.raises(ShrinkError):
        _publish(store, map(_entry, range(6, 30)))
