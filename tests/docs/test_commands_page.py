"""The page of the commands has every command and option that the program tells of itself."""

import re

import pytest
from typer.testing import CliRunner

from api.cli.main import cli
from tests.support import REPOSITORY

PAGE = (REPOSITORY / "docs/reference/commands.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def _told(*words: str) -> str:
    return CliRunner().invoke(cli, [*words, "--help"], env={"COLUMNS": "200"}).stdout


def test_every_command_has_a_section() -> None:
    _, _, commands = _told().partition("Commands")
    assert list(SECTIONS) == re.findall(r"^\W+(\w+) ", commands, re.MULTILINE)


@pytest.mark.parametrize("command", SECTIONS)
def test_section_has_every_option_and_no_other(command: str) -> None:
    told = {*re.findall(r"^\W+?(--[\w-]+)", _told(command), re.MULTILINE)} - {"--help"}
    assert {*re.findall(r"^\| `(--[\w-]+)", SECTIONS[command], re.MULTILINE)} == told
