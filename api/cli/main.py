"""The command `keypoint`, with all that it can do."""

from typing import Annotated

import typer

from api import __version__
from api.cli.build import build
from api.cli.check import check
from api.cli.contract import print_openapi, schema
from api.cli.diff import diff
from api.cli.output import output, stop
from api.cli.publish import publish
from api.cli.review import review
from api.cli.revisions import revisions
from api.cli.rollback import rollback
from api.cli.serve import serve
from api.store.database import StoreError
from schemas.shape import SchemaError

cli = typer.Typer(
    name="keypoint",
    help="A folder of Markdown and YAML becomes a versioned JSON API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def main() -> None:
    """Run the command line."""
    try:
        cli()
    except (SchemaError, StoreError) as error:
        stop(str(error))


@cli.callback(invoke_without_command=True)
def version(
    *, show: Annotated[bool, typer.Option("--version", help="Show the version.")] = False
) -> None:
    """Turn a folder of Markdown and YAML into a versioned JSON API."""
    if show:
        output.print(f"keypoint {__version__}")
        raise typer.Exit


cli.command(epilog="Example: keypoint check content")(check)
cli.command(epilog="Example: keypoint build content --out release.db")(build)
cli.command(epilog="Example: keypoint publish content --store /var/lib/keypoint.db")(publish)
cli.command(epilog="Example: keypoint serve content --port 8080 --store /var/lib/keypoint.db")(
    serve
)
cli.command(epilog="Example: keypoint revisions --store /var/lib/keypoint.db")(revisions)
cli.command(epilog="Example: keypoint rollback 0f343b0931126a20 --store /var/lib/keypoint.db")(
    rollback
)
cli.command(epilog="Example: keypoint diff content --format github")(diff)
cli.command(epilog="Example: keypoint review content/articles/first.md --by ann")(review)
cli.command(name="openapi", epilog="Example: keypoint openapi > openapi.yaml")(print_openapi)
cli.command(epilog="Example: keypoint schema article > article.schema.json")(schema)
