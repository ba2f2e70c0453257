"""Which files a content folder has, and what each is: its type and its slug."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.errors import (
    CONFLICTED_COPY,
    DUPLICATE_SLUG,
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
from api.source.names import foreign_in, is_ignored, is_slug, meant_by, original_of, wrong_in
from api.source.opening import listed, place_of, read_up_to, shown
from schemas.collection import Folder, SingleFile
from schemas.discovery import Models

SUFFIXES = (".md", ".yaml", ".yml", ".json")
LARGEST_FILE = 1_048_576
"""The most bytes that a content file may have."""


@dataclass(frozen=True, slots=True)
class ContentFile:
    """A file that belongs to a collection; `type` is the type of its entry."""

    path: Path
    type: str
    slug: str

    @property
    def start(self) -> Place:
        """The file's first character."""
        return place_of(self.path)


def walk(root: Path, models: Models) -> tuple[list[ContentFile], list[Issue]]:
    """Return the content files in the order of their names, and what does not belong there.

    Hidden files and editors' leftovers are passed over. Raises ContentError when the
    folder cannot be listed.
    """
    walker = _Walk(root, models)
    walker.top()
    return walker.files, walker.issues


def read(root: Path, file: ContentFile) -> bytes:
    """Return the bytes of a file of the content folder `root`.

    Raises ContentError when it is no regular file, is too large, or cannot be read.
    """
    raw = read_up_to(LARGEST_FILE + 1, root, file.path)
    if len(raw) > LARGEST_FILE:
        raise ContentError(
            FILE_TOO_LARGE.at(file.start, f"the file is larger than {LARGEST_FILE:,} bytes")
        )
    return raw


class _Walk:
    """The state of one walk: what was found so far."""

    def __init__(self, root: Path, models: Models) -> None:
        self.root = root
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
        self.looks: dict[tuple[str, str], Path] = {}

    def top(self) -> None:
        entries = [entry for entry in listed(self.root, self.root) if not is_ignored(entry.name)]
        names = {entry.name for entry in entries}
        for entry in entries:
            path = self.root / entry.name
            if entry.is_symlink():
                self.issues.append(NOT_A_FILE.at(place_of(path), "this is a link"))
            elif entry.is_dir(follow_symlinks=False):
                self._folder(path)
            elif path.stem in self.singles and path.suffix in SUFFIXES:
                self._file(path, self.singles[path.stem])
            elif not self._is_copy(path, names):
                what = f"'{shown(path.name)}' belongs to no collection"
                self._unexpected(path, what, [f"{name}.yaml" for name in self.singles])

    def _folder(self, path: Path) -> None:
        if path.name not in self.folders:
            what = f"'{shown(path.name)}' is no collection's folder"
            self._unexpected(path, what, list(self.folders))
            return
        try:
            entries = listed(self.root, path)
        except ContentError as error:
            self.issues += error.issues
            return
        # Plain slugs go first: where a second name means the same, that one is told.
        entries = [entry for entry in entries if not is_ignored(entry.name)]
        entries.sort(key=lambda entry: not is_slug(Path(entry.name).stem))
        names = {entry.name for entry in entries}
        for entry in entries:
            file = path / entry.name
            if entry.is_dir(follow_symlinks=False):
                self._unexpected(file, f"the folder '{path.name}' holds files alone", [])
            elif self._is_copy(file, names):
                continue
            elif file.suffix not in SUFFIXES:
                self._unexpected(
                    file, f"'{shown(file.suffix)}' is no kind of content file", SUFFIXES
                )
            else:
                self._file(file, self.folders[path.name])

    def _file(self, path: Path, type_name: str) -> None:
        first = self.looks.setdefault((type_name, look(path.stem)), path)
        wrong = wrong_in(path.stem)
        if first != path:
            what = f"the slug '{shown(first.stem)}' is taken by another file"
            if wrong:
                what = f"the file name '{shown(path.stem)}' looks like another one: {wrong}"
            place = place_of(path)
            self.issues.append(DUPLICATE_SLUG.at(place, what, other=place_of(first)))
        elif wrong:
            what = f"the file name '{shown(path.stem)}' is no slug: {wrong}"
            place = place_of(path)
            self.issues.append(INVALID_SLUG.at(place, what, nearest=meant_by(path.stem)))
        else:
            self.files.append(ContentFile(path, type_name, path.stem))

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
