import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep

import pytest

from api.contract.operations import LIST_PARAMETERS
from api.errors import NOT_READY, ProblemError
from api.settings import Settings
from api.store import writer
from api.store.query import Query
from api.store.rows import RedirectRow, RepresentationRow
from api.web.content import FRESH_SECONDS, Content
from api.web.params import parse
from api.web.responses import Prepared, prepare
from tests.support import NOW, SMALL, STAMP, Site, client, unit_of, units, write


@contextmanager
def opened(store: Path) -> Iterator[Content]:
    content = Content(store)
    try:
        yield content
    finally:
        content.close()


def published(folder: Path) -> Site:
    site = Site(folder)
    site.publish()
    return site


def headers(prepared: Prepared | None) -> dict[bytes, bytes]:
    assert prepared
    return dict(prepared.headers)


def test_store_without_a_publish_has_no_revision(tmp_path: Path) -> None:
    with opened(tmp_path / "store.db") as content:
        assert content.latest() is None
        with pytest.raises(ProblemError) as pinned:
            content.pin()
        with pytest.raises(ProblemError) as read:
            _ = content.reader
    assert pinned.value.kind is NOT_READY
    assert read.value.kind is NOT_READY


def test_first_publish_is_seen_without_opening_anew(tmp_path: Path) -> None:
    site = Site(tmp_path)
    with opened(site.store) as content:
        assert content.latest() is None
        revision = site.publish().revision
        assert content.pin() == revision


def test_content_that_was_closed_opens_again(tmp_path: Path) -> None:
    site = published(tmp_path)
    with opened(site.store) as content:
        first = content.pin()
        content.close()
        content.close()
        assert content.pin() == first


def test_what_is_stored_has_the_revision_and_its_language(tmp_path: Path) -> None:
    site = published(tmp_path)
    with opened(site.store) as content:
        revision = content.pin()
        found = content.stored(revision, "/v1/articles/first")
        assert (b"content-revision", revision.name.encode()) in content.moving
        assert found
        assert found.language == "en"
        assert found.gzip
        assert found.last_modified
        assert found.last_modified.isoformat() == "2026-01-02T03:04:05+00:00"
        plain = content.stored(revision, "/openapi.yaml")
        assert plain
        assert plain.language is None
        assert content.stored(revision, "/v1/articles/nothing") is None


def test_other_form_has_its_own_bytes_and_tag_and_the_same_date(tmp_path: Path) -> None:
    site = published(tmp_path)
    with opened(site.store) as content:
        revision = content.pin()
        blocks = content.stored(revision, "/v1/articles/first")
        html = content.stored(revision, "/v1/articles/first", "html")
    assert blocks
    assert html
    assert b'"html":"<p>A body.</p>"' in html.identity
    assert html.tag != blocks.tag
    assert html.gzip is None
    assert html.last_modified == blocks.last_modified
    assert html.headers == blocks.headers
    assert html.language == blocks.language == "en"


def test_canonical_address_is_the_one_by_slug(tmp_path: Path) -> None:
    site = Site(tmp_path, {**SMALL, "topics/three.yaml": "title: Three\nid: other\n"})
    site.publish()
    with opened(site.store) as content:
        revision = content.pin()
        assert content.canonical(revision, "/v1/topics/other") == "/v1/topics/three"
        assert content.canonical(revision, "/v1/topics/three") == "/v1/topics/three"
        assert content.canonical(revision, "/v1/topics/four") is None


def test_list_tells_its_links_in_a_header_but_not_itself(tmp_path: Path) -> None:
    site = published(tmp_path)
    with opened(site.store) as content:
        revision = content.pin()
        listed = content.listed(
            revision,
            Query("article", "en", page=2, limit=1),
            "/v1/articles",
            parse(b"page=2&limit=1", LIST_PARAMETERS, ("en",)),
        )
    first = "/v1/articles?limit=1"
    assert headers(listed) == {
        b"link": (
            f'<{first}>; rel="first", <{first}>; rel="prev", '
            '</v1/articles?limit=1&page=2>; rel="last"'
        ).encode(),
    }


def test_old_revision_is_read_as_it_was(tmp_path: Path) -> None:
    site = published(tmp_path)
    with opened(site.store) as content:
        old = content.pin()
        write(site.content, {"topics/one.yaml": "title: One anew\n"})
        site.publish()
        new = content.pin()
        before = content.stored(old, "/v1/topics/one")
        after = content.stored(new, "/v1/topics/one")
    assert new.number == old.number + 1
    assert before
    assert b'"title":"One"' in before.identity
    assert after
    assert b'"title":"One anew"' in after.identity


def plain(body: bytes = b"{}") -> Prepared:
    return prepare(body, "text/plain")


def seconds(field: str, name: str) -> int:
    found = re.search(rf"{name}=(\d+)", field)
    return int(found[1]) if found else 0


@pytest.mark.parametrize(
    "path", ["/v1/topics/one", "/v1/topics", "/v1/topics/old", "/openapi.yaml"]
)
def test_answers_are_kept_until_the_next_change_and_no_longer(tmp_path: Path, path: str) -> None:
    site = Site(tmp_path)
    site.publish()
    moved = unit_of("old", [RedirectRow("/v1/topics/old", "/v1/topics/one")])

    def asked(changes: timedelta) -> str:
        instant = (datetime.now(UTC) + changes).isoformat()
        with writer.publishing(site.store, NOW) as making:
            making.put(moved)
            making.finish(replace(STAMP, next_change=instant))
        sleep(2 * FRESH_SECONDS)
        answers = {served.get(path).headers["cache-control"] for _ in range(3)}
        return answers.pop()

    with client(site.settings) as served:
        near = asked(timedelta(seconds=40))
        assert 30 <= seconds(near, "max-age") < 40
        assert near.endswith("must-revalidate")
        hour = asked(timedelta(hours=1))
        assert seconds(hour, "max-age") == 60
        assert 3_520 <= seconds(hour, "stale-while-revalidate") < 3_540
        assert asked(timedelta(seconds=-5)) == "public, max-age=0, must-revalidate"
        far = asked(timedelta(days=30))
        assert far == "public, max-age=60, stale-while-revalidate=86400, stale-if-error=604800"


def test_answer_of_a_named_revision_is_kept_no_longer_than_the_current_one_lasts(
    tmp_path: Path,
) -> None:
    store = tmp_path / "store.db"
    rows = list(units([RepresentationRow("/v1", "application/json", None, None, "t", b"{}", b"")]))
    first = writer.publish(store, rows, STAMP, NOW).revision.name
    with client(Settings(store=store)) as served:
        before = served.get(f"/v1?rev={first}").headers["cache-control"]
        instant = (datetime.now(UTC) + timedelta(seconds=200)).isoformat()
        writer.publish(store, rows, replace(STAMP, next_change=instant), NOW)
        sleep(2 * FRESH_SECONDS)
        after = served.get(f"/v1?rev={first}").headers["cache-control"]
        current = served.get("/v1").headers["cache-control"]
    assert before == "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"
    assert 190 <= seconds(after, "max-age") < 200
    assert after.endswith("must-revalidate")
    assert seconds(current, "max-age") == 60


def test_time_is_looked_at_when_the_revision_is_pinned_anew_and_only_then(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    ticks = [0.0]
    instant = (datetime.now(UTC) + timedelta(seconds=1.5)).isoformat()
    writer.publish(store, units([]), replace(STAMP, next_change=instant), NOW)
    content = Content(store, lambda: ticks[0])
    try:
        content.pin()
        first = content.moving
        sleep(0.6)
        content.pin()
        assert content.moving is first
        ticks[0] += FRESH_SECONDS
        content.pin()
        assert content.moving[0] == (b"cache-control", b"public, max-age=0, must-revalidate")
    finally:
        content.close()


def test_answer_is_kept_for_its_path_query_and_coding(tmp_path: Path) -> None:
    with opened(published(tmp_path).store) as content:
        prepared = plain()
        content.keep(content.pin(), ("/a", b"b"), "br", prepared)
        assert content.kept(("/a", b"b"), "br") is prepared.coding("br")
        assert content.kept(("/a", b""), "br") is None
        assert content.kept(("/a?b", b""), "br") is None
        assert content.kept(("/a", b"b"), "gzip") is None
        assert content.kept(("/a", b"b"), None) is None


def test_answer_in_no_coding_is_not_kept(tmp_path: Path) -> None:
    with opened(published(tmp_path).store) as content:
        content.keep(content.pin(), ("/a", b""), None, plain())
        assert content.kept(("/a", b""), None) is None


def test_answer_of_a_revision_that_is_not_the_pinned_one_is_not_kept(tmp_path: Path) -> None:
    with opened(published(tmp_path).store) as content:
        earlier = replace(content.pin(), number=0)
        content.keep(earlier, ("/a", b""), "identity", plain())
        assert content.kept(("/a", b""), "identity") is None


def test_store_is_asked_for_its_revision_once_in_a_moment(tmp_path: Path) -> None:
    site = published(tmp_path)
    now = 0.0
    content = Content(site.store, clock=lambda: now)
    try:
        old = content.pin()
        write(site.content, {"topics/one.yaml": "title: One anew\n"})
        new = site.publish().revision
        now = FRESH_SECONDS * 0.9
        assert content.pin() == old
        assert content.latest() == new
        now = FRESH_SECONDS
        assert content.pin() == new
    finally:
        content.close()
    assert FRESH_SECONDS <= 0.01


def test_first_publish_is_seen_at_once(tmp_path: Path) -> None:
    site = Site(tmp_path)
    content = Content(site.store, clock=lambda: 0.0)
    try:
        with pytest.raises(ProblemError):
            content.pin()
        assert site.publish().revision == content.pin()
    finally:
        content.close()


def test_date_that_has_not_come_is_no_last_modified(tmp_path: Path) -> None:
    topic = "title: One\nupdated_at: 2999-01-01T00:00:00Z\n"
    past = "title: Two\nupdated_at: 2026-01-02T03:04:05Z\n"
    files = {**SMALL, "topics/one.yaml": topic, "topics/two.yaml": past}
    with Site(tmp_path, files).served() as served:
        for form in ("", "?rich_text=html"):
            assert "last-modified" not in served.get(f"/v1/topics/one{form}").headers
            modified = served.get(f"/v1/topics/two{form}").headers["last-modified"]
            assert modified == "Fri, 02 Jan 2026 03:04:05 GMT"
