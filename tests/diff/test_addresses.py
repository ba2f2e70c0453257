"""Addresses that redirect, are gone, or are other names, as a store's rows have them."""

from contextlib import closing
from pathlib import Path

from api.diff.compare import compare
from api.diff.difference import AddressChange, Became
from api.store.changes import Pinned
from api.store.database import open_readable
from api.store.rows import GoneRow, PathRow, RedirectRow, RepresentationRow, Row
from api.store.writer import publish
from tests.support import NOW, STAMP, unit_of


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
    assert [(link.link, link.status) for link in found.broken] == [("/b", 410), ("/b2", 404)]
