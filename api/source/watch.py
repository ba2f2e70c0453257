"""Watching the content folder: telling which paths of it have changed."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from time import sleep

from watchfiles import Change, watch

from api.source.names import is_ignored

STEP_MS = 50
"""How long nothing more must change before a change is told: a save is several events."""
DEBOUNCE_MS = 1_000
"""When a change is told at the latest, however long a copy into the folder goes on."""
LOOK_MS = 100
"""How often the folder itself is looked at: another one may have taken its place."""
POLL_MS = 500
"""How often files are looked at where the system tells nothing."""


def changes(root: Path) -> Iterator[list[str]]:
    """Yield the paths that have changed, in groups; an empty one where any may have.

    The first group is empty: what changes from then on is told. Where the system cannot tell of
    changes (its limit of watches is reached), files are looked at in turn, as they are where the
    variable WATCHFILES_FORCE_POLLING asks for it: network file systems tell of nothing.
    """
    polling: bool | None = None
    while True:
        folder = _identity(root)
        if folder is None:
            yield []
            while _identity(root) is None:
                sleep(LOOK_MS / 1000)
            continue
        try:
            yield from _until_replaced(root, folder, polling=polling)
        except FileNotFoundError:  # a folder has gone before it was watched
            continue
        except (OSError, RuntimeError):
            if polling:
                raise
            polling = True


def is_content(path: str, root: Path) -> bool:
    """Tell whether a path below the folder may be content: no editor's or system's leftover."""
    *folders, name = Path(path).relative_to(root).parts or ("",)
    if any(is_ignored(folder, folder=True) for folder in folders):
        return False
    return not is_ignored(name, folder=Path(path).is_dir())


def _until_replaced(
    root: Path, folder: tuple[int, int], *, polling: bool | None
) -> Iterator[list[str]]:
    real = root.resolve()
    folders = _folders(real)
    groups = watch(
        *folders,
        watch_filter=lambda _, path: is_content(path, real),
        debounce=DEBOUNCE_MS,
        step=STEP_MS,
        rust_timeout=LOOK_MS,
        yield_on_timeout=True,
        poll_delay_ms=POLL_MS,
        force_polling=polling,
        recursive=False,
    )
    for number, group in enumerate(groups):
        if not number:  # the watch is set now
            if _folders(real) != folders:
                return
            yield []
        elif any(_is_of_folder(change, path, folders) for change, path in group):
            return
        elif group:
            yield sorted(path for _, path in group)
        if _identity(root) != folder:
            return


def _folders(root: Path) -> set[str]:
    """Return the folders to watch: the library would follow links, and stop at what is locked."""
    kept = {str(root)}
    for path, names, _ in os.walk(root):
        names[:] = [name for name in names if not is_ignored(name, folder=True)]
        kept.update(folder for name in names if _is_folder(folder := f"{path}/{name}"))
    return kept


def _is_of_folder(change: Change, path: str, folders: Collection[str]) -> bool:
    """Tell whether there are other folders to watch, or another one of the same name."""
    if path in folders:
        return change is not Change.modified or not _is_folder(path)
    return _is_folder(path)


def _is_folder(path: str) -> bool:
    """Tell whether a path is a folder, no link to one, that can be watched."""
    return Path(path).is_dir() and not Path(path).is_symlink() and os.access(path, os.R_OK)


def _identity(root: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another one of its name, None where there is none."""
    try:
        status = root.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
