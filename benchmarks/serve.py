"""How fast the plain way is: W1, W2 and W3 beside bare uvicorn, in one interleaved run.

`python -m benchmarks.serve [ARTICLES [SECONDS]]` publishes a synthetic corpus with `keypoint
serve`, loads it and the yardstick by turns, prints a table, and writes it to results.md.
"""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory

import httpx2

from benchmarks import results
from benchmarks.corpus import corpus
from benchmarks.load import Server, load, serving
from benchmarks.report import Measured, Step, Workload, page, row

ROUNDS = 6
ITEM = "/v1/articles/article-"
LIST = "/v1/articles"
SAMPLE = 200
TOLERANCE = 0.02
WARMING = 5
"""Requests for each article before anything is measured: all but one in 150 were asked for."""


def workloads() -> Iterator[Workload]:
    """Yield what is measured; the headline of each is what browsers and apps send: gzip."""
    for coding, headline in (("gzip", True), ("identity", False)):
        first, second, third = (0.7, 0.75, 0.7) if headline else (None, None, None)
        yield Workload("W1", "one article", f"{ITEM}7", coding, first)
        yield Workload("W1", "one of all articles", ITEM, coding, None, one_of_all=True)
        yield Workload("W2", "list of 20", LIST, coding, second)
        yield Workload("W3", "304", f"{ITEM}7", coding, third, status=304)


def measure(keypoint: Server, workload: Workload, articles: int, seconds: int) -> Measured:
    """Load both servers by turns, the first of a round being the second of the next."""
    headers = {"Accept-Encoding": workload.coding}
    size, whole = _answer(keypoint, workload, articles, headers)
    among = articles if workload.one_of_all else 1
    command = [sys.executable, "-m", "benchmarks.bare", str(workload.status), str(size)]
    measured = Measured(workload, size)
    with serving(command) as bare:
        turns = [(bare, measured.bare), (keypoint, measured.keypoint)]
        load(bare, workload.path, headers, seconds, among)
        _warm(keypoint, workload, headers, seconds, among)
        for _ in range(ROUNDS):
            for server, runs in turns:
                runs.append(load(server, workload.path, headers, seconds, among))
            turns.reverse()
    wrong = [run.size for run in measured.keypoint if abs(run.size / whole - 1) > TOLERANCE]
    if wrong:
        sys.exit(f"{workload}: answers have {wrong} bytes where {whole:.0f} are right")
    return measured


def profile(keypoint: Server, workload: Workload, seconds: int) -> list[Step]:
    """Tell where the time of a workload goes: the yardstick comes nearer to Keypoint step by step.

    Each step has all that the one before it has.
    """
    headers = {"Accept-Encoding": workload.coding}
    size, _ = _answer(keypoint, workload, 1, headers)
    given = httpx2.get(f"{keypoint.address}{workload.path}", headers=headers).headers.raw
    sent = json.dumps([[name.decode(), value.decode()] for name, value in given if name != b"date"])
    bare = [sys.executable, "-m", "benchmarks.bare", str(workload.status), str(size)]
    with ExitStack() as stack:
        servers = {
            "bare uvicorn": stack.enter_context(serving(bare)),
            "with Keypoint's headers": stack.enter_context(serving([*bare, sent])),
            "with its connection class": stack.enter_context(serving([*bare, sent, "connection"])),
            "Keypoint": keypoint,
        }
        runs: dict[str, list[float]] = {name: [] for name in servers}
        for _ in range(ROUNDS):
            for name, server in servers.items():
                runs[name].append(load(server, workload.path, headers, seconds).cpu)
    return [Step(name, median(costs)) for name, costs in runs.items()]


def _warm(
    server: Server, workload: Workload, headers: dict[str, str], seconds: int, among: int
) -> None:
    """Load a server until what is asked for is kept, as far as it can be."""
    asked = 0
    while asked < WARMING * among:
        asked += load(server, workload.path, headers, seconds, among).requests


def _answer(
    server: Server, workload: Workload, articles: int, headers: dict[str, str]
) -> tuple[int, float]:
    """Return the mean sizes of the answers: of their bodies, and with all headers.

    For a 304, `headers` gets the tag that leads to it.
    """
    step = max(1, articles // SAMPLE)
    paths = [f"{ITEM}{number}" for number in range(0, articles, step)]
    bodies, heads = [], []
    with httpx2.Client(base_url=server.address, headers=headers) as client:
        if workload.status == 304:  # noqa: PLR2004
            headers["If-None-Match"] = client.get(workload.path).headers["etag"]
        for path in paths if workload.one_of_all else [workload.path]:
            with client.stream("GET", path, headers=headers) as answer:
                body = sum(map(len, answer.iter_raw()))
                _check(answer, workload)
            bodies.append(body)
            heads.append(_head(answer))
    return round(mean(bodies)), mean(bodies) + mean(heads)


def _check(answer: httpx2.Response, workload: Workload) -> None:
    """End the program where what is measured would not be what is claimed."""
    has = answer.headers
    everything = ["etag", "vary", "access-control-allow-origin", "x-request-id", "cache-control"]
    if answer.status_code == 200:  # noqa: PLR2004
        everything.append("x-content-type-options")
    missing = [name for name in everything if name not in has]
    coding = has.get("content-encoding", "identity")
    coded = coding == workload.coding or answer.status_code != 200  # noqa: PLR2004
    if answer.status_code != workload.status or missing or not coded:
        sys.exit(f"{workload}: {answer.status_code}, {coding}, without {missing}")


def _head(answer: httpx2.Response) -> int:
    lines = [b"HTTP/1.1 %d %s" % (answer.status_code, answer.reason_phrase.encode())]
    lines += [name + b": " + value for name, value in answer.headers.raw]
    return sum(len(line) + 2 for line in lines) + 2


def main(articles: int, seconds: int) -> None:
    """Measure everything, print the page and write it."""
    # The servers end with this program, however that ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        corpus(folder / "content", articles)
        program = str(Path(sys.executable).with_name("keypoint"))
        command = [program, "serve", str(folder / "content"), "--port", "0"]
        keypoint = stack.enter_context(serving([*command, "--store", str(folder / "store.db")]))
        done = []
        for workload in workloads():
            done.append(measure(keypoint, workload, articles, seconds))
            print(row(done[-1]), flush=True)
        steps = profile(keypoint, done[0].workload, seconds)
        written = page(done, steps, keypoint.memory(), articles)
    results.write(written)


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*(given + [10_000, 3][len(given) :]))
