"""`keypoint` as a user runs it: its commands, and a server that is asked over one connection."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAM = str(Path(sys.executable).with_name("keypoint"))
PATIENCE = 120.0
STEP = 0.002
"""Seconds between two questions."""
OK = 200


def command(name: str, *arguments: str | Path) -> list[str]:
    """Return a command of the program."""
    return [PROGRAM, name, *map(str, arguments)]


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: where it answers, and its process."""

    host: str
    pid: int
    connection: http.client.HTTPConnection

    @property
    def address(self) -> str:
        """The address as clients write it."""
        return f"http://{self.host}"

    def get(self, path: str) -> bytes:
        """Return a body. Raises RuntimeError where the answer is no 200."""
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != OK:
            raise RuntimeError(f"{path}: {answer.status}")
        return body

    def until(self, path: str, holds: Callable[[bytes], bool]) -> None:
        """Ask until an answer is as it shall be. Raises TimeoutError."""
        end = time.monotonic() + PATIENCE
        while not holds(self.get(path)):
            if time.monotonic() > end:
                raise TimeoutError(path)
            time.sleep(STEP)

    def settle(self) -> None:
        """Wait until what the folder has is served, and nothing is under way."""
        self.until("/readyz", lambda body: json.loads(body)["folder_changed"] is False)


@contextmanager
def serving(folder: Path, *arguments: str | Path) -> Iterator[Served]:
    """Run `keypoint serve` on a free port; what it says goes into `folder`."""
    out = folder / "served"
    with out.open("w") as stream:
        process = subprocess.Popen(
            command("serve", "--port", "0", *arguments), stdout=stream, stderr=stream
        )
    try:
        host = _host(out, process)
        with closing(http.client.HTTPConnection(host, timeout=PATIENCE)) as connection:
            yield Served(host, process.pid, connection)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _host(out: Path, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + PATIENCE
    while True:
        text = out.read_text()
        for line in text.splitlines():
            if line.startswith("serving http://"):
                return line.split()[1].removeprefix("http://")
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"it does not serve:\n{text[-2000:]}")
        time.sleep(STEP)
