"""Faults that the system itself makes: by strace, by mounts, by another clock.

What is not installed or not allowed skips a test, with the reason; in CI that is a failure.
"""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SOAK = "KEYPOINT_SOAK" in os.environ
"""Whether the long forms are wanted: `make soak`."""

REPORTS: dict[str, str] = {}
"""What is told at the end of the run, by what it is about."""


def report(about: str, line: str) -> None:
    """Have a line told at the end of the run: what was tried, and how often."""
    REPORTS[about] = line


def lacking(what: str) -> None:
    """Skip the test for want of something; CI has all of it."""
    if os.environ.get("CI"):
        pytest.fail(f"CI needs {what}")
    pytest.skip(f"this needs {what}")


def need_root() -> None:
    """Skip the test where nothing may be mounted."""
    if os.geteuid():
        lacking("root")


def as_anybody() -> None:
    """Take root's right to open every file from what this process executes (capabilities(7))."""
    drop, override, read_search = 24, 1, 2
    for right in (override, read_search):
        if os.geteuid() == 0 and ctypes.CDLL(None).prctl(drop, right, 0, 0, 0):
            raise OSError("the right cannot be dropped")


def need_command(name: str) -> None:
    """Skip the test where a command is not installed."""
    if not shutil.which(name):
        lacking(f"the command {name}")


@contextmanager
def disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a disk of a size in memory at a new folder."""
    need_root()
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        lacking("the right to mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder: Path, option: str) -> None:
    """Mount a disk anew, `ro` or `rw` or of another size."""
    subprocess.run(["mount", "-o", f"remount,{option}", str(folder)], check=True)


def traced(work: Callable[[], object], *options: str, out: str | Path = os.devnull) -> int:
    """Do some work in a process of its own under strace; return what `os.waitpid` tells of it.

    The process knows what this one knows: the work begins at once. It ends with 1 where the work
    raises an exception.
    """
    need_command("strace")
    waiting, go = os.pipe()
    pid = os.fork()
    if not pid:
        status = 1
        try:
            os.read(waiting, 1)
            work()
            status = 0
        finally:
            os._exit(status)
    command = ["strace", "-f", "-o", str(out), *options, "-p", str(pid)]
    try:
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr
            said = tracer.stderr.readline()
            if "attached" not in said:
                os.kill(pid, 9)
                os.waitpid(pid, 0)
                lacking(f"the right to trace: {said}")
            os.write(go, b".")
            status = os.waitpid(pid, 0)[1]
            tracer.stderr.read()
        return status
    finally:
        os.close(waiting)
        os.close(go)
