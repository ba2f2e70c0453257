"""Which files may stand beside the content to be published as they are, and how they are named."""

from collections.abc import Mapping
from dataclasses import dataclass
from posixpath import splitext
from types import MappingProxyType

NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
NAME_LENGTH = 96
NAME_PATTERN = rf"^{NAME}$"
"""Names come in addresses: no character of them has to be escaped there."""


@dataclass(frozen=True, slots=True)
class MediaKind:
    """A kind of file: its media type, and the bytes that each file of it begins with.

    Browsers show what is `inline` in place and offer all else to be saved.
    """

    media_type: str
    inline: bool = False
    begins: bytes = b""

    @property
    def is_image(self) -> bool:
        """Whether a text may show the file in place."""
        return self.media_type.startswith("image/")


_JPEG = MediaKind("image/jpeg", inline=True)
KINDS: Mapping[str, MediaKind] = MappingProxyType(
    {
        # SVG is not among them: it is a document with scripts, not a picture.
        ".png": MediaKind("image/png", inline=True),
        ".jpg": _JPEG,
        ".jpeg": _JPEG,
        ".webp": MediaKind("image/webp", inline=True),
        ".gif": MediaKind("image/gif", inline=True),
        ".avif": MediaKind("image/avif", inline=True),
        ".pdf": MediaKind("application/pdf", inline=True, begins=b"%PDF-"),
        ".csv": MediaKind("text/csv; charset=utf-8"),
        ".ics": MediaKind("text/calendar; charset=utf-8", begins=b"BEGIN:VCALENDAR"),
        ".vcf": MediaKind("text/vcard; charset=utf-8", begins=b"BEGIN:VCARD"),
    }
)
"""The kinds by the endings of their files' names, which may be in capitals."""
IMAGES = tuple(ending for ending, kind in KINDS.items() if kind.is_image)
"""The endings of images."""
MEDIA_TYPES: Mapping[str, MediaKind] = MappingProxyType(
    {kind.media_type: kind for kind in KINDS.values()}
)
"""The kinds by media type."""


def kind_of(name: str) -> MediaKind | None:
    """Return the kind of a file by the ending of its name, None where it is none of KINDS."""
    return KINDS.get(splitext(name)[1].lower())
