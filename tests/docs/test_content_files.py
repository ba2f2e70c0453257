"""The page of content files is true: its numbers are the program's, its examples are read."""

import re
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import ExifTags, Image

from api.compiler import pipeline
from api.errors import ContentError
from api.richtext.addresses import ADDRESS_LENGTH
from api.source import bounds, image, markdown, markdown_blocks, markdown_tables, media
from api.source.names import IGNORED_ENDINGS, IGNORED_NAMES
from api.source.opening import MOST_FILES
from api.source.tree import DEEPEST, LARGEST_FILE, SUFFIXES
from schemas.fields import SLUG_LENGTH, TEXT_LENGTH
from schemas.media import KINDS, NAME_LENGTH
from tests.support import REPOSITORY, SMALL, Site

PAGE = (REPOSITORY / "docs/reference/content-files.md").read_text(encoding="utf-8")
DEFAULT_FILES = {"yaml": "topics/example.yaml", "markdown": "people/example.md"}
_BLOCK = re.compile(
    r"(?:^`([^`\n]+)`:\n\n)?"  # the file's name
    r"^```(?P<language>yaml|markdown)\n(?P<text>.*?)^```$"
    r"(?:\n\n```text\n(?P<told>.*?)^```$)?",  # what is said of it
    re.MULTILINE | re.DOTALL,
)
_CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_TOLD = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """A file of the page, what the page says that is told of it, and the files that go before."""

    name: str
    text: str
    told: list[str]
    before: dict[str, str]


def _photo(**options: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", (30, 20), "red").save(written, "JPEG", **options)
    return written.getvalue()


def _located() -> Image.Exif:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (1.0, 2.0, 3.0)
    return exif


MEDIA = {
    "images/door.jpg": _photo(),
    "images/street.jpg": _photo(exif=_located()),
    "images/broken.png": b"not an image",
    "files/prices.csv": b"name,price\n",
}


def _examples() -> list[Example]:
    """Return the files of the page; each is read beside the right ones of its own chapter."""
    found = []
    prose = _CODE.sub(lambda code: " " * len(code[0]), PAGE)
    chapters = [heading.start() for heading in re.finditer(r"^## ", prose, re.MULTILINE)]
    for start, end in pairwise([*chapters, len(PAGE)]):
        before: dict[str, str] = {}
        for block in _BLOCK.finditer(PAGE, start, end):
            name = block[1] or DEFAULT_FILES[block["language"]]
            told = (block["told"] or "").splitlines()
            found.append(Example(name, block["text"], told, dict(before)))
            if not told:
                before[name] = block["text"]
    return found


EXAMPLES = _examples()
ALONE = _TOLD.findall(_BLOCK.sub("", PAGE))
"""What the page says that is told, without the file that it is told of."""
LINKS = re.findall(r"^\| `\[words\]\((\S+)\)` \|", PAGE, re.MULTILINE)


def _told(tmp_path: Path, files: dict[str, str]) -> list[str]:
    """Check files beside a small site and the media that they name, all Issues as lines."""
    texts = "".join(files.values())
    named = {name: data for name, data in MEDIA.items() if name in texts}
    site = Site(tmp_path, {**SMALL, **named, **files})
    try:
        issues = pipeline.check(site.content, site.models).warnings
    except ContentError as error:
        issues = error.issues
    return [str(issue).replace(f"{site.content}/", "") for issue in issues]


def test_limits_are_the_programs() -> None:
    assert dict(re.findall(r"^\| ([^|]+) \| ([\d,]+) \|$", PAGE, re.MULTILINE)) == {
        "bytes of a content file": f"{LARGEST_FILE:,}",
        "characters of its YAML or JSON": f"{bounds.LENGTH:,}",
        "names and values in it": f"{bounds.VALUES:,}",
        "lists and groups inside one another": f"{bounds.DEPTH:,}",
        "characters of a field of plain text": f"{TEXT_LENGTH:,}",
        "characters of a slug": f"{SLUG_LENGTH:,}",
        "characters of a Markdown text": f"{markdown.TEXT_LENGTH:,}",
        "beginnings, ends and runs of words in it": f"{markdown_blocks.EVENTS:,}",
        "lists, their items and quotes inside one another": f"{markdown_blocks.DEPTH:,}",
        "cells of all its tables": f"{markdown_tables.CELLS:,}",
        "bytes of the footnotes of a file, each as often as it is shown": (
            f"{markdown.NOTES_SIZE:,}"
        ),
        "characters of a link's address": f"{ADDRESS_LENGTH:,}",
        "bytes of an image or another file": f"{media.LARGEST_MEDIA:,}",
        "pixels of an image, width times height": f"{image.PIXELS:,}",
        "characters of the name of such a file or its folder": f"{NAME_LENGTH:,}",
        "mistakes told of one file's YAML or JSON, and of one text's Markdown": f"{bounds.ISSUES}",
        "folders inside one another": f"{DEEPEST:,}",
        "files and folders in one folder": f"{MOST_FILES:,}",
    }


@pytest.mark.parametrize(
    "word", [*SUFFIXES, *IGNORED_ENDINGS, *(name for name in IGNORED_NAMES if name.isprintable())]
)
def test_endings_and_names_are_told(word: str) -> None:
    assert f"`{word}`" in PAGE


def test_kinds_of_files_are_those_that_are_published() -> None:
    rows = re.findall(r"^\| [\w ]+ \| ((?:`\.\w+`(?:, )?)+) \|$", PAGE, re.MULTILINE)
    assert re.findall(r"`(\.\w+)`", " ".join(rows)) == list(KINDS)


def test_page_has_examples_of_every_kind() -> None:
    assert len([one for one in EXAMPLES if one.told]) > 3
    assert len([one for one in EXAMPLES if not one.told]) > 6
    assert len(ALONE) > 4
    assert len(LINKS) > 6
    assert len(ALONE) + sum(bool(one.told) for one in EXAMPLES) == PAGE.count("```text")


@pytest.mark.parametrize("index", range(len(EXAMPLES)))
def test_example_is_read_as_the_page_says(tmp_path: Path, index: int) -> None:
    example = EXAMPLES[index]
    assert _told(tmp_path, {**example.before, example.name: example.text}) == example.told


@pytest.mark.parametrize("told", ALONE)
def test_what_is_told_is_told_of_such_a_file(tmp_path: Path, told: str) -> None:
    name = told.partition(":")[0]
    others = re.findall(r"also at: ([^:]+):", told)
    files = dict.fromkeys((name, *others), "title: Example\n")
    if name in MEDIA:
        files = {"people/example.md": f"---\nname: Example\n---\n![Example](../{name})\n"}
    assert _told(tmp_path, files) == told.splitlines()[:1]


def test_mistakes_wait_as_the_page_says(tmp_path: Path) -> None:
    shows = "![A door](../images/broken.png)\n\n[A page](/articles/nowhere)\n"
    unread = f"---\ntitle: A: B\nsumary: C\n---\n{shows}"
    wrong = f"---\ntitle: A\nsumary: C\n---\n{shows}"
    for name, text, codes in (
        ("unread", unread, ["invalid_yaml"]),
        ("wrong", wrong, ["unknown_field", "broken_media"]),
        ("right", f"---\ntitle: A\n---\n{shows}", ["dangling_path", "broken_media"]),
    ):
        files = {"articles/example.md": text, "files/prices.csv": "name,price\n"}
        told = _told(tmp_path / name, files)
        assert [line.rpartition("[")[2].rstrip("]") for line in told] == codes, name
    rest = _told(tmp_path / "rest", {"files/prices.csv": "name,price\n"})
    assert [line.rpartition("[")[2] for line in rest] == ["unused_file]"]


@pytest.mark.parametrize("address", LINKS)
def test_link_of_the_table_leads_somewhere(tmp_path: Path, address: str) -> None:
    article = f"---\ntitle: X\n---\nA [link]({address}).\n\n## Key {{#key}}\n\nText.\n"
    files: dict[str, str | bytes] = {
        **SMALL,
        "articles/example-slug.md": article,
        "services/care.yaml": "title: Care\nbody: |\n  #### Key {#key}\n\n  Text.\n",
        "files/leaflet.pdf": b"%PDF-",
    }
    assert Site(tmp_path, files).issues() == []
