"""A file becomes a Document: every value with its place, whichever syntax it was written in."""

from pathlib import Path

import pytest

from api.errors import Issue
from api.source.document import Document, parse_document
from api.source.node import Fields, Items, Rich, Scalar
from api.source.tree import ContentFile
from schemas.discovery import discover
from tests.support import Site

MODELS = discover()


def _parse(name: str, raw: str | bytes, type_name: str) -> tuple[Document | None, list[Issue]]:
    file = ContentFile(Path(), name, type_name, Path(name).stem)
    data = raw if isinstance(raw, bytes) else raw.encode()
    return parse_document(file, data, MODELS[type_name])


def _parsed(name: str, raw: str, type_name: str) -> Document:
    document, issues = _parse(name, raw, type_name)
    assert issues == []
    assert document is not None
    return document


def _text(node: object) -> str:
    assert isinstance(node, Rich)
    return "|".join(
        "".join(span["text"] for span in block["children"])  # type: ignore[attr-defined]
        for block in node.value.blocks
    )


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        pytest.param("one.yaml", "# a comment\ntitle: 1.10\n", (2, 8), id="yaml"),
        pytest.param("one.yml", "title: 1.10\n", (1, 8), id="yml"),
        pytest.param("one.json", '{\n  "title": 1.10}', (2, 12), id="json"),
        pytest.param("one.md", "---\ntitle: 1.10\n---\n", (2, 8), id="front matter"),
    ],
)
def test_value_has_the_same_text_and_its_place_in_every_syntax(
    name: str, text: str, place: tuple[int, int]
) -> None:
    document = _parsed(name, text, "topic")
    assert (document.type, document.slug, str(document.start)) == ("topic", "one", f"{name}:1:1")
    title = document.fields.values["title"]
    assert title == Scalar("1.10", plain=True, place=(name, *place))  # type: ignore[arg-type]


def test_body_is_the_markdown_below_the_fields() -> None:
    document = _parsed("ann.md", "---\nname: Ann\n---\n\nOne.\n\n## Two\n", "person")
    body = document.fields.values["body"]
    assert _text(body) == "One.|Two"
    assert document.fields.keys["body"] == ("ann.md", 4, 1)


def test_outline_fills_the_body_and_the_sections() -> None:
    text = "---\ntitle: A\n---\nIntro.\n\n## Part {#part .ordered}\n\nLead.\n\n### Point\n\nText.\n"
    document = _parsed("a.md", text, "article")
    assert list(document.fields.values) == ["title", "body", "sections"]
    assert _text(document.fields.values["body"]) == "Intro."
    sections = document.fields.values["sections"]
    assert isinstance(sections, Items)
    (section,) = sections.items
    assert isinstance(section, Fields)
    assert _text(section.values["lead"]) == "Lead."
    key, ordered = section.values["key"], section.values["ordered"]
    assert isinstance(key, Scalar)
    assert isinstance(ordered, Scalar)
    assert (key.text, ordered.text) == ("part", "true")
    assert section.place == ("a.md", 6, 1)


def test_body_may_stand_among_the_fields_of_a_file_without_markdown() -> None:
    document = _parsed("a.yaml", "title: A\nbody: Some *text*.\n", "article")
    body = document.fields.values["body"]
    assert body == Scalar("Some *text*.", plain=True, place=("a.yaml", 2, 7))  # type: ignore[arg-type]


def test_optional_body_that_is_not_written_is_left_out() -> None:
    document = _parsed("ann.md", "---\nname: Ann\n---\n \n", "person")
    assert list(document.fields.values) == ["name"]


def test_type_without_a_body_takes_blank_lines_below_the_fields() -> None:
    document = _parsed("one.md", "---\ntitle: One\n---\n\n  \n", "topic")
    assert list(document.fields.values) == ["title"]


def test_type_without_a_body_takes_no_text_below_the_fields() -> None:
    document, (issue,) = _parse("one.md", "---\ntitle: One\n---\nText.\n", "topic")
    assert document is not None
    assert list(document.fields.values) == ["title"]
    assert (issue.code, issue.what) == (
        "unknown_field",
        "the type 'topic' takes no text below the fields",
    )
    assert issue.place == ("one.md", 4, 1)
    assert "title" in issue.allowed


@pytest.mark.parametrize("below", ["", "\n \n"])
@pytest.mark.parametrize("type_name", ["article", "comment", "person"])
def test_body_may_stand_among_the_fields_above_no_text(type_name: str, below: str) -> None:
    document = _parsed("a.md", f"---\nbody: Some *text*.\n---\n{below}", type_name)
    body = document.fields.values["body"]
    assert body == Scalar("Some *text*.", plain=True, place=("a.md", 2, 7))  # type: ignore[arg-type]
    assert document.fields.keys["body"] == ("a.md", 2, 1)


@pytest.mark.parametrize(
    ("field", "type_name"),
    [
        pytest.param("body: Twice", "article", id="body of an outline"),
        pytest.param("sections: []", "article", id="sections"),
        pytest.param("body: Twice", "comment", id="plain body"),
    ],
)
def test_field_given_above_and_below_is_told_with_both_places(field: str, type_name: str) -> None:
    document, (issue,) = _parse("a.md", f"---\ntitle: A\n{field}\n---\nText.\n", type_name)
    assert document is not None
    name = field.partition(":")[0]
    assert (issue.code, issue.what) == (
        "duplicate_key",
        f"'{name}' is given here and by the text below",
    )
    assert (issue.place, issue.other) == (("a.md", 3, 1), ("a.md", 5, 1))


def test_mistakes_of_the_fields_and_of_the_text_are_told_together() -> None:
    text = "---\ntitle: A\ntitle: B\n---\nOne<br>two.\n"
    document, issues = _parse("a.md", text, "article")
    assert document is None
    assert [(issue.code, str(issue.place)) for issue in issues] == [
        ("duplicate_key", "a.md:3:1"),
        ("markdown_html", "a.md:5:4"),
    ]


@pytest.mark.parametrize(
    ("name", "raw", "code", "place"),
    [
        pytest.param("a.md", b"\xff", "invalid_encoding", "a.md:1:1", id="encoding"),
        pytest.param("a.md", "# Title\n", "front_matter", "a.md:1:1", id="no fields"),
        pytest.param("a.yaml", "- a\n", "not_a_mapping", "a.yaml:1:1", id="list"),
        pytest.param("a.json", "[]", "not_a_mapping", "a.json:1:1", id="JSON list"),
        pytest.param("a.json", "{", "invalid_json", "a.json:1:1", id="JSON"),
    ],
)
def test_file_that_cannot_be_read_gives_its_issues_alone(
    name: str, raw: str | bytes, code: str, place: str
) -> None:
    document, (issue,) = _parse(name, raw, "article")
    assert document is None
    assert (issue.code, str(issue.place)) == (code, place)


def test_windows_line_ends_change_no_place() -> None:
    document = _parsed("a.md", "---\r\ntitle: A\r\n---\r\nOne.\r\n\r\nTwo.\r\n", "article")
    assert _text(document.fields.values["body"]) == "One.|Two."
    assert document.fields.keys["title"] == ("a.md", 2, 1)


def test_required_text_that_is_blank_is_missing(tmp_path: Path) -> None:
    site = Site(tmp_path, {"articles/a.md": "---\ntitle: A\n---\n \n"})
    (issue,) = site.issues()
    assert (issue.code, issue.place.line, issue.place.column) == ("missing_field", 2, 1)
    assert issue.what == "the text is missing: write it below, or as the field 'body' in YAML"


@pytest.mark.parametrize("null", ["null", "~", "", "Null"])
def test_required_field_that_is_null_is_missing(tmp_path: Path, null: str) -> None:
    files = {"topics/a.yaml": f"title: {null}\n", "topics/b.json": '{"title": null}'}
    site = Site(tmp_path, files)
    assert [issue.code for issue in site.issues()] == ["missing_field", "missing_field"]
