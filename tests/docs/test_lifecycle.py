"""The page about the lifecycle is true: its files are right, its numbers are the program's."""

import re
from pathlib import Path

import pytest

from api.compiler import pipeline
from api.store.retention import USUAL
from schemas.entry import LIFECYCLE
from tests.support import REPOSITORY, SMALL, Site

PAGE = (REPOSITORY / "docs/how-to/lifecycle.md").read_text(encoding="utf-8")
FILES = re.findall(r"^```markdown\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_page_has_every_field_of_the_lifecycle() -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == LIFECYCLE
    shown = "".join(FILES)
    assert [name for name in LIFECYCLE if f"\n{name}:" not in shown] == []


@pytest.mark.parametrize("text", FILES)
def test_shown_file_is_right(tmp_path: Path, text: str) -> None:
    others = {"articles/another-article.md": "---\ntitle: Another\n---\nWords.\n"}
    site = Site(tmp_path, {**SMALL, **others, "articles/example-article.md": text})
    assert pipeline.check(site.content, site.models).warnings == ()


def test_deleted_addresses_are_known_for_as_long_as_the_pages_say() -> None:
    http = (REPOSITORY / "docs/reference/http.md").read_text(encoding="utf-8")
    days = USUAL.deleted.days
    assert f"answers 410 for {days} days" in " ".join(PAGE.split())
    assert f"deleted in the last {days} days" in " ".join(http.split())
