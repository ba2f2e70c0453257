"""Advice on links: no front end can follow them, or they dial another number than they show."""

import re
from collections.abc import Collection, Iterable, Iterator
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from api.compiler import texts
from api.compiler.anchors import TOP
from api.compiler.catalogue import Face, Index
from api.compiler.links import SHOWN_NAMES, Suggestions
from api.compiler.paths import PlacedEntry
from api.compiler.texts import PlacedText
from api.errors import (
    DANGLING_ANCHOR,
    DANGLING_PATH,
    PHONE_DIFFERS,
    PRIVATE_HOST,
    Issue,
    nearest,
)
from schemas.collection import Embedded, Folder
from schemas.discovery import Models
from schemas.media import kind_of

SHOWN = 80
DIGITS = 7
"""From how many digits on the words of a telephone link are taken for its number."""

_PRIVATE_ENDINGS = (
    "localhost",
    "local",
    "internal",
    "lan",
    "home.arpa",
    "test",
    "invalid",
    "example",
)
"""Names that no public server has (RFC 2606, 6762, 8375, 9476 of the IETF and ICANN)."""
_GAP = r"[\s.\N{EN DASH}\N{NON-BREAKING HYPHEN}-]"
_NUMBER = re.compile(rf"(?:\+\d{{1,3}}{_GAP}?)?(?:\(\d{{1,5}}\){_GAP}?)?\d+(?:{_GAP}\d+(?![\d/]))*")
_EXTENSION = re.compile(r"(?:[,;]|\bext|\bx)\.?\s*\d+\s*$", re.IGNORECASE)


class _Site(NamedTuple):
    """Where a link stands: in an entry, among the entries of its language and broken ones."""

    entry: PlacedEntry
    entries: Index
    broken: Collection[tuple[str, str]]


class LinkRules:
    """Judges the links of rich texts against all entries of the site."""

    def __init__(self, models: Models, locales: Collection[str]) -> None:
        self._locales = frozenset(locales)
        self._models = models
        self._roots = tuple(
            root
            for model in models.values()
            if isinstance(model.collection, Folder)
            and (root := model.collection.path.partition("{slug}")[0]).strip("/")
        )
        self._suggestions = Suggestions()

    def judge(
        self,
        entry: PlacedEntry,
        text: PlacedText,
        index: Index,
        broken: Collection[tuple[str, str]] = (),
    ) -> Iterator[Issue]:
        """Yield the warnings of the links of one text of an entry.

        `broken` has the type and slug of files with errors: a link to one of those is right once
        that file is. An address that means something in the content folder is a reference, and
        judged as one.
        """
        references = {target.address for target in text.value.targets}
        for address, words in texts.links(text.value):
            if address not in references:
                yield from self._judge(_Site(entry, index, broken), text, address, words)

    def _judge(self, site: _Site, text: PlacedText, address: str, words: str) -> Iterator[Issue]:
        scheme = address.partition(":")[0].lower()
        if address.startswith("#"):
            yield from self._anchor(site.entries.page(site.entry.page), text, address)
        elif address.startswith("/"):
            yield from self._path(site, text, address)
        elif scheme in {"http", "https"}:
            yield from _host(text, address)
        elif scheme == "tel":
            yield from _phone(text, address, words)

    def _anchor(self, page: Face | None, text: PlacedText, address: str) -> Iterator[Issue]:
        key = unquote(address.partition("#")[2])
        known = page.anchors if page else ()
        if page is None or key in known or key == TOP or not key:
            return
        what = f"{_begin(address)} leads to no section or point of '{page.path}'"
        yield DANGLING_ANCHOR.at(
            text.place,
            what,
            allowed=known if len(known) <= SHOWN_NAMES else (),
            nearest=self._nearest(key, known),
        )

    def _path(self, site: _Site, text: PlacedText, address: str) -> Iterator[Issue]:
        route = re.split("[?#]", address, maxsplit=1)[0].rstrip("/")
        bare = self._without_locale(route)
        if {route, bare} & set(_routes(self._models, site.broken)):
            return
        found = site.entries.page(route or "/") or site.entries.page(bare or "/")
        if found and "#" in address:
            yield from self._anchor(found, text, address)
        elif found is None and (bare.startswith(self._roots) or kind_of(route)):
            what = f"{_begin(address)} leads to no entry"
            yield DANGLING_PATH.at(
                text.place,
                what,
                nearest=self._nearest(route, site.entries.lookups.catalogue.pages()),
            )

    def _nearest(self, name: str, names: Iterable[str]) -> str | None:
        return nearest(name, names) if self._suggestions.may() else None

    def _without_locale(self, route: str) -> str:
        """Take away the locale that a path of another language begins with."""
        first, _, rest = route.removeprefix("/").partition("/")
        return f"/{rest}" if first in self._locales else route


def _routes(models: Models, files: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, slug in files:
        collection = models[name].collection
        if not isinstance(collection, Embedded):
            yield collection.path.replace("{slug}", slug)


def _begin(address: str) -> str:
    return f"in the text that begins here, the link '{address[:SHOWN]}'"


def _host(text: PlacedText, address: str) -> Iterator[Issue]:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        yield PRIVATE_HOST.at(text.place, f"{_begin(address)} has no host")
        return
    if _is_private(host.rstrip(".")):
        yield PRIVATE_HOST.at(
            text.place, f"{_begin(address)} leads to a host that readers do not reach"
        )


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(tuple(f".{name}" for name in _PRIVATE_ENDINGS))


def _phone(text: PlacedText, address: str, words: str) -> Iterator[Issue]:
    number = unquote(address.partition(":")[2].partition(";")[0])
    words_alone = _EXTENSION.sub("", words).replace("(0)", "")
    shown = [one for one in _NUMBER.findall(words_alone) if len(_digits(one)) >= DIGITS]
    if not shown or any(_agree(one, number) for one in shown):
        return
    what = f"{_begin(address)} says '{words.strip()[:SHOWN]}'"
    yield PHONE_DIFFERS.at(text.place, what)


def _agree(shown: str, dialled: str) -> bool:
    """Whether two ways of writing a number can be one, by the rule of the field type Phone."""
    one, other = _digits(shown), _digits(dialled)
    if shown.startswith("+") and dialled.startswith("+"):
        return one == other
    short, long = sorted((one.lstrip("0"), other.lstrip("0")), key=len)
    return bool(short) and long.endswith(short) and len(long) - len(short) in range(4)


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign in "0123456789")
