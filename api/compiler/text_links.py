"""Links and images of texts must lead to an entry or a file that there is."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from posixpath import dirname, relpath

from api.compiler.anchors import TOP
from api.compiler.catalogue import Face, Index
from api.compiler.links import SHOWN_NAMES, Suggestions, file_of, no_entry
from api.compiler.paths import PlacedEntry
from api.compiler.pointers import Pointer
from api.compiler.targets import (
    Address,
    ContentFiles,
    EntryAddress,
    FileAddress,
    OwnAddress,
    Targets,
)
from api.errors import (
    DANGLING_ANCHOR,
    DANGLING_REFERENCE,
    IMAGE_ADDRESS,
    MARKDOWN_LINK,
    MISSING_FILE,
    Issue,
    Place,
    nearest,
)
from api.source.tree import SUFFIXES
from schemas.discovery import Models
from schemas.media import IMAGES, KINDS, kind_of


def misdirected(  # noqa: PLR0913, PLR0917 - what a link may lead to, and how it is told
    found: Iterable[Pointer],
    files: ContentFiles,
    models: Models,
    indexes: Sequence[Index],
    broken: Collection[tuple[str, str]],
    suggestions: Suggestions,
) -> Iterator[Issue]:
    """Yield an Issue for each address of a text that leads nowhere in the text's own language.

    `broken` has the type and slug or id of files with Issues of their own: what leads there is
    right once they are.
    """
    judge = _Judge(files, models, indexes, broken, suggestions)
    for pointer in found:
        if issue := judge.issue(pointer):
            yield issue


class _Judge:
    def __init__(
        self,
        files: ContentFiles,
        models: Models,
        indexes: Sequence[Index],
        broken: Collection[tuple[str, str]],
        suggestions: Suggestions,
    ) -> None:
        self.files = files
        self.models = models
        self.broken = broken
        self.targets = {index.locale: Targets(files, index) for index in indexes}
        self.default = indexes[0].locale
        self.indexes = {index.locale: index for index in indexes}
        self.suggestions = suggestions

    def issue(self, pointer: Pointer) -> Issue | None:
        if pointer.borrowed_by:
            return self._borrowed_issue(pointer, pointer.borrowed_by)
        address, image, written_at = pointer.target
        place = Place(*written_at)
        meant = self.files.read(address, pointer.file)
        if meant is None:
            what = f"'{address[:80]}' leads out of the content folder"
            return MISSING_FILE.at(place, what)
        if image and not (isinstance(meant, FileAddress) and _is_image(meant.path)):
            return IMAGE_ADDRESS.at(place, f"'{address[:80]}' is no image", allowed=IMAGES)
        if isinstance(meant, EntryAddress) and meant.type not in self.models:
            return _no_type(address, meant.type, tuple(self.models), place)
        locale = pointer.entry.locale if pointer.entry else self.default
        if isinstance(meant, FileAddress) and (
            issue := self._other_language(meant, pointer, locale)
        ):
            return issue
        if entry := self.targets[locale].entry(meant, pointer.entry):
            return self._key_issue(entry, locale, meant.key, place)
        if self._is_told(meant, pointer.entry):
            return None
        if isinstance(meant, FileAddress):
            return self._file_issue(meant, pointer, place)
        assert isinstance(meant, EntryAddress)  # noqa: S101 - for the type checker
        types = (meant.type,)
        there = self.indexes[self.default].names(types)
        return no_entry(types, meant.name[:200], place, there, meant=self.suggestions.may())

    def _borrowed_issue(self, pointer: Pointer, locale: str) -> Issue | None:
        """Warn where the source's text, shown in a translation, leads to what that lacks."""
        meant = self.files.read(pointer.target.address, pointer.file)
        found = self.targets[locale].entry(meant, pointer.entry)
        if meant is None or found is None or meant.key in {"", TOP, *self._keys(found, locale)}:
            return None
        return DANGLING_ANCHOR.at(
            Place(pointer.file, 1, 1),
            f"the source's text, which is shown here, leads to '{pointer.target.address[:80]}', "
            f"and the page '{found.page}' has no such part",
            other=Place(*pointer.target.place),
        )

    def _other_language(self, meant: FileAddress, pointer: Pointer, locale: str) -> Issue | None:
        """Refuse a link to a translation's file from a text in another language."""
        file = self.files.entries.get(meant.path)
        if file is None or file.locale in {None, locale}:
            return None
        address = pointer.target.address
        return MARKDOWN_LINK.at(
            Place(*pointer.target.place),
            f"'{address[:80]}' is a translation, and a link leads to its own text's language",
            nearest=address.replace(f".{file.locale}.", ".", 1),
        )

    def _is_told(self, meant: Address, own: PlacedEntry | None) -> bool:
        """Tell whether something else is wrong with what an address means."""
        match meant:
            case OwnAddress():
                return own is None
            case EntryAddress(type_name, name):
                return file_of(self.models[type_name], type_name, name) in self.broken
            case FileAddress(path):
                steps = path.split("/")
                file = self.files.entries.get(path)
                return (file is not None and (file.type, file.slug) in self.broken) or any(
                    "/".join(steps[:count]) in self.files.refused
                    for count in range(1, len(steps) + 1)
                )

    def _key_issue(self, entry: Face, locale: str, key: str, place: Place) -> Issue | None:
        if key in {"", TOP}:
            return None
        keys = self._keys(entry, locale)
        if key in keys:
            return None
        return DANGLING_REFERENCE.at(
            place,
            f"the page of the {entry.type} '{entry.id}' has no '#{key[:80]}'",
            allowed=keys if len(keys) <= SHOWN_NAMES else (),
            nearest=nearest(key, keys) if self.suggestions.may() else None,
        )

    def _keys(self, entry: Face, locale: str) -> list[str]:
        page = self.indexes[locale].page(entry.page)
        return sorted(page.anchors) if page else []

    def _file_issue(self, meant: FileAddress, pointer: Pointer, place: Place) -> Issue | None:
        if meant.path in self.files.media:
            return None
        if re.fullmatch(r"[^\s@/]+@[^\s@/]+", pointer.target.address):
            what = f"'{pointer.target.address[:80]}' is an e-mail address without 'mailto:'"
            return MARKDOWN_LINK.at(place, what, nearest=f"mailto:{pointer.target.address}")
        folder, _, name = meant.path.rpartition("/")
        above = pointer.target.address.partition("#")[0].rpartition("/")
        there = [f"{above[0]}{above[1]}{one}" for one in self.files.folders.get(folder, ())]
        suffix = PurePosixPath(name).suffix
        if suffix and suffix not in SUFFIXES and not kind_of(name):
            what = f"'{suffix[:40]}' is no kind of file that is published"
            address = pointer.target.address
            site = f"https://{address}" if address.startswith("www.") else None
            return MISSING_FILE.at(place, what, allowed=KINDS, nearest=site)
        return (DANGLING_REFERENCE if suffix in SUFFIXES else MISSING_FILE).at(
            place,
            f"there is no file '{meant.path[:200]}' in the content folder",
            allowed=there if len(there) <= SHOWN_NAMES else (),
            nearest=self._nearest_file(meant.path, pointer, there)
            if self.suggestions.may()
            else None,
        )

    def _nearest_file(self, path: str, pointer: Pointer, there: list[str]) -> str | None:
        """Return the file that was probably meant: a namesake elsewhere, or one beside it."""
        name = path.rpartition("/")[2]
        if namesake := self.files.namesakes.get(name.casefold()):
            return relpath(namesake, dirname(self.files.within(pointer.file)) or ".")
        return nearest(pointer.target.address.partition("#")[0], there)


def _is_image(path: str) -> bool:
    kind = kind_of(path)
    return kind is not None and kind.is_image


def _no_type(address: str, word: str, types: tuple[str, ...], place: Place) -> Issue:
    return MARKDOWN_LINK.at(
        place,
        f"a link may not lead to '{address[:80]}': there is no type '{word[:40]}'",
        allowed=types,
        nearest=nearest(word, types),
    )
