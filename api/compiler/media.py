"""The media files of a content folder: those that texts refer to are examined and published."""

from collections.abc import Collection, Iterator, Mapping

from api.compiler.catalogue import MediaFace
from api.errors import IMAGE_LOCATION, UNREADABLE_FILE, UNUSED_FILE, ContentError, Issue
from api.http.validators import entity_tag
from api.source.media import MediaFile, examine, read_media
from api.store.rows import MediaRow


def media_unit(within: str) -> str:
    """Return the name of a media file's unit; `within` is its path below the content folder."""
    return f"media:{within}"


def examined(file: MediaFile) -> tuple[MediaFace, MediaRow, list[Issue]]:
    """Read a media file: what texts show of it, its row, and what is to be said of it.

    A photo that says where it was taken is a warning. Raises ContentError when the file cannot be
    published, or changes meanwhile.
    """
    media = examine(file)
    body = read_media(file)
    if entity_tag(body) != media.digest:
        what = "the file was changed while it was published: publish again"
        raise ContentError(UNREADABLE_FILE.at(file.start, what))
    issues = []
    if media.picture and media.picture.located:
        issues.append(IMAGE_LOCATION.at(file.start, "the photo says where it was taken"))
    face = MediaFace(media_unit(file.within), media.digest, media.name, media.picture)
    return face, MediaRow(media.digest, media.name, file.kind.media_type, body), issues


def unused(files: Mapping[str, MediaFile], used: Collection[str]) -> Iterator[Issue]:
    """Yield a warning for each media file that no text refers to; nobody gets to see it."""
    for path, file in files.items():
        if path not in used:
            yield UNUSED_FILE.at(file.start, f"no text refers to '{path}'")
