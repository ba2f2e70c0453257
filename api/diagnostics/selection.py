"""Which Issues a report for people shows, and which it counts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from api.errors import Issue

IN_FILE = 10
"""How many Issues of one code are shown of a file."""
IN_REPORT = 100
"""How many Issues are shown in all."""


@dataclass(slots=True)
class FileIssues:
    """The Issues of one file: those shown, in order, and by code how many are not."""

    path: str
    shown: list[Issue] = field(default_factory=list)
    more: Counter[str] = field(default_factory=Counter)


def select(issues: Iterable[Issue]) -> list[FileIssues]:
    """Deal Issues out to their files, both in order, and choose those to show.

    Errors go before warnings, and of either the first of each code before the second of any: no
    code is hidden behind thousands of another.
    """
    ordered = sorted(issues, key=lambda issue: issue.order)
    chosen = _chosen(ordered)
    files: dict[str, FileIssues] = {}
    for number, issue in enumerate(ordered):
        file = files.setdefault(issue.place.path, FileIssues(issue.place.path))
        if number in chosen:
            file.shown.append(issue)
        else:
            file.more[issue.code] += 1
    return list(files.values())


def _chosen(ordered: list[Issue]) -> set[int]:
    in_file: Counter[tuple[str, str]] = Counter()
    in_report: Counter[str] = Counter()
    ranks: list[tuple[bool, int, int]] = []
    for number, issue in enumerate(ordered):
        in_file[issue.place.path, issue.code] += 1
        if in_file[issue.place.path, issue.code] <= IN_FILE:
            in_report[issue.code] += 1
            ranks.append((not issue.is_error, in_report[issue.code], number))
    return {number for _, _, number in sorted(ranks)[:IN_REPORT]}
