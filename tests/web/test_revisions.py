"""`rev` reads a kept revision as it was; the answers of two revisions never mix."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.store.reader import Reader
from tests.support import SMALL, Site, client, write

FIRST = "/v1/articles/first"
LIST = "/v1/articles"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site that was published twice: `first` has another title since, `second` is gone."""
    site = Site(tmp_path, {**SMALL, "articles/first.uk.md": "---\ntitle: Перша\n---\nBody.\n"})
    site.publish()
    write(
        site.content,
        {"articles/first.md": "---\ntitle: Changed\n---\nA body.\n\n## Section {#part}\n"},
    )
    (site.content / "articles/second.md").unlink()
    write(site.content, {"site.yaml": "name: Example site\ndefault_locale: en\nlocales: [en]\n"})
    (site.content / "articles/first.uk.md").unlink()
    site.publish()
    return site


@pytest.fixture
def served(site: Site) -> Iterator[TestClient]:
    with client(site.settings) as served:
        yield served


@pytest.fixture
def old(site: Site) -> str:
    """The name of the first revision."""
    with Reader(site.store) as reader:
        return reader.revisions()[-1].name


def test_item_of_an_old_revision_is_what_it_was(served: TestClient, old: str) -> None:
    answer = served.get(f"{FIRST}?rev={old}")
    assert answer.json()["data"]["title"] == "First"
    assert answer.headers["content-revision"] == old
    assert served.get(FIRST).json()["data"]["title"] == "Changed"


def test_entry_that_came_or_went_is_there_in_its_revisions_alone(
    served: TestClient, old: str
) -> None:
    assert served.get("/v1/articles/second").status_code != 200
    assert served.get(f"/v1/articles/second?rev={old}").status_code == 200


def test_list_of_an_old_revision_carries_it_on(served: TestClient, old: str) -> None:
    answer = served.get(f"{LIST}?rev={old}&limit=1")
    assert answer.json()["meta"]["total"] == 2
    assert answer.json()["links"]["next"] == f"{LIST}?limit=1&page=2&rev={old}"
    assert f"</v1/articles?limit=1&page=2&rev={old}>" in answer.headers["link"]
    assert served.get(LIST).json()["meta"]["total"] == 1


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/schemas", "/v1/schemas/article", "/v1/site", LIST, f"{FIRST}/sections"]
)
def test_every_read_of_content_takes_a_revision(served: TestClient, old: str, path: str) -> None:
    answer = served.get(f"{path}?rev={old}")
    assert answer.status_code == 200
    assert answer.headers["content-revision"] == old


def test_languages_are_those_of_the_revision(served: TestClient, old: str) -> None:
    assert served.get(f"{FIRST}?rev={old}&locale=uk").json()["data"]["title"] == "Перша"
    assert served.get(f"{FIRST}?locale=uk").status_code == 400


def test_answer_of_a_named_revision_may_be_kept_for_longer(served: TestClient, old: str) -> None:
    assert "max-age=300," in served.get(f"{FIRST}?rev={old}").headers["cache-control"]
    assert "max-age=60," in served.get(FIRST).headers["cache-control"]
    etag = served.get(f"{FIRST}?rev={old}").headers["etag"]
    unchanged = served.get(f"{FIRST}?rev={old}", headers={"if-none-match": etag})
    assert unchanged.status_code == 304
    assert "max-age=300," in unchanged.headers["cache-control"]


def test_current_revision_can_be_named(served: TestClient) -> None:
    plain = served.get(FIRST)
    named = served.get(f"{FIRST}?rev={plain.headers['content-revision']}")
    assert (named.status_code, named.content) == (200, plain.content)


def test_unknown_revision_is_gone_and_the_current_one_named(served: TestClient) -> None:
    current = served.get(FIRST).headers["content-revision"]
    answer = served.get(f"{FIRST}?rev=0123456789abcdef")
    assert answer.status_code == 410
    assert answer.json()["type"] == "/docs/problems/revision_gone"
    assert answer.json()["detail"] == (
        f"Revision 0123456789abcdef is not kept; the current one is {current}."
    )
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "value", ["", "0123", "0123456789abcdefa", "0123456789ABCDEF", "0123456789abcdeg", "%31" * 15]
)
def test_malformed_revision_is_a_wrong_parameter(served: TestClient, value: str) -> None:
    answer = served.get(f"{LIST}?rev={value}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["name"] == "rev"
    assert "'rev' (16 hex digits" in answer.json()["detail"]


def test_revision_named_twice_is_told(served: TestClient, old: str) -> None:
    answer = served.get(f"{LIST}?rev={old}&rev={old}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "repeated_parameter"


def test_name_of_the_parameter_may_be_percent_encoded(served: TestClient, old: str) -> None:
    assert served.get(f"{FIRST}?%72ev={old}").headers["content-revision"] == old


def test_answers_of_two_revisions_do_not_mix(served: TestClient, old: str) -> None:
    titles = [
        served.get(path).json()["data"]["title"]
        for path in (FIRST, f"{FIRST}?rev={old}", FIRST, f"{FIRST}?rev={old}")
    ]
    assert titles == ["Changed", "First"] * 2


def test_content_that_came_back_is_read_by_its_newest_revision(site: Site, old: str) -> None:
    write(site.content, site.files)
    assert site.publish().revision.name == old
    with client(site.settings) as served:
        assert served.get(f"{FIRST}?rev={old}").json()["data"]["title"] == "First"
