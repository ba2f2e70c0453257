"""A publish is whole or not at all, writes what changed, and keeps what older revisions show."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.store.database import BusyError, StoreError, open_readable
from api.store.query import Query
from api.store.reader import Reader
from api.store.revision import Stamp
from api.store.rows import EntryRow, PathRow, RepresentationRow, Row
from api.store.writer import Published, publish, publishing
from tests.support import NOW, STAMP, unit_of, units


def _page(address: str, text: str = "text", gzip: bytes = b"gz") -> RepresentationRow:
    return RepresentationRow(
        address=address,
        media_type="application/json",
        language="en",
        last_modified=None,
        tag=f"tag-{text}",
        identity=text.encode(),
        gzip=gzip,
    )


def _entry(name: str, position: bytes, card: str = "card") -> EntryRow:
    return EntryRow("thing", name, "", ("en",), position, f"/{name}", card.encode())


def _publish(store: Path, *rows: Row, program: str = "1.0") -> Published:
    return publish(store, units(rows), Stamp(("en",), program), NOW, allow_shrink=True)


def _dump(store: Path) -> list[str]:
    with closing(open_readable(store)) as connection:
        return list(connection.iterdump())


def _texts(store: Path, *addresses: str) -> list[str | None]:
    """Return what the current revision has at some addresses."""
    with Reader(store) as reader:
        revision = reader.pin()
        assert revision is not None
        found = [reader.representation(revision.number, address) for address in addresses]
    return [one.identity.decode() if one else None for one in found]


def test_first_publish_makes_the_store_and_its_first_revision(tmp_path: Path) -> None:
    store = tmp_path / "new" / "folder" / "store.db"
    done = _publish(store, _page("/a"), _entry("a", b"1"), PathRow("/b", "/a"))
    assert (done.new, done.added, done.ended) == (True, 3, 0)
    assert (done.revision.number, done.revision.published_at) == (1, "2026-11-23T12:00:00Z")
    assert len(done.revision.digest) == 64
    assert done.revision.name == done.revision.digest[:16]


def test_revision_of_no_rows_is_a_revision(tmp_path: Path) -> None:
    done = _publish(tmp_path / "store.db")
    assert (done.new, done.revision.number, done.added) == (True, 1, 0)
    assert not _publish(tmp_path / "store.db").new


def test_publish_is_dated_in_utc(tmp_path: Path) -> None:
    east = datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=3)))
    done = publish(tmp_path / "store.db", [], STAMP, east)
    assert done.revision.published_at == "2025-12-31T22:30:00Z"


def test_same_content_makes_no_new_revision(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    first = _publish(store, _page("/a"), _page("/b"))
    before = _dump(store)
    again = publish(
        store,
        units([_page("/b"), _page("/a")]),
        STAMP,
        NOW + timedelta(days=1),
    )
    assert (again.new, again.added, again.ended) == (False, 0, 0)
    assert again.revision == first.revision
    assert _dump(store) == before


def test_edit_adds_and_ends_the_rows_that_changed_alone(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    _publish(store, _page("/a"), _page("/b"), _page("/c"), _entry("a", b"1"))
    done = _publish(store, _page("/a"), _page("/b", "new"), _page("/d"), _entry("a", b"1"))
    assert (done.new, done.revision.number) == (True, 2)
    assert (done.added, done.ended) == (2, 2), "b and d come, b as it was and c go"
    assert _texts(store, "/a", "/b", "/c", "/d") == ["text", "new", None, "text"]


def test_content_that_comes_back_has_its_old_digest_and_a_new_number(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    first = _publish(store, _page("/a", "old"))
    _publish(store, _page("/a", "new"))
    third = _publish(store, _page("/a", "old"))
    assert third.new
    assert third.revision.digest == first.revision.digest
    assert third.revision.number == 3
    assert _texts(store, "/a") == ["old"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(_page("/a", "x"), _page("/a", "y"), id="bytes"),
        pytest.param(_page("/a"), _page("/b"), id="address"),
        pytest.param(_entry("a", b"1"), _entry("a", b"2"), id="position"),
        pytest.param(_entry("a", b"1", "x"), _entry("a", b"1", "y"), id="card"),
        pytest.param(PathRow("/a", "/b"), PathRow("/a", "/c"), id="target"),
        pytest.param(PathRow("/a", "/bc"), PathRow("/ab", "/c"), id="where a value ends"),
    ],
)
def test_row_that_differs_gives_another_digest(tmp_path: Path, one: Row, other: Row) -> None:
    first = _publish(tmp_path / "one.db", one)
    second = _publish(tmp_path / "other.db", other)
    assert first.revision.digest != second.revision.digest


def test_digest_covers_the_stamp_and_not_the_compressed_twin(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    first = _publish(store, _page("/a", gzip=b"one machine"))
    assert not _publish(store, _page("/a", gzip=b"another machine")).new
    stamped = _publish(store, _page("/a"), program="1.1")
    assert stamped.new
    assert stamped.revision.digest != first.revision.digest
    assert (stamped.added, stamped.ended) == (0, 0)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, GeneratorExit])
def test_exception_midway_leaves_the_store_as_it_was(
    tmp_path: Path, error: type[BaseException]
) -> None:
    def broken() -> Iterator[Row]:
        yield _page("/a", "new")
        yield _entry("b", b"1")
        raise error

    store = tmp_path / "store.db"
    _publish(store, _page("/a", "old"), _entry("a", b"1"))
    before = _dump(store)
    with pytest.raises(error):
        publish(store, units(broken()), STAMP, NOW)
    assert _dump(store) == before
    assert _texts(store, "/a") == ["old"]
    assert _publish(store, _page("/a", "next")).revision.number == 2


def test_exception_in_the_first_publish_leaves_no_store(tmp_path: Path) -> None:
    def broken() -> Iterator[Row]:
        yield _page("/a")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        publish(tmp_path / "store.db", units(broken()), STAMP, NOW)
    assert list(tmp_path.iterdir()) == []


def test_reader_sees_nothing_of_a_publish_before_it_is_whole(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    _publish(store, _page("/a", "old"))
    seen = []

    def watched() -> Iterator[Row]:
        yield _page("/a", "new")
        seen.extend(_texts(store, "/a"))

    publish(store, units(watched()), STAMP, NOW)
    assert seen == ["old"]
    assert _texts(store, "/a") == ["new"]


def test_value_that_sqlite_refuses_is_a_store_error(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    wrong = RepresentationRow("/a", "text/plain", None, None, "tag", b"x", None)  # type: ignore[arg-type]
    with pytest.raises(StoreError) as caught:
        _publish(store, wrong)
    assert str(caught.value).startswith(f"{store}: the store cannot be written: NOT NULL")
    assert not store.exists(), "a new store is not left without a revision"


NAMES = st.sampled_from(["/a", "/b", "/c", "/d"])
TEXTS = st.sampled_from(["x", "y", ""])
Content = tuple[dict[str, str], dict[str, tuple[bytes, str]], dict[str, str]]
CONTENTS: st.SearchStrategy[Content] = st.tuples(
    st.dictionaries(NAMES, TEXTS),
    st.dictionaries(NAMES, st.tuples(st.binary(max_size=2), TEXTS)),
    st.dictionaries(st.sampled_from(["/x", "/y"]), NAMES),
)


def _rows(content: Content) -> list[Row]:
    pages, entries, paths = content
    return [
        *(_page(address, text) for address, text in pages.items()),
        *(_entry(name, position, card) for name, (position, card) in entries.items()),
        *(PathRow(address, target) for address, target in paths.items()),
    ]


def _shown(reader: Reader, revision: int) -> tuple[dict[str, str | None], list[bytes]]:
    names = ("/a", "/b", "/c", "/d", "/x", "/y")
    found = {name: reader.representation(revision, name) for name in names}
    listed = reader.list(revision, Query("thing", "en", 1, 100))
    assert listed.total == len(listed.entries)
    return (
        {name: one.identity.decode() if one else None for name, one in found.items()},
        list(listed.entries),
    )


def _expected(content: Content) -> tuple[dict[str, str | None], list[bytes]]:
    pages, entries, paths = content
    shown: dict[str, str | None] = {name: pages.get(name) for name in ("/a", "/b", "/c", "/d")}
    shown |= {name: pages.get(paths.get(name, "")) for name in ("/x", "/y")}
    ordered = sorted(entries.items(), key=lambda one: (one[1][0], one[0]))
    return shown, [card.encode() for _, (_, card) in ordered]


@settings(max_examples=60)
@given(history=st.lists(CONTENTS, min_size=1, max_size=5), data=st.data())
def test_content_gives_one_digest_whatever_was_there_and_every_revision_stays_readable(
    tmp_path_factory: pytest.TempPathFactory, history: list[Content], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("stores")
    old, new = folder / "old.db", folder / "new.db"
    pinned: dict[int, Content] = {}
    for content in history:
        rows = data.draw(st.permutations(_rows(content)))
        pinned[_publish(old, *rows).revision.number] = content
    first = _publish(new, *data.draw(st.permutations(_rows(history[-1]))))

    with Reader(old) as reader:
        last = reader.pin()
        assert last is not None
        assert last.digest == first.revision.digest
        assert last.number == max(pinned)
        for number, content in pinned.items():
            assert _shown(reader, number) == _expected(content)
    with Reader(new) as reader:
        assert _shown(reader, 1) == _expected(history[-1])


def test_second_publisher_is_told_at_once(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    _publish(store, _page("/a"))
    with publishing(store, NOW) as making:
        start = perf_counter()
        with pytest.raises(BusyError) as caught:
            _publish(store, _page("/b"))
        assert perf_counter() - start < 1
        making.put(unit_of("c", [_page("/c")]))
        making.finish(STAMP)
    assert str(caught.value) == f"{store}: another publish into this store is under way"
    assert _texts(store, "/b", "/c") == [None, "text"]
