"""The page about HTTP is true: its commands answer what stands below them."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import REPOSITORY, SEED_CONTENT, running

PAGE = (REPOSITORY / "docs/reference/http.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8000"
EXAMPLES = re.findall(r"^```sh\n(.*?)^```\n\n```http\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(SEED_CONTENT, tmp_path_factory.mktemp("http") / "store.db") as opened:
        yield opened


def test_every_command_is_shown_with_its_answer() -> None:
    assert len(EXAMPLES) == PAGE.count("```sh") > 5


@pytest.mark.parametrize(("commands", "shown"), EXAMPLES)
def test_shown_command_answers_what_is_shown(
    address: str, tmp_path: Path, commands: str, shown: str
) -> None:
    done = subprocess.run(  # noqa: S602 - the page's own lines
        commands.replace(ADDRESS, address),
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert done.returncode == 0, done.stderr
    lines = iter(done.stdout.splitlines())
    for line in shown.splitlines():
        pattern = ".*".join(re.escape(part) for part in line.split("…"))
        assert any(re.fullmatch(pattern, one) for one in lines), f"{line}\n\n{done.stdout}"
