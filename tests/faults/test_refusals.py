"""YAML that kills or stalls other readers is refused within 50 ms, with line and column."""

from pathlib import Path
from time import process_time

import pytest

from api.errors import ContentError, Issue
from api.source.document import parse_document
from api.source.tree import ContentFile
from tests.killers import KILLERS
from tests.support import own_models

SECONDS = 0.05
MODELS = own_models()
ROW = {
    "sequences": (2, 1),
    "sequences in a field": (3, 64),
    "merge keys": (2, 4),
    "aliases": (2, 4),
    "python tag": (2, 4),
    "documents": (3, 1),
    "duplicates": (3, 1),
}
"""The killers that are asked of, and where each is told in a text whose second line they begin."""


def _refused(file: ContentFile, raw: bytes) -> tuple[float, tuple[Issue, ...]]:
    began = process_time()
    try:
        _, issues = parse_document(file, raw, MODELS[file.type])
        found = tuple(issues)
    except ContentError as error:
        found = error.issues
    return process_time() - began, found


@pytest.mark.parametrize(
    ("name", "ending"),
    # In Markdown a second line of hyphens ends the fields.
    [*((name, "yaml") for name in ROW), *((name, "md") for name in ROW if name != "documents")],
)
def test_killer_is_refused_in_a_moment_at_its_place(tmp_path: Path, name: str, ending: str) -> None:
    text, code = KILLERS[name]
    raw = f"---\n{text}\n---\nText.\n" if ending == "md" else f"# A comment.\n{text}"
    file = ContentFile(tmp_path, f"articles/a.{ending}", "article", "a")
    told = [_refused(file, raw.encode()) for _ in range(5)]
    assert min(seconds for seconds, _ in told) < SECONDS
    place = told[0][1][0].place
    assert told[0][1][0].code == code
    assert (place.line, place.column) == ROW[name]
