from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.contract.operations import LIST_PARAMETERS
from api.errors import NOT_READY, ProblemError
from api.store.query import Query
from api.store.revision import Revision
from api.web.content import CACHE_BYTES, Content, Target
from api.web.params import parse
from api.web.responses import Prepared, prepare
from tests.support import NOW, SMALL, Site, write

MEGABYTE = 2**20


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
        assert headers(found) == {
            b"content-revision": revision.name.encode(),
            b"content-language": b"en",
        }
        assert found
        assert found.gzip
        assert found.last_modified
        assert found.last_modified.isoformat() == "2026-01-02T03:04:05+00:00"
        plain = content.stored(revision, "/openapi.yaml")
        assert headers(plain) == {b"content-revision": revision.name.encode()}
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
        b"content-revision": revision.name.encode(),
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


REVISION = Revision(1, "0" * 64, NOW.isoformat(), ("en",))


def test_answer_is_kept_by_digest_path_and_query(tmp_path: Path) -> None:
    with opened(tmp_path / "store.db") as content:
        prepared = prepare(b"{}", "application/json")
        assert content.keep(REVISION, Target("/a", b"b"), prepared) is prepared
        assert content.kept(REVISION, Target("/a", b"b")) is prepared
        assert content.kept(REVISION, Target("/a", b"")) is None
        assert content.kept(REVISION, Target("/a?b", b"")) is None
        assert (
            content.kept(Revision(1, "1" * 64, REVISION.published_at, ("en",)), Target("/a", b"b"))
            is None
        )


def test_answer_of_equal_content_is_kept_whichever_number_its_revision_has(tmp_path: Path) -> None:
    with opened(tmp_path / "store.db") as content:
        prepared = content.keep(REVISION, Target("/a", b""), prepare(b"{}", "application/json"))
        assert content.kept(Revision(2, "0" * 64, "", ("en",)), Target("/a", b"")) is prepared


def test_answers_of_two_revisions_are_kept_beside_each_other(tmp_path: Path) -> None:
    with opened(tmp_path / "store.db") as content:
        other = Revision(1, "1" * 64, REVISION.published_at, ("en",))
        first = content.keep(REVISION, Target("/a", b""), prepare(b"1", "application/json"))
        second = content.keep(other, Target("/a", b""), prepare(b"2", "application/json"))
        assert content.kept(REVISION, Target("/a", b"")) is first
        assert content.kept(other, Target("/a", b"")) is second


def test_kept_answers_stay_within_their_bound_and_the_newest_stay(tmp_path: Path) -> None:
    with opened(tmp_path / "store.db") as content:
        targets = [Target(f"/{number}", b"") for number in range(40)]
        for target in targets:
            content.keep(REVISION, target, prepare(bytes(MEGABYTE), "text/plain"))
        kept = [target for target in targets if content.kept(REVISION, target)]
    assert kept == targets[-10:]
    assert CACHE_BYTES == 32 * MEGABYTE


def test_small_answers_are_bounded_too(tmp_path: Path) -> None:
    with opened(tmp_path / "store.db") as content:
        prepared = prepare(b"{}", "application/json")
        targets = [Target("/v1/articles", b"page=%d" % number) for number in range(10_000)]
        for target in targets:
            content.keep(REVISION, target, prepared)
        kept = sum(content.kept(REVISION, target) is not None for target in targets)
    assert 7_000 < kept < 8_192


def test_answer_larger_than_the_bound_is_not_kept_and_drops_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "store.db") as content:
        small = content.keep(REVISION, Target("/small", b""), prepare(b"{}", "text/plain"))
        large = prepare(bytes(17 * MEGABYTE), "text/plain")
        assert content.keep(REVISION, Target("/large", b""), large) is large
        assert content.kept(REVISION, Target("/large", b"")) is None
        assert content.kept(REVISION, Target("/small", b"")) is small


def test_date_that_has_not_come_is_no_last_modified(tmp_path: Path) -> None:
    topic = "title: One\nupdated_at: 2999-01-01T00:00:00Z\n"
    past = "title: Two\nupdated_at: 2026-01-02T03:04:05Z\n"
    files = {**SMALL, "topics/one.yaml": topic, "topics/two.yaml": past}
    with Site(tmp_path, files).served() as served:
        for form in ("", "?rich_text=html"):
            assert "last-modified" not in served.get(f"/v1/topics/one{form}").headers
            modified = served.get(f"/v1/topics/two{form}").headers["last-modified"]
            assert modified == "Fri, 02 Jan 2026 03:04:05 GMT"
