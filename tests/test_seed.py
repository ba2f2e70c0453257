"""The first content: the clinic's article comes out of the API as it went in."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.compiler import pipeline
from api.settings import Settings
from schemas.discovery import discover
from tests.support import ARTICLE, NOW, REPOSITORY, SEED_CONTENT, client

SEED = (REPOSITORY / "tests/data/seed.txt").read_text(encoding="utf-8")
GOLDEN = (REPOSITORY / "tests/data/golden_article.json").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    store = tmp_path_factory.mktemp("seed") / "store.db"
    pipeline.publish(SEED_CONTENT, store, discover(), NOW)
    with client(Settings(store=store)) as opened:
        yield opened


def test_article_is_the_golden_one_but_for_its_hash(served: TestClient) -> None:
    answer, golden = served.get(ARTICLE).json(), json.loads(GOLDEN)
    assert len(answer["data"].pop("hash")) == 32
    del golden["data"]["hash"]
    assert answer == golden
    assert json.dumps(answer) == json.dumps(golden), "the properties stand in the golden order"


def test_every_word_of_the_article_is_the_seeds(served: TestClient) -> None:
    article = served.get(ARTICLE, params={"rich_text": "text"}).json()["data"]
    assert list(_words(article)) == _seed_words()


def _seed_words() -> list[str]:
    """Return the words of the page from its title to the end of its call to action."""
    start = SEED.index("Ketamine, Esketamine for Depression")
    end = SEED.index("suboxone rehabilitation.") + len("suboxone rehabilitation.")
    return SEED[start:end].split()


def _words(article: dict[str, Any]) -> Iterator[str]:
    """Yield the words of an article as its page shows them."""
    yield from article["title"].split()
    yield from f"Updated: {article['updated_label']}".split()
    yield from article["body"]["text"].split()
    for section in article["sections"]:
        yield from section["lead"]["text"].split()
        for point in section["points"]:
            yield from f"{point['number']}. {point['title']}:".split()
            yield from point["body"]["text"].split()
    yield from article["call_to_action"]["body"]["text"].split()


@pytest.mark.parametrize("form", ["html", "markdown", "text"])
def test_every_form_of_the_text_has_the_same_words(served: TestClient, form: str) -> None:
    article = served.get(ARTICLE, params={"rich_text": form}).json()["data"]
    body = article["body"][form].removeprefix("<p>").removesuffix("</p>")
    assert body.split() == GOLDEN_BODY.split()


GOLDEN_BODY: str = json.loads(GOLDEN)["data"]["body"]["blocks"][0]["children"][0]["text"]


def test_services_are_named_as_the_page_writes_them(served: TestClient) -> None:
    slugs = ("botox-injections", "esketamine-appointments", "suboxone-rehabilitation")
    titles = [served.get(f"/v1/services/{slug}").json()["data"]["title"] for slug in slugs]
    assert titles == ["Botox injections", "Esketamine appointments", "suboxone rehabilitation"]
    assert all(title in SEED for title in titles)
    listed = [card["title"] for card in served.get("/v1/services?limit=100").json()["data"]]
    assert [title for title in listed if title in titles] == titles


def test_contact_says_what_the_seed_says_and_no_more(served: TestClient) -> None:
    contact = served.get("/v1/contact").json()["data"]
    assert contact["name"] == "The Epec Clinic"
    assert contact["phones"] == [{"display": "443-559-8354", "e164": "+14435598354"}]
    unsaid = ("email", "url", "address", "summary", "published_at", "updated_at")
    assert [contact[name] for name in unsaid] == [None] * len(unsaid)
    assert contact["opening_hours"] == []


def test_topics_are_words_of_the_title(served: TestClient) -> None:
    article = served.get(ARTICLE).json()["data"]
    assert [topic["title"] for topic in article["topics"]] == [
        "Ketamine",
        "Esketamine",
        "Depression",
        "Addiction",
    ]


def test_frame_has_its_labels_in_english_and_ukrainian(served: TestClient) -> None:
    site = served.get("/v1/site").json()["data"]
    english, ukrainian = site["labels"]["en"], site["labels"]["uk"]
    assert ukrainian["comments"] == "Коментарі"
    assert (english["recent_posts"], english["see_all"]) == ("Recent Posts", "See All")
    for label in ("Recent Posts", "See All", "Коментарі", "Author"):
        assert label in SEED
    assert all(english.values())
    assert english.keys() == ukrainian.keys()
    assert all(ukrainian.values())
