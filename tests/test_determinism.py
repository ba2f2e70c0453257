"""The same folder gives the same bytes: in any order, in any process, whatever was there before."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.compiler import pipeline
from api.settings import Settings
from schemas.discovery import discover
from tests.support import NOW, OWN_TYPES, SMALL, client, write, write_examples

SCRIPT = """
import os, random, sys
from datetime import datetime, UTC
from pathlib import Path
from api.compiler import pipeline
from schemas.discovery import discover

real = os.scandir
class Shuffled(list):
    def __enter__(self): return self
    def __exit__(self, *exception): pass
def scandir(path):
    with real(path) as entries:
        found = list(entries)
    random.Random(sys.argv[3]).shuffle(found)
    return Shuffled(found)
os.scandir = scandir
done = pipeline.publish(Path(sys.argv[1]), Path(sys.argv[2]), discover(), datetime.now(UTC))
print(done.revision.digest)
"""


def _publish_elsewhere(content: Path, store: Path, seed: str) -> str:
    """Publish in a process with another hash seed, the folder listed in another order."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(content), str(store), seed],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def _everything(store: Path) -> dict[str, tuple[int, dict[str, str], bytes]]:
    """Return every answer of a store: status, headers and body by target and coding."""
    answers = {}
    with client(Settings(store=store)) as served:
        targets = ["/", "/v1", "/v1/schemas", "/openapi.yaml", "/v1/openapi.json"]
        paths = list(served.get("/v1/openapi.json").json()["paths"])
        for collection in served.get("/v1").json()["data"]["collections"]:
            targets.append(collection["schema"])
            added = collection["type"] not in OWN_TYPES
            if added and served.get(collection["href"]).status_code == 404:
                continue
            targets.append(collection["href"])
            if collection["kind"] != "single":
                targets += [f"{collection['href']}?limit=1", f"{collection['href']}?view=full"]
                listed = served.get(collection["href"]).json()["data"]
                targets += _items(collection, listed, paths)
        for target in targets:
            for coding in ("identity", "gzip", "br"):
                headers = {"accept-encoding": coding, "x-request-id": "same"}
                with served.stream("GET", target, headers=headers) as answer:
                    body = b"".join(answer.iter_raw())
                    answers[f"{coding} {target}"] = answer.status_code, dict(answer.headers), body
    assert all(status == 200 for status, _, _ in answers.values())
    return answers


def _items(
    collection: dict[str, str], entries: list[dict[str, str]], paths: list[str]
) -> list[str]:
    if collection["kind"] == "folder":
        return [f"{collection['href']}/{entry['slug']}" for entry in entries]
    (path,) = (path for path in paths if path.endswith(f"/{collection['name']}/{{key}}"))
    names = [entry["id"].split(".") for entry in entries]
    return [path.replace("{slug}", parent).replace("{key}", key) for parent, key in names]


@pytest.mark.parametrize("kind", ["small", "examples"])
def test_same_folder_gives_the_same_bytes_everywhere(tmp_path: Path, kind: str) -> None:
    content = (
        write(tmp_path / "content", SMALL)
        if kind == "small"
        else write_examples(tmp_path / "content", discover())
    )
    first, second, third = (tmp_path / f"{name}.db" for name in ("first", "second", "third"))
    digest = _publish_elsewhere(content, first, "1")

    article = next((content / "articles").iterdir())
    text = article.read_text(encoding="utf-8")
    article.write_text(text.replace("title: ", "title: Before "), encoding="utf-8")
    (content / "topics" / "gone.yaml").write_text("title: Gone\n", encoding="utf-8")
    pipeline.publish(content, third, discover(), NOW)
    article.write_text(text, encoding="utf-8")
    (content / "topics" / "gone.yaml").unlink()

    assert _publish_elsewhere(content, second, "2") == digest
    assert _publish_elsewhere(content, third, "3") == digest
    expected = _everything(first)
    assert len(expected) > 60
    assert _everything(second) == expected
    assert _everything(third) == expected


def test_publishing_the_same_folder_again_makes_no_revision(tmp_path: Path) -> None:
    content, store = write(tmp_path / "content", SMALL), tmp_path / "store.db"
    first = pipeline.publish(content, store, discover(), NOW)
    again = pipeline.publish(content, store, discover(), NOW)
    assert (again.new, again.added, again.ended) == (False, 0, 0)
    assert again.revision == first.revision


def test_another_edit_gives_another_digest(tmp_path: Path) -> None:
    content, store = write(tmp_path / "content", SMALL), tmp_path / "store.db"
    first = pipeline.publish(content, store, discover(), NOW)
    write(content, {"topics/one.yaml": "title: Uno\n"})
    second = pipeline.publish(content, store, discover(), NOW)
    assert second.new
    assert second.revision.digest != first.revision.digest
