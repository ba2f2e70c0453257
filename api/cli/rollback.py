"""`keypoint rollback`: an earlier revision becomes the newest."""

from functools import cache
from typing import Annotated

import typer

from api.cli.options import StoreOption, models_of, settings_of
from api.cli.output import output
from api.cli.publishing import now, retention
from api.cli.revisions import there
from api.compiler.representations import keeping
from api.compiler.tools import tools_of
from api.diagnostics import text
from api.settings import Settings
from api.store.rollback import roll_back
from api.store.unlinking import Json, Keeps


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
    done = roll_back(file, revision, now(), retention(settings), _keeping(settings))
    told = f"revision {done.revision.name} ({done.revision.number})"
    if not done.new:
        output.print(f"{file}: {told} is the current one already")
        return
    output.print(
        f"{file}: back to {told}, {text.counted(done.added, 'row')} added, {done.ended} ended"
    )


def _keeping(settings: Settings) -> Keeps:
    """Return what tells whether JSON keeps the contract, which is read once something asks."""

    @cache
    def made() -> Keeps:
        tools = tools_of(models_of(settings))
        return keeping(tools.views, tools.proof)

    def keeps(value: Json) -> bool:
        return made()(value)

    return keeps
