"""The whole way from a content folder to a published revision."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from api import __version__
from api.compiler.examples import examples
from api.compiler.expand import Expander
from api.compiler.links import dangling
from api.compiler.paths import Index, place
from api.compiler.representations import Locales, contract_rows, entry_rows
from api.compiler.validate import validate
from api.contract import openapi
from api.contract.proof import Proof
from api.contract.views import Views
from api.errors import ContentError, Issue, Severity
from api.source.document import Document, parse_document
from api.source.tree import ContentFile, read, walk
from api.store import writer
from api.store.rows import Row
from api.store.writer import Published
from schemas.collection import SingleFile
from schemas.discovery import Models
from schemas.entry import Entry

Report = Callable[[str, int, int], None]
"""Told the stage, how many of its steps are done, and how many there are (0: not known)."""

DEFAULT_LOCALE = "en"


@dataclass(frozen=True, slots=True)
class ValidContent:
    """A folder's valid content: its entries, the languages of its site, and its warnings."""

    index: Index
    locales: Locales
    warnings: tuple[Issue, ...]


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
    documents: list[Document] = []
    valid: list[tuple[Document, Entry]] = []
    for done, file in enumerate(files, 1):
        document, value, found = _entry(root, file, models)
        issues += found
        if document:
            documents.append(document)
            if isinstance(value, Entry):
                valid.append((document, value))
        report("read", done, len(files))
    index, taken = place(valid, models)
    issues += taken
    placed = {(entry.type, entry.slug) for entry in index.entries}
    broken = {(file.type, file.slug) for file in files} - placed
    broken |= {
        (document.type, document.id)
        for document in documents
        if (document.type, document.slug) in broken
    }
    issues += dangling(documents, models, index, broken)
    told = sorted(issues, key=lambda issue: issue.order)
    if any(issue.kind.severity is Severity.ERROR for issue in told):
        raise ContentError(*told)
    return ValidContent(index, _locales(index), tuple(told))


def compile_rows(
    content: ValidContent, models: Models, contract: Mapping[str, Any], report: Report = silent
) -> Iterator[Row]:
    """Yield the rows of a revision, each representation proven against the contract.

    Raises ContentError when one is not what the contract promises.
    """
    proof = Proof(contract)
    expander = Expander(Views(models), content.index, content.locales.default)
    total = len(content.index.entries)
    yield from contract_rows(models, contract, content.locales, proof)
    for done, rows in enumerate(entry_rows(content.index, expander, proof), 1):
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
    return writer.publish(store, rows, __version__, now)


def _entry(
    root: Path, file: ContentFile, models: Models
) -> tuple[Document | None, object, list[Issue]]:
    model = models[file.type]
    try:
        raw = read(root, file)
    except ContentError as error:
        return None, None, list(error.issues)
    document, issues = parse_document(file, raw, model)
    if document is None:
        return None, None, issues
    value, found = validate(document, model)
    return document, None if issues else value, issues + found


def _locales(index: Index) -> Locales:
    for entry in index.entries:
        collection = type(entry.value).collection
        if isinstance(collection, SingleFile) and collection.role == "site":
            default = getattr(entry.value, "default_locale", DEFAULT_LOCALE)
            return Locales(default, tuple(getattr(entry.value, "locales", (default,))))
    return Locales(DEFAULT_LOCALE, (DEFAULT_LOCALE,))
