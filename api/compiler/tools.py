"""What is made once for a set of models, and serves every compile."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

from api import __version__
from api.compiler.examples import examples
from api.compiler.plans import Plans
from api.contract import openapi
from api.contract.proof import Proof
from api.contract.views import Views
from schemas.discovery import OWN_FOLDER, Models

_OWN_CODE = (Path(__file__).parent.parent, OWN_FOLDER)
_LIBRARIES = ("nh3", "orjson", "pillow", "pydantic", "pydantic-core", "pyromark", "pyyaml")
"""Those that say what becomes of a file."""


@dataclass(frozen=True, slots=True)
class Tools:
    """The models with what follows from them.

    `program` is a digest of the program's and the models' code, and of the versions of Python and
    the libraries below it: what was compiled by others is compiled again. `contract_digest` are 16
    hex digits that differ where contracts do.
    """

    models: Models
    contract: Mapping[str, Any]
    proof: Proof
    views: Views
    plans: Plans
    program: str
    contract_digest: str


def contract_of(models: Models) -> dict[str, Any]:
    """Return the OpenAPI document of a set of models, with their own examples.

    Raises SchemaError when an example is wrong.
    """
    return openapi.document(models, examples(models))


def tools_of(models: Models, contract: Mapping[str, Any] | None = None) -> Tools:
    """Make the tools for a set of models. Raises SchemaError when an example is wrong."""
    contract = contract_of(models) if contract is None else contract
    digest = sha256(orjson.dumps(contract)).hexdigest()[:16]
    views = Views(models)
    return Tools(models, contract, Proof(contract), views, Plans(views), _program(models), digest)


def _program(models: Models) -> str:
    libraries = (f"{name} {version(name)}" for name in _LIBRARIES)
    digest = sha256("\n".join((__version__, sys.version, *libraries)).encode())
    for file in sorted(set(_code(models))):
        code = file.read_bytes()
        digest.update(f"{file.name}:{len(code)}:".encode())
        digest.update(code)
    return digest.hexdigest()


def _code(models: Models) -> Iterator[Path]:
    for folder in _OWN_CODE:
        yield from folder.rglob("*.py")
        yield from folder.rglob("*.sql")
    for model in models.values():
        if file := sys.modules[model.__module__].__file__:
            yield from Path(file).parent.glob("*.py")
