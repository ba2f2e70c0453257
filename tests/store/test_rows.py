"""A row's digest differs exactly where a value of the row does."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from api.store.rows import EntryRow, MediaRow, PathRow, RepresentationRow, Row, row_digest

ENTRY = EntryRow("thing", "a", "", ("en",), b"1", "/a", b"{}")
PAGE = RepresentationRow("/a", "text/plain", None, None, "tag", b"text", b"gz")
PATH = PathRow("/b", "/a")
FILE = MediaRow("digest", "a.png", "image/png", b"body")


@pytest.mark.parametrize(
    ("row", "change"),
    [
        (ENTRY, {"type": "other"}),
        (ENTRY, {"id": "b"}),
        (ENTRY, {"parent": "/p"}),
        (ENTRY, {"locales": ("en", "uk")}),
        (ENTRY, {"position": b"2"}),
        (ENTRY, {"address": "/b"}),
        (ENTRY, {"card": b"[]"}),
        (PAGE, {"address": "/b"}),
        (PAGE, {"media_type": "text/html"}),
        (PAGE, {"language": "en"}),
        (PAGE, {"last_modified": datetime(2026, 1, 1, tzinfo=UTC)}),
        (PAGE, {"identity": b"other"}),
        (PAGE, {"cache_tags": ("thing:a",)}),
        (PATH, {"address": "/c"}),
        (PATH, {"target": "/c"}),
        (FILE, {"digest": "other"}),
        (FILE, {"name": "b.png"}),
        (FILE, {"media_type": "image/gif"}),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else type(value).__name__,
)
def test_each_value_counts(row: Row, change: dict[str, Any]) -> None:
    assert row_digest(replace(row, **change)) != row_digest(row)


def test_what_follows_from_the_bytes_does_not_count() -> None:
    assert row_digest(replace(PAGE, gzip=b"other")) == row_digest(PAGE)


def test_bytes_of_a_file_count_by_their_digest() -> None:
    assert row_digest(replace(FILE, body=b"other")) == row_digest(FILE)


def test_values_cannot_run_into_each_other() -> None:
    assert row_digest(PathRow("/ab", "/c")) != row_digest(PathRow("/a", "b/c"))
    assert row_digest(PathRow("", "/a")) != row_digest(PathRow("/a", ""))


def test_digest_is_the_same_in_every_process() -> None:
    assert row_digest(PATH).hex() == "95eebdbf67e75bf19e9c694f46fa4ad5"
    assert len(row_digest(PAGE)) == 16
