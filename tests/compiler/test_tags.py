"""An item's cache tags name its entry, and every entry whose values it shows."""

from pathlib import Path

from api.store.reader import Reader
from tests.support import SMALL, Site

LINKED = SMALL["articles/second.md"].replace("Another body.", "See [Care](service:care).")
KEYED = SMALL["articles/first.md"].replace("title: First\n", "title: First\nid: stable\n")


def tags(site: Site, address: str) -> tuple[str, ...]:
    revision = site.publish().revision
    with Reader(site.store) as reader:
        found = reader.representation(revision.number, address)
    assert found
    return found.cache_tags


def test_item_names_itself_first_then_what_it_links_to(tmp_path: Path) -> None:
    assert tags(Site(tmp_path), "/v1/articles/first") == (
        "article:first",
        "person:ann",
        "service:care",
        "topic:one",
        "topic:two",
    )


def test_a_part_has_the_tag_of_its_entry(tmp_path: Path) -> None:
    assert tags(Site(tmp_path), "/v1/articles/first/sections/part") == ("article:first",)


def test_tags_are_of_ids_not_slugs(tmp_path: Path) -> None:
    site = Site(tmp_path, {**SMALL, "articles/first.md": KEYED})
    assert tags(site, "/v1/articles/first")[0] == "article:stable"
    assert tags(site, "/v1/articles/first/sections/part") == ("article:stable",)
    assert tags(site, "/v1/articles/second") == ("article:second", "article:stable")


def test_a_link_in_a_text_shows_its_targets_path(tmp_path: Path) -> None:
    site = Site(tmp_path, {**SMALL, "articles/second.md": LINKED})
    assert tags(site, "/v1/articles/second") == ("article:second", "article:first", "service:care")


def test_a_link_in_a_cell_of_a_table_shows_its_targets_path(tmp_path: Path) -> None:
    table = "| Example |\n| --- |\n| [Care](service:care) |\n"
    text = SMALL["articles/second.md"].replace("Another body.", table)
    site = Site(tmp_path, {**SMALL, "articles/second.md": text})
    assert "service:care" in tags(site, "/v1/articles/second")


def test_a_translation_has_the_tag_of_its_entry(tmp_path: Path) -> None:
    site = Site(tmp_path, {**SMALL, "topics/one.uk.yaml": "title: Example\n"})
    assert tags(site, "/v1/topics/one?locale=uk") == ("topic:one",)


def test_what_the_api_says_of_itself_has_one_tag(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for address in ("/v1", "/v1/schemas", "/v1/schemas/article", "/openapi.yaml"):
        assert tags(site, address) == ("api",)
