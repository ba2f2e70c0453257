"""`keypoint check`: what is wrong with the content."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import ContentArgument, SchemasOption, models_of, settings_of
from api.cli.output import errors, output, tell
from api.cli.publishing import JOBS, now
from api.compiler import pipeline
from api.diagnostics import text
from api.diagnostics.formats import FOR_PROGRAMS, Format
from api.errors import ContentError, Issue
from api.progress import progress

FormatOption = Annotated[
    Format, typer.Option("--format", help="text for people; json, github, sarif for programs.")
]


def check(
    content: ContentArgument = None,
    schemas: SchemasOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Say what is wrong with the content; exit with 1 when an error is.

    A warning stops nothing. With a format for programs, stdout has that alone.
    """
    settings = settings_of(content=content, schemas=schemas)
    models = models_of(settings)
    entries: int | None = None
    issues: tuple[Issue, ...]
    with progress(errors) as report:
        try:
            found = pipeline.check(
                settings.content,
                models,
                report,
                at=now(),
                require_review=settings.require_review,
                jobs=JOBS,
            )
            issues, entries = found.warnings, found.entries
        except ContentError as error:
            issues = error.issues
    if form is not Format.TEXT:
        told = FOR_PROGRAMS[form](issues, Path.cwd())
        sys.stdout.buffer.write(told.encode())
    elif issues:
        tell(issues)
    if entries is None:
        raise typer.Exit(1)
    if form is Format.TEXT:
        wrong = f"no errors, {text.weights(issues)}" if issues else "nothing wrong"
        output.print(f"{settings.content}: {entries} entries, {wrong}")
