"""What many tests need: content folders made in place, published, and served in process."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from starlette.testclient import TestClient

from api.app import create_app
from api.compiler import pipeline
from api.errors import ContentError, Issue
from api.settings import Settings
from api.store.revision import Stamp
from api.store.rows import Row, UnitRows, row_digest, stored
from api.store.writer import Published
from schemas.collection import SingleFile
from schemas.discovery import OWN_FOLDER, Models, discover
from schemas.entry import Entry

REPOSITORY = Path(__file__).parent.parent
SEED_CONTENT = REPOSITORY / "content"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OWN_TYPES = ("article", "comment", "contact", "person", "section", "service", "site", "topic")
"""The types that come with the program; whoever uses it may have added others."""
ARTICLE = "/v1/articles/ketamine-esketamine-for-depression-and-addiction"

SMALL: Mapping[str, str] = {
    "site.yaml": "name: Example site\ndefault_locale: en\nlocales: [en, uk]\n",
    "contact.yaml": "name: Example contact\n",
    "topics/one.yaml": "title: One\n",
    "topics/two.yaml": "title: Two\n",
    "services/care.yaml": "title: Care\n",
    "people/ann.md": "---\nname: Ann Example\n---\nAbout Ann.\n",
    "articles/first.md": (
        "---\ntitle: First\ntopics: [one, two]\nauthor: ann\nupdated_at: 2026-01-02T03:04:05Z\n"
        "call_to_action:\n  body: Call us.\n  services: [care]\n---\n"
        "A body.\n\n## Section {#part}\n\nA lead.\n\n### Point\n\nA *point*.\n"
    ),
    "articles/second.md": "---\ntitle: Second\nrelated: [first]\n---\nAnother body.\n",
}
"""A small site: two articles, one with a section, and what they refer to."""


def without_progress(said: str) -> str:
    """Return what a command says but for how far it is: a slow machine has it told."""
    return re.sub(r"(?m)^compile: \d+ of \d+\n", "", said)


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder, and return the folder."""
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def unit_of(name: str, rows: Iterable[Row]) -> UnitRows:
    """Return rows as those of a unit."""
    return UnitRows(name, [stored(row) for row in rows])


def units(rows: Iterable[Row]) -> Iterator[UnitRows]:
    """Yield each row as a unit of its own."""
    for row in rows:
        yield UnitRows(row_digest(row).hex(), [stored(row)])


STAMP = Stamp(("en",), "1.0")
"""What a revision made of rows says of itself."""


@dataclass
class Site:
    """A content folder with a store of its own, below a temporary folder."""

    folder: Path
    files: Mapping[str, str | bytes] = field(default_factory=lambda: SMALL)
    schemas: Path = OWN_FOLDER

    def __post_init__(self) -> None:
        write(self.content, self.files)

    @property
    def content(self) -> Path:
        return self.folder / "content"

    @property
    def store(self) -> Path:
        return self.folder / "store.db"

    @property
    def models(self) -> Models:
        return discover(self.schemas)

    @property
    def settings(self) -> Settings:
        return Settings(content=self.content, store=self.store, schemas=self.schemas)

    def publish(self) -> Published:
        return pipeline.publish(self.content, self.store, self.models, NOW)

    def issues(self) -> list[Issue]:
        """Return what is wrong with the content."""
        try:
            pipeline.check(self.content, self.models)
        except ContentError as error:
            return list(error.issues)
        return []

    @contextmanager
    def served(self) -> Iterator[TestClient]:
        """Publish, and serve in process; redirects are not followed."""
        self.publish()
        with client(self.settings) as served:
            yield served


@contextmanager
def client(settings: Settings) -> Iterator[TestClient]:
    """Serve a store in process; redirects are not followed."""
    with TestClient(
        create_app(settings), follow_redirects=False, headers={"accept-encoding": "identity"}
    ) as served:
        yield served


def own_models() -> Models:
    """Return the models of OWN_TYPES alone."""
    models = discover()
    return MappingProxyType({name: models[name] for name in OWN_TYPES})


def write_examples(root: Path, models: Models) -> Path:
    """Write the models' own examples as a content folder: every field is in use there."""
    files: dict[str, str] = {}
    for name, model in models.items():
        if not issubclass(model, Entry):
            continue
        collection = model.collection
        stem = (
            collection.name
            if isinstance(collection, SingleFile)
            else f"{collection.name}/example-{name}"
        )
        files[f"{stem}{model.example_suffix()}"] = model.example
    return write(root, files)


@contextmanager
def running(content: Path, store: Path, program: Path = REPOSITORY) -> Iterator[str]:
    """Serve a content folder with the real command, in a process of its own; give its address.

    `program` is the folder that has the packages `api` and `schemas`.
    """
    command = [sys.executable, "-m", "api", "serve", str(content)]
    with serving([*command, "--port", "0", "--store", str(store)], program) as address:
        yield address


@contextmanager
def serving(command: Sequence[str], folder: Path) -> Iterator[str]:
    """Run a command that serves, in a folder, until the test is done with its address."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    with process, process.stdout as lines:
        try:
            yield next(line.split()[1] for line in lines if line.startswith("serving "))
        finally:
            process.terminate()
            process.wait(timeout=20)
