"""What a page shows of terminals, played again: the commands typed, and what a server says."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from tests.servers import PATIENCE, eventually

_BLOCK = re.compile(r"^```(console|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SERVE = "$ keypoint serve "
_ADDRESS = "http://127.0.0.1:8000"
_GIT = [f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")]
_VARIABLE = re.compile(
    r"(?P<revision>(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f]))"
    r"|(?P<instant>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"
    r"|(?P<clock>\d\d:\d\d:\d\d)"
    r"|(?P<seconds>\d+\.\d\d s)"
    r"|(?P<more>…)"
)
_PATTERNS = {
    "revision": r"([0-9a-f]{16})",
    "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "clock": r"\d\d:\d\d:\d\d",
    "seconds": r"\d+\.\d\d s",
    "more": r".*",
}


class Block(NamedTuple):
    """A block of a page: commands with their outputs, or lines that a server says."""

    language: str
    text: str


def blocks(page: str) -> list[Block]:
    """Return the blocks of a page that show terminals, in order."""
    return [Block(*found) for found in _BLOCK.findall(page)]


@dataclass
class Names:
    """Which real revision each shown name stands for: always the same, and no other one's."""

    real: dict[str, str] = field(default_factory=dict)

    def put_in(self, command: str) -> str:
        """Return a command that names the real revisions."""
        for name, real in self.real.items():
            command = command.replace(name, real)
        return command

    def compare(self, shown: str, line: str) -> None:
        """Assert that a line is the one shown, apart from what differs from run to run."""
        names: list[str] = []
        pattern = ""
        end = 0
        for found in _VARIABLE.finditer(shown):
            pattern += re.escape(shown[end : found.start()]) + _PATTERNS[found.lastgroup or ""]
            names += [found[0]] if found.lastgroup == "revision" else []
            end = found.end()
        matched = re.fullmatch(pattern + re.escape(shown[end:]), line)
        assert matched, f"shown: {shown}\nreal:  {line}"
        for name, real in zip(names, matched.groups(), strict=True):
            assert self.real.setdefault(name, real) == real, f"{name} is {real} in: {line}"
        assert len({*self.real.values()}) == len(self.real), self.real


class Session:
    """A terminal in a folder, and another one in which a server runs once that is typed.

    `places` says which folder of the test stands for which one that the page names.
    """

    def __init__(self, folder: Path, places: Mapping[str, Path] = MappingProxyType({})) -> None:
        self._places = places
        self._saying = folder / "said"
        self._names = Names()
        self._folder = folder
        self.server: subprocess.Popen[bytes] | None = None
        self._heard = 0
        self._address = _ADDRESS
        self._environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "COLUMNS": "200",
            "KEYPOINT_PORT": "0",
            **dict.fromkeys(_GIT, "ann@example.org"),
        }

    def play(self, block: Block) -> None:
        """Do what a block shows, and compare what comes of it."""
        if block.text.startswith(_SERVE):
            self.serve(block.text.removeprefix("$ "))
        elif block.language == "text":
            self._listen(block.text.splitlines())
        else:
            for command, shown in _commands(block.text):
                self._type(command, shown)

    def end(self) -> None:
        """End the server, if there is one."""
        if self.server:
            self.server.terminate()
            self.server.wait(PATIENCE)

    def serve(self, command: str) -> None:
        """Start a server."""
        with self._saying.open("w") as said:
            self.server = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {self.placed(command)}"],
                cwd=self._folder,
                env=self._environment,
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> list[str]:
        """Return all lines that the server has said."""
        return self._saying.read_text(encoding="utf-8").splitlines()

    def run(self, command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in the folder, and return what came of it, both outputs as one."""
        return subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self._folder,
            env=self._environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def _listen(self, shown: list[str]) -> None:
        """Wait until the server has said as many lines as are shown, and no more of them."""
        eventually(lambda: len(self._lines()) >= len(shown))
        lines = self._lines()
        for one, line in zip(shown, lines, strict=True):
            if line.startswith("serving "):
                self._address = line.split()[1]
            self._compare(one, line.replace(self._address, _ADDRESS))
        self._heard += len(lines)

    def _lines(self) -> list[str]:
        return self.said()[self._heard :]

    def _type(self, command: str, shown: list[str]) -> None:
        where = self._folder / ".where"
        real = self._names.put_in(self.placed(command)).replace(_ADDRESS, self._address)
        done = self.run(f"{real}\nstatus=$?; pwd > {where}; exit $status")
        self._folder = Path(where.read_text().strip())
        where.unlink()
        lines = done.stdout.splitlines()
        assert len(lines) == len(shown), f"$ {command}\n{done.stdout}"
        for one, line in zip(shown, lines, strict=True):
            self._compare(one, line)

    def _compare(self, shown: str, line: str) -> None:
        for named, place in self._places.items():
            line = line.replace(str(place), named)
        self._names.compare(shown.rstrip(), line.rstrip())

    def placed(self, text: str) -> str:
        """Return a text with the folders of the test in place of those of the page."""
        for named, place in self._places.items():
            text = text.replace(named, str(place))
        return text


def _commands(text: str) -> Iterator[tuple[str, list[str]]]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *shown = part.splitlines()
        yield command, shown
