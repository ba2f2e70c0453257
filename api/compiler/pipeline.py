"""The whole way from a content folder to a published revision."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from api import __version__
from api.compiler.advice import advise
from api.compiler.advice_links import LinkRules
from api.compiler.anchors import lacking_keys, repeated_keys
from api.compiler.examples import examples
from api.compiler.expand import Expander
from api.compiler.gather import gather
from api.compiler.links import dangling
from api.compiler.media import examined, media_rows, unused
from api.compiler.paths import Index, Locales, place
from api.compiler.pointers import pointers
from api.compiler.representations import contract_rows, entry_rows
from api.compiler.review import judge, next_changes
from api.compiler.targets import ContentFiles
from api.compiler.text_links import misdirected
from api.contract import openapi
from api.contract.proof import Proof
from api.contract.views import Views
from api.errors import ContentError, Issue
from api.settings import RequireReview
from api.source.document import Document
from api.source.media import MediaFile, walk_media
from api.source.opening import shown
from api.source.tree import ContentFile, walk
from api.store import writer
from api.store.revision import Stamp
from api.store.rows import Row, UnitRows
from api.store.writer import Published
from schemas.discovery import Models

Report = Callable[[str, int, int], None]
"""Told the stage, how many of its steps are done, and how many there are (0: not known)."""


@dataclass(frozen=True, slots=True)
class ValidContent:
    """A folder's valid content: entries and files, the site's languages, and the warnings.

    There is an Index for each language, the default one first.
    """

    indexes: list[Index]
    files: ContentFiles
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


def contract_digest(contract: Mapping[str, Any]) -> str:
    """Return 16 hex digits that differ where contracts do."""
    return sha256(orjson.dumps(contract)).hexdigest()[:16]


def check(
    root: Path,
    models: Models,
    report: Report = silent,
    *,
    at: datetime | None = None,
    require_review: RequireReview = RequireReview.NONE,
) -> ValidContent:
    """Read a content folder and return what it holds.

    `at` is the instant at which reviews are judged; without one their days do not count. Raises
    ContentError with all Issues of all files, warnings too, sorted, when one is an error.
    """
    files, issues = walk(root, models)
    media, misnamed = walk_media(root)
    issues += misnamed
    beside = _files(root, files, media, issues)
    found = gather(root, files, models, lambda done: report("read", done, len(files)))
    indexes, taken = place(found.sources, found.translations, models, found.locales)
    issues += found.issues + taken
    broken = _broken(files, found.documents, indexes[0])
    issues += dangling(found.documents, models, indexes[0], broken)
    in_texts = list(pointers(found.documents, indexes))
    issues += misdirected(in_texts, beside, models, indexes, broken)
    beside, of_media = examined(beside, in_texts)
    issues += of_media
    rules = LinkRules(indexes, models, broken)
    for index in indexes:
        issues += [*repeated_keys(index.entries), *lacking_keys(index), *advise(index, rules)]
        issues += judge(index, beside, at, require_review)
    if not any(issue.is_error for issue in issues):
        issues += unused(beside)
    told = sorted(dict.fromkeys(issues), key=lambda issue: issue.order)
    if any(issue.is_error for issue in told):
        raise ContentError(*told)
    return ValidContent(indexes, beside, found.locales, tuple(told))


def compile_units(
    content: ValidContent,
    models: Models,
    contract: Mapping[str, Any],
    report: Report = silent,
    at: datetime | None = None,
) -> Iterator[UnitRows]:
    """Yield the rows of a revision by units, each representation proven against the contract.

    Raises ContentError when one is not what the contract promises.
    """
    proof = Proof(contract)
    views = Views(models)
    total = sum(len(index.entries) for index in content.indexes)
    yield UnitRows("", list(contract_rows(models, contract, content.locales, proof)))
    for media in media_rows(content.files):
        yield UnitRows(f"media:{media.digest}/{media.name}", [media])
    units: dict[str, list[Row]] = defaultdict(list)
    compiled = chain.from_iterable(
        zip(
            index.entries, entry_rows(Expander(views, index, content.files, at), proof), strict=True
        )
        for index in content.indexes
    )
    for done, (entry, rows) in enumerate(compiled, 1):
        units[entry.unit] += rows
        report("compile", done, total)
    yield from (UnitRows(name, rows) for name, rows in units.items())


def publish(  # noqa: PLR0913 - what a publish depends on
    root: Path,
    store: Path,
    models: Models,
    now: datetime,
    report: Report = silent,
    *,
    drafts: bool = False,  # noqa: ARG001 - nothing is hidden yet
) -> Published:
    """Publish a content folder into a store, whole or not at all.

    With `drafts` it shows what is hidden otherwise. Raises ContentError or StoreError; the store
    is then as it was.
    """
    return publish_content(check(root, models, report, at=now), store, models, now, report)


def publish_content(
    content: ValidContent, store: Path, models: Models, now: datetime, report: Report = silent
) -> Published:
    """Publish what `check` returned, likewise."""
    contract = contract_of(models)
    units = compile_units(content, models, contract, report, now)
    changes = [one for index in content.indexes for one in next_changes(index, content.files, now)]
    stamp = Stamp(
        tuple(index.locale for index in content.indexes),
        __version__,
        contract_digest(contract),
        min(changes).strftime("%Y-%m-%dT%H:%M:%SZ") if changes else None,
    )
    return writer.publish(store, units, stamp, now)


def _broken(
    files: Iterable[ContentFile], documents: Iterable[Document], index: Index
) -> set[tuple[str, str]]:
    """Return the type and slug, and the type and id, of files with Issues of their own."""
    placed = {(entry.type, entry.slug) for entry in index.entries}
    broken = {(file.type, file.slug) for file in files} - placed
    return broken | {
        (document.type, document.id)
        for document in documents
        if (document.type, document.slug) in broken
    }


def _files(
    root: Path, files: list[ContentFile], media: list[MediaFile], refused: list[Issue]
) -> ContentFiles:
    known = ContentFiles(root=shown(root.as_posix()))
    return replace(
        known,
        entries={known.within(file.start.path): (file.type, file.slug) for file in files},
        languages={known.within(file.start.path): file.locale for file in files if file.locale},
        media={file.within: file for file in media},
        refused=frozenset(known.within(issue.place.path) for issue in refused),
    )
