"""Advice on links: no front end can follow them, or they dial another number than they show."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from api.compiler import texts
from api.compiler.anchors import TOP, anchors
from api.compiler.links import SHOWN_NAMES, SUGGESTED
from api.compiler.paths import Index, PlacedEntry
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


class LinkRules:
    """Judges the links of rich texts against all entries of the site."""

    def __init__(
        self,
        indexes: Sequence[Index],
        models: Models,
        broken: Collection[tuple[str, str]] = (),
    ) -> None:
        """Take the entries of each language, and the type and slug of files with errors.

        A link to one of those files is right once that file is.
        """
        self._indexes = indexes
        self._locales = frozenset(index.locale for index in indexes)
        self._broken = frozenset(_routes(models, broken))
        self._roots = tuple(
            root
            for model in models.values()
            if isinstance(model.collection, Folder)
            and (root := model.collection.path.partition("{slug}")[0]).strip("/")
        )
        self._anchors: dict[str, Collection[str]] = {}
        self._told = 0

    def judge(self, entry: PlacedEntry, text: PlacedText) -> Iterator[Issue]:
        """Yield the warnings of the links of one text of an entry.

        An address that means something in the content folder is a reference, and judged as one.
        """
        references = {target.address for target in text.value.targets}
        for address, words in texts.links(text.value):
            if address not in references:
                yield from self._judge(entry, text, address, words)

    def _judge(
        self, entry: PlacedEntry, text: PlacedText, address: str, words: str
    ) -> Iterator[Issue]:
        scheme = address.partition(":")[0].lower()
        if address.startswith("#"):
            yield from self._anchor(entry, text, address)
        elif address.startswith("/"):
            yield from self._path(text, address)
        elif scheme in {"http", "https"}:
            yield from _host(text, address)
        elif scheme == "tel":
            yield from _phone(text, address, words)

    def _anchor(self, entry: PlacedEntry, text: PlacedText, address: str) -> Iterator[Issue]:
        key = unquote(address.partition("#")[2])
        known = self._anchors_of(entry)
        if key in known or key == TOP or not key:
            return
        what = f"{_begin(address)} leads to no section or point of '{entry.path}'"
        yield DANGLING_ANCHOR.at(
            text.place,
            what,
            allowed=known if len(known) <= SHOWN_NAMES else (),
            nearest=self._nearest(key, known),
        )

    def _anchors_of(self, entry: PlacedEntry) -> Collection[str]:
        if entry.path not in self._anchors:
            self._anchors[entry.path] = anchors(entry)
        return self._anchors[entry.path]

    @cached_property
    def _pages(self) -> Mapping[str, PlacedEntry]:
        return {
            entry.path: entry
            for index in self._indexes
            for entry in index.entries
            if entry.parent is None
        }

    def _path(self, text: PlacedText, address: str) -> Iterator[Issue]:
        route = re.split("[?#]", address, maxsplit=1)[0].rstrip("/")
        bare = self._without_locale(route)
        if self._broken & {route, bare}:
            return
        found = self._pages.get(route) or self._pages.get(bare)
        if found and "#" in address:
            yield from self._anchor(found, text, address)
        elif found is None and (bare.startswith(self._roots) or kind_of(route)):
            what = f"{_begin(address)} leads to no entry"
            yield DANGLING_PATH.at(text.place, what, nearest=self._nearest(route, self._pages))

    def _nearest(self, name: str, names: Iterable[str]) -> str | None:
        self._told += 1
        return nearest(name, names) if self._told <= SUGGESTED else None

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
