from collections.abc import Mapping
from typing import Any

import pytest

from api.compiler.tools import contract_of
from schemas.discovery import Models
from tests.support import own_models


@pytest.fixture(scope="package")
def models() -> Models:
    return own_models()


@pytest.fixture(scope="package")
def contract(models: Models) -> Mapping[str, Any]:
    return contract_of(models)
