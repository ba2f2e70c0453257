"""`python -m tests.fuzz.run HARNESS SECONDS [FOLDER]` feeds a harness mutated files.

An input that fails is left in the folder (the working one) as `crash-…` or `timeout-…`: once it is
mended, it goes to `tests/fuzz/found/HARNESS/` and stays a test. Atheris is there on Linux x86-64
alone.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["api", "schemas", "pyromark", "json"]):
    from tests.fuzz.harnesses import HARNESSES, MODELS, SUFFIXES

from schemas.entry import Entry
from tests.killers import JSON_KILLERS, KILLERS
from tests.support import SEED_CONTENT

LENGTH = 65_536
"""Bytes of the longest input."""
SLOWEST = 10
"""Seconds after which an input counts as one that stalls."""


def seeds(harness: str) -> Iterator[bytes]:
    """Yield the killers, the examples of the models and the content, as the harness takes them."""
    plain = [text for text, _ in (*KILLERS.values(), *JSON_KILLERS.values())]
    front = [f"---\n{text[:30_000]}\n---\nText.\n" for text, _ in KILLERS.values()]
    examples = [model.example for model in MODELS.values() if issubclass(model, Entry)]
    examples.append('{"title": "é\\n\\u00e9", "topics": ["a-b"], "x": {"y": [null, -1.5e3, true]}}')
    files = [file.read_text(encoding="utf-8") for file in SEED_CONTENT.rglob("*.*")]
    for text in [*plain, *front, *examples, *files]:
        raw = text.encode(errors="surrogatepass")
        if harness == "document":
            for kind in range(len(SUFFIXES)):
                yield bytes([len(raw) % 251, kind]) + raw
        else:
            yield raw


def main(harness: str, seconds: int, folder: str = ".") -> None:
    """Run until the time is over or an input fails; the process ends with libFuzzer's code."""
    with TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds(harness)):
            (Path(corpus) / f"{number:04}").write_bytes(seed[:LENGTH])
        options = [
            f"-max_total_time={seconds}",
            f"-max_len={LENGTH}",
            f"-timeout={SLOWEST}",
            f"-artifact_prefix={folder}/",
            "-print_final_stats=1",
        ]
        atheris.Setup([sys.argv[0], *options, corpus], HARNESSES[harness])
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
