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

SUFFIXES = (".md", ".yaml", ".yml", ".json")
LARGEST_FILE = 1_048_576
"""The most bytes that a content file may have."""


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

    Hidden files and editors' leftovers are passed over. Raises ContentError when the
    folder cannot be listed.
    """
    walker = _Walk(models)
    for entry in _listed(root):
        walker.at_top(root / entry.name, entry)
    return walker.files, walker.issues


def read(file: ContentFile) -> bytes:
    """Return a file's bytes, following no link and waiting for nothing.

    Raises ContentError when it is no regular file, is too large, or cannot be read.
    """
    with os.fdopen(_opened(file), "rb") as stream:
        try:
            raw = stream.read(LARGEST_FILE + 1)
        except OSError as error:
            raise ContentError(_unreadable(file.start, error)) from None
    if len(raw) > LARGEST_FILE:
        raise ContentError(
            FILE_TOO_LARGE.at(file.start, f"the file is larger than {LARGEST_FILE:,} bytes")
        )
    return raw


def _opened(file: ContentFile) -> int:
    try:
        descriptor = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ContentError(NOT_A_FILE.at(file.start, "this is a link")) from None
        raise ContentError(_unreadable(file.start, error)) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ContentError(NOT_A_FILE.at(file.start, "this is no regular file"))
    return descriptor


def _unreadable(place: Place, error: OSError) -> Issue:
    return UNREADABLE_FILE.at(place, f"the file cannot be read: {error.strerror}")


def _listed(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        what = f"the folder cannot be listed: {error.strerror}"
        raise ContentError(UNREADABLE_FOLDER.at(_place(folder), what)) from None
    return (entry for entry in found if not _ignored(entry.name))


def _shown(name: str) -> str:
    """Return a file's name as text; bytes that are not UTF-8 are escaped."""
    return os.fsencode(name).decode(errors="backslashreplace")


def _place(path: Path) -> Place:
    return Place(_shown(path.as_posix()), 1, 1)


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
        if entry.is_symlink():
            self.issues.append(NOT_A_FILE.at(_place(path), "this is a link"))
        elif entry.is_dir(follow_symlinks=False):
            self._folder(path)
        elif (name := path.stem.partition(".")[0]) in self.singles and path.suffix in SUFFIXES:
            self._file(path, self.singles[name])
        else:
            names = [f"{name}.yaml" for name in self.singles]
            self._unexpected(path, f"'{_shown(path.name)}' belongs to no collection", names)

    def _folder(self, path: Path) -> None:
        if path.name not in self.folders:
            what = f"'{_shown(path.name)}' is no collection's folder"
            self._unexpected(path, what, list(self.folders))
            return
        try:
            entries = list(_listed(path))
        except ContentError as error:
            self.issues += error.issues
            return
        for entry in entries:
            file = path / entry.name
            if entry.is_dir(follow_symlinks=False):
                self._unexpected(file, f"the folder '{path.name}' holds files alone", [])
            elif file.suffix not in SUFFIXES:
                self._unexpected(
                    file, f"'{_shown(file.suffix)}' is no kind of content file", SUFFIXES
                )
            else:
                self._file(file, self.folders[path.name])

    def _file(self, path: Path, type_name: str) -> None:
        place = _place(path)
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
            what = f"the file name '{_shown(slug)}' is no slug"
            self.issues.append(INVALID_SLUG.at(place, what))
        elif dot and not re.fullmatch(LOCALE, locale):
            what = f"'{_shown(locale)}' in the file's name is no language such as uk or pt-BR"
            self.issues.append(FILE_LOCALE.at(place, what))
        else:
            self.files.append(ContentFile(path, type_name, slug, locale or None))

    def _unexpected(self, path: Path, what: str, allowed: list[str] | tuple[str, ...]) -> None:
        meant = nearest(path.name, allowed)
        self.issues.append(UNEXPECTED_FILE.at(_place(path), what, allowed=allowed, nearest=meant))
