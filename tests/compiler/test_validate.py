"""A Document is valid, or its editor is told in plain words what is wrong, where, and all of it."""

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

import pytest
from annotated_types import MultipleOf
from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.compiler.validate import validate
from api.errors import Issue
from api.source.document import parse_document
from api.source.tree import ContentFile
from schemas.article import Article
from schemas.collection import Folder
from schemas.contact import Contact
from schemas.discovery import discover
from schemas.entry import Entry
from schemas.fields import Day, Instant, Model, Reference, RichText, Slug, Title
from schemas.site import Site

MODELS = discover()


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Inner(Model):
    text: Title
    count: int | None = None


def _even(value: int) -> int:
    if value % 2:
        raise ValueError("must be even")
    return value


def _prime(value: int) -> int:
    if value not in (2, 3, 5, 7):
        raise PydanticCustomError("not_prime", "is no small prime")
    return value


class Thing(Entry):
    """A type with fields of every kind."""

    collection: ClassVar = Folder(name="things", path="/things/{slug}")

    title: Title = "none"
    required: Title
    text: str | None = None
    plain: str = "default"
    short: Annotated[str, StringConstraints(min_length=3, max_length=5)] | None = None
    coded: Annotated[str, StringConstraints(pattern="^[A-Z]+$")] | None = None
    integer: int | None = None
    number: float | None = None
    boolean: bool | None = None
    flag: bool = False
    instant: Instant | None = None
    day: Day | None = None
    size: Size | None = None
    colour: Literal["red", "green"] | None = None
    slug: Slug | None = None
    inner: Inner | None = None
    inners: list[Inner] = Field(default_factory=list)
    words: list[Title] = Field(default_factory=list)
    named: dict[Slug, Inner] = Field(default_factory=dict)
    topic: Reference[Literal["topic"]] | None = None
    either: Reference[Literal["topic", "person"]] | None = None
    positive: Annotated[int, Field(ge=1, le=9)] | None = None
    between: Annotated[float, Field(gt=0, lt=1)] | None = None
    tens: Annotated[int, MultipleOf(10)] | None = None
    few: Annotated[list[str], Field(min_length=1, max_length=2)] | None = None
    even: Annotated[int, AfterValidator(_even)] | None = None
    prime: Annotated[int, AfterValidator(_prime)] | None = None
    least: int = 0
    most: int = 100
    body: RichText | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.least > self.most:
            raise ValueError("has a least that is more than its most")
        return self


def _validated(
    text: str, name: str = "x.yaml", model: type[Entry] = Thing
) -> tuple[Any, list[Issue]]:
    file = ContentFile(Path(), name, model.type_name(), Path(name).stem)
    document, issues = parse_document(file, text.encode(), model)
    assert document is not None, issues
    return validate(document, model)


def _value(field: str, written: str) -> Any:
    entry, issues = _validated(f"required: r\n{field}: {written}\n")
    assert issues == []
    return getattr(entry, field)


def _told(text: str, model: type[Entry] = Thing) -> list[str]:
    entry, issues = _validated(text, model=model)
    assert entry is None
    return [
        f"{issue.place.line}:{issue.place.column} {issue.what} [{issue.code}]"
        for issue in sorted(issues, key=lambda issue: issue.order)
    ]


@pytest.mark.parametrize(
    "written",
    ["no", "yes", "1.10", "0441234567", "12:30", "2026-10-13", "true", "0x1F", "1e3", ".inf", "on"],
)
def test_plain_scalar_reaches_a_text_field_as_it_was_written(written: str) -> None:
    assert _value("text", written) == written


@pytest.mark.parametrize(
    ("field", "written", "value"),
    [
        ("integer", "7", 7),
        ("integer", "-7", -7),
        ("integer", "+7", 7),
        ("integer", "007", 7),
        ("integer", "0o17", 15),
        ("integer", "0x1F", 31),
        ("integer", "999999999999999", 999_999_999_999_999),
        ("number", "1.10", 1.1),
        ("number", "-0.5", -0.5),
        ("number", ".5", 0.5),
        ("number", "5.", 5.0),
        ("number", "1e3", 1000.0),
        ("number", "7", 7.0),
        ("boolean", "true", True),
        ("boolean", "FALSE", False),
        ("boolean", "True", True),
        ("instant", "2026-10-13T09:00:00Z", datetime(2026, 10, 13, 9, tzinfo=UTC)),
        ("instant", "2026-10-13t09:00:00z", datetime(2026, 10, 13, 9, tzinfo=UTC)),
        ("instant", "2026-10-13 09:00:00+03:00", datetime(2026, 10, 13, 6, tzinfo=UTC)),
        ("instant", "2026-10-13T09:00:00.5Z", datetime(2026, 10, 13, 9, 0, 0, 500_000, tzinfo=UTC)),
        ("instant", '"2026-10-13T09:00:00Z"', datetime(2026, 10, 13, 9, tzinfo=UTC)),
        ("day", "2026-10-13", date(2026, 10, 13)),
        ("day", '"2024-02-29"', date(2024, 2, 29)),
        ("size", "large", Size.LARGE),
        ("size", '"large"', Size.LARGE),
        ("colour", "red", "red"),
        ("words", "[a, no, 1.10]", ["a", "no", "1.10"]),
        ("inner", "{text: no, count: 3}", Inner(text="no", count=3)),
        ("inners", "[{text: a}, {text: b}]", [Inner(text="a"), Inner(text="b")]),
        ("named", "{one: {text: a}}", {"one": Inner(text="a")}),
        ("topic", "one", "one"),
        ("positive", "9", 9),
        ("even", "4", 4),
    ],
)
def test_scalar_has_the_type_that_its_field_wants(field: str, written: str, value: object) -> None:
    found = _value(field, written)
    assert found == value
    assert type(found) is type(value) or field == "topic"


@pytest.mark.parametrize("written", ["null", "~", "Null", "NULL", ""])
def test_plain_null_is_null_where_the_field_has_null(written: str) -> None:
    for field in ("text", "integer", "inner", "topic", "body"):
        assert _value(field, written) is None


@pytest.mark.parametrize("written", ["null", "~", "Null", "NULL", ""])
def test_plain_null_leaves_a_field_without_null_at_its_default(written: str) -> None:
    assert _value("words", written) == []
    assert _value("named", written) == {}
    assert _value("plain", written) == "default"
    assert _value("flag", written) is False


@pytest.mark.parametrize(("written", "text"), [('"null"', "null"), ("'~'", "~"), ('""', "")])
def test_quoted_null_is_a_text(written: str, text: str) -> None:
    assert _value("text", written) == text


def test_null_of_json_is_null_and_its_values_are_as_in_yaml() -> None:
    text = '{"required": 1.10, "text": null, "integer": 3, "boolean": true, "words": null}'
    entry, issues = _validated(text, "x.json")
    assert issues == []
    assert (entry.required, entry.text, entry.integer) == ("1.10", None, 3)
    assert (entry.boolean, entry.words) == (True, [])


def test_required_field_that_is_empty_is_missing_at_its_name() -> None:
    assert _told("text: a\nrequired:\n") == ["2:1 the field 'required' is missing [missing_field]"]


def test_required_field_that_is_not_there_is_missing_where_the_fields_begin() -> None:
    assert _told("text: a\n") == ["1:1 the field 'required' is missing [missing_field]"]


def test_file_without_a_field_lacks_what_is_required() -> None:
    assert _told("") == ["1:1 the field 'required' is missing [missing_field]"]


BAD = [
    pytest.param("titel: a", "1 unknown field 'titel' [unknown_field]", id="unknown field"),
    *(
        pytest.param(
            f"integer: {written}",
            f"10 'integer' is '{written}', not a whole number [wrong_type]",
            id=f"integer {written}",
        )
        for written in ("1.5", "seven", "1_000", "1e3", "-0x1", "0b1", "٣", "1" * 41)
    ),
    *(
        pytest.param(
            f"number: {written}",
            f"9 'number' is '{written}', not a number [wrong_type]",
            id=f"number {written}",
        )
        for written in ("1.5.2", "1,5", ".inf", ".nan", "0x1F", "e3", ".", "nan", "Infinity")
    ),
    *(
        pytest.param(
            f"boolean: {written}",
            f"10 'boolean' is '{written}', not true or false [wrong_type]",
            id=f"boolean {written}",
        )
        for written in ("yes", "no", "on", "OFF", "1", "tRUE", "maybe")
    ),
    *(
        pytest.param(
            f"instant: {written}",
            f"10 'instant' is '{written}', not a point in time such as 2026-10-13T09:00:00Z"
            " [wrong_type]",
            id=f"instant {written}",
        )
        for written in (
            "2026-10-13",
            "2026-10-13T09:00:00",
            "2026-10-13T09:00Z",
            "2026-13-01T09:00:00Z",
            "2026-02-29T09:00:00Z",
            "2026-10-13T24:00:01Z",
            "2026-10-13T09:00:00+0300",
            "2026-10-13T09:00:00+24:00",
            "1760346000",
            "13 October",
        )
    ),
    *(
        pytest.param(
            f"day: {written}",
            f"6 'day' is '{written}', not a date such as 2026-10-13 [wrong_type]",
            id=f"day {written}",
        )
        for written in ("2026-02-29", "2026-1-2", "20261013", "13.10.2026", "2026-10-13T09:00:00Z")
    ),
    pytest.param(
        'integer: "7"',
        "10 'integer' is the text '7', not a whole number [wrong_type]",
        id="quoted integer",
    ),
    pytest.param(
        "number: '7'", "9 'number' is the text '7', not a number [wrong_type]", id="quoted number"
    ),
    pytest.param(
        'boolean: "true"',
        "10 'boolean' is the text 'true', not true or false [wrong_type]",
        id="quoted boolean",
    ),
    pytest.param(
        "integer: 1000000000000000",
        "10 'integer' has more than 15 digits [invalid_value]",
        id="integer that clients cannot hold",
    ),
    pytest.param(
        "number: 1e999", "9 'number' is out of range [invalid_value]", id="number without an end"
    ),
    pytest.param(
        "instant: 0001-01-01T00:00:00+01:00",
        "10 'instant' is out of range: in UTC its year must be 0001 to 9999 [invalid_value]",
        id="instant before all years",
    ),
    pytest.param("size: medium", "7 'size' cannot be 'medium' [invalid_value]", id="enum"),
    pytest.param("size: Large", "7 'size' cannot be 'Large' [invalid_value]", id="enum's case"),
    pytest.param("colour: blue", "9 'colour' cannot be 'blue' [invalid_value]", id="literal"),
    pytest.param(
        "slug: Not It",
        "7 'slug' cannot be 'Not It': it has the capital letter 'N': write 'n' [invalid_slug]",
        id="slug",
    ),
    pytest.param(
        "topic: Topic 1",
        "8 'topic' cannot be 'Topic 1': it has the capital letter 'T': write 't' [invalid_slug]",
        id="reference",
    ),
    pytest.param(
        "topic: \N{CYRILLIC SMALL LETTER A}nn",
        "8 'topic' cannot be '\N{CYRILLIC SMALL LETTER A}nn': it has the letter "
        "'\N{CYRILLIC SMALL LETTER A}' (CYRILLIC SMALL LETTER A) where 'a' is meant "
        "[invalid_slug]",
        id="reference with another alphabet's letter",
    ),
    pytest.param(
        "coded: abc",
        "8 'coded' cannot be 'abc': it does not have the form ^[A-Z]+$ [invalid_value]",
        id="pattern",
    ),
    pytest.param('title: ""', "8 'title' is empty [invalid_value]", id="empty text"),
    pytest.param("short: ab", "8 'short' is shorter than 3 characters [invalid_value]", id="short"),
    pytest.param(
        "short: abcdef", "8 'short' is longer than 5 characters [invalid_value]", id="long"
    ),
    pytest.param(
        "positive: 0", "11 'positive' cannot be '0': it must be at least 1 [invalid_value]", id="ge"
    ),
    pytest.param(
        "positive: 10",
        "11 'positive' cannot be '10': it must be at most 9 [invalid_value]",
        id="le",
    ),
    pytest.param(
        "between: 0",
        "10 'between' cannot be '0.0': it must be more than 0.0 [invalid_value]",
        id="gt",
    ),
    pytest.param(
        "between: 1",
        "10 'between' cannot be '1.0': it must be less than 1.0 [invalid_value]",
        id="lt",
    ),
    pytest.param(
        "tens: 5",
        "7 'tens' cannot be '5': it must be a multiple of 10 [invalid_value]",
        id="multiple",
    ),
    pytest.param(
        "few: []", "6 'few' has 0 items: it must have at least 1 [invalid_value]", id="few"
    ),
    pytest.param(
        "few: [a, b, c]", "6 'few' has 3 items: it must have at most 2 [invalid_value]", id="many"
    ),
    pytest.param("even: 3", "7 'even' must be even [invalid_value]", id="model's own ValueError"),
    pytest.param("prime: 4", "8 'prime' is no small prime [invalid_value]", id="model's own error"),
    pytest.param("text: [a]", "7 'text' is a list, not a text [wrong_type]", id="list for a text"),
    pytest.param(
        "text: {a: b}",
        "7 'text' is a group of fields, not a text [wrong_type]",
        id="group for a text",
    ),
    pytest.param(
        "integer: [1]", "10 'integer' is a list, not a whole number [wrong_type]", id="list for one"
    ),
    pytest.param(
        "body: [a]", "7 'body' is a list, not a text [wrong_type]", id="list for rich text"
    ),
    pytest.param(
        "topic: [one]",
        "8 'topic' is a list, not the slug of a topic [wrong_type]",
        id="list for a reference",
    ),
    pytest.param(
        "either: {a: b}",
        "9 'either' is a group of fields, not the slug of a topic or person [wrong_type]",
        id="group for a reference",
    ),
    pytest.param(
        "words: one",
        "8 'words' is a single value, not a list: write [one, two], or each on a line of its own"
        " after '- ' [wrong_type]",
        id="one for a list",
    ),
    pytest.param(
        "inner: a",
        "8 'inner' is a single value, not a group of fields, indented below its name [wrong_type]",
        id="one for a group",
    ),
    pytest.param(
        "named: [a]",
        "8 'named' is a list, not a group of fields, indented below its name [wrong_type]",
        id="list for a mapping",
    ),
    pytest.param(
        "inner: {}", "8 the field 'text' is missing [missing_field]", id="missing in a group"
    ),
    pytest.param(
        "inners: [{text: a}, {text: b, cuont: 1}]",
        "31 unknown field 'cuont' [unknown_field]",
        id="unknown in a list",
    ),
    pytest.param(
        "inners: [{text: a}, b]",
        "21 item 2 of 'inners' is a single value, not a group of fields, indented below its name"
        " [wrong_type]",
        id="wrong item",
    ),
    pytest.param(
        'words: [a, "", c]', "12 item 2 of 'words' is empty [invalid_value]", id="empty item"
    ),
    pytest.param(
        "named: {one: {text: a, count: x}}",
        "31 'count' is 'x', not a whole number [wrong_type]",
        id="wrong in a mapping",
    ),
    pytest.param(
        "named: {Not One: {text: a}}",
        "9 'Not One' cannot be 'Not One': it has the capital letter 'N': write 'n' [invalid_slug]",
        id="wrong name in a mapping",
    ),
]


@pytest.mark.parametrize(("line", "told"), BAD)
def test_mistake_is_told_at_its_place(line: str, told: str) -> None:
    assert _told(f"required: r\n{line}\n") == [f"2:{told}"]


@pytest.mark.parametrize(("line", "told"), BAD)
def test_no_word_of_pydantic_reaches_an_editor(line: str, told: str) -> None:
    _, (issue,) = _validated(f"required: r\n{line}\n")
    for word in ("pydantic", "Input", "Value error", "should", "valid ", "ErrorDetails", "type="):
        assert word not in str(issue), told


@pytest.mark.parametrize(
    ("line", "nearest"),
    [
        ("titel: a", "title"),
        ("Title: a", "title"),
        ("zzz: a", None),
        ("size: smal", "small"),
        ("size: zzz", None),
        ("boolean: yes", "true"),
        ("boolean: Off", "false"),
        ("boolean: maybe", None),
        ("integer: yes", None),
    ],
)
def test_nearest_value_is_offered(line: str, nearest: str | None) -> None:
    _, (issue,) = _validated(f"required: r\n{line}\n")
    assert issue.nearest == nearest


def test_allowed_values_are_told() -> None:
    _, (issue,) = _validated("required: r\nsize: medium\n")
    assert issue.allowed == ("small", "large")
    _, (issue,) = _validated("required: r\ninner: {text: a, b: c}\n")
    assert issue.allowed == ("text", "count")


def test_wrong_name_in_a_mapping_is_told_where_the_name_stands() -> None:
    text = "name: S\ndefault_locale: en\nlocales: [en]\nlabels:\n  english:\n    see_all: x\n"
    assert _told(text, Site) == [
        "5:3 'english' is no locale: write a BCP 47 tag such as en, uk or pt-BR [invalid_value]"
    ]


def test_mistake_of_the_whole_file_is_told_where_its_fields_begin() -> None:
    assert _told("required: r\nleast: 5\nmost: 3\n") == [
        "1:1 the file has a least that is more than its most [invalid_value]"
    ]


def test_mistake_of_a_group_is_told_where_the_group_begins() -> None:
    text = 'name: C\nphones:\n  - display: 443-559-8354\n    e164: "+14435598355"\n'
    assert _told(text, Contact) == [
        (
            "3:5 item 1 of 'phones' has two numbers that differ: display '443-559-8354' and e164"
            " '+14435598355' [invalid_value]"
        )
    ]


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    text = (
        "titel: a\n"
        "integer: x\n"
        'title: ""\n'
        "slug: NO\n"
        "inner:\n"
        "  count: y\n"
        "inners:\n"
        "  - text: ok\n"
        '  - text: ""\n'
        "size: medium\n"
        "words: a\n"
        "body: one<br>two\n"
    )
    assert _told(text) == [
        "1:1 the field 'required' is missing [missing_field]",
        "1:1 unknown field 'titel' [unknown_field]",
        "2:10 'integer' is 'x', not a whole number [wrong_type]",
        "3:8 'title' is empty [invalid_value]",
        "4:7 'slug' cannot be 'NO': it has the capital letter 'N': write 'n' [invalid_slug]",
        "6:3 the field 'text' is missing [missing_field]",
        "6:10 'count' is 'y', not a whole number [wrong_type]",
        "9:11 'text' is empty [invalid_value]",
        "10:7 'size' cannot be 'medium' [invalid_value]",
        (
            "11:8 'words' is a single value, not a list: write [one, two], or each on a line of its"
            " own after '- ' [wrong_type]"
        ),
        "12:7 raw HTML: <br> [markdown_html]",
    ]


@pytest.mark.parametrize(
    ("line", "nearest"),
    [
        pytest.param("slug: Mix It", "mix-it", id="slug"),
        pytest.param('slug: "***"', None, id="nothing that a slug can be made of"),
        pytest.param("topic: Topic 1", "topic-1", id="reference"),
        pytest.param("named: {Not One: {text: a}}", "not-one", id="name in a mapping"),
    ],
)
def test_wrong_slug_is_told_with_the_one_that_was_meant(line: str, nearest: str | None) -> None:
    _, (issue,) = _validated(f"required: r\n{line}\n")
    assert (issue.code, issue.nearest) == ("invalid_slug", nearest)
    if nearest:
        assert f", did you mean '{nearest}'? [invalid_slug]" in str(issue)


def test_long_value_is_cut_in_the_issue() -> None:
    _, (issue,) = _validated(f"required: r\ninteger: {'x' * 500}\n")
    assert issue.what == f"'integer' is '{'x' * 80}', not a whole number"


def test_rich_text_in_a_field_becomes_blocks() -> None:
    found = _value("body", "Some *words*.")
    assert [span["text"] for span in found.blocks[0]["children"]] == ["Some ", "words", "."]


def test_mistake_in_a_literal_block_is_told_at_its_line_and_column() -> None:
    text = "required: r\nbody: |\n  One.\n\n  Two<br>three.\n"
    _, (issue,) = _validated(text)
    assert (issue.code, str(issue.place)) == ("markdown_html", "x.yaml:5:6")


def test_mistake_in_a_folded_text_is_told_where_the_text_begins() -> None:
    text = "required: r\nbody: >\n  One.\n\n  Two<br>three.\n"
    _, (issue,) = _validated(text)
    assert (issue.code, str(issue.place)) == ("markdown_html", "x.yaml:2:7")


def test_text_below_the_fields_cannot_fill_a_field_of_words() -> None:
    class Plain(Entry):
        """A type whose body is plain text."""

        collection: ClassVar = Folder(name="plains", path="/{slug}")
        body: str

    _, (issue,) = _validated("---\nid: a\n---\nText.\n", "x.md", Plain)
    assert (issue.code, issue.what) == ("wrong_type", "'body' is a single value, not a text")


def test_sections_of_the_markdown_part_are_validated_as_sections() -> None:
    text = "---\ntitle: A\n---\nB.\n\n## One {#one .ordered}\n\nLead.\n\n### P\n\nText.\n"
    entry, issues = _validated(text, "x.md", Article)
    assert issues == []
    (section,) = entry.sections
    assert (section.key, section.title, section.ordered) == ("one", "One", True)
    assert [(point.key, point.title) for point in section.points] == [("p", "P")]


def test_same_file_is_valid_as_yaml_and_as_json() -> None:
    yaml, _ = _validated("required: r\ninners:\n  - {text: a, count: 1}\nsize: small\n")
    json, _ = _validated(
        '{"required": "r", "inners": [{"text": "a", "count": 1}], "size": "small"}', "x.json"
    )
    assert yaml == json
