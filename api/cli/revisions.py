"""`keypoint revisions`: which revisions a store has."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich import box
from rich.table import Table

from api.cli.options import StoreOption, settings_of
from api.cli.output import output, stop
from api.store.history import Step, history


class Format(StrEnum):
    """Whom the list is for."""

    TEXT = "text"
    JSON = "json"


def revisions(
    store: StoreOption = None,
    form: Annotated[
        Format, typer.Option("--format", help="text for people, json for programs.")
    ] = Format.TEXT,
) -> None:
    """List the revisions that the store keeps, the newest first.

    Entries added, changed and ended are those of lists, against the revision before.
    """
    steps = history(there(settings_of(store=store).store_file))
    if form is Format.JSON:
        told = orjson.dumps([asdict(step) for step in steps], option=orjson.OPT_INDENT_2)
        sys.stdout.buffer.write(told + b"\n")
    elif output.is_terminal:
        output.print(_table(steps))
    else:
        for step in steps:
            output.print(" ".join(_cells(step)))


def there(store: Path) -> Path:
    """Return a store that there is; the command ends where there is none."""
    if not store.exists():
        stop(f"{store}: there is no such store: publish into it first")
    return store


def _table(steps: Sequence[Step]) -> Table:
    table = Table(box=box.SIMPLE)
    for name in ("revision", "number", "published at", "origin"):
        table.add_column(name)
    for name in ("added", "changed", "ended", "rows"):
        table.add_column(name, justify="right")
    for step in steps:
        table.add_row(*_cells(step))
    return table


def _cells(step: Step) -> tuple[str, ...]:
    against = ("-", "-", "-") if step.added is None else (step.added, step.changed, step.ended)
    return (
        step.revision,
        str(step.number),
        step.published_at,
        step.origin,
        *map(str, against),
        str(step.rows),
    )
