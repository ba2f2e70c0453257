"""Issues as text for people: each with its line, a mark below the column, and how to mend it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from api.diagnostics.excerpt import excerpt
from api.diagnostics.selection import select
from api.diagnostics.source import SourceLine
from api.errors import (
    DUPLICATE_SLUG,
    NOT_A_FILE,
    UNEXPECTED_FILE,
    UNREADABLE_FILE,
    UNREADABLE_FOLDER,
    Issue,
    Place,
    printable,
)

ALLOWED = 20
"""How many allowed values are listed."""
TABLE_FROM = 20
"""From how many Issues on a table counts them."""
FILES = 20
"""How many files a table has."""
INDENT = "    "

_ABOUT_A_NAME = frozenset(
    {DUPLICATE_SLUG, NOT_A_FILE, UNEXPECTED_FILE, UNREADABLE_FILE, UNREADABLE_FOLDER}
)
"""What no line of the file is to blame for: none is shown."""


def render(issues: Sequence[Issue], source: SourceLine) -> Iterator[Text]:
    """Yield the lines of a report: files in order, Issues by place, counts at the end.

    Where there are many, `select` says which are shown. What is allowed and how a code is mended
    is told at the first Issue that it helps.
    """
    files = select(issues)
    told: set[object] = set()
    for number, file in enumerate(file for file in files if file.shown):
        if number:
            yield Text()
        for issue in file.shown:
            yield from _issue(issue, source, told)
        for code, count in sorted(file.more.items()):
            yield Text(f"{INDENT}… and {count:,} more of {code} in this file")
    if hidden := [file for file in files if not file.shown]:
        count = sum(file.more.total() for file in hidden)
        yield Text()
        yield Text(f"… and {count:,} more in {counted(len(hidden), 'more file')}")
    if len(issues) >= TABLE_FROM:
        yield from _tables(issues)
    yield Text()
    yield Text(summary(issues), style="bold")


def plain(lines: Iterable[Text]) -> str:
    """Return lines without colours."""
    return "".join(f"{line.plain}\n" for line in lines)


def summary(issues: Sequence[Issue]) -> str:
    """Count Issues in words: `2 errors, 1 warning in 2 files`."""
    files = {issue.place.path for issue in issues}
    return f"{weights(issues)} in {counted(len(files), 'file')}"


def weights(issues: Sequence[Issue]) -> str:
    """Count errors and warnings in words, those that there are."""
    errors = sum(issue.is_error for issue in issues)
    numbers = ((errors, "error"), (len(issues) - errors, "warning"))
    return ", ".join(counted(number, noun) for number, noun in numbers if number)


def counted(number: int, noun: str) -> str:
    """Give a number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _issue(issue: Issue, source: SourceLine, told: set[object]) -> Iterator[Text]:
    yield _headline(issue)
    has_line = issue.kind not in _ABOUT_A_NAME
    if has_line:
        yield from _marked(issue.place, source, _style(issue))
    if issue.other:
        yield Text(f"{INDENT}also at: {printable(str(issue.other))}")
    if issue.other and has_line:
        yield from _marked(issue.other, source, "cyan")
    if issue.allowed and (issue.code, issue.allowed) not in told:
        yield Text(f"{INDENT}allowed: {_allowed(issue.allowed)}")
    if issue.code not in told:
        yield Text(f"{INDENT}to mend: {issue.kind.mend}")
    told |= {issue.code, (issue.code, issue.allowed)}


def _style(issue: Issue) -> str:
    return "red" if issue.is_error else "yellow"


def _headline(issue: Issue) -> Text:
    weight = "" if issue.is_error else "warning: "
    return Text.assemble(
        (printable(str(issue.place)), "bold"),
        " ",
        (f"{weight}{issue.message}", _style(issue)),
        (f" [{issue.code}]", "dim"),
    )


def _marked(place: Place, source: SourceLine, style: str) -> Iterator[Text]:
    line = source(place)
    if line is None:
        return
    found = excerpt(line, place.column)
    number = f"{place.line:>7}"
    yield Text.assemble((f"{number} | ", "dim"), found.line)
    yield Text.assemble((" " * len(number) + " | ", "dim"), " " * found.before, ("^", style))


def _allowed(values: tuple[str, ...]) -> str:
    more = f", … and {len(values) - ALLOWED:,} more" if len(values) > ALLOWED else ""
    return printable(", ".join(values[:ALLOWED])) + more


def _tables(issues: Sequence[Issue]) -> Iterator[Text]:
    codes = Counter((issue.code, issue.is_error) for issue in issues)
    yield from _table("code", codes, len(codes))
    yield from _table("file", Counter((one.place.path, one.is_error) for one in issues), FILES)


def _table(head: str, counts: Counter[tuple[str, bool]], rows: int) -> Iterator[Text]:
    """Yield a table of names with how many errors and warnings each has, the most first."""
    names = sorted({name for name, _ in counts}, key=lambda name: _weight(counts, name))
    yield Text()
    yield Text(f"  errors  warnings  {head}", style="bold")
    for name in names[:rows]:
        yield Text(f"{counts[name, True]:>8,}{counts[name, False]:>10,}  {printable(name)}")
    if len(names) > rows:
        yield Text(f"{'…':>8}{'…':>10}  {counted(len(names) - rows, f'more {head}')}")


def _weight(counts: Counter[tuple[str, bool]], name: str) -> tuple[int, int, str]:
    return -counts[name, True], -counts[name, False], name
