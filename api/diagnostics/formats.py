"""The outputs that programs read, by the name that the command line has for each."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from api.diagnostics import github, json_report, sarif
from api.errors import Issue


class Format(StrEnum):
    """How `keypoint check` tells what it found."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


FOR_PROGRAMS: Mapping[Format, Callable[[Sequence[Issue], Path], str]] = {
    Format.JSON: json_report.render,
    Format.GITHUB: github.render,
    Format.SARIF: sarif.render,
}
"""Each takes Issues and the folder that paths are seen from."""
