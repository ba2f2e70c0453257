"""The page of content files is true: its numbers are the program's, its examples are read."""

import re
from pathlib import Path

import pytest

from api.source import bounds
from api.source.names import IGNORED_ENDINGS, IGNORED_NAMES
from api.source.opening import MOST_FILES
from api.source.tree import LARGEST_FILE, SUFFIXES
from schemas.fields import SLUG_LENGTH
from tests.support import REPOSITORY, SMALL, Site

PAGE = (REPOSITORY / "docs/reference/content-files.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FOLDERS = {"yaml": "topics/example.yaml", "markdown": "people/example.md"}


def _told(tmp_path: Path, name: str, text: str, *others: str) -> list[str]:
    files = {**SMALL, name: text, **dict.fromkeys(others, "title: Other\n")}
    site = Site(tmp_path, files)
    return [str(issue).replace(f"{site.content}/", "") for issue in site.issues()]


def test_limits_are_the_programs() -> None:
    assert dict(re.findall(r"^\| ([^|]+) \| ([\d,]+) \|$", PAGE, re.MULTILINE)) == {
        "bytes of a content file": f"{LARGEST_FILE:,}",
        "characters of its YAML or JSON": f"{bounds.LENGTH:,}",
        "names and values in it": f"{bounds.VALUES:,}",
        "lists and groups inside one another": f"{bounds.DEPTH:,}",
        "characters of a slug": f"{SLUG_LENGTH:,}",
        "mistakes told of one file's YAML or JSON": f"{bounds.ISSUES:,}",
        "files and folders in one folder": f"{MOST_FILES:,}",
    }


@pytest.mark.parametrize(
    "word", [*SUFFIXES, *IGNORED_ENDINGS, *(name for name in IGNORED_NAMES if name.isprintable())]
)
def test_endings_and_names_are_told(word: str) -> None:
    assert f"`{word}`" in PAGE


@pytest.mark.parametrize("index", range(len(BLOCKS)))
def test_example_is_read_as_the_page_says(tmp_path: Path, index: int) -> None:
    language, text = BLOCKS[index]
    follows = BLOCKS[index + 1][1] if index + 1 < len(BLOCKS) else ""
    if language == "text":
        name = text.partition(":")[0]
        others = re.findall(r"also at: ([^:]+):", text)
        if not any(name == FOLDERS.get(before) for before, _ in BLOCKS[index - 1 : index]):
            (issue,) = _told(tmp_path, name, "title: Example\n", *others)
            assert issue == text.splitlines()[0]
    elif follows.startswith(f"{FOLDERS[language]}:"):
        (issue,) = _told(tmp_path, FOLDERS[language], text)
        assert issue == follows.splitlines()[0]
    else:
        assert _told(tmp_path, FOLDERS[language], text) == []
