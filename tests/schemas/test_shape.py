"""A model's annotations say what shape each field has; what no file can hold is refused."""

from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Annotated, Any, Literal, Optional

import pytest
from pydantic import Field, create_model

from schemas.fields import Day, Instant, Model, Outline, Reference, RichText, Sections, Slug, Use
from schemas.shape import (
    Formatted,
    Keyed,
    Kind,
    Many,
    Nested,
    Referring,
    SchemaError,
    Shape,
    Single,
    fields_holding,
    fields_of,
)


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Colour(Enum):
    RED = "red"


class Inner(Model):
    text: str


@pytest.mark.parametrize(
    ("annotation", "shape"),
    [
        pytest.param(str, Single(Kind.TEXT), id="text"),
        pytest.param(Slug, Single(Kind.TEXT), id="constrained text"),
        pytest.param(int, Single(Kind.INTEGER), id="integer"),
        pytest.param(float, Single(Kind.NUMBER), id="number"),
        pytest.param(bool, Single(Kind.BOOLEAN), id="boolean"),
        pytest.param(Instant, Single(Kind.INSTANT), id="instant"),
        pytest.param(Day, Single(Kind.DATE), id="date"),
        pytest.param(Size, Single(Kind.TEXT, ("small", "large")), id="enum"),
        pytest.param(Literal["a", "b"], Single(Kind.TEXT, ("a", "b")), id="literal"),
        pytest.param(RichText, Formatted(), id="rich text"),
        pytest.param(Reference[Literal["topic"]], Referring(("topic",)), id="reference"),
        pytest.param(
            Reference[Literal["topic", "person"]],
            Referring(("topic", "person")),
            id="reference to one of two",
        ),
        pytest.param(list[int], Many(Single(Kind.INTEGER)), id="list"),
        pytest.param(list[list[str]], Many(Many(Single(Kind.TEXT))), id="list of lists"),
        pytest.param(dict[Slug, RichText], Keyed(Formatted()), id="mapping"),
        pytest.param(Inner, Nested(Inner), id="model"),
        pytest.param(list[Annotated[Inner, "note"]], Many(Nested(Inner)), id="annotated item"),
    ],
)
def test_annotation_gives_the_shape(annotation: Any, shape: Shape) -> None:
    model = create_model("Thing", __base__=Model, value=(annotation, ...))
    field = fields_of(model)["value"]
    assert (field.shape, field.nullable, field.required) == (shape, False, True)


@pytest.mark.parametrize(
    "annotation",
    [pytest.param(str | None, id="bar"), pytest.param(Optional[str], id="Optional")],  # noqa: UP045 - the case
)
def test_none_beside_a_type_makes_the_field_nullable(annotation: Any) -> None:
    model = create_model("Thing", __base__=Model, value=(annotation, None))
    field = fields_of(model)["value"]
    assert (field.shape, field.nullable, field.required) == (Single(Kind.TEXT), True, False)


@pytest.mark.parametrize(
    "annotation",
    [
        pytest.param(bytes, id="bytes"),
        pytest.param(object, id="object"),
        pytest.param(datetime, id="datetime without an offset"),
        pytest.param(list, id="list of anything"),
        pytest.param(dict, id="mapping of anything"),
        pytest.param(tuple[str, ...], id="tuple"),
        pytest.param(set[str], id="set"),
        pytest.param(Any, id="anything"),
        pytest.param(str | int, id="one of two types"),
        pytest.param(str | int | None, id="one of two types or null"),
        pytest.param(list[str | None], id="list with nulls"),
        pytest.param(Colour, id="enum that is no text"),
        pytest.param(Literal[1, 2], id="literal numbers"),
        pytest.param(date | bytes, id="known or unknown"),
    ],
)
def test_type_that_no_file_can_hold_is_refused_by_model_and_field(annotation: Any) -> None:
    model = create_model("Thing", __base__=Model, value=(annotation, ...))
    with pytest.raises(SchemaError, match=r"^Thing\.value: "):
        fields_of(model)


def test_fields_come_in_the_order_declared_with_markers_and_descriptions() -> None:
    class Thing(Model):
        zulu: Annotated[str, Field(max_length=3), Use.CARD, Use.SORT]
        """The last letter."""
        alpha: Annotated[str | None, Use.PRIVATE] = None
        parts: Annotated[Sections[Inner], Use.SEARCH] = Field(default_factory=list)

    fields = fields_of(Thing)
    assert list(fields) == ["zulu", "alpha", "parts"]
    assert fields["zulu"].uses == {Use.CARD, Use.SORT}
    assert fields["zulu"].description == "The last letter."
    assert fields["alpha"].description is None
    assert [field.private for field in fields.values()] == [False, True, False]
    assert [field.outline for field in fields.values()] == [False, False, True]
    assert fields["parts"].shape == Many(Nested(Inner))


def test_outline_within_a_marker_is_found() -> None:
    class Thing(Model):
        parts: Annotated[list[Inner], Outline()] = Field(default_factory=list)

    assert fields_of(Thing)["parts"].outline


def test_fields_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        fields_of(Inner)["text"] = fields_of(Inner)["text"]  # type: ignore[index]


@pytest.mark.parametrize(
    "annotation",
    [
        pytest.param(Annotated[str, Use.PRIVATE] | None, id="beside None"),
        pytest.param(list[Annotated[str, Use.PRIVATE]], id="in a list"),
        pytest.param(dict[str, Annotated[str, Use.PRIVATE]], id="in a mapping"),
    ],
)
def test_marker_inside_a_type_is_refused_rather_than_ignored(annotation: Any) -> None:
    one = create_model("One", __base__=Model, field=(annotation, ...))
    with pytest.raises(SchemaError, match=r"One\.field: the marker .* around the whole type"):
        fields_of(one)


class Numbered(Model):
    """A mapping that no file can hold."""

    values: dict[int, str]


def test_mapping_has_names_that_are_text() -> None:
    with pytest.raises(SchemaError, match=r"Numbered\.values: .* is no field type"):
        fields_of(Numbered)


class Pointing(Model):
    to: Reference[Literal["topic"]]


class Group(Model):
    links: dict[str, list[Pointing]]
    text: RichText


class Page(Model):
    title: str
    group: Group | None = None
    sizes: list[int]


def test_fields_that_hold_a_shape_do_so_at_any_depth() -> None:
    assert [field.name for field in fields_holding(Page, Referring)] == ["group"]
    assert [field.name for field in fields_holding(Group, Referring)] == ["links"]
    assert [field.name for field in fields_holding(Group, Formatted)] == ["text"]
    assert not fields_holding(Pointing, Formatted)
