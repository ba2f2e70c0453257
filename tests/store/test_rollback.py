"""A rollback is a new revision with the rows of an old one, whatever was between."""

from datetime import timedelta
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.store.former import Gone
from api.store.reader import Reader
from api.store.revision import Origin, Stamp
from api.store.rollback import UnknownRevisionError, roll_back
from api.store.rows import GoneRow, MediaRow, PathRow, RepresentationRow, Row, UnitRows
from api.store.writer import Published, publish, publishing
from tests.support import NOW, STAMP, unit_of


def _page(address: str, text: str) -> RepresentationRow:
    return RepresentationRow(address, "application/json", None, None, "tag", text.encode(), b"gz")


def _unit(name: str, *rows: Row) -> UnitRows:
    return unit_of(name, rows)


def _publish(store: Path, *units: UnitRows, stamp: Stamp = STAMP) -> Published:
    return publish(store, units, stamp, NOW)


def _texts(store: Path, *addresses: str) -> list[str | None]:
    with Reader(store) as reader:
        revision = reader.pin()
        assert revision is not None
        found = [reader.representation(revision.number, address) for address in addresses]
    return [one.identity.decode() if one else None for one in found]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with two revisions: `a` changes, `b` goes, `c` stays, `d` comes."""
    file = tmp_path / "store.db"
    stays = _unit("c", _page("/c", "stays"))
    old = _unit("a", _page("/a", "old"), PathRow("/id", "/a"))
    _publish(file, old, _unit("b", _page("/b", "went")), stays)
    _publish(file, _unit("a", _page("/a", "new")), stays, _unit("d", _page("/d", "came")))
    return file


def test_rollback_is_a_new_revision_with_the_rows_and_the_digest_of_the_old(store: Path) -> None:
    with Reader(store) as reader:
        new, old = reader.revisions()
    done = roll_back(store, None, NOW + timedelta(hours=1))
    assert done.revision.digest == old.digest
    assert (done.revision.number, done.revision.origin) == (3, Origin.ROLLBACK)
    assert done.revision.published_at == "2026-11-23T13:00:00Z"
    assert (done.new, done.added, done.ended) == (True, 3, 2)
    assert _texts(store, "/a", "/b", "/c", "/d", "/id") == ["old", "went", "stays", None, "old"]
    with Reader(store) as reader:
        assert reader.representation(new.number, "/d") is not None, "it stays in its revision"


def test_rollback_of_a_rollback_goes_forward_again(store: Path) -> None:
    roll_back(store, None, NOW)
    roll_back(store, None, NOW)
    assert _texts(store, "/a", "/b", "/d") == ["new", None, "came"]


@pytest.mark.parametrize("by", ["name", "number"])
def test_revision_is_meant_by_its_name_or_its_number(store: Path, by: str) -> None:
    _publish(store, _unit("a", _page("/a", "third")))
    with Reader(store) as reader:
        first = reader.revisions()[-1]
    roll_back(store, str(getattr(first, by)), NOW)
    assert _texts(store, "/a", "/d") == ["old", None]


def test_unknown_revision_is_told_with_those_that_there_are(store: Path) -> None:
    with Reader(store) as reader:
        names = [f"{one.name} ({one.number})" for one in reader.revisions()]
    with pytest.raises(UnknownRevisionError) as caught:
        roll_back(store, "9", NOW)
    assert str(caught.value) == (f"{store}: there is no revision 9; there are {', '.join(names)}")


def test_first_revision_has_none_before_it(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    with pytest.raises(UnknownRevisionError, match="the store has no revision"):
        roll_back(file, None, NOW)
    done = _publish(file)
    with pytest.raises(UnknownRevisionError, match=f"no revision before {done.revision.name}"):
        roll_back(file, None, NOW)


def test_rollback_to_the_current_content_makes_no_revision(store: Path) -> None:
    done = roll_back(store, "2", NOW)
    assert (done.new, done.revision.number) == (False, 2)


@pytest.mark.parametrize(
    ("change", "kept"),
    [("2026-11-23T11:59:59Z", None), ("2026-11-23T12:00:01Z", "2026-11-23T12:00:01Z")],
)
def test_next_change_is_one_that_has_not_come(
    tmp_path: Path, change: str, kept: str | None
) -> None:
    file = tmp_path / "store.db"
    _publish(file, _unit("a", _page("/a", "old")), stamp=Stamp(("en",), "1.0", "", change))
    _publish(file, _unit("a", _page("/a", "new")))
    assert roll_back(file, None, NOW).revision.stamp.next_change == kept


def test_what_is_withdrawn_is_not_brought_back(store: Path) -> None:
    stays = _unit("c", _page("/c", "stays"))
    _publish(store, _unit("a", GoneRow("/a", "An example.", None)), stays)
    done = roll_back(store, "1", NOW)
    assert _texts(store, "/a", "/id", "/b") == [None, None, "went"]
    with Reader(store) as reader:
        assert reader.revisions()[-1].digest != done.revision.digest
        gone = reader.former(done.revision.number, "/a", NOW)
    assert gone == Gone("An example.", None, "withdrawn")


def test_what_the_rollback_takes_out_is_told(store: Path) -> None:
    done = roll_back(store, None, NOW)
    with Reader(store) as reader:
        assert reader.former(done.revision.number, "/d", NOW) == Gone("", None, "deleted")
        assert reader.former(done.revision.number, "/b", NOW) is None


def test_file_comes_back_with_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    image = _unit("media", MediaRow("digest", "a.png", "image/png", b"bytes"))
    first = _publish(file, image)
    _publish(file)
    assert roll_back(file, None, NOW).revision.digest == first.revision.digest
    with Reader(file) as reader:
        found = reader.media("digest", "a.png")
        assert found is not None
        assert reader.part(found, 0, 9) == b"bytes"


def test_rollback_takes_a_moment_with_many_entries_and_revisions_between(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    many = [_unit(str(number), _page(f"/{number}", "x" * 500)) for number in range(20_000)]
    first = _publish(file, *many)
    for number in range(50):
        with publishing(file, NOW) as making:
            making.put(_unit(str(number), _page(f"/{number}", "changed")))
            making.finish(STAMP)
    start = perf_counter()
    done = roll_back(file, "1", NOW)
    assert perf_counter() - start < 0.5
    assert (done.added, done.ended) == (50, 50)
    assert done.revision.digest == first.revision.digest


Pages = dict[str, str]
PAGES: st.SearchStrategy[Pages] = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.sampled_from(["x", "y"])
)


def _units(pages: Pages) -> list[UnitRows]:
    return [_unit(name, _page(f"/{name}", text)) for name, text in pages.items()]


@settings(max_examples=60)
@given(steps=st.lists(PAGES | st.integers(1, 8), min_size=2, max_size=8))
def test_rollbacks_and_publishes_in_any_order_give_what_they_say(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Pages | int]
) -> None:
    folder = tmp_path_factory.mktemp("stores")
    file = folder / "store.db"
    history = [{"a": "x"}]
    _publish(file, *_units(history[0]))
    for step in steps:
        if isinstance(step, int):
            done = roll_back(file, str(min(step, len(history))), NOW)
            shown = history[min(step, len(history)) - 1]
        else:
            done, shown = _publish(file, *_units(step)), step
        if done.new:
            history.append(shown)
        assert done.revision.number == len(history)
    assert _texts(file, "/a", "/b", "/c") == [history[-1].get(name) for name in "abc"]
    fresh = _publish(folder / "fresh.db", *_units(history[-1]))
    with Reader(file) as reader:
        assert reader.revisions()[0].digest == fresh.revision.digest
        for number, pages in enumerate(history, 1):
            for name in "abc":
                found = reader.representation(number, f"/{name}")
                assert (found.identity.decode() if found else None) == pages.get(name)


def test_revision_before_is_one_that_shows_something_else(store: Path) -> None:
    new = _unit("a", _page("/a", "new")), _unit("d", _page("/d", "came"))
    moved = _publish(store, *new, _unit("elsewhere", _page("/c", "stays")))
    assert moved.new
    roll_back(store, None, NOW)
    assert _texts(store, "/a", "/b", "/c", "/d") == ["old", "went", "stays", None]
