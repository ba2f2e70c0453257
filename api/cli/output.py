"""What commands print: answers on stdout, what is wrong on stderr."""

from collections.abc import Sequence
from typing import NoReturn

from rich.console import Console

from api.diagnostics import text
from api.diagnostics.source import source_lines
from api.errors import Issue

errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
output = Console(highlight=False, markup=False, soft_wrap=True)


def tell(issues: Sequence[Issue]) -> None:
    """Tell an editor what is wrong, or could be better."""
    for line in text.render(issues, source_lines()):
        errors.print(line)


def stop(message: str) -> NoReturn:
    """End the command with 1."""
    errors.print(f"keypoint: {message}")
    raise SystemExit(1)
