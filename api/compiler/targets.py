"""What an address in a text means: an entry or a file of this content folder.

Addresses are `article:slug`, `section:article.key`, `../services/slug.md`, `images/photo.jpg` and
`#key`, paths being relative to the folder of the text's own file; all may end in `#key`.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from api.compiler.catalogue import Face, Index, MediaFace
from api.compiler.paths import PlacedEntry
from api.contract.operations import media_address
from api.richtext.draft import fallback_of, image_fallback
from api.source.image import Picture
from api.source.media import MediaFile
from api.source.tree import ContentFile
from schemas.fields import RichText

_TYPED = re.compile(r"([A-Za-z][A-Za-z0-9+._-]*):(.*)", re.DOTALL)


class EntryAddress(NamedTuple):
    """`article:slug`: an entry by its type and its slug or id."""

    type: str
    name: str
    key: str


class FileAddress(NamedTuple):
    """A file by its path below the content folder."""

    path: str
    key: str


class OwnAddress(NamedTuple):
    """`#key`: an anchor in the page that the text stands in."""

    key: str


Address = EntryAddress | FileAddress | OwnAddress


class ContentFiles:
    """The files that addresses may mean, by their paths below the content folder `root`.

    `refused` are paths of files and folders with Issues.
    """

    def __init__(
        self,
        root: str = "",
        files: Sequence[ContentFile] = (),
        media: Mapping[str, MediaFile] = MappingProxyType({}),
        refused: Collection[str] = (),
    ) -> None:
        self.root = root
        self._media = media
        self.refused = refused
        self._files = files

    @property
    def media(self) -> Mapping[str, MediaFile]:
        """The media files."""
        return self._media

    @cached_property
    def entries(self) -> Mapping[str, ContentFile]:
        """The content files."""
        return {self.within(file.start.path): file for file in self._files}

    @cached_property
    def folders(self) -> Mapping[str, list[str]]:
        """The names of the files in each folder."""
        found: dict[str, list[str]] = {}
        for path in (*self.entries, *self.media):
            folder, _, name = path.rpartition("/")
            found.setdefault(folder, []).append(name)
        return found

    @cached_property
    def namesakes(self) -> Mapping[str, str]:
        """The path of the first file of each name, whatever its case."""
        found: dict[str, str] = {}
        for path in (*self.entries, *self.media):
            found.setdefault(path.rpartition("/")[2].casefold(), path)
        return found

    def within(self, path: str) -> str:
        """Return the path below the content folder of a file that an Issue names so."""
        return path if self.root in {"", "."} else path.removeprefix(f"{self.root.rstrip('/')}/")

    def read(self, address: str, file: str) -> Address | None:
        """Return what an address means that stands in a file; None: it leads out of the folder."""
        written, _, key = address.partition("#")
        if not written:
            return OwnAddress(key)
        if typed := _TYPED.fullmatch(written):
            return EntryAddress(typed[1], typed[2], key)
        steps = self.within(file).split("/")[:-1]
        for step in written.split("/"):
            if step == ".." and not steps:
                return None
            if step == "..":
                steps.pop()
            elif step not in {"", "."}:
                steps.append(step)
        return FileAddress("/".join(steps), key)

    def path(self, address: str, file: str) -> str | None:
        """Return the path below the content folder that an address means, if it means one."""
        meant = self.read(address, file)
        return meant.path if isinstance(meant, FileAddress) else None


NO_FILES = ContentFiles()


class Target(NamedTuple):
    """What an address becomes: where it leads, and the entry or the picture that is there."""

    href: str
    entry: Face | None = None
    picture: Picture | None = None


class Targets:
    """Resolves the addresses of texts among the entries of an index and some files."""

    def __init__(self, files: ContentFiles, index: Index) -> None:
        self._files = files
        self._index = index

    def resolve(self, entry: PlacedEntry, address: str) -> Target | None:
        """Return what an address in a text of an entry becomes, None where there is no such."""
        meant = self._files.read(address, entry.place.path)
        if isinstance(meant, FileAddress) and (media := self.media(meant.path)):
            href = media_address(media.digest, media.name)
            return Target(f"{href}#{meant.key}" if meant.key else href, picture=media.picture)
        found = self.entry(meant, entry)
        if meant is None or found is None:
            return None
        return Target(f"{found.page}#{meant.key}" if meant.key else found.path, found)

    def media(self, within: str) -> MediaFace | None:
        """Return a media file by its path; a content file is none, whatever it is named."""
        return self._index.media(within) if within in self._files.media else None

    def entry(self, meant: Address | None, own: PlacedEntry | None) -> Face | None:
        """Return the entry that an address in a text of `own` means."""
        match meant:
            case OwnAddress():
                return self._index.page(own.page) if own else None
            case EntryAddress(type_name, name):
                return self._index.find([type_name], name)
            case FileAddress(path) if file := self._files.entries.get(path):
                return self._index.find([file.type], file.slug)
            case _:
                return None

    def blocks(self, text: RichText, entry: PlacedEntry) -> list[Any]:
        """Return a text's blocks with each of its addresses resolved.

        Raises LookupError, naming an address that leads nowhere.
        """
        if not text.targets:
            return list(text.blocks)
        found = MappingProxyType(
            {target.address: self._found(entry, target.address) for target in text.targets}
        )
        return [_resolved(block, found) for block in text.blocks]

    def _found(self, entry: PlacedEntry, address: str) -> Target:
        if target := self.resolve(entry, address):
            return target
        raise LookupError(address)


def _resolved(node: Any, found: Mapping[str, Target]) -> Any:  # noqa: ANN401 - JSON
    """Return a part of a block, its links and images resolved."""
    if isinstance(node, list | tuple):
        return [_resolved(one, found) for one in node]
    if not isinstance(node, Mapping):
        return node
    parts: Any = {name: _resolved(one, found) for name, one in node.items()}
    if "markDefs" in parts:
        _unlink(parts)
    if "fallback" in parts and parts != node:
        parts["fallback"] = fallback_of(parts)
    match node:
        case {"_type": "link", "href": href} if target := found.get(href):
            return {**parts, **_link(target)}
        case {"_type": "image", "src": src} if target := found.get(src):
            return {**parts, **_image(node, target)}
        case _:
            return parts


def _unlink(block: dict[str, Any]) -> None:
    """Take the links to what is not public out of a block of text: their words stay."""
    hidden = {
        mark["_key"]
        for mark in block["markDefs"]
        if mark["_type"] == "link" and mark["href"] is None
    }
    if not hidden:
        return
    block["markDefs"] = [mark for mark in block["markDefs"] if mark["_key"] not in hidden]
    block["children"] = [
        {**span, "marks": [mark for mark in span["marks"] if mark not in hidden]}
        for span in block["children"]
    ]


def _link(target: Target) -> dict[str, Any]:
    if target.entry is None:
        return {"href": target.href}
    if not target.entry.public:
        return {"href": None}
    reference = {"type": target.entry.type, "id": target.entry.id}
    return {"href": target.href, "reference": reference}


def _image(block: Mapping[str, Any], target: Target) -> dict[str, Any]:
    if target.picture is None:
        raise LookupError(block["src"])
    width, height = target.picture.width, target.picture.height
    return {
        "src": target.href,
        "width": width,
        "height": height,
        "placeholder": target.picture.placeholder,
        "fallback": image_fallback(target.href, block["alt"], block["title"], width, height),
    }
