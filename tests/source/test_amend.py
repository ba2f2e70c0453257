"""One field of a file is written, and all other bytes stay as they were."""

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.source.amend import AmendError, amended
from api.source.decode import decode
from api.source.frontmatter import split
from api.source.jsonfile import parse_json
from api.source.node import Fields, Scalar
from api.source.yaml import parse_yaml

VALUES = {"reviewed_by": "ann", "role": 'An "example": role', "at": "2026-01-05", "digest": "0" * 8}
BLOCK = (
    "review:\n  reviewed_by: ann\n"
    '  role: "An \\"example\\": role"\n  at: 2026-01-05\n  digest: 00000000\n'
)
GROUP = (
    '{"reviewed_by": "ann", "role": "An \\"example\\": role", "at": "2026-01-05", '
    '"digest": "00000000"}'
)
OLD = "review:\n  reviewed_by: bob  # he did\n  at: 2020-01-01\n  digest: abc # and this\n"


def amend(text: str, suffix: str = ".md") -> str:
    return amended(text.encode(), PurePath(f"x{suffix}"), "review", VALUES).decode()


@pytest.mark.parametrize(
    ("suffix", "before", "after"),
    [
        pytest.param(".md", "---\na: 1\n---\nB\n", f"---\na: 1\n{BLOCK}---\nB\n", id="Markdown"),
        pytest.param(".md", "---\na: 1\n---", f"---\na: 1\n{BLOCK}---", id="no text"),
        pytest.param(
            ".md",
            "---\n# c\na: 1 # d\n# e\n---\n",
            f"---\n# c\na: 1 # d\n# e\n{BLOCK}---\n",
            id="#",
        ),
        pytest.param(
            ".md",
            f"---\na: 1\n{OLD}\n# about b\nb: 2\n---\nB\n",
            f"---\na: 1\n{BLOCK}\n# about b\nb: 2\n---\nB\n",
            id="replaced where it stands",
        ),
        pytest.param(
            ".md",
            "---\nreview: {at: 1, b: [2]} # c\nb: 2\n---\n",
            f"---\n{BLOCK}b: 2\n---\n",
            id="replaced in braces",
        ),
        pytest.param(".md", "---\nreview:\nb: 2\n---\n", f"---\n{BLOCK}b: 2\n---\n", id="null"),
        pytest.param(
            ".md",
            "---\nreview:\n  role: |\n    An old\n    role\n\nb: 2\n---\n",
            f"---\n{BLOCK}\nb: 2\n---\n",
            id="replaced to the end of a literal block",
        ),
        pytest.param(".yaml", "a: 1\n", f"a: 1\n{BLOCK}", id="YAML"),
        pytest.param(".yaml", "a: 1", f"a: 1\n{BLOCK[:-1]}", id="without a last line end"),
        pytest.param(".yaml", f"a: 1\n{OLD[:-1]}", f"a: 1\n{BLOCK[:-1]}", id="likewise, replaced"),
        pytest.param(".yaml", "---\na: 1\n", f"---\na: 1\n{BLOCK}", id="a document's start"),
        pytest.param(".yaml", "a: |\n  1", f"{BLOCK}a: |\n  1", id="a text that would grow"),
        pytest.param(".yaml", "a: 1\n...\n", f"{BLOCK}a: 1\n...\n", id="a document's end"),
        pytest.param(
            ".yaml", "{a: 1, b: 2,}\n", f'{{a: 1, b: 2, "review": {GROUP},}}\n', id="all in braces"
        ),
        pytest.param(".json", '{"a": 1}', f'{{"a": 1, "review": {GROUP}}}', id="JSON"),
        pytest.param(
            ".json",
            '{\n\t"a": {"b": [1]}\n}\n',
            f'{{\n\t"a": {{"b": [1]}},\n\t"review": {GROUP}\n}}\n',
            id="JSON of several lines",
        ),
        pytest.param(
            ".json",
            '{"review": {"at": "}"}, "a": "\\ud83d\\ude00"}',
            f'{{"review": {GROUP}, "a": "\\ud83d\\ude00"}}',
            id="JSON, replaced",
        ),
    ],
)
def test_field_is_written_and_nothing_else(suffix: str, before: str, after: str) -> None:
    assert amend(before, suffix) == after
    assert amend(after, suffix) == after, "a second time changes nothing"


def test_fields_that_are_indented_stay_so() -> None:
    indented = "".join(f"  {line}\n" for line in BLOCK.splitlines())
    assert amend("  a: 1\n", ".yaml") == f"  a: 1\n{indented}"


def test_line_ends_and_byte_order_mark_are_the_files() -> None:
    raw = b"\xef\xbb\xbf---\r\na: 1\r\n---\r\nB\n\r\nC\rD"
    after = amended(raw, PurePath("x.md"), "review", VALUES)
    block = BLOCK.replace("\n", "\r\n").encode()
    assert after == raw.replace(b"a: 1\r\n", b"a: 1\r\n" + block)


def test_words_that_yaml_would_take_for_null_are_quoted() -> None:
    after = amended(b"a: 1\n", PurePath("x.yaml"), "review", {"reviewed_by": "null"})
    assert after == b'a: 1\nreview:\n  reviewed_by: "null"\n'


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        pytest.param(".yaml", "? review\n: at: 1\n", id="a name behind a question mark"),
        pytest.param(".yaml", "", id="no fields"),
        pytest.param(".json", "{}", id="no fields in JSON"),
    ],
)
def test_form_in_which_no_field_stands_apart_is_refused(suffix: str, text: str) -> None:
    with pytest.raises(AmendError, match=f"x{suffix}: the field 'review' cannot be written"):
        amend(text, suffix)


# Files of any form

WORDS = st.sampled_from(
    ("one", "# no", '"quoted: x"', "'it''s'", "1.10", "~", "", "[a, b]", "{c: d}", "né слово 😀")
)
NESTED = st.sampled_from(
    (
        "|\n  Text.\n\n  More.",
        ">-\n  Folded\n  text.",
        "|+\n  Kept.\n\n",
        "\n  - one # c\n  - {two: 2}",
        "\n  inner:\n    - a\n  # c\n  other: b",
    )
)
COMMENT = st.sampled_from(("", "# a comment", "  # review: no", "   "))


OLDS = (OLD[:-1], "review: {at: 1}", "review:", "'review': ~ # c")


@st.composite
def heads(draw: st.DrawFn) -> str:
    """Lines of YAML fields, perhaps a review among them."""
    names = ("title", "body", "summary", "x")
    fields = [f"{name}: {draw(WORDS | NESTED)}" for name in draw(st.permutations(names))]
    if draw(st.booleans()):
        old = draw(st.sampled_from(OLDS))
        fields.insert(draw(st.integers(0, len(fields))), old)
    lines: list[str] = []
    for field in fields:
        lines += [draw(COMMENT), field]
    return "\n".join([*lines, draw(COMMENT)])


@given(heads(), st.sampled_from(("\n", "\r\n", "\r")), st.booleans(), st.booleans())
def test_all_other_bytes_and_values_stay(head: str, newline: str, mark: bool, md: bool) -> None:  # noqa: FBT001 - hypothesis
    text = f"---\n{head}\n---\nText.\n\n## Section {{#a}}\n" if md else head
    raw = (b"\xef\xbb\xbf" if mark else b"") + text.replace("\n", newline).encode()
    path = PurePath("x.md" if md else "x.yaml")
    after = amended(raw, path, "review", VALUES)
    start, end = _common(raw, after)
    gone, come = raw[start : len(raw) - end], after[start : len(after) - end]
    assert _said(after, path) | {"review": None} == _said(raw, path) | {"review": None}
    assert b"reviewed_by" in come or b"bob" in gone
    left = gone.decode().replace(newline, "\n")
    assert any(left in f"{old}\n" for old in ("", *OLDS)), "what has gone was the review's own"
    assert raw.count(b"\n") == 0 or (newline == "\r\n") == (after.count(b"\r\n") > 0)
    assert amended(after, path, "review", VALUES) == after


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=5), st.integers() | st.text() | st.none(), min_size=1
    ),
    st.sampled_from((None, 2, "\t")),
)
def test_json_keeps_all_but_the_field(values: dict[str, object], indent: int | str | None) -> None:
    from json import dumps, loads  # noqa: PLC0415 - the test's own reader

    raw = dumps(values, indent=indent).encode()
    after = amended(raw, PurePath("x.json"), "review", VALUES)
    assert loads(after) == {**values, "review": VALUES}
    if "review" not in values:
        start, end = _common(raw, after)
        assert start + end >= len(raw), "nothing has gone"


def _common(one: bytes, other: bytes) -> tuple[int, int]:
    """Return how many bytes two texts have in common at their beginnings, and at their ends."""
    least = min(len(one), len(other))
    start = next((n for n in range(least) if one[n] != other[n]), least)
    rest = least - start
    end = next((n for n in range(rest) if one[-1 - n] != other[-1 - n]), rest)
    return start, end


def _said(raw: bytes, path: PurePath) -> dict[str, object]:
    text = decode(raw, "x")
    head = split(text, "x").yaml if path.suffix == ".md" else text
    parse = parse_json if path.suffix == ".json" else parse_yaml
    below = split(text, "x").markdown if path.suffix == ".md" else ""
    return {"": below, **{name: _plain(node) for name, node in parse(head, "x").values.items()}}


def _plain(node: object) -> object:
    match node:
        case Scalar(text, plain):
            return text, plain
        case Fields(values):
            return {name: _plain(one) for name, one in values.items()}
        case (tuple(items), _):
            return [_plain(one) for one in items]
        case _:
            raise AssertionError(node)
