from typing import Any

import pytest

from api.richtext.forms import in_form

Json = Any
BLOCKS = [
    {
        "_type": "block",
        "_key": "b0",
        "style": "normal",
        "markDefs": [],
        "children": [
            {"_type": "span", "_key": "b0s0", "text": "A ", "marks": []},
            {"_type": "span", "_key": "b0s1", "text": "word", "marks": ["em"]},
        ],
    }
]


def rich(blocks: Json) -> Json:
    return {"blocks": blocks, "html": None, "markdown": None, "text": None}


@pytest.mark.parametrize(
    ("form", "value"),
    [
        pytest.param("html", "<p>A <em>word</em></p>", id="html"),
        pytest.param("markdown", "A *word*", id="markdown"),
        pytest.param("text", "A word", id="text"),
    ],
)
def test_one_form_is_filled_and_the_others_are_null(form: str, value: str) -> None:
    assert in_form(rich(BLOCKS), form) == {**rich(None), form: value}


@pytest.mark.parametrize("form", ["html", "markdown", "text"])
def test_rich_text_without_blocks_is_empty_in_every_form(form: str) -> None:
    assert in_form(rich([]), form) == {**rich(None), form: ""}


def test_rich_text_is_found_wherever_it_stands() -> None:
    value = {"data": [{"body": rich(BLOCKS), "lead": None}, [rich(BLOCKS)]]}
    text = {**rich(None), "text": "A word"}
    assert in_form(value, "text") == {"data": [{"body": text, "lead": None}, [text]]}


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 1, 1.5, "text", [], {}),
        pytest.param({"html": "<p>"}, id="an object with a name of rich text"),
        pytest.param({**rich([]), "more": 1}, id="an object with more than rich text"),
        pytest.param({"text": None, "html": None, "markdown": None}, id="an object with less"),
    ],
)
def test_what_is_no_rich_text_stays_as_it_is(value: Json) -> None:
    assert in_form(value, "html") == value


def test_value_itself_is_not_changed() -> None:
    value = {"body": rich(BLOCKS)}
    in_form(value, "html")
    assert value == {"body": rich(BLOCKS)}


def test_form_that_there_is_not_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="pdf"):
        in_form(rich([]), "pdf")
