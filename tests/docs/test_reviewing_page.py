"""The page about reviews is true: its command says and writes what is shown."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.settings import RequireReview
from tests.docs.replay import Session
from tests.servers import eventually
from tests.support import REPOSITORY, write

PAGE = (REPOSITORY / "docs/how-to/review.md").read_text(encoding="utf-8")
FILES = {
    "articles/first.md": "---\ntitle: First\n---\nWords.\n",
    "people/ann-example.yaml": "name: Ann Example\n",
}
SHOWN_DAY, SHOWN_DUE = "2026-11-23", "2027-11-23"


def _today(text: str) -> str:
    """Return a text of the page with its days moved to the present."""
    day = datetime.now(UTC).date()
    moved = text.replace(SHOWN_DUE, (day + timedelta(days=365)).isoformat())
    return moved.replace(SHOWN_DAY, day.isoformat())


def _block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def test_shown_command_writes_the_review_that_is_shown(tmp_path: Path) -> None:
    write(tmp_path / "content", FILES)
    session = Session(tmp_path)
    command, said = _today(_block("console")).splitlines()
    assert session.run(command.removeprefix("$ ")).stdout.splitlines() == [said]
    session.serve("keypoint serve")
    try:
        eventually(lambda: any(line.startswith("serving ") for line in session.said()))
        address = session.said()[-1].split()[1]
        answer = json.loads(session.run(f"curl -s {address}/v1/articles/first").stdout)
    finally:
        session.end()
    assert answer["data"]["review"] == json.loads(_today(_block("json")))


def test_page_has_every_value_of_the_setting() -> None:
    _, _, setting = PAGE.partition("## Refuse")
    assert re.findall(r"^\| `(\w+)` \|", setting, re.MULTILINE) == [*RequireReview]
