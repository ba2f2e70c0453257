"""When readers have an entry, and what the addresses that it had or lost answer instead.

All of it follows from an entry's file and an instant. An entry's own redirects and gone addresses
follow from its own Face; whose they may be is decided over the Faces of all entries.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from api.compiler.links import no_entry
from api.contract.operations import item_address
from api.errors import FORMER_SLUG, REPLACEMENT_LOOP, Issue, Place
from api.source.document import Document
from api.source.node import Fields, Items, Node
from api.store.rows import GoneRow, RedirectRow
from schemas.entry import Entry, Status

Name = tuple[str, str]
"""The type of an entry, and its slug or id."""


class Standing(StrEnum):
    """Whether readers have an entry, and if not, why."""

    PUBLIC = "public"
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def standing(value: Entry, at: datetime, *, drafts: bool = False) -> Standing:
    """Return where an entry stands at an instant; the first moment of a state is part of it.

    A withdrawal goes before everything that time brings. `drafts` shows what is not for readers
    yet: drafts, and what is scheduled.
    """
    if value.status is Status.DRAFT:
        return Standing.PUBLIC if drafts else Standing.DRAFT
    if value.withdrawn and (value.withdrawn.at is None or value.withdrawn.at <= at):
        return Standing.WITHDRAWN
    if value.expire_at and value.expire_at <= at:
        return Standing.EXPIRED
    if value.publish_at and value.publish_at > at and not drafts:
        return Standing.SCHEDULED
    return Standing.PUBLIC


def next_change(value: Entry, at: datetime, *, drafts: bool = False) -> datetime | None:
    """Return the next instant after `at` at which an entry stands elsewhere, None without one."""
    withdrawn_at = value.withdrawn.at if value.withdrawn else None
    named = (value.publish_at, value.expire_at, withdrawn_at)
    coming = sorted([instant for instant in named if instant and instant > at])
    if not coming:
        return None
    now = standing(value, at, drafts=drafts)
    changes = (one for one in coming if standing(value, one, drafts=drafts) is not now)
    return next(changes, None)


class Named(NamedTuple):
    """A name that a file gives, and where."""

    name: Name
    address: str
    place: Place


@dataclass(frozen=True, slots=True)
class Face:
    """What of an entry with a file decides whose an address is.

    `addresses` are those that it has: by its slug, and by its id where that is another name.
    `former` are the slugs that it had; a draft has taken none over yet. `reason` tells readers why
    it is gone, where it is.
    """

    type: str
    slug: str
    id: str
    addresses: tuple[str, ...]
    place: Place
    standing: Standing
    former: tuple[Named, ...] = ()
    replacement: Named | None = None
    reason: str = ""

    @property
    def name(self) -> Name:
        """Its type and slug."""
        return self.type, self.slug

    @property
    def units(self) -> list[str]:
        """What the store calls it, by its slug and by those that it had."""
        names = (self.name, *(one.name for one in self.former))
        return [f"{kind}:{slug}" for kind, slug in names]

    @property
    def has_history(self) -> bool:
        """Whether it is not public, or tells of former addresses or of what is read instead."""
        return bool(self.former or self.replacement or self.standing is not Standing.PUBLIC)


def read_life(values: Mapping[str, Any]) -> Face:
    """Return a Face that was written as JSON."""
    replacement = values["replacement"]
    return Face(
        **{
            **values,
            "addresses": tuple(values["addresses"]),
            "place": Place(*values["place"]),
            "standing": Standing(values["standing"]),
            "former": tuple(_named(one) for one in values["former"]),
            "replacement": replacement and _named(replacement),
        }
    )


def _named(values: list[Any]) -> Named:
    (kind, name), address, place = values
    return Named((kind, name), address, Place(*place))


def face(document: Document, value: Entry, at: datetime, *, drafts: bool = False) -> Face:
    """Return the Face of an entry, of its Document in the default language, at an instant."""
    stands = standing(value, at, drafts=drafts)
    by_slug = item_address(type(value), document.slug)
    by_id = item_address(type(value), value.id) if value.id else by_slug
    return Face(
        type=document.type,
        slug=document.slug,
        id=value.id or document.slug,
        addresses=(by_slug,) if by_id == by_slug else (by_slug, by_id),
        place=document.start,
        standing=stands,
        former=() if value.status is Status.DRAFT else tuple(_former(document, value)),
        replacement=_replacement(document, value),
        reason=_reason(value, stands),
    )


def _former(document: Document, value: Entry) -> Iterator[Named]:
    nodes = document.fields.values.get("redirect_from")
    items = nodes.items if isinstance(nodes, Items) else ()
    for slug, node in zip(value.redirect_from, items, strict=True):
        yield Named((document.type, slug), item_address(type(value), slug), node.place)


def _replacement(document: Document, value: Entry) -> Named | None:
    if not value.withdrawn or not value.withdrawn.replacement:
        return None
    above, colon, name = value.withdrawn.replacement.rpartition(":")
    group = document.fields.values.get("withdrawn")
    node: Node | None = group.values.get("replacement") if isinstance(group, Fields) else None
    place = node.place if node else document.start
    return Named((above if colon else document.type, name), "", place)


def _reason(value: Entry, stands: Standing) -> str:
    match stands:
        case Standing.WITHDRAWN if value.withdrawn:
            return value.withdrawn.reason
        case Standing.EXPIRED if value.expire_at:
            return f"It was published until {value.expire_at.isoformat().replace('+00:00', 'Z')}."
        case _:
            return ""


def redirect_rows(entry: Face) -> Iterator[RedirectRow]:
    """Yield the former addresses of an entry that readers have: each leads to the present one.

    Chains are collapsed from the start: `contested` lets no former slug be a present one, so no
    target is itself an address that leads on. What readers do not have yet leads nowhere: the
    target would tell its slug.
    """
    if entry.standing is Standing.PUBLIC:
        for former in entry.former:
            yield RedirectRow(former.address, entry.addresses[0])


def gone_rows(entry: Face, replacement: str | None) -> Iterator[GoneRow]:
    """Yield every address of an entry that is withdrawn or expired, its former ones too.

    `replacement` is what `replacements` has for it.
    """
    match entry.standing:
        case Standing.WITHDRAWN:
            kind: Literal["withdrawn", "expired"] = "withdrawn"
        case Standing.EXPIRED:
            kind = "expired"
        case _:
            return
    # Its id may be among its former slugs.
    former = (named.address for named in entry.former)
    for address in dict.fromkeys((*entry.addresses, *former)):
        yield GoneRow(address, entry.reason, replacement, kind)


def contested(faces: Iterable[Face]) -> Iterator[Issue]:
    """Yield an Issue for each former slug that an entry has now, or another one had too.

    Time decides nothing here: what is right today is right when the next instant comes.
    """
    entries = sorted(faces, key=lambda entry: entry.place)
    present = _by_name(entries)
    claimed: dict[Name, Named] = {}
    for entry in entries:
        for former in entry.former:
            if issue := _contest(entry, former, present.get(former.name), claimed):
                yield issue
            else:
                claimed[former.name] = former


def _contest(
    entry: Face, former: Named, present: Face | None, claimed: Mapping[Name, Named]
) -> Issue | None:
    kind, slug = former.name
    if former.address == entry.addresses[0]:
        what = f"'{slug}' is the slug that this file has"
        if slug != entry.slug:
            what = f"a {kind} has one address, and no slugs"
        return FORMER_SLUG.at(former.place, what)
    if present and present.name != entry.name:
        has = "slug" if present.slug == slug else "id"
        what = f"'{slug}' is the {has} of another {kind}, whose address cannot lead here"
        return FORMER_SLUG.at(former.place, what, other=present.place)
    if other := claimed.get(former.name):
        what = f"another {kind} has the former slug '{slug}' too"
        return FORMER_SLUG.at(former.place, what, other=other.place)
    return None


def replacements(faces: Iterable[Face]) -> tuple[dict[Name, str | None], list[Issue]]:
    """Return the addresses to read instead of what is withdrawn, by type and slug; and Issues.

    Where the replacement was withdrawn too, its own stands in for it. One that readers do not have
    is None. A replacement that is no entry, or in a loop, is an Issue at whatever time.
    """
    entries = sorted(faces, key=lambda entry: entry.place)
    present = _by_name(entries)
    issues = []
    found: dict[Name, str | None] = {}
    for entry in entries:
        if entry.replacement is None:
            continue
        if entry.replacement.name not in present:
            issues.append(_unknown(entry.replacement, present))
        elif issue := _loop(entry, entry.replacement, present):
            issues.append(issue)
        elif entry.standing is Standing.WITHDRAWN:
            found[entry.name] = _read_instead(entry, present)
    return found, issues


def _read_instead(entry: Face, present: Mapping[Name, Face]) -> str | None:
    """Follow replacements, of which none is in a loop, to an entry that readers have."""
    seen = set()
    here: Face | None = entry
    while here and here.standing is Standing.WITHDRAWN and here.name not in seen:
        seen.add(here.name)
        here = present.get(here.replacement.name) if here.replacement else None
    return here.addresses[0] if here and here.standing is Standing.PUBLIC else None


def _loop(entry: Face, replacement: Named, present: Mapping[Name, Face]) -> Issue | None:
    """Return the Issue of an entry that is, by and by, its own replacement."""
    seen = {entry.name}
    here = present.get(replacement.name)
    while here and here.name not in seen:
        seen.add(here.name)
        here = present.get(here.replacement.name) if here.replacement else None
    if here is None or here.name != entry.name:
        return None
    first = present[replacement.name]
    what = "the entry would be its own replacement"
    other = first.replacement.place if first is not entry and first.replacement else None
    return REPLACEMENT_LOOP.at(replacement.place, what, other=other)


def _unknown(replacement: Named, present: Mapping[Name, Face]) -> Issue:
    kind, name = replacement.name
    there = sorted(slug for type_name, slug in present if type_name == kind)
    return no_entry((kind,), name, replacement.place, there, meant=True)


def _by_name(entries: Iterable[Face]) -> dict[Name, Face]:
    return {(entry.type, name): entry for entry in entries for name in (entry.slug, entry.id)}
