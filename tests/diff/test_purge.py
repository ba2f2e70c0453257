"""Which tags are purged: few, and one of every answer that differs."""

from api.diff.purge import Touched, purged
from api.store.changes import ListedChange


def changed(*tags: str) -> Touched:
    return Touched(f"/{tags[0]}", frozenset({tags[0].partition(":")[0]}), tags, tags)


def no_parent(address: str) -> None:
    raise LookupError(address)


def test_what_shows_a_changed_entry_is_dropped_with_it() -> None:
    touched = [changed("article:a", "topic:one"), changed("topic:one")]
    assert purged(touched, [], no_parent) == ["article", "topic", "topic:one"]


def test_entries_that_show_each_other_are_both_dropped() -> None:
    touched = [changed("article:a", "article:b"), changed("article:b", "article:a")]
    assert purged(touched, [], no_parent) == ["article", "article:a"]


def test_an_entry_two_steps_from_the_edit_is_dropped() -> None:
    touched = [changed("a:1", "b:1"), changed("b:1", "c:1"), changed("c:1")]
    found = set(purged(touched, [], no_parent))
    assert all(found & set(one.before or ()) for one in touched)


def test_a_new_entry_and_one_that_ended_are_purged_by_their_own_tags() -> None:
    new = Touched("/n", frozenset({"article"}), None, ("article:n", "topic:one"))
    ended = Touched("/e", frozenset({"article"}), ("article:e", "topic:one"), None)
    found = purged([new, ended, changed("topic:one")], [], no_parent)
    assert found == ["article", "article:e", "article:n", "topic", "topic:one"]


def test_lists_in_another_order_are_dropped_by_their_type() -> None:
    assert purged([], [ListedChange("article", "", "/v1/articles/a")], no_parent) == ["article"]


def test_parts_in_another_order_are_dropped_by_their_entry() -> None:
    parts = [ListedChange("section", "/v1/articles/a", "/v1/articles/a/sections/x")]
    touched = [changed("article:a", "topic:one"), changed("topic:one")]
    found = purged(touched, parts, {"/v1/articles/a": "article:a"}.get)
    assert found == ["article", "article:a", "section", "topic", "topic:one"]
