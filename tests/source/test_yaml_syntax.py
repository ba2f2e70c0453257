"""A syntax error of YAML is told in an editor's words, at the place that is to be mended."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml.error import Mark, MarkedYAMLError, YAMLError

from api.errors import INVALID_YAML, ContentError, Issue
from api.source.yaml import parse_yaml
from api.source.yaml_syntax import Mistake, explain

QUOTE_ENDS = "the text goes on after its closing quote: write '' for ' within '…'"
BRACKET_ENDS = "the text goes on after a closing bracket: put all of it in quotes"
CONTINUES = "the line continues the one above: give both the same indent, or end that one with ':'"
TAB = "a tab stands where the line must be indented with spaces"
ESCAPE = r"this '\' begins no escape: write '\\' for a '\', or put the text in single quotes"
INDENT = "the indent fits none of the lines above"
DASH = "the '-' fits neither a list nor the fields above: check its indent"
LONG = "a field's name is longer than 1,024 characters"
COLON = "within brackets, a space is missing after ':', or the text needs quotes"
COMMA = "a value is missing before ',', or a text that starts with it needs quotes"
BLOCK = "a text that starts with '{}' needs quotes, or begins on the next line"
LIST = "a list begins on a line of its own; a text that starts with '-' needs quotes"


def refusal(text: str) -> Issue:
    with pytest.raises(ContentError) as caught:
        parse_yaml(text, "x.md")
    (issue,) = caught.value.issues
    return issue


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("title: Ketamine: a primer", "1:16", "a text that holds ': ' needs quotes"),
        ("x:\n  - a: b: c", "2:9", "a text that holds ': ' needs quotes"),
        ("a: b\n  c: d", "2:4", CONTINUES),
        ("x:\n  group\n  a: 1", "3:4", CONTINUES),
        ("a: 1\ntitle:Foo\nb: 1", "2:1", "a space after ':' is missing"),
        ("a: 1\njust text\nb: 1", "2:1", "the ':' after the field's name is missing"),
        ("a: @b", "1:4", "a text that starts with '@' needs quotes"),
        ("a: `b`", "1:4", "a text that starts with '`' needs quotes"),
        ("a: % b", "1:4", "a text that starts with '%' needs quotes"),
        ("a: ? b", "1:4", "a text that starts with '?' needs quotes"),
        ("a:\n\tb: 1", "2:1", TAB),
        ("a: b\n\tc", "2:1", TAB),
        ("a: |\n\tb", "2:1", TAB),
        ("a: > b", "1:4", BLOCK.format(">")),
        ("a: |0\n b", "1:4", BLOCK.format("|")),
        ('a: "b\nc: 1', "1:4", "the quote that opens here is not closed"),
        ("a: 'b", "1:4", "the quote that opens here is not closed"),
        ("a: 'b\n---\nc'", "1:4", "the quote that opens here is not closed"),
        ("a: 'It's fine'", "1:8", QUOTE_ENDS),
        ('a: "b" c', "1:8", QUOTE_ENDS),
        ("a: [Draft] b", "1:12", BRACKET_ENDS),
        ("{a: 1} b", "1:8", BRACKET_ENDS),
        ("a: [b, c", "1:4", "the bracket that opens here is not closed"),
        ("a: {b: c\n", "1:4", "the bracket that opens here is not closed"),
        ("a: [b, [", "1:9", "the text ends within brackets"),
        ("a: 1\n]", "2:1", "']' closes a bracket that was not opened"),
        ("a: [b, , c]", "1:8", COMMA),
        ("a: , b", "1:4", COMMA),
        (r'a: "C:\dir"', "1:7", ESCAPE),
        (r'a: "b\xZZ"', "1:6", ESCAPE),
        (r'a: "\ud83d\ude00"', "1:5", ESCAPE),
        ("a: [b:, c]", "1:6", COLON),
        ("a: {b:[c]}", "1:6", COLON),
        ("a: - b", "1:4", LIST),
        ("a: 1\n- b", "2:1", DASH),
        ("a:\n  - b\n - c", "3:2", DASH),
        ("a:\n  - b\n  c: 1", "3:3", INDENT),
        ("a:\n   b: 1\n  c: 1", "3:3", INDENT),
        ("  a: 1\nb: 1", "2:1", INDENT),
    ],
)
def test_mistake_is_told_in_plain_words(text: str, place: str, what: str) -> None:
    issue = refusal(text)
    assert (str(issue.place), issue.what) == (f"x.md:{place}", what)
    assert issue.code == "invalid_yaml"


@pytest.mark.parametrize(
    ("text", "place", "code", "what"),
    [
        ("a: *b*", "1:4", "yaml_alias", "a text that starts with '*' needs quotes"),
        ("a: **b**", "1:4", "yaml_alias", "a text that starts with '*' needs quotes"),
        ("a: & b", "1:4", "yaml_alias", "a text that starts with '&' needs quotes"),
        ("a: !b!c d", "1:4", "yaml_tag", "a value that starts with '!' names a type"),
        ("a: !<b", "1:4", "yaml_tag", "a value that starts with '!' names a type"),
        ("a: 1\n" + "k" * 1_025 + ": 1", "2:1", "invalid_key", LONG),
        ("x:\n  - " + "k" * 1_025 + ": 1", "2:1030", "invalid_key", LONG),
        (": a", "1:1", "invalid_key", "the field has no name before its ':'"),
        ("{: a}", "1:2", "invalid_key", "the field has no name before its ':'"),
        ("é\nb: \x01", "2:4", "invalid_encoding", "the invisible sign U+0001 stands here"),
        ("a: é\x7f", "1:5", "invalid_encoding", "the invisible sign U+007F stands here"),
    ],
)
def test_mistake_of_another_kind_has_its_own_code(
    text: str, place: str, code: str, what: str
) -> None:
    issue = refusal(text)
    assert (str(issue.place), issue.code, issue.what) == (f"x.md:{place}", code, what)


def test_missing_comma_names_the_bracket_too() -> None:
    issue = refusal("tags: [a, b\ntitle: c")
    assert issue.what == "',' or a closing bracket is missing before ':'"
    assert (str(issue.place), str(issue.other)) == ("x.md:2:6", "x.md:1:7")


def test_what_libyaml_says_nowhere_yet_is_told_with_its_place() -> None:
    error = MarkedYAMLError(problem="something new", problem_mark=Mark("", 3, 0, 3, None, 0))
    what = "the text cannot be read as YAML from here on"
    assert explain(error, "a: 1") == Mistake(INVALID_YAML, 3, what)


def test_error_without_a_place_is_told_at_the_start() -> None:
    assert explain(YAMLError(), "a: 1") == Mistake(INVALID_YAML, 0, "the text is not YAML")


LIBYAML = ("expected", "did not find", "context", "token", "scalar", "mapping", "octet", "stream")


@given(st.lists(st.sampled_from("a:-?,[]{}#&*!|>'\"@`\\ \n\t"), max_size=30).map("".join))
def test_libyaml_s_words_reach_no_editor(text: str) -> None:
    try:
        parse_yaml(f"a: 1\nb: {text}", "x.md")
    except ContentError as error:
        for issue in error.issues:
            assert not [words for words in LIBYAML if words in issue.what], issue.what
