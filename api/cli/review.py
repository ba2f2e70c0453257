"""`keypoint review`: who has reviewed a text, written into its file."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from api.cli.options import ContentOption, SchemasOption, models_of, settings_of
from api.cli.output import errors, output, stop, tell
from api.cli.publishing import JOBS, now
from api.compiler import pipeline
from api.compiler.paths import PlacedEntry
from api.compiler.review import entry_digest
from api.compiler.single import SingleEntries
from api.errors import ContentError, nearest
from api.progress import progress
from api.settings import Settings
from api.source.amend import AmendError, amended
from api.source.saving import save
from schemas.discovery import Models
from schemas.review import Review
from schemas.shape import Referring, fields_of


def review(  # noqa: PLR0913, PLR0917 - an option for each part of a review
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The content file reviewed.")],
    by: Annotated[str, typer.Option(metavar="PERSON", help="Who: the slug of a person.")],
    role: Annotated[str | None, typer.Option(help="As what the person has reviewed it.")] = None,
    next_due: Annotated[
        datetime | None,
        typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="When it is due again."),
    ] = None,
    content: ContentOption = None,
    schemas: SchemasOption = None,
) -> None:
    """Write into a file that its text, as it stands now, was reviewed today (UTC).

    Nothing else in the file changes. A translation is reviewed by itself.
    """
    settings = settings_of(content=content, schemas=schemas)
    models = models_of(settings)
    path = _within(settings, file)
    raw = _read(path)
    _check(settings, models)
    entries = SingleEntries(settings.content, models)
    found = entries.of_file(path) or stop(f"{file} is no content file of the folder")
    person = _person(entries, by)
    written = _review(
        reviewed_by=by,
        role=role,
        at=now().date(),
        next_due=next_due.date() if next_due else None,
        digest=entry_digest(found.entry, found.among, entries.scan.files),
    )
    if _read(path) != raw:
        stop(f"{file}: the file was changed meanwhile; review it again")
    _write(path, raw, written)
    due = f", next due {written.next_due}" if written.next_due else ""
    output.print(f"{file}: reviewed by {person.title} on {written.at}{due}")


def _within(settings: Settings, file: Path) -> Path:
    """Return the path by which the content folder has the file."""
    try:
        return settings.content / file.resolve().relative_to(settings.content.resolve())
    except ValueError:
        stop(f"{file} is not in the content folder {settings.content}; give that as --content")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        stop(f"{file}: the file cannot be read: {error.strerror}")


def _check(settings: Settings, models: Models) -> None:
    with progress(errors) as report:
        try:
            pipeline.check(settings.content, models, report, jobs=JOBS)
        except ContentError as error:
            tell(error.issues)
            stop("the content has errors: nothing is written")


def _person(entries: SingleEntries, by: str) -> PlacedEntry:
    shape = fields_of(Review)["reviewed_by"].shape
    targets = shape.targets if isinstance(shape, Referring) else ()
    if found := entries.named(targets, by):
        return found
    meant = nearest(by, entries.names(targets))
    hint = f", did you mean '{meant}'?" if meant else "; add who reviews to people/"
    return stop(f"no person has the slug '{by}'{hint}")


def _review(**values: str | date | None) -> Review:
    try:
        return Review.model_validate(values)
    except ValidationError as error:
        wrong = error.errors()[0]
        named = [f"--{part}".replace("_", "-") for part in wrong["loc"]] or ["the review"]
        stop(" ".join([*named, wrong["msg"]]))


def _write(file: Path, raw: bytes, review: Review) -> None:
    values = {name: str(value) for name, value in review if value is not None}
    try:
        save(file, amended(raw, file, "review", values))
    except AmendError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{file}: the file cannot be written: {error.strerror}")
