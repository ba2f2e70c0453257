"""Which files a content folder has, and what each is: its type and its slug."""

import os
import re
from collections.abc import Container, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from api.errors import (
    CONFLICTED_COPY,
    DUPLICATE_SLUG,
    FILE_LOCALE,
    FILE_TOO_LARGE,
    INVALID_SLUG,
    NOT_A_FILE,
    UNEXPECTED_FILE,
    ContentError,
    Issue,
    Place,
    nearest,
)
from api.source.lookalikes import look
from api.source.names import foreign_in, is_ignored, meant_by, original_of, wrong_in
from api.source.opening import Listings, place_below, place_of, read_up_to, shown
from schemas.collection import Folder, SingleFile
from schemas.discovery import Models
from schemas.fields import LOCALE, SLUG, SLUG_LENGTH
from schemas.media import KINDS, kind_of

SUFFIXES = (".md", ".yaml", ".yml", ".json")
LARGEST_FILE = 1_048_576
"""The most bytes that a content file may have."""
DEEPEST = 8
"""How many folders may stand inside one another."""
_PLAIN = re.compile(
    rf"(?P<slug>{SLUG})(?:\.(?P<locale>{LOCALE}))?(?:{'|'.join(map(re.escape, SUFFIXES))})"
)
"""A name as it should be: in a large folder nearly all are, and these take no second look."""


class ContentFile(NamedTuple):
    """A file that belongs to a collection; `within` is its path below `root`.

    `type` is the type of its entry. `locale` is the language of a translation (`slug.uk.md`), None
    for the source text.
    """

    root: Path
    within: str
    type: str
    slug: str
    locale: str | None = None

    @property
    def path(self) -> Path:
        """The file's path."""
        return self.root / self.within

    @property
    def start(self) -> Place:
        """The file's first character."""
        return place_below(self.root, self.within)


def walk(
    root: Path, models: Models, listings: Listings | None = None
) -> tuple[list[ContentFile], list[Issue]]:
    """Return the content files in the order of their names, and what does not belong there.

    Hidden files and editors' leftovers are passed over, and the files that `walk_media` tells of.
    Raises ContentError when the folder cannot be listed.
    """
    walker = _Walk(root, models, listings or Listings(root))
    walker.top()
    return walker.files, walker.issues


def read(root: Path, file: ContentFile) -> bytes:
    """Return the bytes of a file of the content folder `root`.

    Raises ContentError when it is no regular file, is too large, or cannot be read.
    """
    raw = read_up_to(LARGEST_FILE + 1, root, file.within)
    if len(raw) > LARGEST_FILE:
        raise ContentError(
            FILE_TOO_LARGE.at(file.start, f"the file is larger than {LARGEST_FILE:,} bytes")
        )
    return raw


class _Walk:
    """The state of one walk: what was found so far."""

    def __init__(self, root: Path, models: Models, listings: Listings) -> None:
        self.root = root
        self.listings = listings
        self.folders = {
            model.collection.name: name
            for name, model in models.items()
            if isinstance(model.collection, Folder)
        }
        self.singles = {
            model.collection.name: name
            for name, model in models.items()
            if isinstance(model.collection, SingleFile)
        }
        self.files: list[ContentFile] = []
        self.issues: list[Issue] = []
        self.looks: dict[tuple[str, str], str] = {}

    def top(self) -> None:
        entries = _content(self.listings.of(""))
        names = {entry.name for entry in entries}
        for entry in entries:
            path = self.root / entry.name
            single = self.singles.get(path.stem.partition(".")[0])
            if self._is_copy(path, names) or kind_of(entry.name):
                continue
            if entry.is_symlink():
                self.issues.append(NOT_A_FILE.at(place_of(path), "this is a link"))
            elif entry.is_dir(follow_symlinks=False):
                self._folder(path)
            elif single and path.suffix in SUFFIXES:
                self._file(entry.name, single)
            else:
                what = f"'{shown(path.name)}' belongs to no collection"
                self._unexpected(path, what, [f"{name}.yaml" for name in self.singles])

    def _folder(self, path: Path) -> None:
        if path.name not in self.folders:
            what = f"'{shown(path.name)}' is no collection's folder"
            self._without_content(path, what, list(self.folders))
            return
        others = []
        type_name = self.folders[path.name]
        listing = self._listing(path)
        # Plain names go first: where a second name means the same, that one is told.
        for entry in listing:
            plain = _PLAIN.fullmatch(entry.name)
            if plain is None or entry.is_dir(follow_symlinks=False):
                others.append(entry)
            else:
                self._plain(f"{path.name}/{entry.name}", type_name, plain)
        names = {entry.name for entry in listing} if others else ()
        for entry in _content(others):
            file = path / entry.name
            if entry.is_dir(follow_symlinks=False):
                what = f"the folder '{path.name}' has content in no folder below it"
                self._without_content(file, what, [])
            elif self._is_copy(file, names) or kind_of(entry.name):
                continue
            elif file.suffix in SUFFIXES:
                self._file(f"{path.name}/{entry.name}", type_name)
            else:
                what = f"'{shown(file.suffix)}' is no kind of content file"
                self._unexpected(file, what, (*SUFFIXES, *KINDS))

    def _plain(self, within: str, type_name: str, name: re.Match[str]) -> None:
        """Take a file whose name has nothing that looks like something else."""
        slug, locale = name["slug"], name["locale"]
        stem = f"{slug}.{locale.lower()}" if locale else slug
        if len(slug) > SLUG_LENGTH or self.looks.setdefault((type_name, stem), within) != within:
            self._file(within, type_name)
        else:
            self.files.append(ContentFile(self.root, within, type_name, slug, locale))

    def _without_content(self, path: Path, what: str, allowed: list[str], depth: int = 1) -> None:
        """Look through a folder that may have media alone; `what` says so where it has content."""
        entries = _content(self._listing(path))
        named = (path.name, *(entry.name for entry in entries))
        if depth > DEEPEST or any(Path(name).suffix in SUFFIXES for name in named):
            self._unexpected(path, what, allowed)
            return
        for entry in entries:
            file = path / entry.name
            if entry.is_dir(follow_symlinks=False):
                self._without_content(file, what, allowed, depth + 1)
            elif not kind_of(entry.name):
                kind = f"'{shown(file.suffix)}' is no kind of file that is published"
                self._unexpected(file, kind, tuple(KINDS))

    def _listing(self, path: Path) -> list[os.DirEntry[str]]:
        try:
            return self.listings.of(path.relative_to(self.root).as_posix())
        except ContentError as error:
            self.issues += error.issues
            return []

    def _file(self, within: str, type_name: str) -> None:
        path = self.root / within
        slug, dot, locale = path.stem.partition(".")
        first = self.root / self.looks.setdefault((type_name, look(path.stem)), within)
        wrong = wrong_in(slug)
        place = place_of(path)
        if first != path:
            what = f"the slug '{shown(first.stem)}' is taken by another file"
            if wrong:
                what = f"the file name '{shown(path.stem)}' looks like another one: {wrong}"
            self.issues.append(DUPLICATE_SLUG.at(place, what, other=place_of(first)))
        elif wrong:
            what = f"the file name '{shown(slug)}' is no slug: {wrong}"
            self.issues.append(INVALID_SLUG.at(place, what, nearest=meant_by(slug)))
        elif dot and not re.fullmatch(LOCALE, locale):
            what = f"'{shown(locale)}' in the file's name is no language such as uk or pt-BR"
            self.issues.append(FILE_LOCALE.at(place, what))
        else:
            self.files.append(ContentFile(self.root, within, type_name, slug, locale or None))

    def _is_copy(self, path: Path, names: Container[str]) -> bool:
        """Tell of a file that a synchroniser put beside another one."""
        original = original_of(path.name)
        if original is None:
            return False
        what = f"this is a copy of '{shown(original)}', made when it was changed in two places"
        other = place_of(path.with_name(original)) if original in names else None
        self.issues.append(CONFLICTED_COPY.at(place_of(path), what, other=other))
        return True

    def _unexpected(self, path: Path, what: str, allowed: Sequence[str]) -> None:
        why = foreign_in(path.name)
        meant = nearest(path.name, allowed) or nearest(path.suffix, allowed)
        self.issues.append(
            UNEXPECTED_FILE.at(
                place_of(path), f"{what}: {why}" if why else what, allowed=allowed, nearest=meant
            )
        )


def _content(entries: Iterable[os.DirEntry[str]]) -> list[os.DirEntry[str]]:
    """Return the files and folders without those that are nobody's content."""
    return [
        entry
        for entry in entries
        if not is_ignored(entry.name, folder=entry.is_dir(follow_symlinks=False))
    ]
