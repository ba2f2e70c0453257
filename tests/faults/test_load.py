"""500 publishes while 64 connections ask: every answer is right, and wholly of one revision."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.compiler import pipeline
from api.compiler.tools import tools_of
from tests.faults.tools import SOAK, report
from tests.servers import Load, server
from tests.support import Site, own_models, write

PUBLISHES = 500
CONNECTIONS = 64
TARGETS = ("/v1/articles/second?rich_text=text", "/v1/topics/one", "/v1/articles?view=full")


@pytest.mark.skipif(not SOAK, reason="`make soak` runs it; a short form is in tests/serving")
def test_no_answer_mixes_two_of_many_revisions(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    models = own_models()
    tools = tools_of(models)

    def publish(number: int) -> None:
        title = f"title: Number {number}\n"
        article = f"---\n{title}---\nNumber {number}.\n"
        files = {"topics/one.yaml": title, "articles/second.md": article}
        write(site.content, {**files, "articles/first.md": article})
        pipeline.publish(site.content, site.store, models, datetime.now(UTC), tools=tools)

    publish(0)
    with server(tmp_path, "--store", site.store, "--read-only", "--workers", "2") as running:
        with Load.of(running, CONNECTIONS, *TARGETS) as load:
            for number in range(1, PUBLISHES + 1):
                publish(number)
        shown: dict[str, set[str]] = {}
        for answer in load.answers:
            assert answer.status == 200
            data = answer.json()["data"]
            of_one = shown.setdefault(answer["content-revision"], set())
            for entry in data if isinstance(data, list) else [data]:
                of_one.add(entry["title"])
                if text := (entry.get("body") or {}).get("text"):
                    of_one.add(text.rstrip("."))
    assert load.lost == 0
    assert len(shown) > PUBLISHES // 5
    assert all(len(numbers) == 1 for numbers in shown.values())
    report(
        f"{PUBLISHES} publishes under {CONNECTIONS} connections",
        f"{len(load.answers):,} answers, "
        f"all 200, of {len(shown)} revisions, none of two; {load.lost} lost",
    )
