"""The page about the preview is true: its command shows drafts, and where a value stands."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.replay import Session
from tests.servers import eventually
from tests.support import REPOSITORY, write

PAGE = (REPOSITORY / "docs/how-to/preview.md").read_text(encoding="utf-8")
FILES = {"articles/first.md": "---\ntitle: First\nstatus: draft\n---\nWords.\n"}


def block(language: str) -> str:
    """Return the one block of the page in a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    write(tmp_path / "content", FILES)
    opened = Session(tmp_path)
    opened.run("git init -q && git add content && git commit -qm First")
    yield opened
    opened.end()


def test_shown_commands_show_a_draft_and_where_it_stands(session: Session) -> None:
    serve, *said, curl = block("console").splitlines()
    session.serve(f"{serve.removeprefix('$ ')} --port 0")
    eventually(lambda: len(session.said()) == len(said))
    address = session.said()[-1].split()[1]
    token = session.said()[0].removeprefix("preview token: ")
    told = "\n".join(session.said()).replace(token, "0Yk3…")
    assert told.replace(address, "http://127.0.0.1:8001").splitlines() == said
    real = curl.removeprefix("$ curl ").replace("0Yk3…", token)
    asked = f"curl -s {real.replace('http://127.0.0.1:8001', address)}"
    assert json.loads(session.run(asked).stdout)["data"]["title"] == "First"
    assert json.loads(session.run(asked.replace(token, "x")).stdout)["status"] == 401
    answer = json.loads(session.run(f"{asked}?source=1").stdout)
    shown = json.loads(block("json"))
    assert shown["data"].items() <= answer["data"].items()
    ((pointer, place),) = shown["source"].items()
    real_place = answer["source"][pointer]
    assert real_place["commit"].keys() == place["commit"].keys()
    assert real_place | {"commit": None} == place | {"commit": None}


def test_public_server_knows_nothing_of_the_draft(session: Session) -> None:
    session.serve("keypoint serve")
    eventually(lambda: any(line.startswith("serving ") for line in session.said()))
    address = session.said()[-1].split()[1]
    assert json.loads(session.run(f"curl -s {address}/v1/articles/first").stdout)["status"] == 404
