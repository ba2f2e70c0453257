"""Links between the pages lead to a page, and to a heading that it has."""

import re
from pathlib import Path

import pytest

from tests.support import REPOSITORY

PAGES = [
    REPOSITORY / "README.md",
    REPOSITORY / "CHANGELOG.md",
    *sorted((REPOSITORY / "docs").rglob("*.md")),
]
_FENCED = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!\\)\[[^\[\]]*\]\(([^)\s:]+)\)")


def _prose(page: Path) -> str:
    return _FENCED.sub("", page.read_text(encoding="utf-8"))


def _targets(page: Path) -> list[str]:
    """Return where the links of a page lead that stay in the repository."""
    return _LINK.findall(re.sub(r"`[^`\n]+`", "code", _prose(page)))


def _anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_lead_to_pages_and_headings(page: Path) -> None:
    for target in _targets(page):
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        assert file.exists(), target
        assert not anchor or anchor in _anchors(file), target


def test_links_are_found() -> None:
    targets = [target for page in PAGES for target in _targets(page)]
    assert {"#unknown_field", "content-files.md#links", "docs/adr", "check.md"} <= {*targets}
