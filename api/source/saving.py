"""Writes a content file whole or not at all."""

import os
from pathlib import Path
from stat import S_IMODE
from tempfile import mkstemp


def save(file: Path, raw: bytes) -> None:
    """Make these the bytes of a file that is there; its mode stays.

    Who reads it meanwhile, or after a crash, finds the old bytes or the new ones. Raises OSError;
    the file is then as it was.
    """
    mode = S_IMODE(file.stat().st_mode)
    # No walk of the folder takes a hidden file for content.
    descriptor, name = mkstemp(prefix=f".{file.name[:64]}.", suffix=".tmp", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync(file.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
