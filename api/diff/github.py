"""A difference as Markdown, for the summary of a workflow's job or a comment on GitHub.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions, "Adding a job
summary". Markdown and not annotations: most of what differs has no line in a file that is there.
"""

import re
from collections.abc import Iterator, Sequence

from api.diff.difference import Change, Difference, FieldChange, Kind
from api.diff.text import (
    SHOWN,
    SHOWN_FIELDS,
    field_name,
    is_empty,
    more,
    own,
    summary,
    texts,
    told,
)
from api.diff.words import Mark, compared
from api.errors import printable

LARGEST = 500_000
"""The bytes of a summary; GitHub takes 1 MiB of a step."""


def render(difference: Difference, old: str, new: str) -> str:
    """Return the Markdown; `old` and `new` say what was compared."""
    lines = [f"### {_code(old)} → {_code(new)}", "", *_sections(difference)]
    kept: list[str] = []
    size = 0
    for line in lines:
        size += len(line.encode()) + 1
        if size > LARGEST:
            return "\n".join([*kept, "", "… and more: see `keypoint diff` itself", ""])
        kept.append(line)
    return "\n".join([*kept, ""])


def _sections(difference: Difference) -> Iterator[str]:
    if not difference.publishable:
        yield "**The content cannot be published**, so there is nothing to compare:"
    elif is_empty(difference):
        yield "Nothing differs."
    else:
        yield f"{summary(difference)}."
    issues = [f"- {_code(str(one.place))}: {_code(one.message)}" for one in difference.issues]
    yield from _section("Issues", issues, opened=True)
    broken = [f"- {_code(one.link)}: {one.told}" for one in difference.broken]
    yield from _section("Links that broke", broken, opened=True)
    renames = [
        f"- {one.type} {_code(one.old_id)} → {_code(one.new_id)}: {one.reason}."
        f" In {_code(one.file)}, write {' or '.join(map(_code, one.mend))}"
        for one in difference.renames
    ]
    yield from _section("Renames that do not say so", renames, opened=True)
    changes = own(difference)
    entries = ["\n".join(_change(change)) for change in changes[:SHOWN]]
    yield from _section("Entries", entries, len(changes), opened=True)
    shows = [
        f"- {_code(one.name)}: {', '.join(map(_code, one.of[:SHOWN_FIELDS]))}"
        for one in difference.changes
        if one.kind is Kind.SHOWS
    ]
    yield from _section("Entries that show a changed value of others", shows)
    addresses = [
        f"- {one.became} {_code(one.address)}" + (f" → {_code(one.target)}" if one.target else "")
        for one in difference.addresses
    ]
    yield from _section("Addresses", addresses)
    files = [f"- added {_code(name)}" for name in difference.media_added]
    files += [f"- ended {_code(name)}" for name in difference.media_ended]
    yield from _section("Files", files)
    yield from _section("Cache tags to purge", [f"- {_code(t)}" for t in difference.cache_tags])


def _section(
    title: str, lines: Sequence[str], count: int = 0, *, opened: bool = False
) -> Iterator[str]:
    """Yield the first of some lines, of which there are `count`, where more were not given."""
    total = max(count, len(lines))
    if not total:
        return
    head = f"{title} ({total:,})"
    yield from ("", f"<details{' open' if opened else ''}><summary>{head}</summary>", "")
    yield from lines[:SHOWN]
    if total > SHOWN:
        yield f"- {more(total, SHOWN)}"
    yield from ("", "</details>")


def _change(change: Change) -> Iterator[str]:
    title = f" {_code(told(change.title))}" if change.title else ""
    yield f"- {change.kind} {_code(change.name)}{title} {_code(change.path)}"
    default = change.fields[0].locale if change.fields else ""
    if change.fields:
        lines = [line for one in change.fields[:SHOWN_FIELDS] for line in _field(one, default)]
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", "".join(lines))), default=0))
        yield from ("", f"  {fence}diff", *(f"  {line}" for line in lines), f"  {fence}")
    if len(change.fields) > SHOWN_FIELDS:
        yield f"  {more(len(change.fields), SHOWN_FIELDS)}"


def _field(change: FieldChange, default: str) -> Iterator[str]:
    """Yield a field as lines of a `diff`: its name, what went, what came."""
    yield f"@@ {field_name(change, default)} @@"
    old, new = change.old, change.new
    if both := texts(change):
        runs = [(mark, printable(text)) for mark, text in compared(*both)]
        yield "- " + " ".join(text for mark, text in runs if mark is not Mark.CAME)
        yield "+ " + " ".join(text for mark, text in runs if mark is not Mark.WENT)
        return
    if old is not None:
        yield f"- {told(old)}"
    if new is not None:
        yield f"+ {told(new)}"


def _code(text: str) -> str:
    """Return a text as a code span (CommonMark, 6.1): nothing in it means anything."""
    line = printable(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"
