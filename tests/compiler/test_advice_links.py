"""Advice on links: what no front end can follow is told, and nothing that one can."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from api.compiler import pipeline
from api.compiler.advice_links import LinkRules
from api.compiler.contents import walk
from api.compiler.paths import PlacedEntry
from api.compiler.texts import PlacedText
from api.errors import ContentError, Issue, Place
from api.source.node import Fields, Rich
from schemas.fields import RichText, TextTarget
from schemas.service import Service
from tests.placed import faced, index_of
from tests.support import SMALL, Site, own_models


def found(folder: Path, link: str, files: Mapping[str, str] = SMALL) -> list[Issue]:
    """Return the warnings about one link in an article of a small site."""
    text = f"---\ntitle: Links\n---\nSome {link} text.\n\n## S {{#own}}\n\nL.\n\n### Point\n\nP.\n"
    site = Site(folder, {**files, "articles/links.md": text})
    return list(pipeline.check(site.content, site.models).warnings)


@pytest.mark.parametrize(
    ("address", "code", "meant"),
    [
        pytest.param("#own", None, None, id="section"),
        pytest.param("#point", None, None, id="point"),
        pytest.param("#top", None, None, id="top of the page"),
        pytest.param("/articles/first#prt", "dangling_anchor", "part", id="no anchor"),
        pytest.param("/articles/first#own", "dangling_anchor", None, id="another page's anchor"),
        pytest.param("/articles/first", None, None, id="entry"),
        pytest.param("/articles/first/", None, None, id="entry, with a slash"),
        pytest.param("/articles/first?print", None, None, id="entry, with a query"),
        pytest.param("/uk/articles/first", None, None, id="entry in another language"),
        pytest.param("/articles/first#part", None, None, id="section of an entry"),
        pytest.param("/articles/first#point", None, None, id="point of an entry"),
        pytest.param("/contact", None, None, id="single file"),
        pytest.param("/", None, None, id="home"),
        pytest.param("/articles", None, None, id="list"),
        pytest.param("/articles?page=2", None, None, id="page of a list"),
        pytest.param("/about", None, None, id="page of the front end's own"),
        pytest.param("/images/door.png", "dangling_path", None, id="file by a path"),
        pytest.param("/media/x/door.png", "dangling_path", None, id="file by its address"),
        pytest.param("/articles/frist", "dangling_path", "/articles/first", id="no entry"),
        pytest.param("/uk/topics/on", "dangling_path", "/topics/one", id="none in any language"),
        pytest.param("/fr/topics/on", None, None, id="no language of the site"),
        pytest.param("/articles/first/x", "dangling_path", "/articles/first", id="below an entry"),
        pytest.param("/articles/first#prt", "dangling_anchor", "part", id="no such anchor there"),
        pytest.param("https://example.org/#x", None, None, id="public host"),
        pytest.param("http://localhost:3000/x", "private_host", None, id="localhost"),
        pytest.param("http://LOCALHOST./x", "private_host", None, id="localhost in full"),
        pytest.param("http://127.0.0.1/", "private_host", None, id="loopback"),
        pytest.param("http://192.168.1.20/", "private_host", None, id="private network"),
        pytest.param("http://[::1]/", "private_host", None, id="IPv6 loopback"),
        pytest.param("https://8.8.8.8/", None, None, id="public IP address"),
        pytest.param("https://intranet/wiki", "private_host", None, id="name without a dot"),
        pytest.param("https://wiki.clinic.internal/", "private_host", None, id="internal name"),
        pytest.param("https://localhost.example.org/", None, None, id="name with localhost in it"),
        pytest.param("http://[bad/", "private_host", None, id="no host"),
        pytest.param("mailto:a@localhost", None, None, id="mail"),
    ],
)
def test_link_that_no_front_end_can_follow_is_told(
    tmp_path: Path, address: str, code: str | None, meant: str | None
) -> None:
    told = [(issue.code, issue.nearest) for issue in found(tmp_path, f"[a link](<{address}>)")]
    assert told == ([(code, meant)] if code else [])


def test_place_of_a_link_is_said_to_be_that_of_its_text(tmp_path: Path) -> None:
    (issue,) = found(tmp_path, "[a](/topics/no)")
    assert (issue.place.line, issue.place.column) == (4, 1)
    assert issue.what == "in the text that begins here, the link '/topics/no' leads to no entry"


@pytest.mark.parametrize(
    ("words", "number", "told"),
    [
        pytest.param("443-555-0100", "+14435550100", False, id="national"),
        pytest.param("+1 (443) 555-0100", "+1-443-555-0100", False, id="international"),
        pytest.param("+44 (0)20 7946 0000", "+442079460000", False, id="trunk zero in brackets"),
        pytest.param("020 7946 0000", "+442079460000", False, id="trunk zero"),
        pytest.param("Call us", "+14435550100", False, id="words"),
        pytest.param("1-800-FLOWERS", "+18003569377", False, id="letters"),
        pytest.param("the 24/7 line 443-555-0100", "+14435550100", False, id="other digits"),
        pytest.param("443-555-0100 ext. 12", "+14435550100;ext=12", False, id="extension"),
        pytest.param("443-555-0100 x12345", "+14435550100", False, id="long extension"),
        pytest.param("443-555-0101", "+14435550100", True, id="another digit"),
        pytest.param("+1 443-555-0101", "+14435550100", True, id="another digit, international"),
        pytest.param("+2 443-555-0100", "+14435550100", True, id="another country"),
        pytest.param("443-555-01", "+14435550100", True, id="cut"),
        pytest.param("443-555-0100 or 443-555-0102", "+14435550100", False, id="one of two"),
        pytest.param("443-555-0100 (24/7)", "+14435550100", False, id="hours in brackets"),
        pytest.param("443-555-0100 24/7", "+14435550100", False, id="hours"),
        pytest.param("Suite 100-200, call", "+14435550100", False, id="a suite"),
    ],
)
def test_telephone_link_that_shows_another_number_is_told(
    tmp_path: Path, words: str, number: str, *, told: bool
) -> None:
    issues = found(tmp_path, f"[{words}](tel:{number})")
    assert [issue.code for issue in issues] == ["phone_differs"] * told


def test_words_of_a_link_are_all_of_its_words(tmp_path: Path) -> None:
    assert found(tmp_path, "[443-**555**-0100](tel:+14435550100)") == []


def test_link_to_a_file_with_errors_is_not_told(tmp_path: Path) -> None:
    files = {**SMALL, "topics/three.yaml": "titel: Three\n"}
    with pytest.raises(ContentError) as caught:
        found(tmp_path, "[a](/topics/three)", files)
    assert {issue.code for issue in caught.value.issues} == {"missing_field", "unknown_field"}


def span(text: str, *marks: str) -> Mapping[str, object]:
    return {"_type": "span", "_key": "s", "text": text, "marks": list(marks)}


def judged(*blocks: Mapping[str, object], targets: tuple[TextTarget, ...] = ()) -> list[str]:
    """Return the codes of the warnings about blocks as the parser of Markdown makes them."""
    text = RichText(blocks, targets)
    place = Place("a.md", 4, 1)
    fields = Fields({"body": Rich(text, place)}, {}, Place("a.md", 1, 1))
    value = Service(title="A", body=text)
    entry = PlacedEntry(
        "service", "a", "a", "/services/a", "/v1/services/a", value, fields, "en", ("en",),
        contents=walk(value, fields),
    )  # fmt: skip
    index = index_of([entry], faced([[entry]], own_models())[0])
    rules = LinkRules(own_models(), ["en"])
    return [issue.code for issue in rules.judge(entry, PlacedText(text, place, 1), index)]


def linking(href: str) -> Mapping[str, object]:
    """Return the words of a block or cell whose only link leads to an address."""
    definition = {"_type": "link", "_key": "m", "href": href, "title": None}
    return {"markDefs": [definition], "children": [span("Words"), span("a link", "m")]}


def test_link_in_a_cell_of_a_table_is_judged() -> None:
    rows = [{"_key": "r", "cells": [{"_key": "c", **linking("#nowhere")}]}]
    assert judged({"_type": "table", "_key": "b0", "align": [None], "rows": rows}) == [
        "dangling_anchor"
    ]


def test_anchor_of_a_heading_is_one_of_its_page() -> None:
    heading = {"_type": "block", "style": "h2", "anchor": "here", **linking("#here")}
    assert judged(heading) == []


def test_reference_to_the_content_folder_is_not_judged_a_second_time() -> None:
    block = {"_type": "block", "style": "normal", **linking("#nowhere")}
    assert judged(block) == ["dangling_anchor"]
    assert judged(block, targets=(TextTarget("#nowhere", image=False, place=("a.md", 4, 9)),)) == []


def test_mark_of_a_footnote_is_no_link() -> None:
    mark = {"_type": "footnote", "_key": "m", "number": 1}
    children = [span("Words"), span("[1]", "m")]
    assert judged({"_type": "block", "markDefs": [mark], "children": children}) == []


def test_nearest_page_is_looked_for_a_hundred_times_in_a_run(tmp_path: Path) -> None:
    links = " ".join(f"[a](/topics/one{number})" for number in range(102))
    assert [issue.nearest for issue in found(tmp_path, links)].count("/topics/one") == 100
