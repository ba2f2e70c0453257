"""Advice: what a reader stumbles over is a warning at its place; what is right is none."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given

from api.compiler import advice, pipeline, texts
from api.compiler.texts import PlacedText
from api.errors import ContentError, Place
from api.source.markdown import Origin, parse
from schemas.fields import RichText, TextTarget
from tests.documents import documents
from tests.support import SEED_CONTENT, SMALL, Site, own_models

PAGE = "articles/second.md"


def warnings(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Return the warnings of a site that has no errors, without the folder's path."""
    site = Site(folder, {**SMALL, **files})
    told = pipeline.check(site.content, site.models).warnings
    return [str(issue).removeprefix(f"{site.content}/") for issue in told]


def page(text: str, fields: str = "") -> dict[str, str]:
    return {PAGE: f"---\ntitle: Second\n{fields}---\n{text}\n"}


def test_small_site_and_seed_give_no_warning(tmp_path: Path) -> None:
    assert warnings(tmp_path, {}) == []
    assert pipeline.check(SEED_CONTENT, own_models()).warnings == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("#### Four\n\nText.", ["4:1", "'Four' has level 4 below level 1"], id="body"),
        pytest.param(
            "A.\n\n## S {#s}\n\nLead.\n\n#### Four\n\nText.",
            ["8:1", "'Four' has level 4 below level 2"],
            id="lead",
        ),
        pytest.param(
            "A.\n\n## S {#s}\n\n### P\n\n##### Five\n\nText.",
            ["10:1", "'Five' has level 5 below level 3"],
            id="point",
        ),
        pytest.param(
            "A.\n\n## S {#s}\n\n### P\n\n#### Four\n\n###### Six\n\nText.",
            ["10:1", "'Six' has level 6 below level 4"],
            id="heading above",
        ),
        pytest.param(
            "A.\n\n## S {#s}\n\n### P\n\n#### Four\n\n##### Five\n\nB.", [], id="in order"
        ),
        pytest.param(
            "A.\n\n## S {#s}\n\n### P\n\n#### 4\n\n##### 5\n\n#### 4\n\nB.", [], id="up again"
        ),
    ],
)
def test_heading_that_leaves_a_level_out_is_told(
    tmp_path: Path, text: str, told: list[str]
) -> None:
    found = warnings(tmp_path, page(text))
    assert len(found) == bool(told)
    for line in found:
        assert line.startswith(f"{PAGE}:{told[0]} warning: in the text that begins here, ")
        assert told[1] in line
        assert line.endswith("[heading_order]")


def test_headings_of_other_texts_count_from_the_title(tmp_path: Path) -> None:
    text = "---\ntitle: Care\n---\n## Two\n\n### Three\n\nText.\n"
    assert warnings(tmp_path, {"services/example.md": text}) == []


def test_empty_section_and_empty_point_are_told(tmp_path: Path) -> None:
    files = {
        PAGE: "---\ntitle: Second\n---\nA.\n\n## Empty {#empty}\n\n## Full {#full}\n\nLead.\n",
        "articles/third.yaml": (
            "title: Third\nbody: Text.\nsections:\n  - key: a\n    points:\n"
            "      - {key: b, title: B, body: ''}\n"
        ),
    }
    assert warnings(tmp_path, files) == [
        f"{PAGE}:6:1 warning: there is no text below the heading 'Empty' [empty_section]",
        "articles/third.yaml:6:9 warning: there is no text below the heading 'B' [empty_section]",
    ]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        pytest.param("topics: [one, two, one]", ["3:20 warning: the list has 'one'"], id="slug"),
        pytest.param("topics: [one, two]", [], id="none"),
        pytest.param(
            "call_to_action: {body: B, services: [care, other]}",
            ["3:44 warning: the list has 'other'"],
            id="slug and id",
        ),
    ],
)
def test_entry_that_a_list_has_twice_is_told(tmp_path: Path, fields: str, told: list[str]) -> None:
    files = {**page("Text.", fields + "\n"), "services/care.yaml": "title: Care\nid: other\n"}
    expected = [f"{PAGE}:{line} already [repeated_item]" for line in told]
    assert warnings(tmp_path, files) == expected


def test_second_place_of_a_repeated_item_is_the_first_in_the_list(tmp_path: Path) -> None:
    site = Site(tmp_path, {**SMALL, **page("Text.", "topics: [one, one]\n")})
    (issue,) = pipeline.check(site.content, site.models).warnings
    assert issue.other == issue.place._replace(column=10)


def test_link_that_is_words_for_a_reader_of_markdown_is_told(tmp_path: Path) -> None:
    told = warnings(tmp_path, page("See [the leaflet](the leaflet.pdf) and [1] (2)."))
    where = "in the text that begins here"
    what = f"{where}, '[the leaflet](the leaflet.pdf)' is no link, but words [broken_link]"
    assert told == [f"{PAGE}:4:1 warning: {what}"]


@given(documents())
def test_text_of_plain_blocks_has_nothing_to_judge(markdown: str) -> None:
    blocks = parse(markdown, Origin(Place("a.md", 1, 1)))[0].blocks
    plain = [block for block in blocks if advice._is_plain(block, texts.words_of(block))]  # noqa: SLF001 - what is passed over
    text = RichText(tuple(plain))
    assert not [*texts.headings(text), *texts.images(text), *texts.links(text)]
    assert not list(advice._broken_links(PlacedText(text, Place("a.md", 1, 1), 1)))  # noqa: SLF001 - likewise


@pytest.mark.parametrize("markdown", ["Words.", "- One\n- Two\n\n*Words* [a] (b)."])
def test_words_and_lists_are_plain(markdown: str) -> None:
    blocks = parse(markdown, Origin(Place("a.md", 1, 1)))[0].blocks
    assert all(advice._is_plain(block, texts.words_of(block)) for block in blocks)  # noqa: SLF001 - likewise


# Images: blocks as the parser of Markdown makes them


def placed(*blocks: Mapping[str, object], targets: tuple[TextTarget, ...] = ()) -> PlacedText:
    return PlacedText(RichText(blocks, targets), Place("a.md", 2, 1), 1)


def image(alt: str, src: str = "../media/IMG_2041.jpg") -> Mapping[str, object]:
    return {"_type": "image", "_key": "b0", "src": src, "alt": alt, "title": None}


@pytest.mark.parametrize(
    "alt",
    ["IMG_2041.jpg", "img_2041", "other.png", "image", "Photo", "An image",
     "the icon", "фото", "Зображення"],
)  # fmt: skip
def test_alternative_text_that_says_nothing_is_told(alt: str) -> None:
    (issue,) = advice._images(placed(image(alt)))  # noqa: SLF001 - images are no part of Markdown's blocks here
    assert issue.code == "vague_alt"
    assert issue.place == Place("a.md", 2, 1)
    assert issue.what == f"in the text that begins here, an image has the alternative text '{alt}'"


@pytest.mark.parametrize(
    "alt",
    [
        "A blue door",
        "Imagery in art",
        "Photographers at work",
        "Двері",
        "The logo.png file's icon",
        "Photo of a door",
    ],
)
def test_alternative_text_that_says_something_is_not_told(alt: str) -> None:
    assert list(advice._images(placed(image(alt)))) == []  # noqa: SLF001 - likewise


def test_image_is_told_where_it_stands_if_that_is_known() -> None:
    target = TextTarget("a.png", image=True, place=("a.md", 7, 3))
    (issue,) = advice._images(placed(image("a.png", "a.png"), targets=(target,)))  # noqa: SLF001 - likewise
    assert (issue.place, issue.what) == (
        Place("a.md", 7, 3),
        "an image has the alternative text 'a.png'",
    )


# Reading level

HARD = (
    "Multidisciplinary rehabilitation necessitates comprehensive interprofessional communication "
    "regarding individualised pharmacological considerations. "
) * 12
EASY = "We can help you. Call us if you feel ill. We will see you on the same day. " * 12


@pytest.mark.parametrize(
    ("text", "locale", "told"),
    [
        pytest.param(HARD, "en", True, id="hard"),
        pytest.param(HARD, "uk", False, id="another language"),
        pytest.param(EASY, "en", False, id="easy"),
        pytest.param(HARD[:300], "en", False, id="short"),
    ],
)
def test_long_english_text_that_is_hard_to_read_is_told(
    tmp_path: Path, text: str, locale: str, *, told: bool
) -> None:
    site = {"site.yaml": f"name: Example\ndefault_locale: {locale}\nlocales: [{locale}]\n"}
    found = warnings(tmp_path, {**site, **page(text)})
    assert len(found) == told
    assert all("[reading_level]" in line and f"{PAGE}:4:1 " in line for line in found)


def test_warnings_are_told_beside_errors(tmp_path: Path) -> None:
    files = {**SMALL, **page("Text.", "topics: [one, one]\n"), "topics/two.yaml": "titel: Two\n"}
    site = Site(tmp_path, files)
    with pytest.raises(ContentError) as caught:
        pipeline.check(site.content, site.models)
    assert [issue.code for issue in caught.value.issues] == [
        "repeated_item",
        "missing_field",
        "unknown_field",
    ]
