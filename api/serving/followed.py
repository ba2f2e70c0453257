"""The store as a supervisor follows it: its revision, and whether it is the same file still."""

from enum import Enum, auto
from pathlib import Path

from api.store.database import StoreError
from api.store.reader import Reader
from api.store.revision import Revision


class Seen(Enum):
    """What a look at the store shows."""

    NOTHING_NEW = auto()
    REVISION = auto()
    """It has another revision than at the last look."""
    GONE = auto()
    """Its file is not at its place any more."""


class FollowedStore:
    """A store into which others may publish, and whose file others may replace."""

    def __init__(self, file: Path) -> None:
        self._revision: Revision | None = None
        self._replacements = 0
        self._file = file
        self._identity: tuple[int, int] | None = None
        self._gone = False

    @property
    def revision(self) -> Revision | None:
        """The revision served, None where there was none yet."""
        return self._revision

    @property
    def replacements(self) -> int:
        """How often another file with a revision has taken the place of the one before."""
        return self._replacements

    def look(self) -> Seen:
        """Look at the store again.

        One that cannot be read is as it was: the workers go on with what they have open. It is
        opened for each look, since no connection may live through a fork.
        """
        try:
            status = self._file.stat()
            with Reader(self._file) as reader:
                revision = reader.pin()
        except FileNotFoundError:
            return self._missing()
        except (OSError, StoreError):
            return Seen.NOTHING_NEW
        if revision is None:
            return Seen.NOTHING_NEW
        identity = status.st_dev, status.st_ino
        if self._identity not in {None, identity}:
            self._replacements += 1
        changed = self._revision != revision
        self._identity, self._revision, self._gone = identity, revision, False
        return Seen.REVISION if changed else Seen.NOTHING_NEW

    def _missing(self) -> Seen:
        if self._gone or self._identity is None:
            return Seen.NOTHING_NEW
        self._gone = True
        return Seen.GONE
