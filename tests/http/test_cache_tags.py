"""Cache tags: their form, their bounds, and the headers of the caches that know them."""

import pytest

from api.http.cache_tags import LONGEST, SIZE, bounded, cache_tag_header, entry_tag, type_tag


def test_tag_of_an_entry_has_its_type_and_its_id() -> None:
    assert entry_tag("article", "first") == "article:first"
    assert type_tag("article:first") == "article"
    assert type_tag("article") == "article"


def test_long_tags_are_short_and_stay_apart() -> None:
    tags = {entry_tag("article", "a" * 150 + end) for end in "bc"}
    assert len(tags) == 2
    assert all(len(tag) <= LONGEST and type_tag(tag) == "article" for tag in tags)


def test_own_tags_are_first_and_none_comes_twice() -> None:
    shown = ["topic:two", "topic:one", "article:a", "topic:one"]
    assert bounded(["article:a"], shown) == ("article:a", "topic:one", "topic:two")


def test_too_many_entries_are_named_by_their_types() -> None:
    shown = [f"topic:{number:090}" for number in range(SIZE // 97 + 1)] + ["person:ann"]
    assert bounded(["article:a"], shown) == ("article:a", "person", "topic")


@pytest.mark.parametrize("count", [84, 85, 86])
def test_tags_never_exceed_the_bound(count: int) -> None:
    tags = bounded(["article:a"], [f"topic:{number:090}" for number in range(count)])
    assert len(b",".join(tag.encode() for tag in tags)) <= SIZE
    assert ("topic" in tags) == (count * 97 + 10 > SIZE)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Cache-Tag", (b"cache-tag", b"article:a,topic:b")),
        ("Surrogate-Key", (b"surrogate-key", b"article:a topic:b")),
        ("xkey", (b"xkey", b"article:a topic:b")),
    ],
)
def test_each_cache_has_its_header_and_separator(name: str, header: tuple[bytes, bytes]) -> None:
    assert cache_tag_header(name, ["article:a", "topic:b"]) == header
