"""A preview's temporary folder, and those that killed previews have left: they hold drafts."""

import os
import re
from contextlib import suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir, mkdtemp

_PREFIX = "keypoint-preview-"
_OURS = re.compile(re.escape(_PREFIX) + "[a-z0-9_]{8}")


def own_folder() -> tuple[Path, int]:
    """Sweep, and make a folder; it is held until the descriptor is closed, or the process ends."""
    for folder in Path(gettempdir()).iterdir():
        if _OURS.fullmatch(folder.name):
            with suppress(OSError):  # it is held, or another user's
                _sweep(folder)
    own = Path(mkdtemp(prefix=_PREFIX))
    descriptor = os.open(own, os.O_RDONLY | os.O_DIRECTORY)
    flock(descriptor, LOCK_EX | LOCK_NB)
    return own, descriptor


def _sweep(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
        is_own = os.fstat(descriptor).st_uid == os.geteuid()
        # An empty one is perhaps another preview's, which does not hold it yet.
        if is_own and os.listdir(descriptor):  # noqa: PTH208 - of the folder that is held
            rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)
