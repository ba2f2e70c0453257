"""`keypoint openapi` and `keypoint schema`: what is promised, and what editors may write."""

import sys
from typing import Annotated

import orjson
import typer

from api.cli.options import SchemasOption, models_of, settings_of
from api.cli.output import stop
from api.compiler.tools import contract_of
from api.contract import openapi
from api.contract.jsonschema import editor_schema
from api.errors import nearest


def print_openapi(schemas: SchemasOption = None) -> None:
    """Print the contract, as openapi.yaml has it."""
    models = models_of(settings_of(schemas=schemas))
    sys.stdout.buffer.write(openapi.to_yaml(contract_of(models)).encode())


def schema(
    type_name: Annotated[str, typer.Argument(metavar="TYPE", help="A content type.")],
    schemas: SchemasOption = None,
) -> None:
    """Print the JSON Schema of a type's files, for an editor that knows JSON Schema."""
    models = models_of(settings_of(schemas=schemas))
    if type_name not in models:
        meant = nearest(type_name, models)
        hint = f", did you mean '{meant}'?" if meant else ""
        stop(f"there is no type '{type_name}'{hint}; there are: {', '.join(models)}")
    told = orjson.dumps(editor_schema(models, type_name), option=orjson.OPT_INDENT_2)
    sys.stdout.buffer.write(told + b"\n")
