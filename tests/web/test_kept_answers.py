"""Answers that outlive publishes are those that a server gives that has just been started."""

from pathlib import Path
from random import Random

import pytest
from starlette.testclient import TestClient

from tests.support import SMALL, Site, client, write

PATHS = (
    "/v1",
    "/v1/contact",
    "/v1/articles",
    "/v1/articles?view=full",
    "/v1/articles?limit=1&page=2",
    "/v1/articles/first",
    "/v1/articles/first?locale=uk",
    "/v1/articles/first?rich_text=text",
    "/v1/articles/first/sections",
    "/v1/articles/first/sections/part",
    "/v1/articles/second",
    "/v1/sections",
    "/v1/sections?view=full&locale=uk",
    "/v1/topics",
    "/v1/topics/one",
    "/v1/topics/stays",
    "/v1/topics/two?locale=uk",
    "/v1/people/ann",
    "/v1/services/care",
)
TITLES = ("One", "Two", "Example", "Other")


def edit(random: Random, site: Site) -> None:
    """Change, add or remove something."""
    title = random.choice(TITLES)
    name, text = random.choice(
        (
            ("topics/one.yaml", f"title: {title}\n"),
            ("topics/one.yaml", f"id: stays\ntitle: {title}\n"),
            ("topics/two.uk.yaml", f"title: {title} uk\n"),
            ("people/ann.md", f"---\nname: {title} Example\n---\nAbout.\n"),
            ("services/care.yaml", f"title: {title}\n"),
            ("contact.yaml", f"name: {title} contact\n"),
            ("articles/second.md", f"---\ntitle: {title}\nrelated: [first]\n---\n{title}.\n"),
            ("articles/first.uk.md", f"---\ntitle: {title} uk\n---\n{title}.\n"),
            ("articles/third.md", f"---\ntitle: {title}\n---\nText.\n\n## A {{#a}}\n\nLead.\n"),
            ("articles/first.md", SMALL["articles/first.md"].replace("A lead", title)),
            ("articles/third.md", None),
            ("articles/first.uk.md", None),
            ("topics/two.uk.yaml", None),
        )
    )
    if text is None:
        (site.content / name).unlink(missing_ok=True)
        return
    write(site.content, {name: text})


def answers(served: TestClient) -> dict[str, tuple[int, bytes, dict[str, str]]]:
    found = {}
    for path in PATHS:
        answer = served.get(path, headers={"x-request-id": "the-same"})
        found[path] = answer.status_code, answer.content, dict(answer.headers)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_is_what_a_new_server_answers(seed: int, tmp_path: Path) -> None:
    random = Random(seed)  # noqa: S311 - a reproducible walk, no secret
    site = Site(tmp_path, SMALL)
    with site.served() as lasting:
        answers(lasting)
        for _ in range(20):
            for _ in range(random.randrange(1, 3)):
                edit(random, site)
            site.publish()
            with client(site.settings) as new:
                expected = answers(new)
            assert answers(lasting) == expected


def test_change_of_an_entry_is_seen_at_its_other_address(tmp_path: Path) -> None:
    site = Site(tmp_path, {**SMALL, "topics/one.yaml": "id: stays\ntitle: One\n"})
    with site.served() as served:
        assert served.get("/v1/topics/stays").json()["data"]["title"] == "One"
        write(site.content, {"topics/one.yaml": "id: stays\ntitle: Anew\n"})
        site.publish()
        assert served.get("/v1/topics/stays").json()["data"]["title"] == "Anew"


def test_withdrawn_entry_and_its_parts_are_gone_from_what_is_kept(tmp_path: Path) -> None:
    site = Site(tmp_path)
    addresses = ("/v1/articles/first", "/v1/articles/first/sections/part")
    with site.served() as served:
        assert [served.get(one).status_code for one in addresses] == [200, 200]
        text = SMALL["articles/first.md"].replace("title:", "withdrawn: {reason: Wrong.}\ntitle:")
        write(site.content, {"articles/first.md": text})
        site.publish()
        assert [served.get(one).status_code for one in addresses] == [410, 410]
