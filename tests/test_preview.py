"""`keypoint serve --preview`, as a front end uses it: a process of its own."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.compiler import pipeline
from api.settings import Settings
from schemas.discovery import discover
from tests.support import ARTICLE, NOW, REPOSITORY, SEED_CONTENT, SMALL, Site, client, write

TOKEN = "example-token-of-a-test"  # noqa: S105 - the test's own
PATIENCE = 20.0
MEDIA = "---\ntitle: First\n---\n[A file](table.csv)\n"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Preview:
    process: subprocess.Popen[str]
    port: int
    said: str

    def get(
        self, path: str, token: str | None = TOKEN, method: str = "GET", **headers: str
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            named["authorization"] = f"Bearer {token}"
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as asked:
            asked.request(method, path, headers=named)
            got = asked.getresponse()
            fields = {name.lower(): value for name, value in got.getheaders()}
            return Answer(got.status, fields, got.read())

    def until(self, path: str, wanted: str) -> None:
        """Ask until the answer has some words."""
        end = time.monotonic() + PATIENCE
        while wanted not in self.get(path).body.decode():
            assert time.monotonic() < end, wanted
            time.sleep(0.1)


@contextmanager
def previewing(folder: Path, token: str = TOKEN, content: str = "content") -> Iterator[Preview]:
    """Preview the folder's content; its store would be the folder's, its temporary files too."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    own = {name: value for name, value in os.environ.items() if not name.startswith("KEYPOINT_")}
    variables = {
        **own,
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(temporary),
        "KEYPOINT_PREVIEW_TOKEN": token,
        "KEYPOINT_STORE": str(folder / "store.db"),
    }
    command = [sys.executable, "-m", "api", "serve", content, "--preview", "--port", "0"]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        said = ""
        try:
            for line in process.stdout:
                said += line
                if found := re.match(r"serving http://127\.0\.0\.1:(\d+) ", line):
                    yield Preview(process, int(found[1]), said)
                    break
            else:
                raise AssertionError(said)
        finally:
            process.terminate()
            process.wait(PATIENCE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("preview")


@pytest.fixture(scope="module")
def preview(folder: Path) -> Iterator[Preview]:
    review = (
        "review:\n  reviewed_by: ann\n  at: 2026-01-05\n  next_due: 2027-06-30\n"
        f"  digest: {'0' * 64}\n"
    )
    Site(
        folder,
        {
            **SMALL,
            "articles/media.md": MEDIA,
            "articles/table.csv": "a,b\n" * 10,
            "topics/one.yaml": f"title: One\n{review}",
        },
    )
    with previewing(folder) as running:
        yield running


# The token


@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        pytest.param({}, 'Bearer realm="preview"', id="none"),
        pytest.param({"authorization": "Basic YTpi"}, 'Bearer realm="preview"', id="another kind"),
        pytest.param(
            {"authorization": f"Bearer {TOKEN}x"},
            'Bearer realm="preview", error="invalid_token"',
            id="another token",
        ),
        pytest.param(
            {"authorization": f"Bearer {TOKEN[:-1]}"},
            'Bearer realm="preview", error="invalid_token"',
            id="a shorter one",
        ),
    ],
)
@pytest.mark.parametrize(
    "path",
    ["/v1/articles/first", "/v1/none", "/", "/healthz", "/readyz", "/openapi.yaml", "/v1/%61"],
)
def test_without_the_token_there_is_nothing_to_see(
    preview: Preview, path: str, headers: dict[str, str], challenge: str
) -> None:
    answer = preview.get(path, None, **headers)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, challenge)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["type"] == "/docs/problems/unauthorized"
    assert TOKEN not in answer.body.decode()


def test_token_in_the_address_is_none(preview: Preview) -> None:
    assert preview.get(f"/v1?access_token={TOKEN}", None).status == 401


def test_app_of_another_origin_may_send_the_token(preview: Preview) -> None:
    asked = {"origin": "https://app.example.org", "access_control_request_method": "GET"}
    answer = preview.get("/v1/articles", None, "OPTIONS", **asked)
    assert answer.status == 204
    assert "Authorization" in answer.headers["access-control-allow-headers"].split(", ")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


def test_token_is_made_and_printed_where_none_is_given(tmp_path: Path) -> None:
    Site(tmp_path)
    with previewing(tmp_path, "") as running:
        found = re.search(r"^preview token: ([A-Za-z0-9_-]{32})$", running.said, re.MULTILINE)
        assert found
        assert running.get("/v1", found[1]).status == 200
        assert running.get("/v1").status == 401


def test_token_is_never_printed_where_it_was_given(tmp_path: Path) -> None:
    site = Site(tmp_path)
    with previewing(tmp_path) as running:
        assert running.get("/v1/articles/first").status == 200
        write(site.content, {"topics/one.yaml": "titel: One\n"})
        running.until("/readyz", "degraded")
        running.process.send_signal(signal.SIGTERM)
        assert running.process.stdout
        said = running.said + running.process.stdout.read()
    assert "unknown field 'titel', did you mean 'title'?" in said
    assert "not shown: the content has errors" in said
    assert TOKEN not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("token", ["short", "with spaces in the middle of it", "é" * 20])
def test_token_that_is_none_ends_the_command_untold(tmp_path: Path, token: str) -> None:
    Site(tmp_path)
    with pytest.raises(AssertionError) as caught, previewing(tmp_path, token):
        pass
    assert "KEYPOINT_PREVIEW_TOKEN" in str(caught.value)
    assert "--preview-token" not in str(caught.value)
    assert token not in str(caught.value)


# What is answered


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "GET", 200),
        ("/v1", "GET", 200),
        ("/v1/articles", "GET", 200),
        ("/v1/articles/first", "GET", 200),
        ("/v1/articles/first", "HEAD", 200),
        ("/v1/articles/first?source=1", "GET", 200),
        ("/v1/articles/first?source=1", "HEAD", 200),
        ("/v1/articles/first?at=2026-01-01T00:00:00Z", "GET", 200),
        ("/v1/articles/none", "GET", 404),
        ("/v1/articles/none?source=1", "GET", 404),
        ("/v1/articles/", "GET", 308),
        ("/v1/articles?autor=ann", "GET", 400),
        ("/v1/articles?at=now", "GET", 400),
        ("/v1/articles", "POST", 405),
        ("/v1/articles", "OPTIONS", 204),
        ("/none", "GET", 404),
        ("/healthz", "GET", 200),
        ("/readyz", "GET", 200),
        ("/openapi.yaml", "GET", 200),
        ("/docs/problems/unauthorized", "GET", 200),
    ],
)
def test_no_answer_may_be_kept(preview: Preview, path: str, method: str, status: int) -> None:
    answer = preview.get(path, method=method)
    assert answer.status == status
    _may_not_be_kept(answer)


def _may_not_be_kept(answer: Answer) -> None:
    assert answer.headers["cache-control"] == "private, no-store"
    assert not {"etag", "last-modified", "expires"} & answer.headers.keys()


def test_file_is_sent_and_may_not_be_kept_either(preview: Preview) -> None:
    article = preview.get("/v1/articles/media").json
    (link,) = article["data"]["body"]["blocks"][0]["markDefs"]
    whole = preview.get(link["href"])
    assert (whole.status, whole.body) == (200, b"a,b\n" * 10)
    part = preview.get(link["href"], range="bytes=0-2")
    assert (part.status, part.body) == (206, b"a,b")
    etag = f'"{link["href"].split("/")[2]}"'
    again = preview.get(link["href"], if_none_match=etag)
    assert again.status == 200, "there are no validators to ask with"
    none = preview.get(f"{link['href']}x")
    assert none.status == 404
    assert preview.get(link["href"], None).status == 401
    for answer in (whole, part, again, none):
        _may_not_be_kept(answer)


def test_answers_are_those_of_the_public_api(preview: Preview, folder: Path) -> None:
    public = folder / "public.db"
    pipeline.publish(folder / "content", public, discover(), NOW)
    with client(Settings(store=public)) as served:
        for path in ("/v1/articles/first", "/v1/articles?limit=1", "/v1/topics/one?locale=uk"):
            assert preview.get(path).body == served.get(path).content


def test_public_api_knows_neither_parameter(tmp_path: Path) -> None:
    with Site(tmp_path).served() as served:
        for query in ("at=2026-01-01T00:00:00Z", "source=1"):
            answer = served.get(f"/v1/articles/first?{query}")
            (fault,) = answer.json()["errors"]
            assert (answer.status_code, fault["code"]) == (400, "unknown_parameter")
            assert fault["name"] == query.partition("=")[0]
    contract = (REPOSITORY / "openapi.yaml").read_text()
    assert "- name: at\n" not in contract
    assert "- name: source\n" not in contract


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("2027-05-30T23:59:59Z", "current"),
        ("2027-05-31T00:00:00Z", "due_soon"),
        ("2027-06-30T23:59:59Z", "due_soon"),
        ("2027-07-01T02:00:00%2B02:00", "overdue"),
        ("2027-07-01T01:59:59%2B02:00", "due_soon"),
    ],
)
def test_content_is_shown_as_it_will_be_at_an_instant(
    reviewed: Preview, at: str, status: str
) -> None:
    review = reviewed.get(f"/v1/topics/one?at={at}").json["data"]["review"]
    assert review["status"] == status


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview of a topic whose review is of its text."""
    folder = tmp_path_factory.mktemp("reviewed")
    Site(folder)
    command = (sys.executable, "-m", "api", "review", "content/topics/one.yaml", "--by", "ann")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    subprocess.run([*command, "--next-due", "2027-06-30"], cwd=folder, env=environment, check=True)
    with previewing(folder) as running:
        yield running


# Edits, errors, and what is left behind


def test_edit_is_shown_without_a_publish_and_the_public_store_stays(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    stored = {file.name: file.read_bytes() for file in tmp_path.glob("store.db*")}
    assert stored
    with previewing(tmp_path) as running:
        assert "A body." in running.get("/v1/articles/first").body.decode()
        (private,) = (tmp_path / "tmp").glob("keypoint-preview-*")
        assert private.stat().st_mode & 0o077 == 0
        write(site.content, {"articles/first.md": SMALL["articles/first.md"] + "\nAn edit.\n"})
        running.until("/v1/articles/first", "An edit.")
        running.get("/v1/articles/first?at=2030-01-01T00:00:00Z")
        running.process.terminate()
        running.process.wait(PATIENCE)
    assert {file.name: file.read_bytes() for file in tmp_path.glob("store.db*")} == stored
    assert not list((tmp_path / "tmp").glob("keypoint-preview-*"))


def test_content_with_errors_is_told_and_mended(tmp_path: Path) -> None:
    site = Site(tmp_path, {**SMALL, "topics/one.yaml": "titel: One\n"})
    with previewing(tmp_path) as running:
        wrong = running.get("/v1/articles/first")
        assert wrong.status == 503
        assert "content/topics/one.yaml:1:1" in wrong.json["detail"]
        _may_not_be_kept(wrong)
        assert running.get("/healthz").status == 200, "the process answers"
        write(site.content, {"topics/one.yaml": "title: One\n"})
        running.until("/v1/articles/first", "A body.")
        write(site.content, {"topics/one.yaml": "titel: One\n"})
        running.until("/readyz", "degraded")
        assert running.get("/v1/articles/first").status == 200, "the last good content"


def test_other_requests_are_answered_while_a_publish_is_under_way(tmp_path: Path) -> None:
    text = SMALL["articles/second.md"]
    Site(tmp_path, {**SMALL, **{f"articles/a{n}.md": text for n in range(1_500)}})
    longest = 0.0
    with previewing(tmp_path) as running, ThreadPoolExecutor(1) as beside:
        assert running.get("/v1/articles/first").status == 200
        slow = beside.submit(running.get, "/v1?at=2020-01-01T00:00:00Z")
        asked = 0
        while not slow.done():
            start = time.monotonic()
            assert running.get("/v1/articles/first").status == 200
            longest = max(longest, time.monotonic() - start)
            asked += 1
        assert slow.result().status == 200
    assert asked > 10, "it took its time"
    assert longest < 0.5


# Sources


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Preview, Path]]:
    folder = tmp_path_factory.mktemp("seed")
    shutil.copytree(SEED_CONTENT, folder / "content")
    with previewing(folder) as running:
        yield running, folder / "content"


def test_each_field_of_the_article_stands_where_its_source_says(seed: tuple[Preview, Path]) -> None:
    preview, content = seed
    answer = preview.get(f"{ARTICLE}?source=1").json
    sources = answer.pop("source")
    assert answer == preview.get(ARTICLE).json, "all else is as without it"
    given = {"title", "updated_label", "topics", "call_to_action", "body", "sections"}
    assert {pointer.split("/")[2] for pointer in sources} == given
    assert len(sources) == 1 + 1 + (1 + 4) + (1 + 1 + 1 + 1 + 3) + 1 + (1 + 1 + 4 + 7 * 4)
    for pointer, source in sources.items():
        lines = (content / source["file"]).read_text("utf-8").split("\n")
        there = lines[source["line"] - 1][source["column"] - 1 :]
        assert there.startswith(_begins(pointer, answer)), pointer
        assert source["commit"] is None


def _at(answer: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        answer = answer[int(step) if isinstance(answer, list) else step]
    return answer


_LISTS_AND_GROUPS = {
    "/data/topics": "[ketamine, esketamine",
    "/data/call_to_action": "body: If you",
    "/data/call_to_action/services": "[botox",
    "/data/sections": "Ketamine, originally",
    "/data/sections/0": "## {#key-points .ordered}",
    "/data/sections/0/key": "#key-points",
    "/data/sections/0/ordered": "## {#key-points .ordered}",
    "/data/sections/0/points": "## {#key-points .ordered}",
}


def _begins(pointer: str, answer: Any) -> str:
    """Return how the file's text begins where a value stands."""
    if pointer in _LISTS_AND_GROUPS:
        return _LISTS_AND_GROUPS[pointer]
    match _at(answer, pointer):
        case {"blocks": [{"children": [{"text": text}]}]}:
            return str(text)
        case {"number": _, "title": title}:
            return f"### {title}"
        case {"type": "topic" | "service" | "contact", "slug": slug}:
            return str(slug)
        case str(text):
            # A point's key is its title's slug.
            point = _at(answer, pointer.rpartition("/")[0])
            return str(point["title"]) if pointer.endswith("/key") else text
        case value:
            raise AssertionError(pointer, value)


def test_section_has_its_sources_too(seed: tuple[Preview, Path]) -> None:
    preview, content = seed
    source = preview.get(f"{ARTICLE}/sections/key-points?source=1").json["source"]["/data/lead"]
    lines = (content / source["file"]).read_text("utf-8").split("\n")
    assert lines[source["line"] - 1].startswith("Here are some key points")


@pytest.mark.parametrize("path", ["/v1", "/v1/articles", "/v1/schemas", "/v1/schemas/article", "/"])
def test_what_is_no_item_has_no_sources(preview: Preview, path: str) -> None:
    answer = preview.get(f"{path}?source=1")
    assert answer.status == 400
    assert answer.json["errors"][0]["name"] == "source"


def test_source_names_the_commit_where_git_knows_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    who = ("-c", "user.name=Example", "-c", "user.email=example@example.org")
    for command in (("init", "-q"), ("add", "content"), (*who, "commit", "-qm", "Content")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    told = ["git", "log", "-1", "--format=%H"]
    name = subprocess.run(told, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    changed = SMALL["articles/first.md"].replace("A body.", "Another one.")
    write(site.content, {"articles/first.md": changed})
    with previewing(tmp_path) as running:
        sources = running.get("/v1/articles/first?source=1").json["source"]
    commit = sources["/data/title"]["commit"]
    assert commit["hash"] == name.strip()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", commit["date"])
    assert sources["/data/body"]["commit"] is None
