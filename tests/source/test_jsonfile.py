"""JSON becomes nodes with places, or Issues that say what JSON does not have."""

import json
import sys

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import ContentError, Issue, Place
from api.source import bounds
from api.source.jsonfile import parse_json
from api.source.node import Fields, Items, Node, Scalar
from tests.killers import JSON_KILLERS


def at(line: int, column: int) -> Place:
    return Place("x.json", line, column)


def refusals(text: str) -> tuple[Issue, ...]:
    with pytest.raises(ContentError) as caught:
        parse_json(text, "x.json")
    return caught.value.issues


def value(node: Node) -> object:
    if isinstance(node, Fields):
        return {key: value(part) for key, part in node.values.items()}
    if isinstance(node, Items):
        return [value(part) for part in node.items]
    assert isinstance(node, Scalar)
    return json.loads(node.text) if node.plain else node.text


def test_every_name_and_value_has_its_place() -> None:
    text = '{\n  "title": "é😀",\n\t"tags": [ 1.10,\n true ], "x": {"y":null}\n}\n'
    assert parse_json(text, "x.json") == Fields(
        {
            "title": Scalar("é😀", plain=False, place=at(2, 12)),
            "tags": Items(
                (
                    Scalar("1.10", plain=True, place=at(3, 12)),
                    Scalar("true", plain=True, place=at(4, 2)),
                ),
                at(3, 10),
            ),
            "x": Fields(
                {"y": Scalar("null", plain=True, place=at(4, 20))}, {"y": at(4, 16)}, at(4, 15)
            ),
        },
        {"title": at(2, 3), "tags": at(3, 2), "x": at(4, 10)},
        at(1, 1),
    )


@pytest.mark.parametrize(
    "number", ["0", "-0", "1.10", "1e400", "-1.5E+10", "9" * 400, "0.1000000000000000055511151231"]
)
def test_number_keeps_its_text(number: str) -> None:
    fields = parse_json(f'{{"n": {number}}}', "x.json")
    assert fields.values["n"] == Scalar(number, plain=True, place=at(1, 7))


def test_escapes_become_the_characters_they_name() -> None:
    fields = parse_json(r'{"a": "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}', "x.json")
    assert value(fields) == {"a": '"\\/\b\f\n\r\té😀'}


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("{", "1:1", "the '{' that opens here is not closed"),
        ('{"a": [1,\n', "1:7", "the '[' that opens here is not closed"),
        ('{"a": 1', "1:1", "the '{' that opens here is not closed"),
        ('{"a": "x', "1:7", "the quote that opens here is not closed"),
        ('{"a": "x\n"}', "1:7", "the quote that opens here is not closed"),
        ('{"a": "\\', "1:7", "the quote that opens here is not closed"),
        ('{"a": "\tx"}', "1:8", r"the sign U+0009 must be written as \u0009"),
        (r'{"a": "C:\d"}', "1:10", r"this '\' begins no escape of JSON: write '\\' for a '\'"),
        (r'{"a": "x\u12"}', "1:9", r"this '\' begins no escape of JSON: write '\\' for a '\'"),
        (r'{"a": "\ud83d"}', "1:7", "the text holds one half of a surrogate pair"),
        ('{"a": "\ud83d"}', "1:7", "the text holds one half of a surrogate pair"),
        ('{"a": 1,\n}', "1:8", "nothing follows this ',' before '}'"),
        ('{"a": [1, ]}', "1:9", "nothing follows this ',' before ']'"),
        ('{"a": 1\n"b": 2}', "2:1", "',' or '}' is missing here"),
        ('{"a": [1 2]}', "1:10", "',' or ']' is missing here"),
        ('{"a" 1}', "1:6", "':' is missing after the name 'a'"),
        ("{a: 1}", "1:2", "a field's name in double quotes belongs here"),
        ("{,}", "1:2", "a field's name in double quotes belongs here"),
        ('{"a": }', "1:7", "a value is missing here"),
        ('{"a": ', "1:7", "a value is missing here"),
        ('{"a": [,]}', "1:8", "a value is missing here"),
        ('{"a": x}', "1:7", "'x' is no value of JSON: a text needs double quotes"),
        ('{"a": True}', "1:7", "'True' is no value of JSON: a text needs double quotes"),
        ('{"a": NaN}', "1:7", "'NaN' is no value of JSON: a text needs double quotes"),
        ('{"a": -Infinity}', "1:7", "'-Infinity' is no value of JSON: a text needs double quotes"),
        ('{"a": 01}', "1:7", "'01' is no value of JSON: a text needs double quotes"),
        ('{"a": 1.}', "1:7", "'1.' is no value of JSON: a text needs double quotes"),
        ('{"a": ٣}', "1:7", "'٣' is no value of JSON: a text needs double quotes"),
        ('{"a": 0x1F}', "1:7", "'0x1F' is no value of JSON: a text needs double quotes"),
        ("// c\n{}", "1:1", "JSON has no comments"),
        ('{"a": 1 # c\n}', "1:9", "JSON has no comments"),
        ('{"a": /* c */ 1}', "1:7", "JSON has no comments"),
        ("{} // c", "1:4", "JSON has no comments"),
        ("{'a': 1}", "1:2", "JSON has no single quotes: use double ones"),
        ("{\"a\": 'x'}", "1:7", "JSON has no single quotes: use double ones"),
        ("{}\n{}", "2:1", "the text goes on after its last '}'"),
    ],
)
def test_what_is_not_json_is_told_at_its_place(text: str, place: str, what: str) -> None:
    (issue,) = refusals(text)
    assert (str(issue.place), issue.what) == (f"x.json:{place}", what)
    assert issue.code == "invalid_json"


@pytest.mark.parametrize("text", ["", " \n", "[]", '"a"', "1", "\ufeff{}"])
def test_only_an_object_holds_fields(text: str) -> None:
    (issue,) = refusals(text)
    assert (issue.code, issue.what) == ("not_a_mapping", "the text does not start with '{'")


def test_all_mistakes_that_allow_reading_on_are_told() -> None:
    issues = refusals('{"a": 1, "": 2,\n "a": "\\udc00", "b": {"c": 1, "c": 2}, "a": 3, }')
    assert [(issue.code, issue.place, issue.other) for issue in issues] == [
        ("invalid_key", at(1, 10), None),
        ("invalid_json", at(2, 7), None),
        ("duplicate_key", at(2, 2), at(1, 2)),
        ("duplicate_key", at(2, 31), at(2, 23)),
        ("duplicate_key", at(2, 40), at(1, 2)),
        ("invalid_json", at(2, 46), None),
    ]


def test_reading_stops_at_the_fiftieth_issue() -> None:
    assert len(refusals("{" + '"a": 1, ' * 1_000)) == 50


def nested(levels: int) -> str:
    return '{"a": ' + "[" * (levels - 1) + "]" * (levels - 1) + "}"


def numbered(parts: int) -> str:
    return "{" + ", ".join(f'"k{number}": 1' for number in range(parts)) + "}"


def test_bounds_are_reached_without_an_issue() -> None:
    assert parse_json(nested(32), "x.json").values
    assert len(parse_json(numbered(9_999), "x.json").values) == 9_999
    assert parse_json('{"a": "' + "x" * (1_048_576 - 9) + '"}', "x.json").values


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        pytest.param(nested(33), "too_deep", at(1, 38), id="nested"),
        pytest.param('{"a":' * 100_000, "too_deep", at(1, 161), id="objects"),
        pytest.param('{"a":' + "[" * 100_000, "too_deep", at(1, 37), id="arrays"),
        pytest.param(numbered(10_000), "too_many_values", at(1, 118_889), id="values"),
        pytest.param('{"a": [' + "1," * 100_000, "too_many_values", at(1, 40_002), id="items"),
        pytest.param("{" + "\n" * 2**20, "file_too_large", at(1, 1), id="length"),
    ],
)
def test_bounds_are_kept(text: str, code: str, place: Place) -> None:
    (issue,) = refusals(text)
    assert (issue.code, issue.place) == (code, place)


def calls_until_refused(text: str) -> int:
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        refusals(text)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "part", [pytest.param("1,", id="numbers"), pytest.param("[],", id="arrays")]
)
def test_nothing_is_read_behind_the_bound(part: str) -> None:
    start = '{"a": ['
    short, long = (calls_until_refused(start + part * times) for times in (21_000, 200_000))
    assert abs(short - long) < 10
    assert long < 40 * bounds.VALUES


@pytest.mark.parametrize(
    ("text", "code"), [pytest.param(*case, id=name) for name, case in JSON_KILLERS.items()]
)
def test_killer_is_refused_or_read(text: str, code: str | None) -> None:
    if code is None:
        assert parse_json(text, "x.json")
    else:
        assert refusals(text)[0].code == code


NAMES = st.text(min_size=1, max_size=20)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(NAMES, parts, max_size=4),
    max_leaves=10,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=4)
TEXTS = (
    OBJECTS.map(json.dumps)
    | OBJECTS.map(lambda written: json.dumps(written, indent=1, ensure_ascii=False))
    | OBJECTS.map(lambda written: orjson.dumps(written).decode())
)


@given(OBJECTS, st.data())
def test_what_others_write_comes_back(written: object, data: st.DataObject) -> None:
    text = data.draw(
        st.sampled_from(
            [
                json.dumps(written),
                json.dumps(written, indent=1, ensure_ascii=False),
                orjson.dumps(written).decode(),
            ]
        )
    )
    assert value(parse_json(text, "x.json")) == written


def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    if "" in names or len(set(names)) < len(names):
        raise ValueError
    return dict(pairs)


def no_constant(name: str) -> None:
    raise ValueError(name)


def oracle(text: str) -> object:
    """Read as the standard library does, without what it allows beyond RFC 8259."""
    found = json.loads(text, object_pairs_hook=unique, parse_constant=no_constant)
    json.dumps(found, ensure_ascii=False).encode()
    return found


@given(
    st.text()
    | st.text('{}[]":,0123456789.eE+-x \n\t\\untrefals/#').map(lambda text: f'{{"a": {text}}}')
    | st.tuples(TEXTS, st.integers(0, 200), st.text('{}[]":,0\\n ', max_size=2)).map(
        lambda cut: cut[0][: cut[1]] + cut[2] + cut[0][cut[1] + 1 :]
    )
)
def test_any_text_is_read_as_the_standard_library_reads_it_or_refused(text: str) -> None:
    try:
        found = value(parse_json(text, "x.json"))
    except ContentError as error:
        lines = text.split("\n")
        for issue in error.issues:
            assert 1 <= issue.place.line <= len(lines)
            assert 1 <= issue.place.column <= len(lines[issue.place.line - 1]) + 1
            assert "\n" not in issue.what
            issue.what.encode()
        try:
            other = oracle(text)
        except ValueError:
            return
        assert not isinstance(other, dict)
    else:
        assert found == oracle(text)
