"""The page of results: what was measured, what it was compared with, and where."""

import os
import platform
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.load import CONNECTIONS, Run, cores, tool

PAGE = """\
# The plain way, beside bare uvicorn

Written by `make bench`; {articles:,} synthetic articles, {rounds} rounds of each workload,
{connections} connections.

| | asked for | coding | body, bytes | of bare | of bare, by CPU | bar \
| CPU µs: bare | Keypoint | requests/s: bare | Keypoint | p50, p99 ms: bare | Keypoint |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
{rows}

## Where the time goes

W1, one article, gzip, CPU µs a request: each row has all that the one above it has.

| | CPU µs | more than above | of bare, by CPU |
|---|---|---|---|
{steps}

Memory of `keypoint serve` afterwards, supervisor and worker: {whole:.0f} MiB (PSS), {own:.0f} of
them written to.

{about}

## What is compared

The yardstick is `benchmarks/bare.py`: the same uvicorn with the same options (uvloop, httptools, no
access log), and one function that sends a constant body of the same size with two headers, or for
W3 a bare 304. Keypoint is `keypoint serve` as a user starts it, with all that it does: request id,
bounds, negotiation, entity tags and conditions, CORS, security headers, and a look at the store for
a newer revision. Both run on one core, wrk on the other, by turns: bare, Keypoint, Keypoint, bare …
*Of bare* is the median over the rounds of Keypoint's requests a second as a part of the
yardstick's in the same round; *by CPU* is the same of CPU time a request, which a busy machine
moves less.

*One article* is always the same; *one of all articles*: each request is for an article by chance,
the same ones for both. Both are asked for until they are kept. The headline is gzip, which
every browser and app asks for; identity is what a client gets that asks for no coding.

Before the rounds, answers are looked at for their status, coding and headers; after them, the mean
size of all answers must be that of the ones looked at, and wrk must have seen no error.

## Repeat it

Two cores, Linux, `apt-get install wrk`, nothing else running; then `make bench`, about
six minutes. Absolute numbers move with the machine: compare ratios of one run.
"""


@dataclass(frozen=True, slots=True)
class Workload:
    """What is asked for, and how near it must come to the yardstick."""

    name: str
    what: str
    path: str
    coding: str
    bar: float | None
    status: int = 200
    one_of_all: bool = False
    """Whether each request is for another article, by chance."""


class Step(NamedTuple):
    """A server on the way from the yardstick to Keypoint, and its CPU µs a request."""

    name: str
    cpu: float


@dataclass(slots=True)
class Measured:
    """The runs of one workload, the yardstick's and Keypoint's of each round."""

    workload: Workload
    size: int
    bare: list[Run] = field(default_factory=list)
    keypoint: list[Run] = field(default_factory=list)

    def rate_ratio(self) -> float:
        """Return Keypoint's requests a second as a part of the yardstick's."""
        return median(k.rate / b.rate for b, k in self._rounds())

    def cpu_ratio(self) -> float:
        """Return the yardstick's CPU time a request as a part of Keypoint's."""
        return median(b.cpu / k.cpu for b, k in self._rounds())

    def verdict(self) -> str:
        """Return whether the bar is met."""
        bar = self.workload.bar
        if bar is None:
            return ""
        return f"≥ {bar}: {'met' if self.rate_ratio() >= bar else 'missed'}"

    def _rounds(self) -> Iterator[tuple[Run, Run]]:
        return zip(self.bare, self.keypoint, strict=True)


def _versions() -> Mapping[str, str]:
    wrk = subprocess.run([tool("wrk", "wrk"), "-v"], check=False, capture_output=True, text=True)
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    packages = ("keypoint", "uvicorn", "uvloop", "httptools", "starlette")
    server, client = cores()
    return {
        "machine": f"{model[1] if model else platform.machine()}, Linux {platform.release()}; "
        f"server on core {server}, wrk on core {client}",
        "Python": platform.python_version(),
        **{name: version(name) for name in packages},
        "wrk": wrk.stdout.split()[1],
        "load average at the end": f"{os.getloadavg()[0]:.1f}, of which server and wrk make most",
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
    }


def page(
    all_measured: list[Measured], steps: list[Step], memory: Mapping[str, int], articles: int
) -> str:
    """Return the page of results, in Markdown."""
    about = "\n".join(f"- {name}: {text}" for name, text in _versions().items())
    return PAGE.format(
        articles=articles,
        rounds=len(all_measured[0].bare),
        connections=CONNECTIONS,
        rows="\n".join(map(row, all_measured)),
        steps="\n".join(_steps(steps)),
        whole=memory["Pss"] / 1024,
        own=memory["Anonymous"] / 1024,
        about=about,
    )


def _steps(steps: list[Step]) -> Iterator[str]:
    before = steps[0].cpu
    for step in steps:
        yield (
            f"| {step.name} | {step.cpu:.1f} | {step.cpu - before:+.1f} "
            f"| {steps[0].cpu / step.cpu:.2f} |"
        )
        before = step.cpu


def row(measured: Measured) -> str:
    """Return a workload's row of the table."""
    workload, bare, keypoint = measured.workload, measured.bare, measured.keypoint
    cells = (
        workload.name,
        workload.what,
        workload.coding,
        f"{measured.size:,}",
        f"**{measured.rate_ratio():.2f}**",
        f"{measured.cpu_ratio():.2f}",
        measured.verdict(),
        *(f"{median(run.cpu for run in runs):.1f}" for runs in (bare, keypoint)),
        *(f"{median(run.rate for run in runs):,.0f}" for runs in (bare, keypoint)),
        *(
            f"{median(run.p50 for run in runs) / 1e3:.1f}, "
            f"{median(run.p99 for run in runs) / 1e3:.1f}"
            for runs in (bare, keypoint)
        ),
    )
    return f"| {' | '.join(cells)} |"
