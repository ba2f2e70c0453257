"""The page about HTTP is true: its commands answer what stands below them."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from api.contract.rich_text import RICH_TEXT
from tests.support import REPOSITORY, SEED_CONTENT, running, write

PAGE = (REPOSITORY / "docs/reference/http.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8000"
EXAMPLES = re.findall(r"^```sh\n(.*?)^```\n\n```http\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def _square() -> bytes:
    written = BytesIO()
    Image.new("RGB", (30, 20), "red").save(written, "PNG")
    return written.getvalue()


FILES: Mapping[str, str | bytes] = {
    "articles/example.md": (
        "---\ntitle: Example article\nsummary: An example of a summary.\n---\n"
        "![A red square](../images/square.png)\n\n## Example section\n\nText.\n"
    ),
    "articles/example.uk.md": "---\ntitle: Приклад статті\n---\n*Приклад.*\n",
    "images/square.png": _square(),
}
"""What the page shows and the first content has not: a translation and an image."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("http")
    content = folder / "content"
    shutil.copytree(SEED_CONTENT, content)
    with running(write(content, FILES), folder / "store.db") as opened:
        yield opened


def test_every_command_is_shown_with_its_answer() -> None:
    assert len(EXAMPLES) == PAGE.count("```sh") == PAGE.count("```http") > 10


def test_every_type_of_block_is_named() -> None:
    (shown,) = re.findall(r"the types ([^,]+(?:,\s[^,]+)*?),\s`BlockMarkDef`", PAGE)
    assert set(re.findall(r"`(\w+)`", shown)) == RICH_TEXT["BlockNode"]["x-block-types"].keys()


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
