"""Addresses that redirect, are gone, or are other names, as a store's rows have them."""

from contextlib import closing
from pathlib import Path

import pytest

from api.diff.compare import compare
from api.diff.difference import AddressChange, Became, Difference
from api.store.changes import Pinned, find
from api.store.database import open_readable
from api.store.rows import GoneRow, PathRow, RedirectRow, RepresentationRow, Row
from api.store.writer import publish
from tests.diff.support import difference, edit
from tests.support import NOW, STAMP, Site, unit_of


def test_redirects_withdrawals_and_other_names_are_told(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    a, b = (RepresentationRow(x, "text/plain", None, None, "t", b"x", b"") for x in ("/a", "/b"))
    old: list[Row] = [a, b, PathRow("/a2", "/a"), PathRow("/b2", "/b")]
    new: list[Row] = [
        RedirectRow("/a", "/c"),
        PathRow("/a2", "/c"),
    ]
    new_page = RepresentationRow("/c", "text/plain", None, None, "t", b"x", b"")
    one = publish(store, [unit_of("", old)], STAMP, NOW).revision
    recalled = unit_of("b", [GoneRow("/b", "recalled", None)])
    other = publish(store, [unit_of("", [*new, new_page]), recalled], STAMP, NOW).revision
    with closing(open_readable(store)) as connection:
        found = compare(Pinned(connection, one), Pinned(connection, other))
    assert found.addresses == [
        AddressChange("/a", Became.REDIRECTED, "/c"),
        AddressChange("/a2", Became.CHANGED, "/c"),
        AddressChange("/b", Became.WITHDRAWN),
        AddressChange("/b2", Became.ENDED),
        AddressChange("/c", Became.ADDED),
    ]
    assert [(link.link, link.status) for link in found.broken] == [("/b", 410), ("/b2", 410)]


def between(site: Site, old: int, new: int) -> Difference:
    """Compare two revisions of one store."""
    with closing(open_readable(site.store)) as connection:
        before, after = (find(connection, str(number)) for number in (old, new))
        assert before
        assert after
        return compare(Pinned(connection, before), Pinned(connection, after))


WITHDRAWN = {"topics/three.yaml": "title: Three\nwithdrawn: {reason: Recalled}\n"}
GONE = AddressChange("/v1/topics/three", Became.WITHDRAWN)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    edit(made, {"topics/three.yaml": "title: Three\n"})
    return made


def test_what_was_withdrawn_between_two_revisions_is_told_and_purged(site: Site) -> None:
    found = difference(site, WITHDRAWN)
    assert GONE in found.addresses
    assert [(link.address, link.told) for link in found.broken] == [
        ("/v1/topics/three", "410, it was withdrawn")
    ]
    assert "topic:three" in found.cache_tags


def test_a_revision_before_a_withdrawal_does_not_have_it_either(site: Site) -> None:
    difference(site, WITHDRAWN)
    back = between(site, 2, 1)
    assert "/v1/topics/three" not in {one.address for one in back.addresses}
    assert not back.broken


def test_what_was_gone_before_does_not_break(site: Site) -> None:
    difference(site, WITHDRAWN)
    replaced = f"{WITHDRAWN['topics/three.yaml'][:-2]}, replacement: one}}\n"
    found = difference(site, {"topics/three.yaml": replaced})
    assert found.addresses == [AddressChange(GONE.address, Became.WITHDRAWN, "/v1/topics/one")]
    assert not found.broken
    assert not difference(site, {"topics/three.yaml": None}).broken


def test_what_has_expired_is_said_to_have(site: Site) -> None:
    found = difference(
        site, {"topics/three.yaml": "title: Three\nexpire_at: 2020-01-01T00:00:00Z\n"}
    )
    assert AddressChange("/v1/topics/three", Became.EXPIRED) in found.addresses
    assert [link.told for link in found.broken] == ["410, it has expired"]


def test_the_end_of_a_redirect_is_a_404(site: Site) -> None:
    difference(site, {"topics/three.yaml": "title: Three\nredirect_from: [old]\n"})
    found = difference(site, {"topics/three.yaml": "title: Three\n"})
    assert [(link.address, link.status) for link in found.broken] == [("/v1/topics/old", 404)]
    with site.served() as served:
        assert served.get("/v1/topics/old").status_code == 404
