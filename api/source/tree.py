"""Which files a content folder has, and what each is: its type and its slug."""

import errno
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from api.errors import (
    DUPLICATE_SLUG,
    FILE_LOCALE,
    FILE_TOO_LARGE,
    INVALID_SLUG,
    NOT_A_FILE,
    UNEXPECTED_FILE,
    UNREADABLE_FILE,
    UNREADABLE_FOLDER,
    ContentError,
    Issue,
    Place,
    nearest,
)
from schemas.collection import Folder, SingleFile
from schemas.discovery import Models
from schemas.fields import LOCALE, SLUG, SLUG_LENGTH
from schemas.media import KINDS, kind_of

SUFFIXES = (".md", ".yaml", ".yml", ".json")
LARGEST_FILE = 1_048_576
"""The most bytes that a content file may have."""
DEEPEST = 8
"""How many folders may stand inside one another."""


@dataclass(frozen=True, slots=True)
class ContentFile:
    """A file that belongs to a collection; `type` is the type of its entry.

    `locale` is the language of a translation (`slug.uk.md`), None for the source text.
    """

    path: Path
    type: str
    slug: str
    locale: str | None = None

    @property
    def start(self) -> Place:
        """The file's first character."""
        return Place(self.path.as_posix(), 1, 1)


def walk(root: Path, models: Models) -> tuple[list[ContentFile], list[Issue]]:
    """Return the content files in the order of their names, and what does not belong there.

    Hidden files and editors' leftovers are passed over, and the files that `walk_media` tells of.
    Raises ContentError when the folder cannot be listed.
    """
    walker = _Walk(models)
    for entry in listed(root):
        walker.at_top(root / entry.name, entry)
    return walker.files, walker.issues


def read(file: ContentFile) -> bytes:
    """Return a file's bytes, following no link and waiting for nothing.

    Raises ContentError when it is no regular file, is too large, or cannot be read.
    """
    raw = read_up_to(LARGEST_FILE + 1, file.path)
    if len(raw) > LARGEST_FILE:
        raise ContentError(
            FILE_TOO_LARGE.at(file.start, f"the file is larger than {LARGEST_FILE:,} bytes")
        )
    return raw


def read_up_to(length: int, path: Path) -> bytes:
    """Return the first bytes of a file, following no link and waiting for nothing.

    Raises ContentError when it is no regular file or cannot be read.
    """
    place = place_of(path)
    with os.fdopen(_opened(path, place), "rb") as stream:
        try:
            return stream.read(length)
        except OSError as error:
            raise ContentError(_unreadable(place, error)) from None


def _opened(path: Path, place: Place) -> int:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ContentError(NOT_A_FILE.at(place, "this is a link")) from None
        raise ContentError(_unreadable(place, error)) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ContentError(NOT_A_FILE.at(place, "this is no regular file"))
    return descriptor


def _unreadable(place: Place, error: OSError) -> Issue:
    return UNREADABLE_FILE.at(place, f"the file cannot be read: {error.strerror}")


def listed(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Return what a folder has, by name, without hidden files and editors' leftovers.

    Raises ContentError when the folder cannot be listed.
    """
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        what = f"the folder cannot be listed: {error.strerror}"
        raise ContentError(UNREADABLE_FOLDER.at(place_of(folder), what)) from None
    return (entry for entry in found if not _ignored(entry.name))


def shown(name: str) -> str:
    """Return a file's name as text; bytes that are not UTF-8 are escaped."""
    return os.fsencode(name).decode(errors="backslashreplace")


def place_of(path: Path) -> Place:
    """Return a file's first character."""
    return Place(shown(path.as_posix()), 1, 1)


def _ignored(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith(("~", ".swp", ".tmp", ".bak"))


class _Walk:
    """The state of one walk: what was found so far."""

    def __init__(self, models: Models) -> None:
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
        self.twins: dict[tuple[str, str], Place] = {}

    def at_top(self, path: Path, entry: os.DirEntry[str]) -> None:
        if kind_of(entry.name):
            return
        if entry.is_symlink():
            self.issues.append(NOT_A_FILE.at(place_of(path), "this is a link"))
        elif entry.is_dir(follow_symlinks=False):
            self._folder(path)
        elif (name := path.stem.partition(".")[0]) in self.singles and path.suffix in SUFFIXES:
            self._file(path, self.singles[name])
        else:
            names = [f"{name}.yaml" for name in self.singles]
            self._unexpected(path, f"'{shown(path.name)}' belongs to no collection", names)

    def _folder(self, path: Path) -> None:
        if path.name not in self.folders:
            what = f"'{shown(path.name)}' is no collection's folder"
            self._without_content(path, what, list(self.folders))
            return
        for entry in self._entries(path):
            file = path / entry.name
            if entry.is_dir(follow_symlinks=False):
                what = f"the folder '{path.name}' has content in no folder below it"
                self._without_content(file, what, [])
            elif file.suffix in SUFFIXES:
                self._file(file, self.folders[path.name])
            elif not kind_of(entry.name):
                what = f"'{shown(file.suffix)}' is no kind of content file"
                self._unexpected(file, what, (*SUFFIXES, *KINDS))

    def _without_content(self, path: Path, what: str, allowed: list[str], depth: int = 1) -> None:
        """Look through a folder that may have media alone; `what` says so where it has content."""
        entries = self._entries(path)
        if depth > DEEPEST or any(Path(entry.name).suffix in SUFFIXES for entry in entries):
            self._unexpected(path, what, allowed)
            return
        for entry in entries:
            file = path / entry.name
            if entry.is_dir(follow_symlinks=False):
                self._without_content(file, what, allowed, depth + 1)
            elif not kind_of(entry.name):
                kind = f"'{shown(file.suffix)}' is no kind of file that is published"
                self._unexpected(file, kind, tuple(KINDS))

    def _entries(self, path: Path) -> list[os.DirEntry[str]]:
        try:
            return list(listed(path))
        except ContentError as error:
            self.issues += error.issues
            return []

    def _file(self, path: Path, type_name: str) -> None:
        place = place_of(path)
        slug, dot, locale = path.stem.partition(".")
        twin = (type_name, unicodedata.normalize("NFKC", path.stem).casefold())
        if twin in self.twins:
            self.issues.append(
                DUPLICATE_SLUG.at(
                    place,
                    f"the slug '{path.stem}' is taken by another file",
                    other=self.twins[twin],
                )
            )
            return
        self.twins[twin] = place
        if len(slug) > SLUG_LENGTH or not re.fullmatch(SLUG, slug):
            what = f"the file name '{shown(slug)}' is no slug"
            self.issues.append(INVALID_SLUG.at(place, what))
        elif dot and not re.fullmatch(LOCALE, locale):
            what = f"'{shown(locale)}' in the file's name is no language such as uk or pt-BR"
            self.issues.append(FILE_LOCALE.at(place, what))
        else:
            self.files.append(ContentFile(path, type_name, slug, locale or None))

    def _unexpected(self, path: Path, what: str, allowed: list[str] | tuple[str, ...]) -> None:
        meant = nearest(path.name, allowed)
        self.issues.append(UNEXPECTED_FILE.at(place_of(path), what, allowed=allowed, nearest=meant))
