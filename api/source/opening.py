"""Opens what lies below a folder, following no link and waiting for nothing.

Each step of the way is opened relative to the one before it (POSIX openat, O_NOFOLLOW), so a
folder or file that is replaced by a link after the walk saw it is refused too. The content folder
itself may be a link: whoever runs the program names it.
"""

import errno
import os
import stat
import struct
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from operator import attrgetter
from pathlib import Path

from api.errors import (
    NOT_A_FILE,
    TOO_MANY_FILES,
    UNREADABLE_FILE,
    UNREADABLE_FOLDER,
    ContentError,
    Place,
)

MOST_FILES = 500_000
"""The most files and folders that one folder may have."""
SETTLED_NS = 2_000_000_000
"""How old a file's last change must be before its signature is trusted: file systems count time in
ticks, and two changes within one look the same."""

_PIECE = 65_536
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_BELOW = _FOLDER | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_SIGNATURE = struct.Struct("<qqqQQ")


class Listings:
    """The listings of a content folder and of folders in it: each is made once.

    Whoever asks for one again sees the same.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._settled = time.time_ns() - SETTLED_NS
        self._entries: dict[str, list[os.DirEntry[str]]] = {}
        self._signatures: dict[str, bytes] = {}

    def of(self, within: str) -> list[os.DirEntry[str]]:
        """Return what a folder has, by name; `within` is its path in `root`, "" for that itself.

        Raises ContentError when the folder cannot be listed, or has too much.
        """
        if within not in self._entries:
            start = f"{within}/" if within else ""
            self._entries[within] = listed(
                self.root, self.root / within, lambda entry: self._sign(start, entry)
            )
        return self._entries[within]

    @property
    def signatures(self) -> Mapping[str, bytes]:
        """What tells a changed file or folder, by its path in `root`; empty: it may have changed.

        Those that cannot be asked have none.
        """
        return self._signatures

    def _sign(self, start: str, entry: os.DirEntry[str]) -> None:
        status = entry.stat(follow_symlinks=False)
        self._signatures[start + entry.name] = signature(status, self._settled)


def signature(status: os.stat_result, settled: int) -> bytes:
    """Return what tells a changed file; nothing where its last change is not before `settled`."""
    changed, written = status.st_ctime_ns, status.st_mtime_ns
    if max(changed, written) >= settled:
        return b""
    return _SIGNATURE.pack(status.st_size, written, changed, status.st_ino, status.st_dev)


def listed(
    root: Path, folder: Path, look: Callable[[os.DirEntry[str]], object] = lambda _: None
) -> list[os.DirEntry[str]]:
    """Return what a folder has, by name; `folder` is `root` or lies below it.

    While the folder is open, `look` is given each; what it cannot ask the system for is let be.
    Raises ContentError when the folder cannot be listed, or has too much.
    """
    place = place_of(folder)
    try:
        with _opened(root, folder) as descriptor, os.scandir(descriptor) as entries:
            found = list(islice(entries, MOST_FILES + 1))
            for entry in found:
                # A file system that does not tell kinds is asked while the folder is open.
                entry.is_dir(follow_symlinks=False)
                try:
                    look(entry)
                except OSError:
                    continue  # reading it tells
    except OSError as error:
        what = f"the folder cannot be listed: {error.strerror}"
        raise ContentError(UNREADABLE_FOLDER.at(place, what)) from None
    if len(found) > MOST_FILES:
        what = f"the folder has more than {MOST_FILES:,} files"
        raise ContentError(TOO_MANY_FILES.at(place, what))
    return sorted(found, key=attrgetter("name"))


def read_up_to(length: int, root: Path, within: str) -> bytes:
    """Return at most `length` bytes of a file; `within` is its path below `root`.

    Raises ContentError when it is no regular file, or cannot be read.
    """
    try:
        descriptor = _opened_file(root, within)
        try:
            return _read(descriptor, length)
        finally:
            os.close(descriptor)
    except OSError as error:
        place = place_below(root, within)
        if error.errno == errno.ELOOP:
            raise ContentError(NOT_A_FILE.at(place, "this is a link")) from None
        if error.errno == errno.ENOTDIR:
            what = "the folder of this file is a link, or no folder"
            raise ContentError(NOT_A_FILE.at(place, what)) from None
        what = f"the file cannot be read: {error.strerror}"
        raise ContentError(UNREADABLE_FILE.at(place, what)) from None


def _read(descriptor: int, length: int) -> bytes:
    """Read piece by piece: one large buffer costs more than a small file's reading."""
    pieces: list[bytes] = []
    while length and (piece := os.read(descriptor, min(length, _PIECE))):
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)


def _opened_file(root: Path, within: str) -> int:
    *folders, name = within.split("/")
    folder = _opened_folder(root, folders)
    try:
        descriptor = os.open(name, _FILE, dir_fd=folder)
    finally:
        os.close(folder)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise ContentError(NOT_A_FILE.at(place_below(root, within), "this is no regular file"))


def _opened_folder(root: Path, names: Sequence[str]) -> int:
    """Open a folder step by step; `root` alone may be reached through links."""
    descriptor = os.open(root, _FOLDER)
    for name in names:
        above = descriptor
        try:
            descriptor = os.open(name, _BELOW, dir_fd=above)
        finally:
            os.close(above)
    return descriptor


@contextmanager
def _opened(root: Path, folder: Path) -> Iterator[int]:
    descriptor = _opened_folder(root, folder.parts[len(root.parts) :])
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def shown(name: str) -> str:
    """Return a file's name as one line of text; what cannot be printed is escaped."""
    if name.isprintable():
        return name
    text = os.fsencode(name).decode(errors="backslashreplace")
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def place_of(path: Path) -> Place:
    """Return a file's first character."""
    return Place(shown(path.as_posix()), 1, 1)


def place_below(root: Path, within: str) -> Place:
    """Return the first character of a file that lies at `within` below `root`.

    Joining Paths takes longer, and each file that is compiled has such a place.
    """
    start = str(root)
    path = within if start == "." else f"{start.rstrip('/')}/{within}"
    return Place(shown(path), 1, 1)
