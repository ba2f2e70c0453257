"""What is withdrawn is gone from every revision, by text, file and link, and from the disk."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from time import sleep

import orjson
import pytest

from api.http.coding import encode
from api.http.validators import entity_tag, value_hash
from api.store.former import Gone
from api.store.memory import memory_of
from api.store.query import Query
from api.store.reader import Reader
from api.store.rollback import roll_back
from api.store.rows import GoneRow, RepresentationRow, row_digest
from api.store.verify import verify
from api.store.writer import Published, publishing
from api.web.content import FRESH_SECONDS
from tests.support import NOW, SMALL, Site, client, unit_of

FIRST = "/v1/articles/first"
SECOND = "/v1/articles/second"
SECRET = b"the-canary-of-the-withdrawn-text"
FILES = {
    **SMALL,
    "articles/first.md": SMALL["articles/first.md"].replace(
        "A body.", f"A body, {SECRET.decode()}, and [a list](../files/list.csv)."
    ),
    "articles/third.md": "---\ntitle: Third\ntopics: [one]\n---\n[A table](../files/table.csv).\n",
    "files/list.csv": "withdrawn,list\n",
    "files/table.csv": "other,table\n",
    "comments/said.md": "---\narticle: first\n---\nWords.\n",
}


def _withdraw(site: Site, kind: str = "withdrawn") -> Published:
    row = GoneRow(FIRST, "An example.", None)
    if kind == "expired":
        row = GoneRow(FIRST, "", None, "expired")
    with publishing(site.store, NOW) as making:
        making.put(unit_of("article:first", [row]))
        assert making.last is not None
        return making.finish(making.last.stamp)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site whose article `first` is in two old revisions, and in the third no more."""
    site = Site(tmp_path, FILES)
    site.publish()
    (site.content / "topics/two.yaml").write_text("title: Changed\n")
    site.publish()
    for name in ("articles/first.md", "comments/said.md", "files/list.csv"):
        (site.content / name).unlink()
    (site.content / "articles/second.md").write_text("---\ntitle: Second\n---\nAnother body.\n")
    site.publish()
    return site


def _bytes(site: Site) -> bytes:
    return b"".join(file.read_bytes() for file in site.store.parent.glob("store.db*"))


def test_what_was_renamed_before_it_was_withdrawn_goes_by_its_former_address(site: Site) -> None:
    addresses = ("/v1/articles/renamed", FIRST, SECOND)
    with publishing(site.store, NOW) as making:
        rows = [GoneRow(address, "An example.", None) for address in addresses]
        making.put(unit_of("article:renamed", rows))
        assert making.last is not None
        making.finish(making.last.stamp)
    assert SECRET not in _bytes(site)
    with Reader(site.store) as reader:
        *_, first = reader.revisions()
        assert reader.representation(first.number, FIRST) is None
        assert reader.representation(first.number, SECOND), "what is there goes before"


def test_withdrawn_text_is_in_no_revision_and_nowhere_in_the_file(site: Site) -> None:
    assert SECRET in _bytes(site)
    _withdraw(site)
    assert SECRET not in _bytes(site)
    with Reader(site.store) as reader:
        for revision in reader.revisions():
            assert reader.representation(revision.number, FIRST) is None
            assert reader.representation(revision.number, f"{FIRST}/sections/part") is None
            gone = Gone("An example.", None, "withdrawn")
            assert reader.former(revision.number, FIRST, NOW) == gone
            listed = reader.list(revision.number, Query("article", "en", 1, 9))
            assert {orjson.loads(card)["id"] for card in listed.entries} == {"second", "third"}
            assert reader.list(revision.number, Query("section", "en", 1, 9)).total == 0
    assert verify(site.store) is None


def test_text_that_was_served_meanwhile_goes_from_the_disk_too(site: Site) -> None:
    with Reader(site.store) as reader:
        revision = reader.revisions()[-1]
        assert reader.representation(revision.number, FIRST)
        _withdraw(site)
        assert reader.representation(revision.number, FIRST) is None
    assert SECRET not in _bytes(site)


def test_expired_text_stays_in_its_revisions(site: Site) -> None:
    _withdraw(site, "expired")
    with Reader(site.store) as reader:
        assert reader.representation(1, FIRST)
        assert reader.former(4, FIRST, NOW) == Gone("", None, "expired")


def test_links_to_it_leave_the_old_rows_of_other_entries(site: Site) -> None:
    with Reader(site.store) as reader:
        before = reader.representation(1, SECOND)
        assert before is not None
        assert orjson.loads(before.identity)["data"]["related"][0]["title"] == "First"
    _withdraw(site)
    with Reader(site.store) as reader:
        for number in (1, 2):
            found = reader.representation(number, SECOND)
            assert found is not None
            data = orjson.loads(found.identity)["data"]
            assert data["related"] == []
            assert data["title"] == "Second"
            assert data["hash"] == value_hash(data)
            assert found.tag == entity_tag(found.identity) != before.tag
            assert found.gzip == encode(found.identity, "gzip")
            said = reader.representation(number, "/v1/comments/said")
            assert said is not None
            assert orjson.loads(said.identity)["data"]["article"] is None
            cards = reader.list(number, Query("article", "en", 1, 9)).entries
            hashes = {card["id"]: card["hash"] for card in map(orjson.loads, cards)}
            assert hashes["second"] == data["hash"]


def test_rows_that_lose_a_link_have_the_digest_of_what_they_are(site: Site) -> None:
    _withdraw(site)
    with closing(sqlite3.connect(site.store)) as connection:
        rows = connection.execute(
            "SELECT address, media_type, language, tag, identity, gzip, cache_tags, digest"
            " FROM representation WHERE last_modified IS NULL"
        ).fetchall()
    for *values, digest in rows:
        address, media_type, language, tag, identity, gzip, tags = values
        row = RepresentationRow(
            address, media_type, language, None, tag, identity, gzip, tuple(tags.split())
        )
        assert row_digest(row) == digest


def test_other_old_rows_stay_as_they_are(site: Site) -> None:
    with Reader(site.store) as reader:
        before = [reader.representation(1, at) for at in ("/v1/topics/two", "/v1/articles/third")]
    _withdraw(site)
    with Reader(site.store) as reader:
        after = [reader.representation(1, at) for at in ("/v1/topics/two", "/v1/articles/third")]
    assert after == before


def test_files_that_it_alone_showed_go_along(site: Site) -> None:
    assert b"withdrawn,list" in _bytes(site)
    _withdraw(site)
    assert b"withdrawn,list" not in _bytes(site)
    assert b"other,table" in _bytes(site)


def test_rollback_does_not_bring_it_back(site: Site) -> None:
    _withdraw(site)
    done = roll_back(site.store, "1", NOW + timedelta(minutes=1))
    with client(site.settings) as served:
        assert served.get(FIRST).status_code != 200
        assert served.get(SECOND).json()["data"]["related"] == []
        assert served.get("/v1/topics/two").json()["data"]["title"] == "Two"
    with Reader(site.store) as reader:
        assert reader.former(done.revision.number, FIRST, NOW) == Gone(
            "An example.", None, "withdrawn"
        )


def test_old_revision_keeps_its_name(site: Site) -> None:
    with Reader(site.store) as reader:
        old = reader.revisions()[-1].name
    _withdraw(site)
    with client(site.settings) as served:
        assert served.get(f"{SECOND}?rev={old}").json()["data"]["related"] == []
        assert served.get(f"{FIRST}?rev={old}").status_code != 200


def test_answer_that_was_given_before_is_not_given_again_when_the_content_is_as_it_was(
    site: Site,
) -> None:
    with Reader(site.store) as reader:
        current, *_, old = reader.revisions()
    with client(site.settings) as served:
        address = f"{FIRST}?rev={old.name}"
        assert SECRET.decode() in served.get(address).text
        _withdraw(site)
        with publishing(site.store, NOW) as making:
            making.end("article:first")
            assert making.finish(current.stamp).revision.digest == current.digest
        sleep(2 * FRESH_SECONDS)
        assert served.get(SECOND).headers["content-revision"] == current.name
        again = served.get(address)
        assert again.status_code != 200
        assert SECRET.decode() not in again.text


def test_links_to_what_no_list_has_leave_the_old_rows_too(tmp_path: Path) -> None:
    canary = "the-name-of-the-withdrawn-contact"
    text = SMALL["articles/first.md"].replace("  services:", "  contact: contact\n  services:")
    files = {**SMALL, "articles/first.md": text, "contact.yaml": f"name: {canary}\n"}
    site = Site(tmp_path, files)
    old = site.publish().revision.name
    (site.content / "contact.yaml").write_text("name: Gone\nwithdrawn: {reason: An example.}\n")
    site.publish()
    with client(site.settings) as served:
        answer = served.get(f"{FIRST}?rev={old}")
    assert canary not in answer.text
    assert answer.json()["data"]["call_to_action"]["contact"] is None
    assert canary.encode() not in _bytes(site)


def test_what_was_renamed_before_it_was_withdrawn_goes_by_its_id(tmp_path: Path) -> None:
    text = f"---\ntitle: Old\nid: lasting\n---\n{SECRET.decode()}\n"
    site = Site(tmp_path, {**SMALL, "articles/old.md": text})
    site.publish()
    (site.content / "articles/old.md").rename(site.content / "articles/new.md")
    site.publish()
    gone = text.replace("id: lasting", "id: lasting\nwithdrawn: {reason: An example}")
    (site.content / "articles/new.md").write_text(gone)
    site.publish()
    assert SECRET not in _bytes(site)
    roll_back(site.store, "1", NOW)
    with Reader(site.store) as reader:
        for revision in reader.revisions():
            assert reader.representation(revision.number, "/v1/articles/old") is None
            assert reader.representation(revision.number, "/v1/articles/lasting") is None


def test_slug_that_another_entry_has_by_now_keeps_no_withdrawn_text(tmp_path: Path) -> None:
    text = f"---\ntitle: Old\nid: lasting\n---\n{SECRET.decode()}\n"
    site = Site(tmp_path, {**SMALL, "articles/old.md": text})
    site.publish()
    (site.content / "articles/new.md").write_text(text)
    (site.content / "articles/old.md").write_text("---\ntitle: Other\n---\nOther words.\n")
    site.publish()
    (site.content / "articles/old.md").write_text("---\ntitle: Other\n---\nChanged words.\n")
    site.publish()
    gone = text.replace("id: lasting", "id: lasting\nwithdrawn: {reason: An example}")
    (site.content / "articles/new.md").write_text(gone)
    site.publish()
    assert SECRET not in _bytes(site)
    with Reader(site.store) as reader:
        assert reader.representation(1, "/v1/articles/old") is None
        other = reader.representation(2, "/v1/articles/old")
    assert other
    assert b"Other words." in other.identity


def test_return_to_a_withdrawal_takes_the_text_out_of_what_came_after_it(tmp_path: Path) -> None:
    gone = "title: Gone\nwithdrawn: {reason: An example}\n"
    site = Site(tmp_path, {**SMALL, "topics/two.yaml": gone})
    site.publish()
    (site.content / "topics/two.yaml").write_text(f"title: {SECRET.decode()}\n")
    site.publish()
    assert SECRET in _bytes(site)
    roll_back(site.store, None, NOW)
    memory_of(site.store).unlink()
    assert SECRET not in _bytes(site)
