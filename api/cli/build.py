"""`keypoint build`: the content as one file that is served as it is."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import ContentArgument, SchemasOption, models_of, settings_of
from api.cli.output import errors, output, tell
from api.cli.publishing import publish_into
from api.compiler.tools import tools_of
from api.diagnostics import text
from api.errors import ContentError
from api.progress import progress
from api.store.bake import bake


def build(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write.")],
    content: ContentArgument = None,
    schemas: SchemasOption = None,
) -> None:
    """Publish the content into a new file that 'serve --store FILE --read-only' serves."""
    settings = settings_of(content=content, schemas=schemas)
    tools = tools_of(models_of(settings))
    with progress(errors) as report:
        try:
            with bake(out) as store:
                done = publish_into(store, settings, tools, report)
        except ContentError as error:
            tell(error.issues)
            errors.print(f"{out} is not written")
            raise typer.Exit(1) from None
    output.print(f"{out}: revision {done.revision.name}, {text.counted(done.added, 'row')}")
