import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import Issue, Place
from api.source.markdown import Origin
from api.source.names import slug_of
from api.source.node import Fields, Items, Node, Rich, Scalar
from api.source.outline import parse_outline

ORIGIN = Origin(Place("x.md", 5, 1))

ARTICLE = """\
Ketamine, see [this][1].

> ## no section

## {#key-points .ordered}

Here are *some* points:

### Mechanism of Action

Works on the [receptor][1].

#### Deeper

More.

### Potential {#misuse}

## Кінець {#end}

[1]: https://example.org
"""


def words(rich: Node) -> list[str]:
    assert isinstance(rich, Rich)
    spans = [block["children"] for block in rich.value.blocks]
    return ["".join(span["text"] for span in line) for line in spans if isinstance(line, list)]


def plain(node: Node) -> object:
    match node:
        case Scalar(text=text):
            return text
        case Rich():
            return words(node)
        case Items(items=items):
            return [plain(item) for item in items]
        case Fields(values=values):
            return {name: plain(value) for name, value in values.items()}


def told(text: str) -> list[tuple[int, int, str, str]]:
    issues = parse_outline(text, ORIGIN)[1]
    return [(i.place.line, i.place.column, i.code, i.what) for i in issues]


def outline(text: str) -> tuple[object, object]:
    outlined, issues = parse_outline(text, ORIGIN)
    assert not issues
    return plain(outlined.body), plain(outlined.sections)


def test_text_without_headings_is_the_body() -> None:
    assert outline("a\n\nb") == (["a", "b"], [])
    assert outline("") == ([], [])


def test_headings_open_sections_and_points() -> None:
    text = ARTICLE.replace("> ## no section\n\n", "")
    assert outline(text) == (
        ["Ketamine, see this."],
        [
            {
                "key": "key-points",
                "ordered": "true",
                "lead": ["Here are some points:"],
                "points": [
                    {
                        "key": "mechanism-of-action",
                        "title": "Mechanism of Action",
                        "body": ["Works on the receptor.", "Deeper", "More."],
                    },
                    {"key": "misuse", "title": "Potential"},
                ],
            },
            {"key": "end", "title": "Кінець"},
        ],
    )


def test_heading_in_a_quote_opens_nothing() -> None:
    _, issues = parse_outline(ARTICLE, ORIGIN)
    assert [issue.what for issue in issues] == ["a heading in a quote is not supported"]


def test_values_keep_their_places() -> None:
    outlined, _ = parse_outline(ARTICLE.replace("> ## no section\n\n", ""), ORIGIN)
    assert outlined.body.place == Place("x.md", 5, 1)
    first = outlined.sections.items[0]
    assert isinstance(first, Fields)
    assert first.place == Place("x.md", 7, 1)
    assert first.keys["key"] == Place("x.md", 7, 5)
    assert first.keys["lead"] == Place("x.md", 9, 1)
    assert first.values["ordered"] == Scalar("true", plain=True, place=first.place)
    points = first.values["points"]
    assert isinstance(points, Items)
    point = points.items[1]
    assert isinstance(point, Fields)
    assert point.place == Place("x.md", 19, 1)
    assert point.keys == {
        "key": Place("x.md", 19, 16),
        "title": Place("x.md", 19, 5),
    }


def test_each_text_counts_its_keys_from_0() -> None:
    outlined, _ = parse_outline("a\n\nb\n\n## c\n\nd", ORIGIN)
    section = outlined.sections.items[0]
    assert isinstance(section, Fields)
    lead = section.values["lead"]
    assert isinstance(lead, Rich)
    assert [block["_key"] for block in lead.value.blocks] == ["b0"]


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("# a", (5, 1, "outline_order", "a heading '#' has no place here: the title is a field")),
        ("### a", (5, 1, "outline_order", "a point '###' stands before the first section '##'")),
        ("## a\n\n### {#b}", (7, 1, "outline_order", "a point '###' has no title")),
        ("##", (5, 1, "missing_section_key", "the heading gives no key")),
        ("## Кінець", (5, 4, "missing_section_key", "the heading gives no key")),
        (
            "## a {#B}",
            (5, 7, "invalid_slug", "'B' is no key: it has the capital letter 'B': write 'b'"),
        ),
        (
            "## a {#a--b}",
            (
                5,
                7,
                "invalid_slug",
                "'a--b' is no key: a hyphen stands between two words, and only one",
            ),
        ),
        (
            "## a {#é}",
            (
                5,
                7,
                "invalid_slug",
                "'é' is no key: it has the letter 'é' (LATIN SMALL LETTER E WITH ACUTE)",
            ),
        ),
        (
            "## a {#ї}",
            (
                5,
                7,
                "invalid_slug",
                "'ї' is no key: it has the letter 'ї' (CYRILLIC SMALL LETTER YI)",
            ),
        ),
        ("## a {#}", (5, 7, "invalid_slug", "'' is no key: it is empty")),
    ],
)
def test_wrong_heading_is_told(text: str, issue: tuple[int, int, str, str]) -> None:
    assert told(text) == [issue]


def test_wrong_key_has_a_suggestion() -> None:
    ((first, *_), (second, *_)) = (
        parse_outline(text, ORIGIN)[1] for text in ("## a {#Key_Points}", "## a {#ї}")
    )
    assert first.nearest == "key-points"
    assert second.nearest is None


def test_key_has_at_most_96_signs() -> None:
    assert not told("## a {#" + "k" * 96 + "}")
    assert [code for _, _, code, _ in told("## a {#" + "k" * 97 + "}")] == ["invalid_slug"]


@pytest.mark.parametrize(
    "text", ["## a\n\n## A", "## a\n\n### A!", "## b\n\n### x {#a}\n\n## c\n\n### a"]
)
def test_key_is_unique_in_the_file(text: str) -> None:
    (issue,) = parse_outline(text, ORIGIN)[1]
    assert (issue.code, issue.what) == ("duplicate_section_key", "the key 'a' is taken")
    assert issue.other is not None
    assert issue.other < issue.place


@pytest.mark.parametrize("title", ["*a*", "a `b`", "[a](/b)", "**a** b", "a&#10;b"])
def test_title_is_plain_words(title: str) -> None:
    what = "the title of a section or point is plain words, without formatting"
    assert told(f"## {title}") == [(5, 4, "markdown_unsupported", what)]


@pytest.mark.parametrize(
    ("text", "word", "column", "allowed"),
    [
        ("## a {.wide}", ".wide", 7, ("#key", ".ordered")),
        ("## a {#b x=y}", "x=y", 10, ("#key", ".ordered")),
        ("## a {#b #c}", "#c", 10, ("#key", ".ordered")),
        ("## b\n### a {.ordered}", ".ordered", 8, ("#key",)),
        ("#### a {.b}", ".b", 9, ("#name",)),
    ],
)
def test_unknown_attribute_is_refused(
    text: str, word: str, column: int, allowed: tuple[str, ...]
) -> None:
    (issue,) = parse_outline(text, ORIGIN)[1]
    assert issue.what.startswith(f"the heading's attribute '{word}' has no meaning")
    assert (issue.place.column, issue.allowed) == (column, allowed)


def test_issues_of_text_and_outline_stand_in_order() -> None:
    assert [line for line, *_ in told("<b>\n\n## a\n\n![c](/d)\n\n## a\n\n<i>")] == [5, 9, 11, 13]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Mechanism of Action", "mechanism-of-action"),
        ("  Café & Crème: 2nd ", "cafe-creme-2nd"),
        ("What's new, what’s old", "whats-new-whats-old"),  # noqa: RUF001  # the sign is the case
        ("Straße ﬁ", "strasse-fi"),
        ("Кінець", ""),
        ("a-" * 60, "-".join("a" * 48)),
        ("a" * 120, "a" * 96),
        ("a" * 96 + " b", "a" * 96),
    ],
)
def test_title_gives_a_key(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@given(
    st.lists(
        st.one_of(
            st.sampled_from(("## ", "### ", "{#", "}", ".ordered", "\n", "a", "*")), st.text()
        )
    )
)
def test_any_text_has_an_outline(pieces: list[str]) -> None:
    outlined, issues = parse_outline("".join(pieces), ORIGIN)
    assert all(isinstance(issue, Issue) for issue in issues)
    keys: list[object] = []
    for section in outlined.sections.items:
        assert isinstance(section, Fields)
        points = section.values.get("points", Items((), section.place))
        assert isinstance(points, Items)
        keys += [
            plain(node.values["key"])
            for node in (section, *points.items)
            if isinstance(node, Fields)
        ]
    if not issues:
        assert len(set(keys)) == len(keys)
