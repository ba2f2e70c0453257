"""A reader sees one revision at a time, whole, and every revision that there was."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.store.database import StoreError
from api.store.query import Query, Shows
from api.store.reader import Reader
from api.store.rows import EntryRow, PathRow, RepresentationRow, Row
from api.store.writer import publish
from tests.support import NOW, STAMP, units


def _page(address: str, text: str) -> RepresentationRow:
    return RepresentationRow(
        address, "application/json", None, None, f"tag-{text}", text.encode(), b"gz"
    )


def _thing(name: str, position: bytes, parent: str = "", type_name: str = "thing") -> EntryRow:
    return EntryRow(type_name, name, parent, ("en",), position, f"/{name}", f"card {name}".encode())


def _publish(store: Path, *rows: Row) -> int:
    return publish(store, units(rows), STAMP, NOW).revision.number


def test_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Reader(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_representation_comes_back_as_it_was_written(tmp_path: Path) -> None:
    row = RepresentationRow(
        address="/v1/ä b",
        media_type="application/yaml",
        language="pt-BR",
        last_modified=datetime(2026, 1, 2, 3, 4, 5, 600_000, tzinfo=UTC),
        tag="tag",
        identity=b"\x00\xff",
        gzip=b"\x1f\x8b",
    )
    number = _publish(tmp_path / "store.db", row)
    with Reader(tmp_path / "store.db") as reader:
        assert reader.representation(number, "/v1/ä b") == row


def test_pin_sees_the_publish_of_another_connection(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    _publish(store, _page("/a", "old"))
    with Reader(store) as reader:
        first = reader.pin()
        assert first is not None
        assert reader.pin() is first
        second = _publish(store, _page("/a", "new"))
        pinned = reader.pin()
        assert pinned is not None
        assert (pinned.number, second) == (2, 2)


def test_old_revision_stays_readable(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    _publish(store, _page("/a", "old"), _thing("a", b"1"), PathRow("/alias", "/a"))
    _publish(store, _page("/b", "new"), _thing("b", b"1"), PathRow("/alias", "/b"))
    with Reader(store) as reader:
        told = {
            number: (
                [getattr(reader.representation(number, at), "tag", None) for at in ("/a", "/b")],
                getattr(reader.representation(number, "/alias"), "tag", None),
                reader.list(number, Query("thing", "en", 1, 9)).entries,
            )
            for number in (0, 1, 2)
        }
    assert told == {
        0: ([None, None], None, ()),
        1: (["tag-old", None], "tag-old", (b"card a",)),
        2: ([None, "tag-new"], "tag-new", (b"card b",)),
    }


def test_other_name_gives_the_resource_with_its_own_address(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    number = _publish(store, _page("/a", "text"), PathRow("/id", "/a"), PathRow("/lost", "/none"))
    with Reader(store) as reader:
        found = reader.representation(number, "/id")
        assert found is not None
        assert (found.address, found.identity) == ("/a", b"text")
        assert reader.representation(number, "/lost") is None
        assert reader.representation(number, "/nowhere") is None


@pytest.mark.parametrize("address", ["/A", "/a/", "/a%", "/a' OR 1=1 --", "", "/_"])
def test_address_is_matched_exactly(tmp_path: Path, address: str) -> None:
    number = _publish(tmp_path / "store.db", _page("/a", "text"))
    with Reader(tmp_path / "store.db") as reader:
        assert reader.representation(number, address) is None


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with five things, two of them parts of one parent, and another type."""
    things = (
        _thing("e", b"\xff"),
        _thing("d", b"\x02", "/parent"),
        _thing("c", b"\x02"),
        _thing("b", b"\x02\x01", "/parent"),
        _thing("a", b""),
    )
    pages = [_page(f"/{name}", name.upper()) for name in "abcde"]
    _publish(tmp_path / "store.db", *things, *pages, _thing("x", b"", type_name="other"))
    return tmp_path / "store.db"


@pytest.mark.parametrize(
    ("page", "limit", "entries"),
    [
        pytest.param(1, 9, [b"card a", b"card c", b"card d", b"card b", b"card e"], id="all"),
        pytest.param(1, 2, [b"card a", b"card c"], id="first page"),
        pytest.param(2, 2, [b"card d", b"card b"], id="second page"),
        pytest.param(3, 2, [b"card e"], id="last page"),
        pytest.param(4, 2, [], id="past the end"),
        pytest.param(1_000_000, 100, [], id="far past the end"),
    ],
)
def test_page_has_its_entries_in_order_and_the_exact_total(
    store: Path, page: int, limit: int, entries: list[bytes]
) -> None:
    with Reader(store) as reader:
        listed = reader.list(1, Query("thing", "en", page, limit))
    assert (listed.total, list(listed.entries)) == (5, entries)


@pytest.mark.parametrize(
    ("parent", "total", "entries"),
    [
        pytest.param("/parent", 2, [b"card d", b"card b"], id="its parts"),
        pytest.param("/other", 0, [], id="no part"),
    ],
)
def test_list_of_a_parent_has_its_parts_alone(
    store: Path, parent: str, total: int, entries: list[bytes]
) -> None:
    with Reader(store) as reader:
        listed = reader.list(1, Query("thing", "en", 1, 9, parent=parent))
    assert (listed.total, list(listed.entries)) == (total, entries)


def test_full_list_has_whole_items_in_the_same_order(store: Path) -> None:
    with Reader(store) as reader:
        listed = reader.list(1, Query("thing", "en", 1, 3, Shows.FULL))
    assert (listed.total, listed.entries) == (5, (b"A", b"C", b"D"))


def test_type_without_entries_has_an_empty_list(store: Path) -> None:
    with Reader(store) as reader:
        listed = reader.list(1, Query("nothing", "en", 1, 9))
    assert (listed.total, listed.entries) == (0, ())


def test_reader_writes_nothing(store: Path) -> None:
    before = store.read_bytes()
    with Reader(store) as reader:
        reader.pin()
        reader.list(1, Query("thing", "en", 1, 9))
    assert store.read_bytes() == before
