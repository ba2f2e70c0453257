"""What differs between two states: entries, addresses, links, renames, files."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from api.diff.difference import AddressChange, Became, Change, FieldChange, Kind
from tests.diff.support import Edit, difference, of_two_stores
from tests.support import SMALL, Site

FIRST = SMALL["articles/first.md"]
SECOND = SMALL["articles/second.md"]
LONG = "---\ntitle: Long\n---\nThis text has enough words to be known again.\n"


def fields(changed: Edit, tmp_path: Path, files: Mapping[str, str] = SMALL) -> list[FieldChange]:
    found = difference(Site(tmp_path, files), changed)
    return [field for change in found.changes for field in change.fields]


def test_equal_states_differ_in_nothing(tmp_path: Path) -> None:
    found = difference(Site(tmp_path), {})
    assert not any((found.changes, found.addresses, found.cache_tags, found.broken))


def test_a_changed_title_is_told_with_both_values(tmp_path: Path) -> None:
    found = difference(Site(tmp_path), {"services/care.yaml": "title: Nursing\n"})
    article = Change(
        Kind.SHOWS, "article", "first", "/articles/first", "First", (), ("service:care",)
    )
    title = FieldChange("en", "title", "Care", "Nursing")
    service = Change(Kind.CHANGED, "service", "care", "/services/care", "Nursing", (title,))
    assert found.changes == [article, service]


@pytest.mark.parametrize(
    ("edited", "field", "values"),
    [
        (("A lead.", "A *lead*."), "sections[part].lead", ("A lead.", "A *lead*.")),
        (("A *point*.", "No."), "sections[part].points[point].body", ("A *point*.", "No.")),
        (("author: ann\n", ""), "author", ("person:ann", None)),
        (("[one, two]", "[two]"), "topics", (["topic:one", "topic:two"], ["topic:two"])),
        (("Call us.", "Call."), "call_to_action.body", ("Call us.", "Call.")),
        (("A body.", "[Care](service:care)"), "body", ("A body.", "[Care](service:care)")),
    ],
)
def test_fields_are_told_one_by_one(
    tmp_path: Path, edited: tuple[str, str], field: str, values: tuple[object, object]
) -> None:
    found = fields({"articles/first.md": FIRST.replace(*edited)}, tmp_path)
    assert found == [FieldChange("en", field, *values)]


def test_a_section_that_ended_is_told_whole(tmp_path: Path) -> None:
    (found,) = fields({"articles/first.md": FIRST.split("\n## ")[0]}, tmp_path)
    assert (found.field, found.old["lead"], found.new) == ("sections[part]", "A lead.", None)


def test_parts_in_another_order_are_told(tmp_path: Path) -> None:
    head = "---\ntitle: First\n---\nText.\n"
    old = f"{head}\n## A {{#a}}\n\nText.\n\n## B {{#b}}\n\nText.\n"
    new = f"{head}\n## B {{#b}}\n\nText.\n\n## A {{#a}}\n\nText.\n"
    files = {**SMALL, "articles/first.md": old}
    assert fields({"articles/first.md": new}, tmp_path, files) == [
        FieldChange("en", "sections (order)", ["a", "b"], ["b", "a"])
    ]


def test_a_link_in_a_text_to_an_entry_that_moved_is_no_change_of_the_text(tmp_path: Path) -> None:
    files = {
        **SMALL,
        "services/care.yaml": "title: Care\nid: care-id\n",
        "articles/second.md": "---\ntitle: Second\n---\nSee [it](service:care-id).\n",
        "articles/first.md": FIRST.replace("[care]", "[care-id]"),
    }
    moved = {"services/care.yaml": None, "services/nursing.yaml": "title: Care\nid: care-id\n"}
    found = difference(Site(tmp_path, files), moved)
    kinds = {change.name: change.kind for change in found.changes}
    assert kinds == {
        "article:first": Kind.SHOWS,
        "article:second": Kind.SHOWS,
        "service:care-id": Kind.CHANGED,
    }
    assert [(one.file, one.mend) for one in found.renames] == [
        ("services/nursing", ("redirect_from: [care]",))
    ]


def test_translations_are_compared_too(tmp_path: Path) -> None:
    files = {**SMALL, "topics/one.uk.yaml": "title: Odyn\n"}
    changed = {"topics/one.uk.yaml": "title: Raz\n"}
    assert fields(changed, tmp_path, files) == [FieldChange("uk", "title", "Odyn", "Raz")]


def test_a_translation_that_ended_is_told_with_its_path(tmp_path: Path) -> None:
    files = {**SMALL, "topics/one.uk.yaml": "title: Odyn\n"}
    found = difference(Site(tmp_path, files), {"topics/one.uk.yaml": None})
    topic = next(change for change in found.changes if change.name == "topic:one")
    assert topic.fields == (FieldChange("uk", "locale", "uk", None),)
    assert [(one.link, one.status) for one in found.broken] == [("/uk/topics/one", 200)]


def test_addresses_of_items_parts_and_lists_are_told(tmp_path: Path) -> None:
    text = FIRST.split("\n## ")[0]
    found = difference(Site(tmp_path), {"articles/first.md": text, "topics/new.yaml": "title: N\n"})
    assert found.addresses == [
        AddressChange("/v1/articles", Became.CHANGED),
        AddressChange("/v1/articles/first", Became.CHANGED),
        AddressChange("/v1/articles/first/sections", Became.CHANGED),
        AddressChange("/v1/articles/first/sections/part", Became.ENDED),
        AddressChange("/v1/sections", Became.CHANGED),
        AddressChange("/v1/topics", Became.CHANGED),
        AddressChange("/v1/topics/new", Became.ADDED),
    ]
    assert [(one.link, one.status) for one in found.broken] == [
        ("/v1/articles/first/sections/part", 410),
        ("/articles/first#part", 200),
        ("/articles/first#point", 200),
    ]


def test_an_ended_entry_breaks_its_path_and_not_each_of_its_parts(tmp_path: Path) -> None:
    found = difference(
        Site(tmp_path),
        {"articles/first.md": None, "articles/second.md": "---\ntitle: Second\n---\nText.\n"},
    )
    assert [(one.link, one.address, one.status) for one in found.broken] == [
        ("/articles/first", "/v1/articles/first", 410)
    ]
    assert AddressChange("/v1/articles/first/sections", Became.ENDED) in found.addresses


def test_a_rename_says_which_lines_would_mend_it(tmp_path: Path) -> None:
    files = {**SMALL, "articles/long.md": LONG}
    renamed = {"articles/long.md": None, "articles/longer.md": LONG.replace("Long", "Longer")}
    found = difference(Site(tmp_path, files), renamed)
    (rename,) = found.renames
    assert (rename.old_id, rename.new_id, rename.file) == ("long", "longer", "articles/longer")
    assert rename.mend == ("id: long", "redirect_from: [long]")


def test_a_rename_with_its_id_is_a_change_and_nothing_breaks(tmp_path: Path) -> None:
    files = {**SMALL, "articles/long.md": LONG}
    kept = LONG.replace("title:", "id: long\ntitle:")
    found = difference(Site(tmp_path, files), {"articles/long.md": None, "articles/new.md": kept})
    assert [(change.kind, change.name) for change in found.changes] == [
        (Kind.CHANGED, "article:long")
    ]
    assert not found.renames
    assert not found.broken


def test_unlike_entries_are_no_rename(tmp_path: Path) -> None:
    files = {**SMALL, "articles/long.md": LONG}
    other = "---\ntitle: Other\n---\nNothing here was there before.\n"
    found = difference(Site(tmp_path, files), {"articles/long.md": None, "articles/o.md": other})
    assert not found.renames


def test_an_id_that_was_added_is_another_entry(tmp_path: Path) -> None:
    files = {**SMALL, "articles/long.md": LONG}
    named = LONG.replace("title:", "id: stable\ntitle:")
    found = difference(Site(tmp_path, files), {"articles/long.md": named})
    assert [one.mend for one in found.renames] == [("id: long",)]


def test_two_stores_differ_as_two_revisions_of_one_do(tmp_path: Path) -> None:
    changed = {"services/care.yaml": "title: Nursing\n", "topics/new.yaml": "title: New\n"}
    one, other = Site(tmp_path / "one"), Site(tmp_path / "other", {**SMALL, **changed})
    one.publish()
    other.publish()
    assert of_two_stores(one.store, other.store) == difference(Site(tmp_path / "two"), changed)


def test_files_are_told_by_name(tmp_path: Path) -> None:
    pdf = "---\ntitle: Second\nrelated: [first]\n---\nA [plan](plan.csv).\n"
    site = Site(tmp_path, {**SMALL, "articles/second.md": pdf, "articles/plan.csv": b"a,b\n"})
    found = difference(site, {"articles/second.md": SECOND, "articles/plan.csv": None})
    assert (found.media_added, found.media_ended) == ([], ["plan.csv"])
