"""An address that leads nowhere now says where it led: moved, withdrawn, expired or deleted."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from api.store.former import Gone, Redirected
from api.store.reader import Reader
from api.store.rows import GoneRow, PathRow, RedirectRow, RepresentationRow, Row
from api.store.writer import publish
from tests.support import NOW, STAMP, units

DELETED = Gone("", None, "deleted")
ARTICLE = "/v1/articles/x"


def _page(address: str, text: str = "text") -> RepresentationRow:
    return RepresentationRow(address, "application/json", None, None, "tag", text.encode(), b"gz")


def _publish(store: Path, *rows: Row, now: datetime = NOW) -> int:
    return publish(store, units(rows), STAMP, now).revision.number


def _former(
    store: Path, address: str, *, at: int | None = None, now: datetime = NOW
) -> Redirected | Gone | None:
    with Reader(store) as reader:
        last = reader.pin()
        assert last is not None
        return reader.former(at or last.number, address, now)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def test_address_that_never_was_is_nothing(store: Path) -> None:
    _publish(store, _page(ARTICLE))
    assert _former(store, "/v1/articles/y") is None
    assert _former(store, "") is None


def test_redirect_leads_on_with_the_rest_of_the_path(store: Path) -> None:
    _publish(store, _page("/v1/articles/y"), RedirectRow(ARTICLE, "/v1/articles/y"))
    assert _former(store, ARTICLE) == Redirected("/v1/articles/y")
    assert _former(store, f"{ARTICLE}/sections/a") == Redirected("/v1/articles/y/sections/a")
    assert _former(store, f"{ARTICLE}x") is None


def test_withdrawal_says_why_for_what_is_below_too(store: Path) -> None:
    _publish(store, GoneRow(ARTICLE, "An example.", "/v1/articles/y"))
    gone = Gone("An example.", "/v1/articles/y", "withdrawn")
    assert _former(store, ARTICLE) == gone
    assert _former(store, f"{ARTICLE}/sections/a") == gone


def test_withdrawal_holds_for_every_revision_and_an_expiry_for_its_own(store: Path) -> None:
    _publish(store, _page("/a"), _page("/b"))
    _publish(store, GoneRow("/a", "", None), GoneRow("/b", "", None, "expired"))
    assert _former(store, "/a", at=1) == Gone("", None, "withdrawn")
    assert _former(store, "/b", at=1) is None
    assert _former(store, "/b", at=2) == Gone("", None, "expired")


@pytest.mark.parametrize(
    "row", [_page(ARTICLE), PathRow(ARTICLE, "/y"), GoneRow(ARTICLE, "", None)]
)
def test_what_was_taken_out_is_told_for_its_time(store: Path, row: Row) -> None:
    _publish(store, row)
    _publish(store)
    assert _former(store, ARTICLE) == DELETED
    assert _former(store, f"{ARTICLE}/sections/a") == DELETED
    assert _former(store, ARTICLE, now=NOW + timedelta(days=89)) == DELETED
    assert _former(store, ARTICLE, now=NOW + timedelta(days=90)) is None


def test_revision_before_a_deletion_knows_nothing_of_it(store: Path) -> None:
    _publish(store)
    _publish(store, _page(ARTICLE))
    _publish(store)
    assert _former(store, ARTICLE, at=1) is None
    assert _former(store, ARTICLE, at=3) == DELETED


def test_edit_buries_nothing(store: Path) -> None:
    _publish(store, _page(ARTICLE, "old"), _page("/v1/articles/y"), PathRow("/v1/articles/z", "/a"))
    _publish(
        store, _page(ARTICLE, "new"), PathRow("/v1/articles/y", ARTICLE), _page("/v1/articles/z")
    )
    assert [_former(store, f"/v1/articles/{name}") for name in "xyz"] == [None] * 3


def test_what_is_there_again_buries_nothing_below_it(store: Path) -> None:
    _publish(store, _page(ARTICLE))
    _publish(store)
    _publish(store, _page(ARTICLE))
    assert _former(store, f"{ARTICLE}/sections/never-there") is None


def test_deletion_is_told_anew_when_the_address_was_back_meanwhile(store: Path) -> None:
    _publish(store, _page(ARTICLE))
    _publish(store)
    _publish(store, _page(ARTICLE), now=NOW + timedelta(days=50))
    _publish(store, now=NOW + timedelta(days=80))
    assert _former(store, ARTICLE, now=NOW + timedelta(days=100)) == DELETED


def test_redirect_goes_before_a_nearer_deletion(store: Path) -> None:
    section = f"{ARTICLE}/sections/a"
    _publish(store, _page(ARTICLE), _page(section))
    _publish(store, _page("/v1/articles/y"), RedirectRow(ARTICLE, "/v1/articles/y"))
    assert _former(store, section) == Redirected("/v1/articles/y/sections/a")


def test_tombstones_are_no_part_of_the_digest(store: Path, tmp_path: Path) -> None:
    _publish(store, _page("/a"), _page("/b"))
    old = publish(store, units([_page("/a")]), STAMP, NOW)
    new = publish(tmp_path / "new.db", units([_page("/a")]), STAMP, NOW)
    assert old.revision.digest == new.revision.digest


def test_tombstones_of_long_ago_are_forgotten(store: Path) -> None:
    _publish(store, _page("/a"))
    _publish(store)
    _publish(store, _page("/b"), now=NOW + timedelta(days=90))
    assert _former(store, "/a") is None
