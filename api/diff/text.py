"""A difference as text for people."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from rich.text import Text

from api.diff.difference import AddressChange, Became, Change, Difference, FieldChange, Kind
from api.diff.words import CUT, Mark, compared
from api.errors import printable

SHOWN = 50
"""How many entries, addresses, links and tags are shown of each."""
SHOWN_FIELDS = 20
"""How many fields are shown of an entry."""
LONGEST_VALUE = 200
"""The signs of a value that are shown."""
SIGNS = {Kind.ADDED: ("+", "green"), Kind.CHANGED: ("~", "yellow"), Kind.ENDED: ("-", "red")}
_STYLES = {
    Became.ADDED: "green",
    Became.CHANGED: "yellow",
    Became.ENDED: "red",
    Became.REDIRECTED: "cyan",
    Became.WITHDRAWN: "red",
    Became.EXPIRED: "red",
}


def render(difference: Difference, old: str, new: str) -> Iterator[Text]:
    """Yield the lines; `old` and `new` say what was compared."""
    yield Text(f"{old} → {new}", style="bold")
    if is_empty(difference):
        yield Text("nothing differs")
        return
    yield Text(summary(difference))
    yield from _section("Entries", [_change(one) for one in own(difference)])
    shows = [[_shows(one)] for one in difference.changes if one.kind is Kind.SHOWS]
    yield from _section("Entries that show a changed value of others", shows)
    yield from _section("Addresses", [[_address(one)] for one in difference.addresses])
    broken = [
        [Text(f"  {printable(one.link)}: {one.told}", style="red")] for one in difference.broken
    ]
    yield from _section("Links that broke", broken)
    renames = [
        [
            Text(f"  {one.type} '{one.old_id}' → '{one.new_id}': {one.reason}", style="yellow"),
            Text(f"    to mend, in {one.file}: {' or '.join(one.mend)}"),
        ]
        for one in difference.renames
    ]
    yield from _section("Renames that do not say so", renames)
    files = [Text(f"  + {name}", style="green") for name in difference.media_added]
    files += [Text(f"  - {name}", style="red") for name in difference.media_ended]
    yield from _section("Files", [[line] for line in files])
    yield from _section("Cache tags to purge", [[Text(f"  {t}")] for t in difference.cache_tags])


def is_empty(difference: Difference) -> bool:
    """Tell whether nothing differs that a client or a reader could see."""
    return not (difference.changes or difference.addresses or difference.cache_tags)


def own(difference: Difference) -> list[Change]:
    """Return the changes that are an entry's own."""
    return [change for change in difference.changes if change.kind is not Kind.SHOWS]


def summary(difference: Difference) -> str:
    """Count in words what differs."""
    kinds = (Kind.ADDED, Kind.CHANGED, Kind.ENDED)
    entries = ", ".join(f"{difference.count(kind):,} {kind}" for kind in kinds)
    touched, broken = len(difference.addresses), len(difference.broken)
    return f"entries: {entries}; addresses touched: {touched:,}; links that broke: {broken:,}"


def told(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return a value in one line, cut where it is long."""
    text = " ".join(_as_text(value).split())
    return printable(text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}{CUT}")


def texts(change: FieldChange) -> tuple[str, str] | None:
    """Return a field's values where both are texts, or lists of such, that words may tell apart."""
    if all(_is_text(value) for value in (change.old, change.new)):
        old, new = _as_text(change.old), _as_text(change.new)
        if " " in old and old.split() != new.split():
            return old, new
    return None


def field_name(change: FieldChange, default: str) -> str:
    """Return a field's name, with the language where it is not the entry's first."""
    return change.field if change.locale == default else f"{change.field} ({change.locale})"


def more(total: int, shown: int) -> str:
    """Say how many are not shown."""
    return f"{CUT} and {total - shown:,} more"


def _is_text(value: object) -> bool:
    is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return is_list or isinstance(value, str)


def _as_text(value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, list) and _is_text(value):
        return ", ".join(value)
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _section(title: str, blocks: Sequence[Iterable[Text]]) -> Iterator[Text]:
    if not blocks:
        return
    yield Text()
    yield Text(f"{title} ({len(blocks):,})", style="bold")
    for block in blocks[:SHOWN]:
        yield from block
    if len(blocks) > SHOWN:
        yield Text(f"  {more(len(blocks), SHOWN)}")


def _change(change: Change) -> Iterator[Text]:
    sign, style = SIGNS[change.kind]
    title = f" {told(change.title)}" if change.title else ""
    yield Text.assemble(
        (f"  {sign} {change.name}", style), title, (f" {printable(change.path)}", "dim")
    )
    default = change.fields[0].locale if change.fields else ""
    for field in change.fields[:SHOWN_FIELDS]:
        yield _field(field, default)
    if len(change.fields) > SHOWN_FIELDS:
        yield Text(f"      {more(len(change.fields), SHOWN_FIELDS)}")


def _field(change: FieldChange, default: str) -> Text:
    line = Text.assemble("      ", (f"{field_name(change, default)}: ", "bold"))
    if both := texts(change):
        return line.append_text(Text(" ").join(_runs(*both)))
    return line.append_text(
        Text.assemble((told(change.old), "red"), " → ", (told(change.new), "green"))
    )


def _runs(old: str, new: str) -> Iterator[Text]:
    marks = {Mark.SAME: ("{}", ""), Mark.WENT: ("[-{}-]", "red"), Mark.CAME: ("{{+{}+}}", "green")}
    for mark, text in compared(old, new):
        form, style = marks[mark]
        yield Text(form.format(printable(text)), style=style)


def _shows(change: Change) -> Text:
    of = ", ".join(change.of[:SHOWN_FIELDS])
    return Text(f"  {change.name}: {of}{CUT if len(change.of) > SHOWN_FIELDS else ''}")


def _address(change: AddressChange) -> Text:
    target = f" → {change.target}" if change.target else ""
    return Text.assemble(
        "  ", (f"{change.became:<10}", _STYLES[change.became]), f" {change.address}{target}"
    )
