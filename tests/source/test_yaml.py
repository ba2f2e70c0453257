"""YAML becomes nodes with places, every scalar as it was written; what could harm is refused."""

import math
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from api.errors import ContentError, Issue, Place
from api.source.node import Fields, Items, Node, Scalar
from api.source.yaml import parse_yaml
from tests.killers import KILLERS, numbered


def at(line: int, column: int) -> Place:
    return Place("x.yaml", line, column)


def refusals(text: str) -> tuple[Issue, ...]:
    with pytest.raises(ContentError) as caught:
        parse_yaml(text, "x.yaml")
    return caught.value.issues


def written(node: Node) -> object:
    if isinstance(node, Fields):
        return {key: written(part) for key, part in node.values.items()}
    if isinstance(node, Items):
        return [written(part) for part in node.items]
    assert isinstance(node, Scalar)
    return node.text


def places(node: Node) -> Iterator[Place]:
    yield node.place
    if isinstance(node, Fields):
        yield from node.keys.values()
        for part in node.values.values():
            yield from places(part)
    if isinstance(node, Items):
        for part in node.items:
            yield from places(part)


def test_every_name_and_value_has_its_place_in_the_file() -> None:
    text = "title: é😀  # note\ntags: [a, 'b']\n\nx:\n  - y:\n    z: |\n     1\n"
    assert parse_yaml(text, "x.yaml", first_line=2) == Fields(
        {
            "title": Scalar("é😀", plain=True, place=at(2, 8)),
            "tags": Items(
                (
                    Scalar("a", plain=True, place=at(3, 8)),
                    Scalar("b", plain=False, place=at(3, 11)),
                ),
                at(3, 7),
            ),
            "x": Items(
                (
                    Fields(
                        {
                            "y": Scalar("", plain=True, place=at(6, 7)),
                            "z": Scalar("1\n", plain=False, place=at(7, 8), indent=5),
                        },
                        {"y": at(6, 5), "z": at(7, 5)},
                        at(6, 5),
                    ),
                ),
                at(6, 3),
            ),
        },
        {"title": at(2, 1), "tags": at(3, 1), "x": at(5, 1)},
        at(2, 1),
    )


@pytest.mark.parametrize(
    "text",
    [
        *("no", "Yes", "on", "~", "null", "12:30", "1.10", "0441234567", "0x1F", "0o17", "1_000"),
        *(".inf", ".NaN", "1e3", "2024-10-13", "2024-10-13T10:00:00Z", "=", "<<", "+1"),
        *("https://example.org/a#b", "a:b", "-1", "a - b, c", "Q&A *", "5 %", "it's"),
    ],
)
def test_plain_scalar_stays_as_it_was_written(text: str) -> None:
    fields = parse_yaml(f"a: {text}", "x.yaml")
    assert fields.values["a"] == Scalar(text, plain=True, place=at(1, 4))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("'no'", "no", id="single quotes"),
        pytest.param("'It''s'", "It's", id="doubled quote"),
        pytest.param('"~"', "~", id="double quotes"),
        pytest.param(r'"\t\x41\u00e9\U0001F600\\"', "\tAé😀\\", id="escapes"),
        pytest.param('"a\n  b\n\n  c"', "a b\nc", id="folded quotes"),
        pytest.param("|-\n  1.10", "1.10", id="literal"),
        pytest.param(">\n  a\n  b\n", "a b\n", id="folded"),
        pytest.param('"<<"', "<<", id="merge key"),
    ],
)
def test_quoted_scalar_is_never_plain(value: str, text: str) -> None:
    scalar = parse_yaml(f"a: {value}", "x.yaml").values["a"]
    assert isinstance(scalar, Scalar)
    assert (scalar.text, scalar.plain) == (text, False)


@pytest.mark.parametrize(
    ("text", "indent"),
    [
        pytest.param("a: |\n  b\n    c\n", 2, id="two"),
        pytest.param("a: | # note\n\n \n    b\n  \n    c", 4, id="after blank lines"),
        pytest.param("a: |2\n    b\n   c\n", 2, id="told, with a margin of its own"),
        pytest.param("a: |+1\n\n   \n   b\n", 1, id="told, blank line of spaces"),
        pytest.param("a: |1\n \tb\n", 1, id="a tab is text"),
        pytest.param("a: |\n\n\n", 0, id="only blank lines"),
        pytest.param("a: |", 0, id="nothing"),
        pytest.param("a: >\n  b\n", 0, id="folded"),
        pytest.param("a: b\n", 0, id="plain"),
    ],
)
def test_literal_block_tells_its_indent(text: str, indent: int) -> None:
    scalar = parse_yaml(text, "x.yaml").values["a"]
    assert isinstance(scalar, Scalar)
    assert scalar.indent == indent


@pytest.mark.parametrize("text", ["", "\n\n", "# note\n", "---\n", "---", "---\n...\n", "{}"])
def test_empty_text_has_no_fields(text: str) -> None:
    fields = parse_yaml(text, "x.yaml")
    assert (fields.values, fields.keys) == ({}, {})


@pytest.mark.parametrize(
    ("text", "code", "place", "other"),
    [
        pytest.param("a: 1\nb: 2\na: 3", "duplicate_key", at(3, 1), at(1, 1), id="twice"),
        pytest.param("a: 1\n'a': 2", "duplicate_key", at(2, 1), at(1, 1), id="twice, quoted"),
        pytest.param("x: {a: 1, a: 2}", "duplicate_key", at(1, 11), at(1, 5), id="twice, within"),
        pytest.param("a: &b c", "yaml_alias", at(1, 4), None, id="anchor"),
        pytest.param("a: &b {c: 1}", "yaml_alias", at(1, 4), None, id="anchor of fields"),
        pytest.param("&a b: c", "yaml_alias", at(1, 1), None, id="anchor of a name"),
        pytest.param("&a", "yaml_alias", at(1, 1), None, id="anchor of nothing"),
        pytest.param("a: *b", "yaml_alias", at(1, 4), None, id="alias"),
        pytest.param("*a", "yaml_alias", at(1, 1), None, id="alias of everything"),
        pytest.param("a: !!python/object:x.y {}", "yaml_tag", at(1, 4), None, id="tag"),
        pytest.param("a: ! b", "yaml_tag", at(1, 4), None, id="tag without a name"),
        pytest.param("a: !<tag:yaml.org,2002:str> b", "yaml_tag", at(1, 4), None, id="tag whole"),
        pytest.param("!!str a: b", "yaml_tag", at(1, 1), None, id="tag of a name"),
        pytest.param("a: !b [c]", "yaml_tag", at(1, 4), None, id="tag of a list"),
        pytest.param("x:\n  <<: {a: 1}", "yaml_merge_key", at(2, 3), None, id="merge key"),
        pytest.param("[a]: 1", "invalid_key", at(1, 1), None, id="a list as a name"),
        pytest.param("? {a: 1}\n: 2", "invalid_key", at(1, 3), None, id="fields as a name"),
        pytest.param("'': 1", "invalid_key", at(1, 1), None, id="no name"),
        pytest.param("?\n: 1", "invalid_key", at(1, 2), None, id="no name at all"),
        pytest.param("a: 1\n---\nb: 2", "yaml_document", at(2, 1), None, id="second document"),
        pytest.param("%YAML 1.2\n---\na: 1", "yaml_document", at(1, 1), None, id="directive"),
        pytest.param("a: 1\n%b: 2", "yaml_document", at(2, 1), None, id="directive later"),
        pytest.param("- a", "not_a_mapping", at(1, 1), None, id="a list"),
        pytest.param("title:Foo", "not_a_mapping", at(1, 1), None, id="a text"),
        pytest.param("\n'' # nothing", "not_a_mapping", at(2, 1), None, id="a quoted text"),
        pytest.param("a: b\u2028c", "invalid_encoding", at(1, 5), None, id="line separator"),
        pytest.param("a: 1\r\nb: 2", "invalid_encoding", at(1, 5), None, id="carriage return"),
        pytest.param("\ufeffa: 1", "invalid_encoding", at(1, 1), None, id="byte order mark"),
        pytest.param("a: é\nb: \ud800", "invalid_encoding", at(2, 4), None, id="surrogate"),
    ],
)
def test_what_content_does_not_need_is_refused(
    text: str, code: str, place: Place, other: Place | None
) -> None:
    (issue,) = refusals(text)
    assert (issue.code, issue.place, issue.other) == (code, place, other)


def test_all_mistakes_up_to_the_one_that_ends_the_reading_are_told() -> None:
    text = "a: 1\nb: !x *y\na: &z 2\n<<: {c: !!int 3}\nd: e: f\ng: *h"
    text = text.replace("!x *y", "*y")
    issues = refusals(text)
    assert [(issue.code, issue.place) for issue in issues] == [
        ("yaml_alias", at(2, 4)),
        ("yaml_alias", at(3, 4)),
        ("duplicate_key", at(3, 1)),
        ("yaml_merge_key", at(4, 1)),
        ("yaml_tag", at(4, 9)),
        ("invalid_yaml", at(5, 5)),
    ]


def test_reading_stops_at_the_fiftieth_issue() -> None:
    assert len(refusals("a: !b c\n" * 1_000)) == 50


def test_issues_count_the_lines_of_the_whole_file() -> None:
    with pytest.raises(ContentError) as caught:
        parse_yaml("a: 1\na: 2\nb: c: d\n", "x.yaml", first_line=10)
    duplicate, syntax = caught.value.issues
    assert (duplicate.place, duplicate.other, syntax.place) == (at(11, 1), at(10, 1), at(12, 5))


def test_name_in_an_issue_is_cut_and_on_one_line() -> None:
    name = "a\\n" + "b" * 100
    (issue,) = refusals(f'"{name}": 1\n"{name}": 2')
    assert issue.what == rf"the field 'a\n{'b' * 38}…' is given a second time"


def nested(levels: int) -> str:
    return "a: " + "[" * (levels - 1) + "]" * (levels - 1)


def test_bounds_are_reached_without_an_issue() -> None:
    assert parse_yaml(nested(32), "x.yaml").values
    assert len(parse_yaml(numbered(9_999), "x.yaml").values) == 9_999
    assert parse_yaml("a: " + "x" * (1_048_576 - 3), "x.yaml").values


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        pytest.param(nested(33), "too_deep", at(1, 35), id="nested"),
        pytest.param(numbered(10_000), "too_many_values", at(10_000, 8), id="values"),
        pytest.param("a: [" + "1," * 100_000, "too_many_values", at(1, 39_999), id="items"),
        pytest.param("\n" * 1_048_577, "file_too_large", at(1, 1), id="length"),
    ],
)
def test_bounds_are_kept(text: str, code: str, place: Place) -> None:
    (issue,) = refusals(text)
    assert (issue.code, issue.place) == (code, place)


@pytest.fixture(scope="module")
def child() -> Iterator[ProcessPoolExecutor]:
    """Another process: a crash in libyaml breaks this pool, not the test run."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize(
    ("text", "code"), [pytest.param(*case, id=name) for name, case in KILLERS.items()]
)
def test_killer_neither_crashes_nor_stalls(
    text: str, code: str | None, child: ProcessPoolExecutor
) -> None:
    error = child.submit(parse_yaml, text, "x.yaml").exception(timeout=20)
    found = error.issues[0].code if isinstance(error, ContentError) else error
    assert found == code


class Plain(yaml.SafeDumper):
    """Writes a value out each time it occurs."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


NAMES = st.text(min_size=1, max_size=20)
VALUES = st.recursive(
    st.text(max_size=20) | st.text("ab'\"\\:#-?!&*%@`|>{}[], \n\t", max_size=20),
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(NAMES, parts, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.sampled_from([None, True, False]))
def test_what_pyyaml_writes_comes_back(value: object, style: bool | None) -> None:  # noqa: FBT001
    text = yaml.dump(value, Dumper=Plain, default_flow_style=style)
    assert written(parse_yaml(text, "x.yaml")) == value


YAMLISH = st.text("ab:-?,[]{}#&*!|>'\"%@`~<=.\\ \n\t1é\x85\u2028\ufeff\x01")
LINES = st.lists(
    st.tuples(
        st.sampled_from(["", " ", "  ", "   ", "\t"]),
        st.sampled_from(["a:", "b: ", "- ", "? ", ": ", "a: |", "c: [", "]", "{", '"', "'", "---"]),
        st.sampled_from(["", " x", " 'y'", ' "z', " *a", " &b c", " !t d", " # e", ": f", "\\q"]),
    ).map("".join)
).map("\n".join)


@given(st.text() | YAMLISH | LINES, st.integers(1, 9))
def test_any_text_is_read_or_refused_within_its_lines(text: str, first_line: int) -> None:
    lines = [math.inf] * first_line + [len(line) for line in text.split("\n")] + [0]
    said: list[str] = []
    try:
        found = list(places(parse_yaml(text, "x.yaml", first_line)))
    except ContentError as error:
        lines.pop()
        found = [issue.place for issue in error.issues]
        found += [issue.other for issue in error.issues if issue.other]
        said = [issue.what for issue in error.issues]
    assert not [what for what in said if "\n" in what]
    for place in found:
        assert first_line <= place.line < len(lines)
        assert 1 <= place.column <= lines[place.line] + 1
