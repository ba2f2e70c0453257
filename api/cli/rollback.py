"""`keypoint rollback`: an earlier revision becomes the newest."""

from typing import Annotated

import typer

from api.cli.options import StoreOption, settings_of
from api.cli.output import output
from api.cli.publishing import now, retention
from api.cli.revisions import there
from api.diagnostics import text
from api.store.rollback import roll_back


def rollback(
    revision: Annotated[
        str | None,
        typer.Argument(
            metavar="REVISION",
            help="Its name or number, as 'keypoint revisions' prints them. "
            "Default: the one before the current one.",
        ),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Serve an earlier revision again, as a new one with the same content.

    What was withdrawn since stays so. The next publish brings what the folder has.
    """
    settings = settings_of(store=store)
    file = there(settings.store_file)
    done = roll_back(file, revision, now(), retention(settings))
    told = f"revision {done.revision.name} ({done.revision.number})"
    if not done.new:
        output.print(f"{file}: {told} is the current one already")
        return
    output.print(
        f"{file}: back to {told}, {text.counted(done.added, 'row')} added, {done.ended} ended"
    )
