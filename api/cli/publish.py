"""`keypoint publish`: the content into a store that others serve."""

import typer

from api.cli.options import (
    AllowShrinkOption,
    ContentArgument,
    SchemasOption,
    StoreOption,
    models_of,
    settings_of,
)
from api.cli.output import errors, output
from api.cli.publishing import publisher_of
from api.serving.messages import summary
from api.store.writer import Published


def publish(
    content: ContentArgument = None,
    store: StoreOption = None,
    schemas: SchemasOption = None,
    *,
    allow_shrink: AllowShrinkOption = None,
) -> None:
    """Publish the content into the store; whoever serves the store serves it within a second.

    Exit with 1 when an error is in it: the store is then as it was.
    """
    settings = settings_of(content=content, store=store, schemas=schemas, allow_shrink=allow_shrink)
    outcome = publisher_of(settings, models_of(settings)).run()
    match outcome.result:
        case Published() as done:
            output.print(summary(settings.content, done))
        case failure:
            for line in failure.untold:
                errors.print(f"keypoint: {line}")
            errors.print(f"nothing is published: {settings.store_file} is as it was")
            raise typer.Exit(1)
