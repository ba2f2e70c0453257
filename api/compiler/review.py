"""Reviews: the text that one is bound to, and what it says of the present text at an instant."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

import orjson

from api.compiler.catalogue import Index
from api.compiler.paths import PlacedEntry
from api.compiler.targets import ContentFiles
from api.errors import (
    REVIEW_CHANGED,
    REVIEW_MISSING,
    REVIEW_OVERDUE,
    Issue,
    IssueKind,
    Place,
    Severity,
)
from api.settings import RequireReview
from api.source.node import Fields
from schemas.entry import Entry
from schemas.fields import Model, RichText
from schemas.review import Review, ReviewStatus
from schemas.shape import Referring, fields_of

DUE_SOON = timedelta(days=30)
"""How long before a review is due readers are told so."""

_REVIEWED_COMMON = "summary"
"""The one field of all entries that is text; the others say which entry it is, and when it was."""
_LEVELS = tuple(RequireReview)


def text_digest(entry: Entry, files: Mapping[str, str]) -> str:
    """Return 64 hex digits that differ where what a reviewer reads differs.

    They are the SHA-256 of the canonical JSON (keys sorted) of the entry's `summary` and of the
    fields that its type declares, private ones left out, and of `files`: a digest of each media
    file that its texts refer to, by the address written there. A rich text counts by its blocks,
    and a value that is its field's default as if it were not given.
    """
    values = {
        name: value
        for name, value in _public(entry).items()
        if name == _REVIEWED_COMMON or name not in Entry.model_fields
    }
    reviewed = {"fields": values, "files": dict(files)}
    return sha256(orjson.dumps(reviewed, option=orjson.OPT_SORT_KEYS)).hexdigest()


def entry_digest(entry: PlacedEntry, index: Index, files: ContentFiles) -> str:
    """Return the digest of the text of an entry with a file, in its language."""
    return text_digest(entry.own, dict(_files_of(entry, index, files)))


def review_status(review: Review, digest: str, at: datetime | None) -> ReviewStatus:
    """Tell what a review says at an instant of the text that has this digest.

    A review is overdue from the end of its day `next_due` on. Without an instant no day counts.
    """
    if review.digest != digest:
        return ReviewStatus.CHANGED_SINCE_REVIEW
    due, overdue = _transitions(review)
    if at is None or due is None or at < due:
        return ReviewStatus.CURRENT
    return ReviewStatus.DUE_SOON if overdue is None or at < overdue else ReviewStatus.OVERDUE


def next_change(review: Review, digest: str, at: datetime) -> datetime | None:
    """Return the first instant after `at` at which the status is another one; None: there is none.

    A text that was changed stays so until its file is written.
    """
    if review.digest != digest:
        return None
    return next((one for one in _transitions(review) if one is not None and one > at), None)


def next_changes(index: Index, files: ContentFiles, at: datetime) -> Iterator[datetime]:
    """Yield the next change of each review of a language's entries."""
    for entry in index.entries:
        review = entry.own.review
        if entry.parent is None and review is not None:
            changes = next_change(review, entry_digest(entry, index, files), at)
            if changes is not None:
                yield changes


def judge(
    index: Index, files: ContentFiles, at: datetime | None, require: RequireReview
) -> Iterator[Issue]:
    """Yield the Issues of a language's reviews: errors where `require` refuses, else warnings."""
    for entry in index.entries:
        if entry.parent is None:
            digest = entry_digest(entry, index, files) if entry.own.review else ""
            yield from _of_entry(entry, digest, at, require)


def _of_entry(
    entry: PlacedEntry, digest: str, at: datetime | None, require: RequireReview
) -> Iterator[Issue]:
    review = entry.own.review
    if review is None:
        if require is RequireReview.ALWAYS and _is_reviewed(entry):
            yield REVIEW_MISSING.at(entry.place, f"the {entry.type} has text and no review")
        return
    match review_status(review, digest, at):
        case ReviewStatus.CHANGED_SINCE_REVIEW:
            kind = _weighed(REVIEW_CHANGED, require, RequireReview.CHANGED)
            what = f"the text is not the one that was reviewed on {review.at}"
            yield kind.at(_place(entry, "digest"), what)
        case ReviewStatus.OVERDUE:
            kind = _weighed(REVIEW_OVERDUE, require, RequireReview.OVERDUE)
            yield kind.at(_place(entry, "next_due"), f"the review was due on {review.next_due}")
        case _:
            return


def _weighed(kind: IssueKind, require: RequireReview, least: RequireReview) -> IssueKind:
    """Make a warning an error where what is required has reached a level."""
    refuses = _LEVELS.index(require) >= _LEVELS.index(least)
    return replace(kind, severity=Severity.ERROR) if refuses else kind


def _is_reviewed(entry: PlacedEntry) -> bool:
    """Whether an entry has text that somebody else can review: who reviews is not reviewed."""
    by = fields_of(Review)["reviewed_by"].shape
    if isinstance(by, Referring) and entry.type in by.targets:
        return False
    return any(text.value.blocks for text in entry.contents.texts)


def _place(entry: PlacedEntry, name: str) -> Place:
    """Return where a file gives a field of its review."""
    match entry.fields.values.get("review"):
        case Fields(values) as node:
            return values[name].place if name in values else node.place
        case _:
            return entry.place


def _transitions(review: Review) -> tuple[datetime | None, datetime | None]:
    """Return from when a review is due soon, and from when it is overdue."""
    if review.next_due is None:
        return None, None
    return _start(review.next_due, -DUE_SOON), _start(review.next_due, timedelta(days=1))


def _start(day: date, later: timedelta) -> datetime | None:
    """Return the first instant of a day that is so much later; None where the calendar ends."""
    try:
        return datetime.combine(day + later, time(tzinfo=UTC))
    except OverflowError:
        return None


def _public(value: Model) -> dict[str, Any]:
    return {
        name: _canonical(given)
        for name, field in fields_of(type(value)).items()
        if not field.private and (given := getattr(value, name)) != _default(value, name)
    }


def _default(value: Model, name: str) -> object:
    field = type(value).model_fields[name]
    return field.get_default(call_default_factory=True, validated_data={})


def _canonical(value: object) -> Any:  # noqa: ANN401 - JSON
    match value:
        case Model():
            return _public(value)
        case RichText():
            return list(value.blocks)
        case list():
            return [_canonical(one) for one in value]
        case dict():
            return {str(key): _canonical(one) for key, one in value.items()}
        case StrEnum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case str():
            return str(value)
        case _:
            return value


def _files_of(entry: PlacedEntry, index: Index, files: ContentFiles) -> Iterator[tuple[str, str]]:
    for text in entry.contents.texts:
        for target in text.value.targets:
            path = files.path(target.address, target.place[0])
            if path and path in files.media and (media := index.media(path)):
                yield target.address, media.digest
