"""Edits that a publish which builds on the last one could take for less than they are."""

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from api.compiler import pipeline, scan, units
from api.compiler.tools import tools_of
from api.errors import ContentError
from api.source import opening, tree
from api.source.tree import ContentFile
from api.store.memory import memory_of
from api.store.writer import Published
from tests.faults.folders import PICTURES
from tests.faults.stores import difference, told
from tests.support import NOW, SMALL, Site, own_models, write

MODELS = own_models()
TOOLS = tools_of(MODELS)
SECOND = timedelta(seconds=1)
LINKING = "---\ntitle: Linking\n---\n[One](../topics/one.yaml)\n"
PICTURED = "---\ntitle: Pictured\n---\n![An example](a.png)\n"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust what a file's times say at once: a publish takes longer than a tick of the clock."""
    monkeypatch.setattr(opening, "SETTLED_NS", 0)


def _publish(site: Site, now: datetime = NOW) -> Published:
    return pipeline.publish(site.content, site.store, MODELS, now, tools=TOOLS)


def _check(site: Site, now: datetime = NOW) -> None:
    """Publish, and compare the store to one that is published from nothing."""
    _publish(site, now)
    fresh = site.folder / "fresh.db"
    for file in site.folder.glob("fresh.db*"):
        file.unlink()
    pipeline.publish(site.content, fresh, MODELS, now, tools=TOOLS)
    assert difference(told(site.store), told(fresh)) == ""


def _shows(site: Site, text: bytes) -> bool:
    store = told(site.store)
    assert store
    return any(isinstance(value, bytes) and text in value for row in store.rows for value in row)


@pytest.mark.usefixtures("settled")
def test_link_to_a_file_that_got_another_ending_is_told(site: Site) -> None:
    write(site.content, {"articles/linking.md": LINKING})
    _publish(site)
    (site.content / "topics/one.yaml").unlink()
    write(site.content, {"topics/one.json": '{"title": "One"}'})
    with pytest.raises(ContentError) as caught:
        _publish(site)
    assert [issue.code for issue in caught.value.issues] == ["dangling_reference"]


@pytest.mark.usefixtures("settled")
def test_translations_link_to_a_file_that_got_another_ending_is_told(site: Site) -> None:
    texts = {
        f"articles/{name}.md": f"---\ntitle: {name}\n---\nText.\n" for name in ("a", "a.uk", "b")
    }
    link = "---\ntitle: Linking\n---\n[A](a.md)\n"
    write(site.content, {**texts, "articles/b.uk.md": link})
    _publish(site)
    (site.content / "articles/a.md").unlink()
    write(site.content, {"articles/a.yaml": "title: a\nbody: Text.\n"})
    with pytest.raises(ContentError, match=r"there is no file 'articles/a\.md'"):
        _publish(site)


@pytest.mark.usefixtures("settled")
def test_folder_may_be_named_in_another_way_than_before(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site.folder)
    pipeline.publish(Path("content"), site.store, MODELS, NOW, tools=TOOLS)
    write(site.content, {"topics/one.yaml": "title: Changed\n"})
    _check(site)


@pytest.mark.usefixtures("settled")
def test_each_name_that_is_taken_is_told_whatever_has_changed(site: Site) -> None:
    _publish(site)
    named = "---\ntitle: {}\nid: {}\n---\nText.\n".format
    first, third = named("First", "second"), named("Third", "first")
    write(site.content, {"articles/first.md": first, "articles/third.md": third})
    with pytest.raises(ContentError) as caught:
        _publish(site)
    assert [(issue.code, Path(issue.place.path).name) for issue in caught.value.issues] == [
        ("duplicate_id", "second.md"),
        ("duplicate_id", "third.md"),
    ]


def _edit_while_read(
    site: Site, monkeypatch: pytest.MonkeyPatch, reading: str, edit: Mapping[str, str]
) -> None:
    """Publish, and write files when one file is read; they may be told as changed."""

    def read(root: Path, file: ContentFile) -> bytes:
        if file.within == reading:
            write(site.content, edit)
        return tree.read(root, file)

    with monkeypatch.context() as patched, suppress(ContentError):
        patched.setattr(units, "read", read)
        _publish(site)


@pytest.mark.usefixtures("settled")
def test_title_that_changes_while_its_article_is_compiled_for_another_reason_is_shown(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    showing = "---\ntitle: {}\ntopics: [one]\n---\nText.\n".format
    by_title = "---\ntitle: Other\nrelated: [second]\n---\nText.\n"
    write(site.content, {"articles/second.md": showing("Old"), "articles/other.md": by_title})
    _publish(site)
    write(site.content, {"topics/one.yaml": "title: Changed\n"})
    _edit_while_read(site, monkeypatch, "topics/one.yaml", {"articles/second.md": showing("New")})
    _check(site)


@pytest.mark.usefixtures("settled")
def test_article_that_gets_a_picture_while_it_is_published_is_not_lost(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictured = PICTURED.replace("title: Pictured", "title: Pictured\ntopics: [one]")
    plain = pictured.replace("![An example](a.png)", "Words.")
    write(site.content, {"articles/a.png": PICTURES[0], "articles/pictured.md": plain})
    _publish(site)
    write(site.content, {"topics/one.yaml": "title: Changed\n"})
    _edit_while_read(site, monkeypatch, "topics/one.yaml", {"articles/pictured.md": pictured})
    assert _shows(site, b"Pictured")
    _check(site)


@pytest.mark.usefixtures("settled")
def test_id_among_the_former_slugs_of_what_is_withdrawn_is_gone_once(site: Site) -> None:
    gone = "title: Gone\nid: other\nredirect_from: [other]\nwithdrawn: {reason: An example}\n"
    write(site.content, {"topics/gone.yaml": gone})
    _publish(site)
    write(site.content, {"topics/two.yaml": "title: Changed\n"})
    _check(site)


@pytest.mark.usefixtures("settled")
def test_site_that_goes_takes_its_languages_along(site: Site) -> None:
    _publish(site)
    (site.content / "site.yaml").unlink()
    _check(site)


@pytest.mark.usefixtures("settled")
def test_languages_are_told_in_their_new_order(site: Site) -> None:
    site_of = "name: Example\ndefault_locale: en\nlocales: [{}]\n".format
    for languages in ("uk, en, fr", "en, uk, fr", "en, fr, uk", "fr, uk, en"):
        write(site.content, {"site.yaml": site_of(languages)})
        _check(site)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("language", ["en", "uk"])
def test_wrong_site_is_told_alone(site: Site, language: str) -> None:
    site_of = f"name: Example\ndefault_locale: {language}\nlocales: [en, uk]\n"
    write(site.content, {"site.yaml": site_of})
    _publish(site)
    write(site.content, {"site.yaml": "name: Example\n", "topics/one.yaml": "title: Changed\n"})
    with pytest.raises(ContentError) as caught:
        _publish(site)
    assert [issue.code for issue in caught.value.issues] == ["missing_field"] * 2


@pytest.mark.usefixtures("settled")
def test_language_that_is_added_is_everywhere(site: Site) -> None:
    _publish(site)
    write(site.content, {"site.yaml": "name: Example\ndefault_locale: en\nlocales: [en, uk, fr]\n"})
    _check(site)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("late", [timedelta(), timedelta(milliseconds=400)])
@pytest.mark.parametrize("fraction", [0, 300_000])
def test_what_is_due_comes_at_its_very_instant(site: Site, late: timedelta, fraction: int) -> None:
    at = (NOW + timedelta(hours=1)).replace(microsecond=fraction)
    coming = f"title: Coming\npublish_at: {at.isoformat()}\n"
    write(site.content, {"topics/coming.yaml": coming})
    _publish(site)
    assert not _shows(site, b"Coming")
    _check(site, at - timedelta(milliseconds=200))
    assert not _shows(site, b"Coming")
    _check(site, at + late)
    assert _shows(site, b"Coming")


def test_next_change_is_never_before_the_instant(site: Site) -> None:
    write(site.content, {"topics/coming.yaml": "title: A\npublish_at: 2030-01-01T00:00:00.3Z\n"})
    assert _publish(site).revision.stamp.next_change == "2030-01-01T00:00:01Z"
    write(site.content, {"topics/coming.yaml": "title: A\npublish_at: 9999-12-31T23:59:59.9Z\n"})
    assert _publish(site).revision.stamp.next_change == "9999-12-31T23:59:59Z"


@pytest.mark.usefixtures("settled")
def test_clock_that_is_set_back_hides_what_is_not_due(site: Site) -> None:
    coming = f"title: Coming\npublish_at: {(NOW + timedelta(days=1)).isoformat()}\n"
    write(site.content, {"topics/coming.yaml": coming})
    _publish(site, NOW + timedelta(days=365))
    assert _shows(site, b"Coming")
    _check(site)
    assert not _shows(site, b"Coming")


@pytest.mark.usefixtures("settled")
def test_picture_that_breaks_when_nothing_shows_it_any_more_stops_nothing(site: Site) -> None:
    write(site.content, {"articles/a.png": PICTURES[0], "articles/pictured.md": PICTURED})
    _publish(site)
    plain = PICTURED.replace("![An example](a.png)", "Words.")
    write(site.content, {"articles/a.png": b"broken", "articles/pictured.md": plain})
    _check(site)


@pytest.mark.usefixtures("settled")
def test_picture_of_the_same_size_and_time_is_another_one(site: Site) -> None:
    write(site.content, {"articles/a.png": PICTURES[0], "articles/pictured.md": PICTURED})
    _publish(site)
    file = site.content / "articles/a.png"
    before = file.stat()
    file.write_bytes(PICTURES[1])
    assert file.stat().st_size == before.st_size
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    _check(site)
    assert _shows(site, PICTURES[1])


@pytest.mark.usefixtures("settled")
def test_edit_after_a_file_was_read_is_seen_by_the_next_publish(site: Site) -> None:
    _publish(site)
    write(site.content, {"topics/two.yaml": "title: Changed\n"})
    time.sleep(0.02)  # longer than a file system's clock stands still

    def edit(_: str, done: int, __: int) -> None:
        if done == 1:
            write(site.content, {"topics/two.yaml": "title: Again\n"})

    pipeline.publish(site.content, site.store, MODELS, NOW, edit, tools=TOOLS)
    assert not _shows(site, b"Again")
    _check(site)
    assert _shows(site, b"Again")


def test_file_that_changed_a_moment_ago_is_read_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = scan.scan(site.content, MODELS)
    assert set(found.signatures.values()) == {b""}, (
        "a second change in the tick would look the same"
    )
    soon = time.time_ns() + 3_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: soon)
    assert b"" not in scan.scan(site.content, MODELS).signatures.values()


@pytest.mark.usefixtures("settled")
def test_picture_goes_with_the_last_text_that_shows_it(site: Site) -> None:
    write(site.content, {"articles/a.png": PICTURES[0], "articles/pictured.md": PICTURED})
    _publish(site)
    (site.content / "articles/pictured.md").unlink()
    _check(site)
    assert not _shows(site, PICTURES[0])


@pytest.mark.usefixtures("settled")
def test_media_that_moves_is_found_by_its_new_unit(site: Site) -> None:
    write(site.content, {"articles/a.png": PICTURES[0], "articles/pictured.md": PICTURED})
    _publish(site)
    (site.content / "images").mkdir()
    (site.content / "articles/a.png").rename(site.content / "images/a.png")
    write(site.content, {"articles/pictured.md": PICTURED.replace("a.png", "../images/a.png")})
    _check(site)
    write(site.content, {"topics/two.yaml": "title: Deux\n"})
    _check(site)
    (site.content / "articles/pictured.md").unlink()
    _check(site)


@pytest.mark.usefixtures("settled")
def test_notes_that_are_newer_than_the_store_know_which_unit_has_a_picture(site: Site) -> None:
    write(site.content, {"articles/a.png": PICTURES[0], "articles/pictured.md": PICTURED})
    before = _publish(site)
    copy = site.store.read_bytes()
    (site.content / "images").mkdir()
    (site.content / "articles/a.png").rename(site.content / "images/a.png")
    write(site.content, {"articles/pictured.md": PICTURED.replace("a.png", "../images/a.png")})
    after = _publish(site)
    assert after.revision.digest == before.revision.digest
    site.store.write_bytes(copy)
    (site.content / "articles/pictured.md").unlink()
    _check(site)
    assert not _shows(site, PICTURES[0])


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("jobs", [0, 2])
def test_damaged_notes_are_made_anew(site: Site, jobs: int) -> None:
    files = {
        f"articles/article-{one:03}.md": f"---\ntitle: A {one}\ntopics: [one]\n---\nText.\n"
        for one in range(60)
    }
    write(site.content, {**SMALL, **files})
    _publish(site)
    whole = memory_of(site.store).read_bytes()
    for start in range(4096, len(whole), 4096 * max(1, len(whole) // 4096 // 6)):
        damaged = bytearray(whole)
        damaged[start : start + 8192] = b"\xff" * len(damaged[start : start + 8192])
        memory_of(site.store).write_bytes(damaged)
        for ending in ("-wal", "-shm"):
            notes = memory_of(site.store)
            notes.with_name(f"{notes.name}{ending}").unlink(missing_ok=True)
        write(site.content, {"topics/one.yaml": f"title: Number {start}\n"})
        pipeline.publish(site.content, site.store, MODELS, NOW, tools=TOOLS, jobs=jobs)
        assert _shows(site, f"Number {start}".encode())
    _check(site)


@pytest.mark.parametrize("kind", ["folder", "text", "truncated", "empty"])
def test_notes_that_are_none_cost_a_publish_of_everything(site: Site, kind: str) -> None:
    _publish(site)
    notes = memory_of(site.store)
    raw = notes.read_bytes()
    notes.unlink()
    match kind:
        case "folder":
            notes.mkdir()
        case "text":
            notes.write_text("no notes")
        case "truncated":
            notes.write_bytes(raw[: len(raw) // 2])
        case _:
            notes.write_bytes(b"")
    write(site.content, {"topics/one.yaml": "title: Changed\n"})
    if kind == "folder":
        with pytest.raises(Exception, match=r"store\.db\.memory: the notes cannot be written"):
            _publish(site)
        assert not _shows(site, b"Changed")
        return
    _check(site)
    assert _shows(site, b"Changed")


@pytest.mark.usefixtures("settled")
def test_notes_of_another_store_are_not_believed(site: Site, tmp_path: Path) -> None:
    other = Site(tmp_path / "other", {**SMALL, "topics/one.yaml": "title: Other\n"})
    _publish(other)
    _publish(site)
    memory_of(site.store).write_bytes(memory_of(other.store).read_bytes())
    write(site.content, {"topics/two.yaml": "title: Changed\n"})
    _check(site)
