"""What an entry holds comes with its places; what is private is not shown, but has its keys."""

from typing import Annotated

from pydantic import Field

from api.compiler.contents import Key, PlacedItem, walk
from api.compiler.texts import PlacedText
from api.errors import Place
from api.source.node import Fields, Items, Node, Rich, Scalar
from schemas.entry import Part
from schemas.fields import Model, RichText, Sections, Use

TEXT = RichText(())


class Point(Part):
    body: RichText
    hidden: Annotated[RichText | None, Use.PRIVATE] = None


class Page(Model):
    body: RichText
    note: Annotated[RichText | None, Use.PRIVATE] = None
    points: Sections[Point] = Field(default_factory=list)
    drafts: Annotated[list[Point], Use.PRIVATE] = Field(default_factory=list)
    named: dict[str, list[Point]] = Field(default_factory=dict)


def at(line: int) -> Place:
    return Place("a.md", line, 1)


def fields(line: int, **values: Node) -> Fields:
    return Fields(values, dict.fromkeys(values, at(line)), at(line))


def point(key: str, line: int, **values: Node) -> Items:
    text = Rich(TEXT, at(line + 1))
    return Items((fields(line, key=Scalar(key, False, at(line)), body=text, **values),), at(line))  # noqa: FBT003 - not plain


def test_texts_items_and_keys_come_with_places_and_levels() -> None:
    one, two = Point(key="one", body=TEXT), Point(key="two", body=TEXT)
    page = Page(body=TEXT, points=[one], named={"more": [two]})
    found = walk(
        page,
        fields(
            1,
            named=fields(8, more=point("two", 9)),
            points=point("one", 4),
            body=Rich(TEXT, at(2)),
        ),
    )
    assert found.texts == [
        PlacedText(TEXT, at(2), 1),
        PlacedText(TEXT, at(5), 2),
        PlacedText(TEXT, at(10), 1),
    ]
    assert found.items == [PlacedItem(one, at(4), "")]
    assert found.keys == [Key("one", at(4), embedded=False), Key("two", at(9), embedded=False)]


def test_private_fields_have_keys_alone() -> None:
    one = Point(key="one", body=TEXT, hidden=TEXT)
    page = Page(body=TEXT, note=TEXT, points=[one], drafts=[one])
    hidden = Rich(TEXT, at(6))
    found = walk(
        page,
        fields(1, note=hidden, points=point("one", 4, hidden=hidden), drafts=point("one", 8)),
    )
    assert found.texts == [PlacedText(TEXT, at(5), 2)]
    assert found.items == [PlacedItem(one, at(4), "")]
    assert [key.place for key in found.keys] == [at(4), at(8)]
