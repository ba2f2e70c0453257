"""What commands print: answers on stdout, what is wrong on stderr."""

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from rich.console import Console

from api.diagnostics import text
from api.diagnostics.source import source_lines
from api.errors import Issue


class _Lasting(Console):
    """A console whose reader may go away: what the command does goes on without it."""

    def on_broken_pipe(self) -> None:
        """Print no more."""
        self.quiet = True
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())


errors = _Lasting(stderr=True, highlight=False, markup=False, soft_wrap=True)
output = _Lasting(highlight=False, markup=False, soft_wrap=True)


def tell(issues: Sequence[Issue]) -> None:
    """Tell an editor what is wrong, or could be better."""
    for line in text.render(issues, source_lines()):
        errors.print(line)


def stop(message: str) -> NoReturn:
    """End the command with 1."""
    errors.print(f"keypoint: {message}")
    raise SystemExit(1)
