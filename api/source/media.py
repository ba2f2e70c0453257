"""The images and other files that stand beside the content, to be published as they are."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from api.errors import (
    BROKEN_MEDIA,
    INVALID_FILE_NAME,
    MEDIA_TOO_LARGE,
    NOT_A_FILE,
    ContentError,
    Issue,
    Place,
)
from api.http.validators import entity_tag
from api.source.image import ImageError, Picture, TooManyPixelsError, picture
from api.source.names import is_ignored, original_of
from api.source.opening import Listings, place_of, read_up_to, shown
from api.source.tree import DEEPEST, SUFFIXES
from schemas.media import NAME, NAME_LENGTH, MediaKind, kind_of

LARGEST_MEDIA = 20 * 2**20
"""The most bytes that a media file may have."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file of one of the kinds that are published; `within` is its path below `root`."""

    root: Path
    within: str
    kind: MediaKind

    @property
    def path(self) -> Path:
        """The file's path."""
        return self.root / self.within

    @property
    def start(self) -> Place:
        """Where Issues of the file are told."""
        return place_of(self.path)


@dataclass(frozen=True, slots=True)
class Media:
    """What is known of a media file that was read; `picture` is None for what is no image."""

    file: MediaFile
    digest: str
    picture: Picture | None

    @property
    def name(self) -> str:
        """The file's name in its address."""
        return self.file.path.name


def walk_media(root: Path, listings: Listings | None = None) -> tuple[list[MediaFile], list[Issue]]:
    """Return the media files at any place below a folder, by path, and those named wrongly.

    All other files are passed over: `walk` tells of them. Raises ContentError when the folder
    cannot be listed.
    """
    files: list[MediaFile] = []
    issues: list[Issue] = []
    _walk(listings or Listings(root), "", files, issues)
    return files, issues


def _walk(listings: Listings, within: str, files: list[MediaFile], issues: list[Issue]) -> None:
    root = listings.root
    for entry in listings.of(within.rstrip("/")):
        folder = entry.is_dir(follow_symlinks=False)
        if entry.name.endswith(SUFFIXES) and not folder:
            continue
        below = within + entry.name
        kind = kind_of(entry.name)
        if is_ignored(entry.name, folder=folder):
            continue
        if folder:
            _descend(listings, f"{below}/", files, issues)
        elif kind is None or original_of(entry.name):
            continue
        elif issue := _mistake(root / below, entry):
            issues.append(issue)
        else:
            files.append(MediaFile(root, below, kind))


def _descend(listings: Listings, within: str, files: list[MediaFile], issues: list[Issue]) -> None:
    if within.count("/") > DEEPEST:
        return  # `walk` tells of it
    found: list[MediaFile] = []
    try:
        _walk(listings, within, found, issues)
    except ContentError:
        return  # likewise
    if found and (issue := _wrong_name(listings.root / within)):
        issues.append(issue)
        return
    files += found


def _mistake(path: Path, entry: os.DirEntry[str]) -> Issue | None:
    if entry.is_symlink():
        return NOT_A_FILE.at(place_of(path), "this is a link")
    if not entry.is_file(follow_symlinks=False):
        return NOT_A_FILE.at(place_of(path), "this is no regular file")
    return _wrong_name(path)


def _wrong_name(path: Path) -> Issue | None:
    if len(path.name) <= NAME_LENGTH and re.fullmatch(NAME, path.name):
        return None
    what = f"the name '{shown(path.name)}' cannot stand in an address"
    return INVALID_FILE_NAME.at(place_of(path), what)


def read_media(file: MediaFile) -> bytes:
    """Return a media file's bytes, following no link and waiting for nothing.

    Raises ContentError when it is no regular file, is too large, or cannot be read.
    """
    raw = read_up_to(LARGEST_MEDIA + 1, file.root, file.within)
    if len(raw) > LARGEST_MEDIA:
        what = f"the file is larger than {LARGEST_MEDIA:,} bytes"
        raise ContentError(MEDIA_TOO_LARGE.at(file.start, what))
    return raw


def examine(file: MediaFile) -> Media:
    """Read a media file, and return what is known of it then.

    Raises ContentError when it cannot be read, is too large or broken, or is of another kind than
    its name says.
    """
    raw = read_media(file)
    if not raw.removeprefix(_BYTE_ORDER_MARK).startswith(file.kind.begins):
        begins = file.kind.begins.decode()
        what = f"a file with this ending begins with '{begins}', and this one does not"
        raise ContentError(BROKEN_MEDIA.at(file.start, what))
    return Media(file, entity_tag(raw), _picture(file, raw))


def _picture(file: MediaFile, raw: bytes) -> Picture | None:
    if not file.kind.is_image:
        return None
    try:
        return picture(raw, file.kind.media_type)
    except TooManyPixelsError as error:
        raise ContentError(MEDIA_TOO_LARGE.at(file.start, str(error))) from None
    except ImageError as error:
        raise ContentError(BROKEN_MEDIA.at(file.start, str(error))) from None
