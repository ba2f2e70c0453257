from enum import StrEnum
from typing import Annotated, ClassVar, Literal

import pytest

from api.contract.views import (
    MIXED_LINK,
    TEXT,
    Derived,
    Link,
    ListOf,
    MapOf,
    Object,
    Shown,
    View,
    Views,
    title_field,
)
from schemas.collection import Embedded, Folder, SingleFile
from schemas.discovery import Models
from schemas.entry import EmbeddedEntry, Entry, Part
from schemas.fields import Instant, Model, Reference, RichText, Sections, Slug, Title, Use
from schemas.shape import Formatted, Kind, Single


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Detail(Model):
    """A nested value.

    This paragraph is for the model's author alone.
    """

    word: Title
    """A word."""
    inner: Annotated[str, Use.PRIVATE] = ""
    """Nobody's business."""


class Step(Part):
    """A part without a title."""

    text: Title
    """What to do."""


class Remark(EmbeddedEntry):
    """An embedded entry without a title."""

    collection: ClassVar = Embedded(name="remarks", parent="note")

    steps: list[Step]
    """Steps."""


class Note(Entry):
    """A note.

    This paragraph is for the model's author alone.
    """

    collection: ClassVar = Folder(name="notes", path="/notes/{slug}", title="headline")

    headline: Annotated[Title | None, Use.CARD] = None
    """The headline."""
    secret: Annotated[str | None, Use.PRIVATE, Use.CARD, Use.LINK] = None
    """Never shown."""
    colour: Annotated[Colour | None, Use.LINK] = None
    """The colour."""
    remarks: Sections[Remark]
    """Remarks."""
    details: dict[Slug, Detail]
    """Details by name."""
    seen_at: Instant | None = None
    """When it was seen."""
    about: Reference[Literal["note", "place"]] | None = None
    """What it is about."""
    near: list[Reference[Literal["place"]]]
    """Places nearby."""

    example: ClassVar[str] = "headline: Example\n"


class Place(Entry):
    """A place."""

    collection: ClassVar = SingleFile(name="place", path="/place")

    title: Title
    """The title."""
    map: RichText | None = None
    """The way there."""

    example: ClassVar[str] = "title: Example\n"


NOTES: Models = {"note": Note, "place": Place, "remark": Remark}
ENTRY = ("type", "id", "slug", "path", "locale", "title")
DATES = ("summary", "published_at", "updated_at", "updated_label")


@pytest.fixture(scope="module")
def views(models: Models) -> Views:
    return Views(models)


@pytest.fixture(scope="module")
def notes() -> Views:
    return Views(NOTES)


def names(view: View) -> tuple[str, ...]:
    return tuple(shown.name for shown in view.properties)


def shown(view: View, name: str) -> Shown:
    (found,) = (one.shown for one in view.properties if one.name == name)
    return found


@pytest.mark.parametrize(
    ("type_name", "own"),
    [
        pytest.param(
            "article",
            ("author", "topics", "body", "sections", "call_to_action", "related"),
            id="article",
        ),
        pytest.param("comment", ("article", "name", "body"), id="comment"),
        pytest.param(
            "contact",
            ("name", "phones", "email", "url", "address", "opening_hours"),
            id="contact",
        ),
        pytest.param("person", ("name", "job_title", "url", "body"), id="person"),
        pytest.param("service", ("body",), id="service"),
        pytest.param("topic", (), id="topic"),
    ],
)
def test_item_has_derived_then_common_then_own_properties(
    views: Views, type_name: str, own: tuple[str, ...]
) -> None:
    head = (*ENTRY[:-1], "alternates", "title")
    assert names(views.items[type_name]) == (*head, *DATES, "review", "hash", *own)


@pytest.mark.parametrize(
    ("type_name", "own"),
    [
        pytest.param("article", ("author", "topics"), id="article"),
        pytest.param("comment", ("article", "name", "body"), id="comment"),
        pytest.param("person", ("name", "job_title"), id="person"),
        pytest.param("service", (), id="service"),
    ],
)
def test_card_has_the_common_fields_and_those_marked_for_cards(
    views: Views, type_name: str, own: tuple[str, ...]
) -> None:
    assert names(views.cards[type_name]) == (*ENTRY, *DATES, "hash", *own)


@pytest.mark.parametrize(
    ("type_name", "own"),
    [
        pytest.param("article", (), id="article"),
        pytest.param("contact", ("phones",), id="contact: how to call"),
    ],
)
def test_link_has_enough_to_draw_it_and_what_the_target_marks(
    views: Views, type_name: str, own: tuple[str, ...]
) -> None:
    assert names(views.links[type_name]) == ("type", "id", "slug", "path", "title", *own)


def test_embedded_entry_has_a_key_and_neither_slug_nor_locale_nor_hash(views: Views) -> None:
    head = ("type", "id", "key", "path", "title")
    assert names(views.items["section"]) == (*head, "ordered", "lead", "points")
    assert names(views.cards["section"]) == (*head, "ordered")
    assert names(views.links["section"]) == head


def test_part_has_its_number_and_anchor_before_its_own_fields(views: Views) -> None:
    points = shown(views.items["section"], "points")
    assert isinstance(points, ListOf)
    assert isinstance(points.item, Object)
    assert not points.item.embedded
    assert points.item.view.name == "SectionPoint"
    assert names(points.item.view) == ("key", "number", "title", "path", "body")
    assert shown(points.item.view, "number") == Single(Kind.INTEGER)


def test_part_without_a_title_has_none(notes: Views) -> None:
    steps = shown(notes.items["remark"], "steps")
    assert isinstance(steps, ListOf)
    assert isinstance(steps.item, Object)
    assert names(steps.item.view) == ("key", "number", "path", "text")


def test_sections_are_objects_that_are_entries(views: Views) -> None:
    assert shown(views.items["article"], "sections") == ListOf(
        Object(views.items["section"], embedded=True)
    )


@pytest.mark.parametrize(
    ("type_name", "nullable"),
    [
        pytest.param("article", {*DATES, "review", "author", "call_to_action"}, id="article"),
        pytest.param("comment", {*DATES, "review", "title", "name"}, id="comment: optional title"),
        pytest.param(
            "person", {*DATES, "review", "job_title", "url", "body"}, id="person: title is name"
        ),
        pytest.param("section", {"title", "lead"}, id="section"),
    ],
)
def test_null_is_allowed_where_the_model_allows_nothing(
    views: Views, type_name: str, nullable: set[str]
) -> None:
    properties = views.items[type_name].properties
    assert {one.name for one in properties if one.nullable} == nullable


@pytest.mark.parametrize(
    ("type_name", "nullable"),
    [
        pytest.param("note", True, id="an optional headline is the title"),
        pytest.param("remark", True, id="there is no field for a title"),
        pytest.param("place", False, id="a required title"),
    ],
)
def test_title_is_null_where_no_field_must_give_it(
    notes: Views, type_name: str, *, nullable: bool
) -> None:
    for view in (notes.items[type_name], notes.cards[type_name], notes.links[type_name]):
        (title,) = (one for one in view.properties if one.name == "title")
        assert title.derived is Derived.TITLE
        assert title.nullable is nullable


@pytest.mark.parametrize(
    ("model", "field"),
    [
        pytest.param(Note, "headline", id="the collection names it"),
        pytest.param(Place, "title", id="the field of its name"),
        pytest.param(Remark, None, id="an embedded entry without one"),
    ],
)
def test_title_field_is_the_one_that_gives_the_title(
    model: type[Entry | EmbeddedEntry], field: str | None
) -> None:
    assert title_field(model) == field


def test_private_field_is_in_no_view_whatever_its_other_marks(notes: Views) -> None:
    details = shown(notes.items["note"], "details")
    assert isinstance(details, MapOf)
    assert isinstance(details.item, Object)
    assert names(details.item.view) == ("word",)
    for kind in (notes.items, notes.cards, notes.links):
        assert "secret" not in names(kind["note"])


def test_fields_are_shown_by_their_shape(notes: Views) -> None:
    note = notes.items["note"]
    assert shown(note, "colour") == Single(Kind.TEXT, ("red", "blue"))
    assert shown(note, "seen_at") == Single(Kind.INSTANT)
    assert shown(note, "about") == Link(("note", "place"))
    assert shown(note, "near") == ListOf(Link(("place",)))
    assert shown(notes.items["place"], "map") == Formatted()


def test_link_to_one_type_is_shown_by_that_type(notes: Views) -> None:
    assert notes.shown_by(Link(("place",))) is notes.links["place"]


def test_link_to_mixed_types_is_shown_by_what_all_have(notes: Views) -> None:
    assert notes.shown_by(Link(("note", "place"))) is MIXED_LINK
    assert MIXED_LINK.constant is None
    assert [(one.name, one.shown, one.nullable) for one in MIXED_LINK.properties] == [
        ("type", TEXT, False),
        ("id", TEXT, False),
        ("path", TEXT, False),
        ("title", TEXT, True),
    ]


def test_views_are_named_after_their_model_and_described_by_its_first_paragraph(
    notes: Views,
) -> None:
    told = [
        (view.name, view.description, view.constant)
        for view in (notes.items["note"], notes.cards["note"], notes.links["note"])
    ]
    assert told == [
        ("Note", "A note.", "note"),
        ("NoteCard", "A note. As lists show it.", "note"),
        ("NoteLink", "A note. As a link to it shows it.", "note"),
    ]


def test_every_property_is_described(views: Views) -> None:
    undescribed = [
        f"{view.name}.{one.name}"
        for kind in (views.items, views.cards, views.links)
        for view in kind.values()
        for one in view.properties
        if not one.description
    ]
    assert undescribed == []
