"""What readers have is what the files say at that instant, to the second, and nothing else.

The clock is passed in: each publish is told what time it is.
"""

import gzip
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from time import sleep
from typing import Any, NamedTuple

import pytest
from PIL import Image
from starlette.testclient import TestClient

from api.compiler import pipeline
from api.compiler.tools import tools_of
from api.contract.operations import Choice, Language, Number, operations
from api.errors import ContentError
from api.http.validators import entity_tag
from api.store.rollback import roll_back
from api.store.writer import Published
from api.web.content import FRESH_SECONDS
from tests.support import NOW, SMALL, Site, client, write

SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(hours=1)
LATER_SAID = "2026-11-23T13:00:00Z"
TOPIC = "/v1/topics/three"
TOPICS = {f"topics/{name}.yaml": f"title: {name.title()}\n" for name in ("four", "five", "six")}
FILES: Mapping[str, str] = {**SMALL, **TOPICS}

Json = Any


def publish(site: Site, now: datetime = NOW) -> Published:
    published = pipeline.publish(site.content, site.store, site.models, now)
    sleep(2 * FRESH_SECONDS)
    return published


def slugs(served: TestClient, path: str) -> list[str]:
    return [one["slug"] for one in served.get(path).json()["data"]]


def topic(*lines: str) -> dict[str, str]:
    return {"topics/three.yaml": "\n".join(["title: Three", *lines, ""])}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path, FILES)


def test_draft_is_not_there_until_it_is_none(site: Site) -> None:
    write(site.content, topic("status: draft"))
    publish(site)
    with client(site.settings) as served:
        assert served.get(TOPIC).status_code == 404
        assert "three" not in slugs(served, "/v1/topics")
        assert served.get("/v1/topics").json()["meta"]["total"] == 5
        write(site.content, topic("status: published"))
        publish(site)
        assert served.get(TOPIC).status_code == 200
        assert served.get("/v1/topics").json()["meta"]["total"] == 6


def test_picture_of_a_draft_is_not_published_for_its_review(site: Site) -> None:
    review = "review: {reviewed_by: ann, at: 2026-01-02, digest: " + "0" * 64 + "}"
    text = f"---\ntitle: A\nstatus: draft\n{review}\n---\n![Words on it](../images/a.png)\n"
    write(site.content, {"articles/third.md": text, "images/a.png": picture()})
    publish(site)
    with closing(sqlite3.connect(site.store)) as connection:
        assert connection.execute("SELECT count(*) FROM media").fetchone() == (0,)


def test_drafts_are_shown_to_whoever_publishes_them(site: Site) -> None:
    write(site.content, topic("status: draft"))
    write(site.content, {"topics/seven.yaml": f"title: Seven\npublish_at: {LATER_SAID}\n"})
    pipeline.publish(site.content, site.store, site.models, NOW, drafts=True)
    with client(site.settings) as served:
        assert served.get(TOPIC).status_code == 200
        assert served.get("/v1/topics/seven").status_code == 200


def test_scheduled_entry_appears_at_its_instant_and_not_a_second_before(site: Site) -> None:
    write(site.content, topic(f"publish_at: {LATER_SAID}"))
    first = publish(site)
    assert datetime.fromisoformat(str(first.revision.stamp.next_change)) == LATER
    with client(site.settings) as served:
        for early in (NOW, LATER - SECOND):
            assert publish(site, early).revision.digest == first.revision.digest
            assert served.get(TOPIC).status_code == 404
            assert "three" not in slugs(served, "/v1/topics")
        assert publish(site, LATER).revision.stamp.next_change is None
        assert served.get(TOPIC).status_code == 200
        assert "three" in slugs(served, "/v1/topics")


@pytest.mark.parametrize("before", ["", "expire_at: 2026-01-01T00:00:00Z"])
def test_entry_that_is_scheduled_again_is_not_said_to_be_deleted(site: Site, before: str) -> None:
    write(site.content, topic("id: fixed", before))
    publish(site)
    write(site.content, topic("id: fixed", f"publish_at: {LATER_SAID}"))
    publish(site)
    with client(site.settings) as served:
        for address in (TOPIC, "/v1/topics/fixed"):
            assert served.get(address).status_code == 404
        publish(site, LATER)
        assert served.get(TOPIC).status_code == 200


def test_entry_that_is_renamed_and_scheduled_is_not_said_to_be_deleted(site: Site) -> None:
    publish(site)
    (site.content / "topics" / "four.yaml").unlink()
    write(site.content, topic("redirect_from: [four]", f"publish_at: {LATER_SAID}"))
    publish(site)
    with client(site.settings) as served:
        assert served.get("/v1/topics/four").status_code == 404
        publish(site, LATER)
        assert served.get("/v1/topics/four", follow_redirects=False).status_code == 308


def test_expired_entry_answers_410_from_its_instant_on(site: Site) -> None:
    write(site.content, topic(f"expire_at: {LATER_SAID}"))
    with client(site.settings) as served:
        for early in (NOW, LATER - SECOND):
            publish(site, early)
            assert served.get(TOPIC).status_code == 200
        assert publish(site, LATER).revision.stamp.next_change is None
        answer = served.get(TOPIC)
        assert answer.status_code == 410
        assert answer.json()["reason"] == f"It was published until {LATER_SAID}."
        assert "three" not in slugs(served, "/v1/topics")


def test_next_change_is_the_first_of_all_entries(site: Site) -> None:
    write(site.content, topic(f"expire_at: {LATER_SAID}"))
    write(site.content, {"topics/seven.yaml": "title: Seven\npublish_at: 2026-11-23T12:30:00Z\n"})
    half = NOW + timedelta(minutes=30)
    changes = [publish(site, at).revision.stamp.next_change for at in (NOW, half, LATER)]
    instants = [datetime.fromisoformat(change) if change else None for change in changes]
    assert instants == [half, LATER, None]


WITHDRAWN = ("withdrawn:", "  reason: Example reason.", "  replacement: four")


def test_withdrawn_entry_is_gone_from_every_revision(site: Site) -> None:
    write(site.content, topic("id: lasting"))
    old = publish(site).revision.name
    with client(site.settings) as served:
        assert served.get(f"{TOPIC}?rev={old}").status_code == 200
        write(site.content, topic("id: lasting", *WITHDRAWN))
        publish(site)
        for address in (TOPIC, "/v1/topics/lasting"):
            for query in ("", "?rich_text=html", f"?rev={old}"):
                answer = served.get(address + query)
                assert answer.status_code == 410, address + query
                assert answer.json()["reason"] == "Example reason."
                assert answer.json()["replacement"] == "/v1/topics/four"
        for query in ("", f"?rev={old}", f"?rev={old}&view=full"):
            assert "three" not in slugs(served, f"/v1/topics{query}"), query


def test_withdrawal_reaches_what_the_entry_was_before_it_was_renamed(site: Site) -> None:
    write(site.content, topic())
    old = publish(site).revision.name
    renamed(site, "three", "third", "three")
    lines = "\n".join(["title: Three", "redirect_from: [three]", *WITHDRAWN, ""])
    write(site.content, {"topics/third.yaml": lines})
    publish(site)
    with client(site.settings) as served:
        for query in ("", f"?rev={old}"):
            assert served.get(TOPIC + query).status_code == 410, query
            assert "three" not in slugs(served, f"/v1/topics{query}"), query


def test_withdrawal_begins_at_its_instant(site: Site) -> None:
    write(site.content, topic(*WITHDRAWN, f"  at: {LATER_SAID}"))
    with client(site.settings) as served:
        assert publish(site).revision.stamp.next_change is not None
        assert served.get(TOPIC).status_code == 200
        publish(site, LATER)
        assert served.get(TOPIC).status_code == 410


def test_withdrawn_article_is_gone_with_its_sections(site: Site) -> None:
    publish(site)
    article = site.content / "articles" / "first.md"
    text = article.read_text("utf-8")
    with client(site.settings) as served:
        assert served.get("/v1/articles/first/sections/part").status_code == 200
        assert served.get("/v1/sections").json()["meta"]["total"] == 1
        article.write_text(text.replace("---\n", "---\nwithdrawn: {reason: Wrong.}\n", 1), "utf-8")
        publish(site)
        for path in ("", "/sections", "/sections/part"):
            answer = served.get(f"/v1/articles/first{path}")
            assert (answer.status_code, answer.json()["reason"]) == (410, "Wrong.")
        assert served.get("/v1/sections").json()["meta"]["total"] == 0


def test_translation_goes_with_its_source_text(site: Site) -> None:
    write(site.content, {**topic(), "topics/three.uk.yaml": "title: Три\n"})
    publish(site)
    with client(site.settings) as served:
        assert "three" in slugs(served, "/v1/topics?locale=uk")
        write(site.content, topic("status: draft"))
        publish(site)
        assert "three" not in slugs(served, "/v1/topics?locale=uk")
        assert served.get(f"{TOPIC}?locale=uk").status_code == 410


def renamed(site: Site, old: str, new: str, *former: str) -> None:
    """Rename a topic, and publish."""
    folder = site.content / "topics"
    (folder / f"{old}.yaml").unlink()
    write(folder, {f"{new}.yaml": f"title: Three\nredirect_from: [{', '.join(former)}]\n"})
    publish(site)


def test_renamed_entry_is_found_at_every_slug_that_it_had(site: Site) -> None:
    write(site.content, topic())
    publish(site)
    with client(site.settings) as served:
        renamed(site, "three", "third", "three")
        answer = served.get(f"{TOPIC}?locale=uk")
        assert answer.status_code == 308
        assert answer.headers["location"] == "/v1/topics/third?locale=uk"
        renamed(site, "third", "tertiary", "three", "third")
        for former in ("three", "third"):
            answer = served.get(f"/v1/topics/{former}")
            assert answer.status_code == 308
            assert answer.headers["location"] == "/v1/topics/tertiary", "in one step"
        assert served.get("/v1/topics/tertiary").status_code == 200


def test_rename_back_ends_the_redirect(site: Site) -> None:
    write(site.content, topic())
    publish(site)
    renamed(site, "three", "third", "three")
    renamed(site, "third", "three", "third")
    with client(site.settings) as served:
        assert served.get(TOPIC).status_code == 200
        assert served.get("/v1/topics/third").headers["location"] == TOPIC


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        pytest.param(topic("redirect_from: [four]"), {"former_slug"}, id="a present slug"),
        pytest.param(topic("redirect_from: [three]"), {"former_slug"}, id="its own"),
        pytest.param(
            topic("withdrawn: {reason: Wrong., replacement: three}"),
            {"replacement_loop"},
            id="its own replacement",
        ),
        pytest.param(
            topic("withdrawn: {reason: Wrong., replacement: fuor}"),
            {"dangling_reference"},
            id="no replacement",
        ),
        pytest.param(topic("status: draft", "sumary: A"), {"unknown_field"}, id="wrong draft"),
    ],
)
def test_what_is_wrong_with_hidden_entries_is_told(
    site: Site, files: Mapping[str, str], codes: set[str]
) -> None:
    write(site.content, files)
    assert {issue.code for issue in site.issues()} == codes


HIDING = [
    pytest.param("status: draft\n", id="draft"),
    pytest.param(f"publish_at: {LATER_SAID}\n", id="scheduled"),
    pytest.param("expire_at: 2026-11-23T12:00:00Z\n", id="expired"),
    pytest.param("withdrawn: {reason: Example reason.}\n", id="withdrawn"),
]


@pytest.mark.parametrize("hiding", HIDING)
def test_references_to_what_is_hidden_are_left_out(site: Site, hiding: str) -> None:
    linking = (
        "---\ntitle: Linking\n---\nRead [one *word*](topic:one), [a file](../topics/one.yaml) and "
        "[two](topic:two).\n"
    )
    write(
        site.content,
        {
            "topics/one.yaml": f"title: One\n{hiding}",
            "people/ann.md": f"---\nname: Ann Example\n{hiding}---\nAbout Ann.\n",
            "services/care.yaml": f"title: Care\n{hiding}",
            "articles/linking.md": linking,
        },
    )
    publish(site)
    with client(site.settings) as served:
        first = served.get("/v1/articles/first").json()["data"]
        assert first["author"] is None
        assert [one["slug"] for one in first["topics"]] == ["two"]
        assert first["call_to_action"]["services"] == []
        html = served.get("/v1/articles/linking?rich_text=html").json()["data"]["body"]["html"]
        assert html.startswith("<p>Read one <em>word</em>, a file and <a href=")
        assert html.count("<a ") == 1
        blocks = served.get("/v1/articles/linking").json()["data"]["body"]["blocks"]
        assert [mark["href"] for mark in blocks[0]["markDefs"]] == ["/topics/two"]
        (card,) = [
            one for one in served.get("/v1/articles").json()["data"] if one["slug"] == "first"
        ]
        assert card["author"] is None
        assert [one["slug"] for one in card["topics"]] == ["two"]


def test_references_come_back_with_what_they_lead_to(site: Site) -> None:
    write(site.content, {"topics/one.yaml": f"title: One\npublish_at: {LATER_SAID}\n"})
    with client(site.settings) as served:
        found = []
        for at in (NOW, LATER):
            publish(site, at)
            data = served.get("/v1/articles/first").json()["data"]
            found.append([one["slug"] for one in data["topics"]])
    assert found == [["two"], ["one", "two"]]


@pytest.mark.parametrize("hiding", HIDING)
def test_required_reference_to_what_is_hidden_is_told_at_its_place(site: Site, hiding: str) -> None:
    write(site.content, {"comments/said.md": "---\narticle: second\n---\nWords.\n"})
    publish(site)
    second = f"---\ntitle: Second\n{hiding}---\nAnother body.\n"
    write(site.content, {"articles/second.md": second})
    with pytest.raises(ContentError) as refused:
        publish(site)
    (issue,) = (issue for issue in refused.value.issues if issue.is_error)
    assert str(issue.place).endswith("comments/said.md:2:10")


# Canaries: words that nobody can guess, in every place where a hidden entry can have one.

ARTICLE = """\
---
title: {word} title
id: {word}-id
summary: {word} summary
{hiding}
redirect_from: [{word}-former]
topics: [{word}-topic]
author: {word}-person
---
![{word} alt](../images/{word}.png)

{word} body with [a list](../files/{word}.csv).

## {word} section {{#{word}-section}}

{word} lead.

### {word} point {{#{word}-point}}

{word} text.
"""
TRANSLATION = "---\ntitle: {word} переклад\n---\n{word} текст.\n"


def picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (3, 2), "red").save(written, "PNG")
    return written.getvalue()


def table(word: str) -> str:
    return f"name\n{word}\n"


class Canaries(NamedTuple):
    """Words that begin with one of two prefixes: of drafts, and of what is scheduled."""

    drafts: str
    scheduled: str
    words: tuple[str, ...]


def canaries(folder: Path, each: int) -> tuple[Site, Canaries]:
    """Make a site with hidden articles, each with a topic and a person of its own.

    A public article and a public page refer to all of them.
    """
    drafts, scheduled = (f"{sign}{token_hex(6)}" for sign in "qz")
    hidings = {drafts: "status: draft", scheduled: f"publish_at: {LATER_SAID}"}
    site = Site(folder, FILES)
    words = []
    for prefix, hiding in hidings.items():
        for number in range(each):
            word = f"{prefix}n{number}"
            words.append(word)
            own = {"word": word, "hiding": hiding}
            files = {
                f"articles/{word}.md": ARTICLE.format(**own),
                f"articles/{word}.uk.md": TRANSLATION.format(**own),
                f"topics/{word}-topic.yaml": f"title: {word} topic\n{hiding}\n",
                f"people/{word}-person.md": f"---\nname: {word}\n{hiding}\n---\n{word} words.\n",
                f"files/{word}.csv": table(word),
            }
            write(site.content, files)
            write(site.content, {f"images/{word}.png": picture()})
    links = "\n\n".join(
        f"See [this](article:{word}) and [that](../topics/{word}-topic.yaml)." for word in words
    )
    related = ", ".join(words)
    open_text = f"---\ntitle: Open\nrelated: [{related}]\n---\n{links}\n"
    write(site.content, {"articles/open.md": open_text})
    return site, Canaries(drafts, scheduled, tuple(words))


def questions(served: TestClient, site: Site) -> Iterator[str]:
    """Yield a target for every operation with each kind of value of each of its parameters."""
    entries = {
        one["href"]: [entry["slug"] if "slug" in entry else entry["key"] for entry in listed]
        for one in served.get("/v1").json()["data"]["collections"]
        if one["kind"] != "single"
        for listed in [served.get(f"{one['href']}?limit=100").json()["data"]]
    }
    for operation in operations(site.models):
        paths = [operation.path]
        if "{slug}" in operation.path:
            above = operation.path.partition("/{slug}")[0]
            paths = [operation.path.replace("{slug}", slug) for slug in entries[above]]
        for path in paths:
            filled = path.replace("{key}", "part").replace("{type}", "article")
            filled = filled.replace("{code}", "gone").replace("{digest}", "a" * 22)
            target = filled.replace("{name}", "a.png")
            yield target
            for parameter in operation.parameters:
                match parameter.takes:
                    case Number(least, most, default):
                        values = [str(value) for value in (least, default, most, most + 1, "x")]
                    case Choice(allowed):
                        values = [*allowed, "wrong"]
                    case Language():
                        values = ["en", "uk", "uk-UA", "fr", "?"]
                    case _:
                        values = [str(served.get("/v1").headers["content-revision"]), "0" * 16]
                yield from (f"{target}?{parameter.name}={value}" for value in values)
            yield f"{target}?view=full&limit=100&rich_text=html&locale=uk"


def said(served: TestClient, target: str, coding: str = "identity", method: str = "GET") -> str:
    """Return all that an answer says: its status, its headers, its body, decoded."""
    own = {"accept-encoding": coding, "x-request-id": "same"}
    answer = served.request(method, target, headers=own)
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{answer.status_code}\n{headers}\n{answer.text}"


def guesses(word: str) -> Iterator[str]:
    """Yield addresses that a hidden article would have."""
    for name in (word, f"{word}-id", f"{word}-former"):
        yield f"/v1/articles/{name}"
    for below in ("sections", f"sections/{word}-section", f"sections/{word}-section?locale=uk"):
        yield f"/v1/articles/{word}/{below}"
    yield from (f"/v1/articles/{word}?locale=uk", f"/v1/articles/{word}?rich_text=html")
    yield from (f"/v1/topics/{word}-topic", f"/v1/people/{word}-person")
    yield f"/v1/articles?prefix={word}"
    yield f"/media/{entity_tag(picture())}/{word}.png"
    yield f"/media/{entity_tag(table(word).encode())}/{word}.csv"


def stored(site: Site) -> bytes:
    """Return every byte of the store's files, and what is compressed in them, inflated."""
    files = [site.store, *sorted(site.folder.glob("store.db-*"))]
    assert files
    found = b"".join(file.read_bytes() for file in files)
    with closing(sqlite3.connect(site.store)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - its own tables
                for value in row:
                    if isinstance(value, bytes):
                        found += value + _inflated(value)
                    else:
                        found += str(value).encode()
    return found


def _inflated(value: bytes) -> bytes:
    for inflate in (gzip.decompress, zlib.decompress):
        try:
            return inflate(value)
        except (OSError, EOFError, zlib.error):
            continue
    return b""


def test_no_request_of_any_kind_finds_a_draft_or_what_is_not_due(tmp_path: Path) -> None:
    site, canary = canaries(tmp_path, 100)
    assert len(canary.words) == 200
    publish(site, LATER - 2 * SECOND)
    write(site.content, topic())
    publish(site, LATER - SECOND)
    bytes_of_store = stored(site)
    for prefix in (canary.drafts, canary.scheduled):
        # Of so many bytes pytest must not show where they differ.
        is_there = prefix.encode() in bytes_of_store
        assert not is_there, "not even in the store's files"
    with client(site.settings) as served:
        asked = set()
        for target in questions(served, site):
            for coding in ("identity", "gzip", "br"):
                answer = said(served, target, coding)
                assert canary.drafts not in answer, target
                assert canary.scheduled not in answer, target
            asked.add(target)
            for method in ("HEAD", "OPTIONS", "POST"):
                answer = said(served, target, method=method)
                assert canary.drafts not in answer, target
                assert canary.scheduled not in answer, target
        assert len(asked) > 200
        none: dict[str, str] = {}
        for word in canary.words:
            for target in guesses(word):
                # What is hidden and what never was get the same answer, name for name.
                never = target.replace(word, "x" * len(word))
                if never not in none:
                    none[never] = said(served, never)
                hidden = said(served, target)
                assert hidden[:3] in {"400", "404"}, target
                assert hidden.replace(word, "x" * len(word)) == none[never], target


def test_what_is_hidden_changes_no_byte_of_a_revision(tmp_path: Path) -> None:
    """No count, no order, no tag and no file tells that there is something."""
    site, canary = canaries(tmp_path / "with", 20)
    (site.content / "articles/open.md").unlink()
    done = publish(site, LATER - SECOND)
    without = publish(Site(tmp_path / "without", FILES), LATER - SECOND)
    assert len(canary.words) == 40
    assert done.revision.digest == without.revision.digest
    assert publish(site, LATER).revision.digest != done.revision.digest


def test_what_was_scheduled_is_found_at_its_time_and_drafts_still_are_not(tmp_path: Path) -> None:
    """Prove the search itself: what it did not find before, it finds now."""
    site, canary = canaries(tmp_path, 3)
    publish(site, LATER)
    bytes_of_store = stored(site)
    are_there = [one.encode() in bytes_of_store for one in (canary.drafts, canary.scheduled)]
    assert are_there == [False, True]
    with client(site.settings) as served:
        answers = [said(served, target) for target in questions(served, site)]
        assert any(canary.scheduled in answer for answer in answers)
        assert not any(canary.drafts in answer for answer in answers)
        word = next(one for one in canary.words if one.startswith(canary.scheduled))
        assert [served.get(target).status_code for target in guesses(word)] == [
            *(200, 200, 308, 200, 200, 200, 200, 200, 200, 200, 400, 200, 200)
        ]


def test_revision_follows_from_files_and_instant_alone(tmp_path: Path) -> None:
    """A store that saw the change come and one that is made afterwards hold one revision."""
    lines = topic(f"publish_at: {LATER_SAID}", "redirect_from: [old]")
    early, late = (Site(tmp_path / name, {**FILES, **lines}) for name in ("early", "late"))
    publish(early, LATER - SECOND)
    digests = {publish(one, at).revision.digest for one, at in ((early, LATER), (late, LATER))}
    digests.add(publish(late, datetime(2030, 1, 1, tzinfo=UTC)).revision.digest)
    assert len(digests) == 1


def test_old_revisions_keep_the_contract_when_they_lose_what_is_withdrawn(tmp_path: Path) -> None:
    review = f"review: {{reviewed_by: ann, at: 2026-01-02, digest: {'0' * 64}}}\n"
    files = {
        **FILES,
        "articles/third.md": f"---\ntitle: Third\n{review}---\nText.\n",
        "comments/said.md": "---\narticle: first\n---\nWords.\n",
    }
    site = Site(tmp_path, files)
    old = publish(site).revision
    recalled = "withdrawn: {reason: Recalled}\n"
    write(
        site.content,
        {
            "people/ann.md": f"---\nname: Ann\n{recalled}---\n",
            "articles/first.md": f"---\ntitle: First\n{recalled}---\nText.\n",
            "articles/third.md": "---\ntitle: Third\n---\nText.\n",
        },
    )
    (site.content / "comments" / "said.md").unlink()
    publish(site)
    proof = tools_of(site.models).proof
    with client(site.settings) as served:
        third = served.get(f"/v1/articles/third?rev={old.name}").json()
        assert third["data"]["review"] is None
        assert not [*proof.faults("ArticleItem", third)]
        assert served.get(f"/v1/comments/said?rev={old.name}").status_code == 404
        assert served.get(f"/v1/comments?rev={old.name}").json()["data"] == []
        roll_back(site.store, str(old.number), NOW)
        sleep(2 * FRESH_SECONDS)
        assert served.get("/v1/articles/third").json() == third
        assert served.get("/v1/comments").json()["meta"]["total"] == 0


@pytest.mark.parametrize("publishes", [0, 1])
def test_reference_by_a_former_slug_is_told_the_present_one(site: Site, publishes: int) -> None:
    write(site.content, {"topics/quite-another.yaml": "title: A\nredirect_from: [threes]\n"})
    write(site.content, topic())
    for _ in range(publishes):
        publish(site)
    text = "---\ntitle: Third\ntopics: [threes]\n---\nSee [it](topic:threes).\n"
    write(site.content, {"articles/third.md": text})
    with pytest.raises(ContentError) as caught:
        publish(site)
    said = [issue.message for issue in caught.value.issues]
    assert said == ["no topic has the slug 'threes', did you mean 'quite-another'?"] * 2
