from contextlib import closing
from pathlib import Path

from api.store import touched as module
from api.store.database import open_readable, open_writable
from api.store.reader import Reader
from tests.support import SMALL, Site, write


def touched(site: Site, after: int) -> frozenset[str] | None:
    with Reader(site.store) as reader:
        return reader.touched(after)


def test_changed_entry_touches_its_address_its_type_and_what_shows_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    write(site.content, {"topics/two.yaml": "title: Two anew\n"})
    site.publish()
    found = touched(site, 1)
    assert found
    assert set(found) == {"/v1/topics/two", "topic", "/v1/articles/first", "article"}
    assert touched(site, 2) == frozenset()


def test_added_and_removed_entries_are_touched_and_so_are_their_other_addresses(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    site.publish()
    write(site.content, {"topics/new.yaml": "id: newest\ntitle: New\n"})
    site.publish()
    (site.content / "topics/new.yaml").unlink()
    site.publish()
    expected = frozenset({"/v1/topics/new", "/v1/topics/newest", "topic"})
    assert (touched(site, 1), touched(site, 2)) == (expected, expected)


def test_changed_translation_touches_the_address_in_the_default_language(tmp_path: Path) -> None:
    site = Site(tmp_path, {**SMALL, "services/care.uk.yaml": "title: Example uk\n"})
    site.publish()
    write(site.content, {"services/care.uk.yaml": "title: Example uk anew\n"})
    site.publish()
    found = touched(site, 1)
    assert found
    assert "/v1/services/care" in found


def test_more_than_can_be_told_is_none(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    names = range(module.MOST_TOUCHED)
    write(site.content, {f"topics/t{name}.yaml": "title: Example\n" for name in names})
    site.publish()
    assert touched(site, 1) is None


def test_withdrawal_touches_what_cannot_be_told(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    write(site.content, {"topics/two.yaml": "title: Two\nwithdrawn: {reason: Example.}\n"})
    site.publish()
    assert touched(site, 1) is None
    assert touched(site, 2) == frozenset()


def test_what_a_revision_that_is_not_kept_had_cannot_be_told(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    with closing(open_writable(site.store)) as connection:
        connection.execute("DELETE FROM revision")
    assert touched(site, 1) is None


def test_every_question_is_answered_by_an_index(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    with closing(open_readable(site.store)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {module.TOUCHED}", (1,)).fetchall()
    steps = [step for *_, step in plan]
    assert sum("SEARCH" in step for step in steps) == 6
    assert not any("SCAN" in step for step in steps)
