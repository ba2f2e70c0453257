"""Where each value of an item stands in its files."""

from pathlib import Path

from api.compiler.sources import SourceFiles
from api.errors import Place
from schemas.discovery import discover
from tests.support import SMALL, Site, write

SITE = {
    **SMALL,
    "site.yaml": (
        "name: Example site\nlocales: [en, uk]\nlabels:\n  en: {articles: All}\n"
        "navigation:\n  - {label: articles, path: /articles}\n"
    ),
    "articles/first.uk.md": "---\ntitle: Example\nupdated_at: 2026-01-02T03:04:05Z\n---\n",
}


def places(folder: Path, *entry: str) -> dict[str, str]:
    """Return where each value stands, as file:line:column."""
    site = Site(folder, SITE)
    found = SourceFiles(site.content, discover()).entry(*entry)
    return {pointer: shown(site, place) for pointer, place in found.items()}


def shown(site: Site, place: Place) -> str:
    return str(place).removeprefix(f"{site.content.as_posix()}/")


def test_values_of_a_translation_stand_in_its_file_the_others_in_the_source(tmp_path: Path) -> None:
    found = places(tmp_path, "article", "first", "uk")
    assert found["/title"] == "articles/first.uk.md:2:8"
    assert found["/topics/1"] == "articles/first.md:3:15"
    assert found["/body"] == "articles/first.md:10:1"
    assert found["/sections/0/points/0/title"] == "articles/first.md:16:5"


def test_title_stands_where_the_name_does(tmp_path: Path) -> None:
    assert places(tmp_path, "contact", "contact", "en")["/title"] == "contact.yaml:1:7"


def test_names_of_a_mapping_are_steps_of_a_pointer(tmp_path: Path) -> None:
    found = places(tmp_path, "site", "site", "en")
    assert found["/labels/en/articles"] == "site.yaml:4:18"
    assert found["/navigation/0/path"] == "site.yaml:6:29"


def test_private_fields_have_no_source(tmp_path: Path) -> None:
    site = Site(tmp_path)
    review = "review:\n  reviewed_by: ann\n  at: 2026-01-05\n  digest: " + "0" * 64 + "\n"
    write(site.content, {"topics/one.yaml": f"title: One\n{review}"})
    found = SourceFiles(site.content, discover()).entry("topic", "one", "en")
    assert set(found) == {"/title", "/review", "/review/reviewed_by", "/review/at"}


def test_part_is_found_in_its_parent_by_its_key(tmp_path: Path) -> None:
    site = Site(tmp_path, SITE)
    files = SourceFiles(site.content, discover())
    found = files.part("section", "first", "part", "en")
    assert shown(site, found["/lead"]) == "articles/first.md:14:1"
    assert files.part("section", "first", "none", "en") == {}
    assert files.part("article", "first", "part", "en") == {}


def test_what_has_gone_or_cannot_be_read_has_no_sources(tmp_path: Path) -> None:
    site = Site(tmp_path, {**SITE, "topics/one.yaml": "title: [\n"})
    files = SourceFiles(site.content, discover())
    assert files.entry("article", "none", "en") == {}
    assert files.entry("topic", "one", "en") == {}
