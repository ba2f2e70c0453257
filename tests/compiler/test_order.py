"""Positions are bytes that sort as the values of the default order do, nulls last."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.compiler.order import position
from api.compiler.paths import PlacedEntry
from api.errors import Place
from api.source.node import Fields
from schemas.article import Article
from schemas.collection import Folder
from schemas.contact import Contact
from schemas.entry import Entry
from schemas.fields import RichText
from schemas.person import Person
from schemas.section import Section

BARE = {"é": "e", "É": "e", "Ö": "o", "ö": "o", "ß": "ss", "Й": "и", "й": "и"}
"""What some letters count as, where case and diacritics do not."""
LETTERS = "aAbBzZ10 -éÉÖößЙй"


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Thing(Entry):
    """A type whose every kind of value is sorted by, one at a time."""

    collection: ClassVar = Folder(name="things", path="/{slug}", order=("value",))
    value: float | int | bool | date | datetime | Size | None = None


class Reversed(Thing):
    """The same in the other direction."""

    collection: ClassVar = Folder(name="reversed", path="/{slug}", order=("-value",))


def _entry(value: Any, **others: Any) -> PlacedEntry:
    fields = Fields({}, {}, Place("x.md", 1, 1))
    return PlacedEntry(
        "type", "id", "slug", "/path", "/v1/address", value, fields, "en", ("en",), **others
    )


def _article(title: str, updated_at: datetime | None = None) -> PlacedEntry:
    return _entry(Article.model_construct(title=title, updated_at=updated_at, body=RichText(())))


def _thing(value: Any, model: type[Thing] = Thing) -> PlacedEntry:
    return _entry(model.model_construct(value=value))


@pytest.mark.parametrize(
    "titles",
    [
        pytest.param(["Apple", "apple", "Banana"], id="case counts last"),
        pytest.param(["Eclair", "École", "Edam"], id="diacritics count last"),
        pytest.param(["a", "a b", "ab"], id="a space before a letter"),
        pytest.param(["Strasse", "Straße", "Stratus"], id="sharp s is two"),
        pytest.param(["", "1", "10", "2", "a"], id="digits are signs"),
        pytest.param(["Zebra", "Агент", "Яна"], id="scripts one after another"),
    ],
)
def test_titles_sort_as_a_reader_expects(titles: list[str]) -> None:
    people = [_entry(Person.model_construct(name=title)) for title in reversed(titles)]
    assert [person.title for person in sorted(people, key=position)] == titles


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([-1e300, -2, -1.5, -1e-300, 0, 1e-300, 1, 1.5, 2, 10, 1e300], id="numbers"),
        pytest.param([-(10**15) + 1, -999, -1, 0, 1, 999, 10**15 - 1], id="integers"),
        pytest.param([False, True], id="booleans"),
        pytest.param([date(1, 1, 1), date(1999, 12, 31), date(2000, 1, 1)], id="days"),
        pytest.param(
            [
                datetime(1, 1, 1, tzinfo=UTC),
                datetime(1969, 12, 31, tzinfo=UTC),
                datetime(1970, 1, 1, tzinfo=UTC),
                datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
                datetime(9999, 12, 31, 23, 59, 59, 999_998, tzinfo=UTC),
                datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            ],
            id="instants",
        ),
        pytest.param([Size.LARGE, Size.SMALL], id="words of an enum"),
    ],
)
def test_values_sort_in_both_directions_and_null_comes_last_in_both(values: list[Any]) -> None:
    up = sorted([_thing(value) for value in [None, *reversed(values)]], key=position)
    assert [entry.value.value for entry in up] == [*values, None]  # type: ignore[union-attr]
    down = sorted([_thing(value, Reversed) for value in [None, *values]], key=position)
    assert [entry.value.value for entry in down] == [*reversed(values), None]  # type: ignore[union-attr]


def test_equal_instants_have_equal_positions() -> None:
    east = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(0)
    assert position(_thing(east)) == position(_thing(datetime(2026, 1, 1, 12, tzinfo=UTC)))


@given(
    st.lists(
        st.tuples(
            st.none() | st.datetimes(timezones=st.just(UTC)),
            st.text(LETTERS, min_size=1, max_size=4),
        ),
        max_size=12,
    )
)
def test_articles_sort_by_update_descending_nulls_last_then_by_title(
    rows: list[tuple[datetime | None, str]],
) -> None:
    def expected(row: tuple[datetime | None, str]) -> tuple[bool, timedelta, str, str]:
        updated_at, title = row
        passed = datetime(1, 1, 1, tzinfo=UTC) - updated_at if updated_at else timedelta(0)
        bare = "".join(BARE.get(letter, letter).lower() for letter in title)
        return updated_at is None, passed, bare, title

    entries = [_article(title, updated_at) for updated_at, title in rows]
    told = [(entry.own.updated_at, entry.title) for entry in sorted(entries, key=position)]
    assert told == sorted(rows, key=expected)


def test_parts_stand_together_by_their_parents_id_in_the_order_of_the_file() -> None:
    def part(parent: str, number: int) -> PlacedEntry:
        above = _entry(Article(title="T", body=RichText(())))
        return _entry(
            Section(key="k"),
            parent=above._replace(id=parent, slug=parent),
            number=number,
        )

    expected = [("a", 1), ("a", 2), ("a", 255), ("a", 256), ("a-b", 1), ("ab", 1)]
    parts = [part(*one) for one in reversed(expected)]
    told = [(one.parent.id, one.number) for one in sorted(parts, key=position) if one.parent]
    assert told == expected


def test_entry_of_a_single_file_stands_alone() -> None:
    assert position(_entry(Contact(name="C"))) == b""
