from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

import jsonschema_rs
import pytest

from api.contract.jsonschema import components, editor_schema, standalone
from api.contract.schema import (
    COMPONENTS,
    constant,
    described,
    extensible,
    nullable,
    object_schema,
    ref,
)
from api.contract.views import Views
from schemas.collection import Folder
from schemas.discovery import Models
from schemas.entry import Entry
from schemas.fields import Day, Instant, Model, Reference, RichText, Slug, Title, Use
from schemas.shape import SchemaError

Json = Any
BLOCK_TYPES = {
    "block": "TextBlock",
    "code": "CodeBlock",
    "image": "ImageBlock",
    "rule": "RuleBlock",
    "table": "TableBlock",
    "footnote": "FootnoteBlock",
}


class Measure(Model):
    """A measure."""

    amount: float
    """How much."""


class Sample(Entry):
    """A sample."""

    collection: ClassVar = Folder(name="samples", path="/samples/{slug}")

    title: Title
    """The title."""
    count: int
    """How many."""
    share: float | None = None
    """How much."""
    fresh: bool = False
    """Whether it is fresh."""
    taken_at: Instant | None = None
    """When."""
    day: Day | None = None
    """On which day."""
    state: Literal["new", "old"] | None = None
    """How it is."""
    text: RichText
    """What it is."""
    note: RichText | None = None
    """What else it is."""
    measures: dict[Slug, Measure]
    """Measures by name."""
    tags: list[str] | None = None
    """Tags."""
    main: Measure | None = None
    """The main measure."""
    same: Reference[Literal["sample"]] | None = None
    """Another sample."""
    kin: list[Reference[Literal["sample", "other"]]]
    """What is like it."""
    hidden: Annotated[str | None, Use.PRIVATE] = None
    """Never shown."""

    example: ClassVar[str] = "title: Example\n"


class Other(Entry):
    """Another type."""

    collection: ClassVar = Folder(name="others", path="/others/{slug}")

    title: Title
    """The title."""

    example: ClassVar[str] = "title: Example\n"


SAMPLES: Models = {"sample": Sample, "other": Other}


@pytest.fixture(scope="module")
def all_schemas(models: Models) -> Mapping[str, Json]:
    return components(Views(models))


@pytest.fixture(scope="module")
def samples() -> Mapping[str, Json]:
    return components(Views(SAMPLES))


def nodes(schema: Json) -> Iterator[Mapping[str, Json]]:
    """Yield every object within a JSON value."""
    if isinstance(schema, dict):
        yield schema
    for value in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(value, dict | list):
            yield from nodes(value)


def test_topic_s_link_is_a_flat_object_that_clients_may_find_more_in(
    all_schemas: Mapping[str, Json],
) -> None:
    assert all_schemas["TopicLink"] == {
        "type": "object",
        "description": "A topic that articles are about. As a link to it shows it.",
        "required": ["type", "id", "slug", "path", "title"],
        "properties": {
            "type": {"type": "string", "enum": ["topic"], "description": "The content type."},
            "id": {
                "type": "string",
                "description": "The stable name: it survives a change of the slug.",
            },
            "slug": {"type": "string", "description": "The name in addresses."},
            "path": {
                "type": "string",
                "description": "The front end's route, with an anchor for what is part of a page.",
            },
            "title": {
                "type": "string",
                "description": "The title; for a type that has a name, its name.",
            },
        },
    }


def test_there_is_an_item_a_card_and_a_link_of_each_type_but_no_card_of_a_single_one(
    all_schemas: Mapping[str, Json],
) -> None:
    expected = {
        f"{name}{kind}"
        for name in ("Article", "Comment", "Person", "Section", "Service", "Topic")
        for kind in ("", "Card", "Link")
    }
    expected |= {"Contact", "ContactLink", "Site", "SiteLink"}
    expected |= {"CallToAction", "NavigationItem", "OpeningHours", "Phone", "PostalAddress"}
    expected |= {"SectionPoint", "FrameLabels", "Review"}
    expected |= {"Alternate", "BlockFallback", "BlockMarkDef", "BlockNode", "BlockReference"}
    expected |= {"BlockFootnoteMark", "BlockLink", "BlockSpan", "BlockTableCell", "BlockTableRow"}
    expected |= {"CodeBlock", "ImageBlock", "RichText", "TextBlock"}
    expected |= {"FootnoteBlock", "RuleBlock", "TableBlock"}
    assert set(all_schemas) == expected


def test_published_schemas_are_flat_and_open(all_schemas: Mapping[str, Json]) -> None:
    for node in nodes(all_schemas):
        assert "allOf" not in node
        assert node.get("additionalProperties") is not False
        assert "const" not in node


def test_every_property_is_required_but_for_what_portable_text_leaves_out(
    all_schemas: Mapping[str, Json],
) -> None:
    optional = {
        name: sorted(schema["properties"].keys() - set(schema["required"]))
        for name, schema in all_schemas.items()
        if schema["properties"].keys() != set(schema["required"])
    }
    assert optional == {
        "BlockLink": ["reference"],
        "BlockMarkDef": ["href", "number", "reference", "title"],
        "BlockNode": sorted(
            {
                *("children", "level", "listItem", "markDefs", "style"),
                *("anchor", "checked", "code", "language", "fallback"),
                *("align", "number", "rows"),
                *("alt", "height", "placeholder", "src", "title", "width"),
            }
        ),
        "TextBlock": ["anchor", "checked", "level", "listItem"],
    }


def test_block_is_one_open_type_with_known_values(all_schemas: Mapping[str, Json]) -> None:
    node = all_schemas["BlockNode"]
    assert node["type"] == "object"
    assert node["properties"]["_type"]["x-extensible-enum"] == list(BLOCK_TYPES)
    assert "enum" not in node["properties"]["_type"]
    assert node["x-block-types"] == BLOCK_TYPES
    assert node["required"] == ["_type", "_key"]


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        pytest.param("count", {"type": "integer"}, id="integer"),
        pytest.param("share", {"type": ["number", "null"]}, id="number or null"),
        pytest.param("fresh", {"type": "boolean"}, id="boolean"),
        pytest.param("taken_at", {"type": ["string", "null"], "format": "date-time"}, id="instant"),
        pytest.param("day", {"type": ["string", "null"], "format": "date"}, id="date"),
        pytest.param(
            "state",
            {"type": ["string", "null"], "x-extensible-enum": ["new", "old"]},
            id="known values may grow",
        ),
        pytest.param("text", {"$ref": "#/components/schemas/RichText"}, id="rich text"),
        pytest.param(
            "note",
            {"oneOf": [{"$ref": "#/components/schemas/RichText"}, {"type": "null"}]},
            id="rich text or null",
        ),
        pytest.param(
            "measures",
            {
                "type": "object",
                "additionalProperties": {"$ref": "#/components/schemas/Measure"},
            },
            id="map",
        ),
        pytest.param(
            "tags", {"type": ["array", "null"], "items": {"type": "string"}}, id="list or null"
        ),
        pytest.param(
            "main",
            {"oneOf": [{"$ref": "#/components/schemas/Measure"}, {"type": "null"}]},
            id="model or null",
        ),
        pytest.param(
            "same",
            {"oneOf": [{"$ref": "#/components/schemas/SampleLink"}, {"type": "null"}]},
            id="link to one type",
        ),
        pytest.param(
            "kin",
            {"type": "array", "items": {"$ref": "#/components/schemas/EntryLink"}},
            id="links to mixed types",
        ),
    ],
)
def test_field_is_described_by_its_shape(
    samples: Mapping[str, Json], name: str, schema: Json
) -> None:
    found = dict(samples["Sample"]["properties"][name])
    assert found.pop("description")
    assert found == schema


def test_private_field_is_in_no_schema(samples: Mapping[str, Json]) -> None:
    assert "hidden" not in str(samples)


def test_mixed_link_is_there_where_it_is_used_alone(
    samples: Mapping[str, Json], all_schemas: Mapping[str, Json]
) -> None:
    assert list(samples["EntryLink"]["properties"]) == ["type", "id", "path", "title"]
    assert samples["EntryLink"]["properties"]["type"]["type"] == "string"
    assert "enum" not in samples["EntryLink"]["properties"]["type"]
    assert "EntryLink" not in all_schemas


def test_two_different_models_of_one_name_are_refused() -> None:
    class Owner(Entry):
        """Has a measure of its own."""

        class Measure(Model):
            """Another measure."""

            length: int

        collection: ClassVar = Folder(name="owners", path="/owners/{slug}")
        title: Title
        measure: Measure
        example: ClassVar[str] = "title: Example\n"

    with pytest.raises(SchemaError, match="two different models are named 'Measure'"):
        components(Views({**SAMPLES, "owner": Owner}))


@pytest.mark.parametrize(
    "name",
    ["article", "comment", "contact", "person", "section", "service", "site", "topic"],
)
def test_standalone_schema_resolves_within_itself(models: Models, name: str) -> None:
    schema = standalone(name, Views(models), f"/v1/schemas/{name}")
    assert list(schema) == [
        *("$schema", "$id", "title", "type", "description", "required", "properties", "$defs")
    ]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"/v1/schemas/{name}"
    assert schema["title"] == name.capitalize()
    assert schema["properties"]["type"]["enum"] == [name]
    references = {node["$ref"] for node in nodes(schema) if "$ref" in node}
    assert references == {
        f"#/$defs/{reference.removeprefix('#/$defs/')}" for reference in references
    }
    assert {one.removeprefix("#/$defs/") for one in references} <= schema["$defs"].keys()


def test_standalone_schema_has_what_its_type_needs_alone(models: Models) -> None:
    schema = standalone("topic", Views(models), "/v1/schemas/topic")
    assert list(schema["$defs"]) == ["Alternate", "PersonLink", "Review", "TopicCard", "TopicLink"]
    rich = standalone("service", Views(models), "/v1/schemas/service")
    assert list(rich["$defs"]) == [
        "Alternate",
        "BlockFallback",
        "BlockFootnoteMark",
        "BlockLink",
        "BlockMarkDef",
        "BlockNode",
        "BlockReference",
        "BlockSpan",
        "BlockTableCell",
        "BlockTableRow",
        "CodeBlock",
        "FootnoteBlock",
        "ImageBlock",
        "PersonLink",
        "Review",
        "RichText",
        "RuleBlock",
        "ServiceCard",
        "ServiceLink",
        "TableBlock",
        "TextBlock",
    ]


def test_standalone_schema_accepts_an_item_and_refuses_another(
    models: Models, contract: Mapping[str, Json]
) -> None:
    get = contract["paths"]["/v1/articles/{slug}"]["get"]
    item = get["responses"]["200"]["content"]["application/json"]["example"]["data"]
    schema = standalone("article", Views(models), "/v1/schemas/article")
    # A validator resolves references against an absolute address.
    validator = jsonschema_rs.Draft202012Validator(
        {**schema, "$id": f"https://example.org{schema['$id']}"}
    )
    assert validator.is_valid(item)
    assert not validator.is_valid({**item, "title": None})
    assert not validator.is_valid({**item, "type": "topic"})


def test_editor_s_schema_has_what_is_written_above_the_text(models: Models) -> None:
    schema = editor_schema(models, "article")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"]["sections"]["type"] == "array"
    assert schema["required"] == ["title"]
    assert schema["properties"]["topics"]["type"] == "array"
    assert schema["additionalProperties"] is False
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert validator.is_valid({"title": "T", "body": "B", "topics": ["one"]})
    assert validator.is_valid({"title": "T"})
    assert validator.is_valid({"title": "T", "body": "B", "sections": [{"key": "a"}]})
    assert not validator.is_valid({"title": "T", "body": "B", "sections": [{"kee": "a"}]})
    assert not validator.is_valid({"body": "B"})
    assert not validator.is_valid({"title": "T", "body": "B", "topics": "one"})
    assert not validator.is_valid({"title": "T", "body": "B", "autor": "ann"})


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        pytest.param("email", "name@example.org", "name", id="e-mail address"),
        pytest.param("url", "https://example.org", "example.org", id="web address"),
        pytest.param(
            "phones",
            [{"display": "555-0100", "e164": "+15550100"}],
            [{"display": "555-0100", "e164": "5550100"}],
            id="telephone number",
        ),
        pytest.param(
            "opening_hours",
            [{"day_of_week": ["Monday"], "opens": "09:00", "closes": "17:00"}],
            [{"day_of_week": ["Monday"], "opens": "9 am", "closes": "5 pm"}],
            id="time of day",
        ),
    ],
)
def test_editor_s_schema_tells_the_form_of_a_text(
    models: Models, field: str, good: Json, bad: Json
) -> None:
    validator = jsonschema_rs.Draft202012Validator(editor_schema(models, "contact"))
    assert validator.is_valid({"name": "N", field: good})
    assert not validator.is_valid({"name": "N", field: bad})


@pytest.mark.parametrize(
    ("made", "schema"),
    [
        pytest.param(ref("A"), {"$ref": f"{COMPONENTS}A"}, id="reference"),
        pytest.param(constant("a"), {"type": "string", "enum": ["a"]}, id="constant"),
        pytest.param(
            extensible(("a", "b")),
            {"type": "string", "x-extensible-enum": ["a", "b"]},
            id="extensible",
        ),
        pytest.param(nullable({"type": "string"}), {"type": ["string", "null"]}, id="nullable"),
        pytest.param(
            nullable(ref("A")),
            {"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]},
            id="nullable reference",
        ),
        pytest.param(
            described({"type": "string"}, "A."),
            {"type": "string", "description": "A."},
            id="described",
        ),
        pytest.param(
            object_schema("O.", {"a": {}, "b": {}}, optional=frozenset({"b"})),
            {
                "type": "object",
                "description": "O.",
                "required": ["a"],
                "properties": {"a": {}, "b": {}},
            },
            id="object",
        ),
    ],
)
def test_schema_is_in_the_form_that_generators_understand(made: Json, schema: Json) -> None:
    assert made == schema
