"""What a content folder has now, where it is known which of its files may have changed.

An edit among 100,000 files must not cost a look at each of them. Everything else is taken from the
notes of the last publish; where these do not know a file, the folder has to be looked through.
"""

import os
import time
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath

from api.compiler.scan import Changes, Scan
from api.compiler.targets import ContentFiles
from api.compiler.units import UnitFiles
from api.source.media import MediaFile
from api.source.opening import SETTLED_NS, shown, signature
from api.source.tree import ContentFile
from api.store.memory import Memory, read_memory
from api.store.times import exact_text_of
from schemas.media import kind_of


def hinted(
    root: Path, store: Path, memory: Memory, paths: Collection[str], at: datetime
) -> tuple[Scan, Changes] | None:
    """Return what there is and what has changed, given the paths of the files that may have.

    None where that does not follow from the notes: a file has come or gone, or is no content.
    """
    changed: set[str] = set(memory.due(exact_text_of(at)))
    real = root.resolve()
    for path in paths:
        unit = memory.unit_of(os.path.relpath(path, real))
        if unit is None or unit.startswith("media:"):
            return None
        changed.add(unit)
    units = _Units(root, memory)
    settled = time.time_ns() - SETTLED_NS
    signatures: dict[str, bytes] = {}
    try:
        for name in changed:
            for file in units[name].files:
                signatures[file.within] = signature(file.path.lstat(), settled)
    except OSError:
        return None
    known = _Signatures(signatures, memory)
    return Scan(units, {}, _Files(root, store), known, ()), Changes(frozenset(changed), ())


class _Signatures(Mapping[str, bytes]):
    """The signatures of files that were looked at; the others have those of the last publish."""

    def __init__(self, seen: Mapping[str, bytes], memory: Memory) -> None:
        self._seen = seen
        self._memory = memory

    def __getitem__(self, path: str) -> bytes:
        found = self._seen.get(path)
        return self._memory.signature(path) if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._seen)

    def __len__(self) -> int:
        return len(self._seen)


class _Units(Mapping[str, UnitFiles]):
    """The units of the last publish."""

    def __init__(self, root: Path, memory: Memory) -> None:
        self._root = root
        self._memory = memory

    def __getitem__(self, name: str) -> UnitFiles:
        paths = self._memory.files_of(name)
        if not paths:
            raise KeyError(name)
        type_name, _, slug = name.partition(":")
        files = (_content_file(self._root, path, type_name, slug) for path in paths)
        return UnitFiles(type_name, slug, tuple(sorted(files, key=lambda one: one.locale or "")))

    def __iter__(self) -> Iterator[str]:
        return iter(self._memory.units())

    def __len__(self) -> int:
        return len(self._memory.units())


class _Files(ContentFiles):
    """The files of the last publish; in each process they are read when somebody asks for them."""

    def __init__(self, root: Path, store: Path) -> None:
        super().__init__(shown(root.as_posix()))
        self._folder = root
        self._store = store

    @cached_property
    def entries(self) -> Mapping[str, ContentFile]:
        """The content files."""
        return {
            path: _content_file(self._folder, path, *unit.split(":", 1))
            for path, (unit, _) in read_memory(self._store).files().items()
            if not unit.startswith("media:")
        }

    @cached_property
    def media(self) -> Mapping[str, MediaFile]:
        """The media files that texts showed."""
        known = (
            (path, kind_of(path))
            for path, (unit, _) in read_memory(self._store).files().items()
            if unit.startswith("media:")
        )
        return {path: MediaFile(self._folder, path, kind) for path, kind in known if kind}


def _content_file(root: Path, within: str, type_name: str, slug: str) -> ContentFile:
    locale = PurePosixPath(within).stem.partition(".")[2]
    return ContentFile(root, within, type_name, slug, locale or None)
