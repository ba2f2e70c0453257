"""Cache tags go out in the header of the setting, and nowhere without it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.http.cache_tags import SIZE
from api.settings import Settings
from tests.support import SMALL, Site, client

HEADERS = ("cache-tag", "surrogate-key", "xkey")


@contextmanager
def tagged(site: Site, name: str = "Cache-Tag") -> Iterator[TestClient]:
    site.publish()
    settings = site.settings.model_dump() | {"cache_tags": name}
    with client(Settings(**settings)) as served:
        yield served


def tags(served: TestClient, address: str) -> list[str]:
    answer = served.get(address)
    assert answer.status_code == 200
    return answer.headers["cache-tag"].split(",")


def test_no_answer_has_cache_tags_by_default(tmp_path: Path) -> None:
    with Site(tmp_path).served() as served:
        for address in ("/v1", "/v1/articles", "/v1/articles/first"):
            assert not {*HEADERS} & {*served.get(address).headers}


@pytest.mark.parametrize(("name", "mark"), [("Cache-Tag", ","), ("Surrogate-Key", " ")])
def test_an_item_has_its_tags_in_the_header_chosen(tmp_path: Path, name: str, mark: str) -> None:
    with tagged(Site(tmp_path), name) as served:
        answer = served.get("/v1/articles/second")
        unchanged = served.get(
            "/v1/articles/second", headers={"if-none-match": answer.headers["etag"]}
        )
    assert answer.headers[name] == mark.join(["article:second", "article:first"])
    assert unchanged.status_code == 304
    assert unchanged.headers[name] == answer.headers[name]
    assert len({*HEADERS} & {*answer.headers}) == 1


def test_a_list_has_its_types_tag_and_those_of_what_it_shows(tmp_path: Path) -> None:
    with tagged(Site(tmp_path)) as served:
        assert tags(served, "/v1/topics") == ["topic", "topic:one", "topic:two"]
        assert tags(served, "/v1/topics?limit=1&page=2") == ["topic", "topic:two"]
        assert tags(served, "/v1/comments") == ["comment"]
        assert tags(served, "/v1/sections") == ["section", "article:first"]
        assert tags(served, "/v1/articles/first/sections") == ["article:first"]
        assert tags(served, "/v1/articles?limit=1&view=full") == [
            "article",
            "article:first",
            "person:ann",
            "service:care",
            "topic:one",
            "topic:two",
        ]


def test_a_translated_list_has_the_tags_of_what_translations_show(tmp_path: Path) -> None:
    text = "---\ntitle: Example\n---\n[Care](service:care)\n"
    site = Site(tmp_path, {**SMALL, "articles/second.uk.md": text})
    with tagged(site) as served:
        uk = tags(served, "/v1/articles?locale=uk&limit=1&page=2")
    assert uk == ["article", "article:first", "article:second", "service:care"]


def test_a_list_that_shows_too_many_entries_names_their_types(tmp_path: Path) -> None:
    files = {f"topics/{'long-' * 17}{number}.yaml": "title: Example\n" for number in range(100)}
    with tagged(Site(tmp_path, {**SMALL, **files})) as served:
        assert tags(served, "/v1/topics?limit=100") == ["topic"]
        assert len(",".join(tags(served, "/v1/topics?limit=80"))) <= SIZE


def test_errors_have_no_cache_tags(tmp_path: Path) -> None:
    with tagged(Site(tmp_path)) as served:
        assert "cache-tag" not in served.get("/v1/articles/none").headers
