"""The rule of bytes, and what an edit costs: what shows no changed value stays as it was."""

from pathlib import Path

from starlette.testclient import TestClient

from tests.support import SMALL, Site, write

ADDRESSES = (
    "/v1",
    "/v1/articles",
    "/v1/articles?view=full",
    "/v1/articles/first",
    "/v1/articles/first/sections",
    "/v1/articles/first/sections/part",
    "/v1/articles/second",
    "/v1/contact",
    "/v1/openapi.json",
    "/v1/people",
    "/v1/people/ann",
    "/v1/sections",
    "/v1/services",
    "/v1/services/care",
    "/v1/site",
    "/v1/topics",
    "/v1/topics/one",
    "/v1/topics/two",
)


def _bodies(served: TestClient) -> dict[str, tuple[str, bytes]]:
    answers = {address: served.get(address) for address in ADDRESSES}
    return {address: (one.headers["etag"], one.content) for address, one in answers.items()}


def _changed(site: Site, edit: dict[str, str]) -> set[str]:
    """Return the addresses whose bytes an edit changes; the server runs on meanwhile."""
    with site.served() as served:
        before = _bodies(served)
        write(site.content, edit)
        site.publish()
        after = _bodies(served)
    for address in ADDRESSES:
        same_tag = before[address][0] == after[address][0]
        same_bytes = before[address][1] == after[address][1]
        assert same_tag == same_bytes, address
    return {address for address in ADDRESSES if before[address] != after[address]}


def test_a_service_title_changes_what_shows_it_and_nothing_else(tmp_path: Path) -> None:
    assert _changed(Site(tmp_path), {"services/care.yaml": "title: Nursing\n"}) == {
        "/v1/services/care",
        "/v1/services",
        "/v1/articles/first",
        "/v1/articles",
        "/v1/articles?view=full",
    }


def test_a_topic_title_changes_cards_that_show_it(tmp_path: Path) -> None:
    assert _changed(Site(tmp_path), {"topics/two.yaml": "title: Deux\n"}) == {
        "/v1/topics/two",
        "/v1/topics",
        "/v1/articles/first",
        "/v1/articles",
        "/v1/articles?view=full",
    }


def test_a_section_changes_in_its_article_and_on_its_own(tmp_path: Path) -> None:
    text = SMALL["articles/first.md"].replace("A lead.", "Another lead.")
    assert _changed(Site(tmp_path), {"articles/first.md": text}) == {
        "/v1/articles/first",
        "/v1/articles/first/sections/part",
        "/v1/articles",
        "/v1/articles?view=full",
    }


def test_a_comment_in_a_file_changes_nothing(tmp_path: Path) -> None:
    assert _changed(Site(tmp_path), {"topics/two.yaml": "# the second\ntitle: Two\n"}) == set()


def _many(tmp_path: Path) -> Site:
    files = dict(SMALL)
    for number in range(1000):
        files[f"articles/article-{number:04}.md"] = (
            f"---\ntitle: Article {number}\ntopics: [two]\n---\nText {number}.\n"
        )
    files["articles/article-0007.md"] = "---\ntitle: Seven\nrelated: [article-0001]\n---\nText.\n"
    return Site(tmp_path, files)


def test_one_edit_among_a_thousand_entries_writes_few_rows(tmp_path: Path) -> None:
    site = _many(tmp_path)
    site.publish()
    text = "---\ntitle: Article 1\ntopics: [two]\n---\nAnother text.\n"
    write(site.content, {"articles/article-0001.md": text})
    done = site.publish()
    assert (done.added, done.ended) == (2, 2), "its representation, and its card's hash"

    text = "---\ntitle: Another title\ntopics: [two]\n---\nAnother text.\n"
    write(site.content, {"articles/article-0001.md": text})
    done = site.publish()
    assert (done.added, done.ended) == (4, 4), "those, and the same of the article that links to it"
