"""The whole way from a content folder to a published revision."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from api import __version__
from api.compiler.examples import examples
from api.compiler.gather import gather
from api.compiler.links import dangling
from api.compiler.paths import Index, Locales, place
from api.compiler.representations import contract_rows, entry_rows
from api.contract import openapi
from api.contract.proof import Proof
from api.contract.views import Views
from api.errors import ContentError, Issue, Severity
from api.source.tree import walk
from api.store import writer
from api.store.rows import Row
from api.store.writer import Published
from schemas.discovery import Models

Report = Callable[[str, int, int], None]
"""Told the stage, how many of its steps are done, and how many there are (0: not known)."""


@dataclass(frozen=True, slots=True)
class ValidContent:
    """A folder's valid content: its entries, the languages of its site, and its warnings.

    There is an Index for each language, the default one first.
    """

    indexes: list[Index]
    locales: Locales
    warnings: tuple[Issue, ...]

    @property
    def index(self) -> Index:
        """The entries in the default language."""
        return self.indexes[0]


def silent(stage: str, done: int, total: int) -> None:
    """Report no progress."""


def contract_of(models: Models) -> dict[str, Any]:
    """Return the OpenAPI document of a set of models, with their own examples."""
    return openapi.document(models, examples(models))


def check(root: Path, models: Models, report: Report = silent) -> ValidContent:
    """Read a content folder and return what it holds.

    Raises ContentError with all Issues of all files, warnings too, sorted, when one is an error.
    """
    files, issues = walk(root, models)
    found = gather(files, models, lambda done: report("read", done, len(files)))
    indexes, taken = place(found.sources, found.translations, models, found.locales)
    issues += found.issues + taken
    index = indexes[0]
    placed = {(entry.type, entry.slug) for entry in index.entries}
    broken = {(file.type, file.slug) for file in files} - placed
    broken |= {
        (document.type, document.id)
        for document in found.documents
        if (document.type, document.slug) in broken
    }
    issues += dangling(found.documents, models, index, broken)
    told = sorted(issues, key=lambda issue: issue.order)
    if any(issue.kind.severity is Severity.ERROR for issue in told):
        raise ContentError(*told)
    return ValidContent(indexes, found.locales, tuple(told))


def compile_rows(
    content: ValidContent, models: Models, contract: Mapping[str, Any], report: Report = silent
) -> Iterator[Row]:
    """Yield the rows of a revision, each representation proven against the contract.

    Raises ContentError when one is not what the contract promises.
    """
    proof = Proof(contract)
    views = Views(models)
    total = sum(len(index.entries) for index in content.indexes)
    yield from contract_rows(models, contract, content.locales, proof)
    compiled = chain.from_iterable(entry_rows(index, views, proof) for index in content.indexes)
    for done, rows in enumerate(compiled, 1):
        yield from rows
        report("compile", done, total)


def publish(
    root: Path, store: Path, models: Models, now: datetime, report: Report = silent
) -> Published:
    """Publish a content folder into a store, whole or not at all.

    Raises ContentError or StoreError; the store is then as it was.
    """
    content = check(root, models, report)
    rows = compile_rows(content, models, contract_of(models), report)
    languages = [index.locale for index in content.indexes]
    return writer.publish(store, rows, languages, __version__, now)
