"""The media files of a content folder: those that texts refer to are examined and published."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from api.compiler.pointers import Pointer
from api.compiler.targets import ContentFiles
from api.errors import IMAGE_LOCATION, UNREADABLE_FILE, UNUSED_FILE, ContentError, Issue
from api.http.validators import entity_tag
from api.source.media import Media, examine, read_media
from api.store.rows import MediaRow


def examined(files: ContentFiles, pointers: Iterable[Pointer]) -> tuple[ContentFiles, list[Issue]]:
    """Read each media file that a text refers to, once; return the files with what is known now.

    A photo that says where it was taken is a warning.
    """
    paths = {files.path(pointer.target.address, pointer.file) for pointer in pointers}
    known: dict[str, Media] = {}
    issues: list[Issue] = []
    for path, file in files.media.items():
        if path not in paths:
            continue
        try:
            known[path] = examine(file)
        except ContentError as error:
            issues += error.issues
    issues += (
        IMAGE_LOCATION.at(media.file.start, "the photo says where it was taken")
        for media in known.values()
        if media.picture and media.picture.located
    )
    return replace(files, examined=known), issues


def unused(files: ContentFiles) -> Iterator[Issue]:
    """Yield a warning for each media file that no text refers to; nobody gets to see it."""
    for path, file in files.media.items():
        if path not in files.examined:
            yield UNUSED_FILE.at(file.start, f"no text refers to '{path}'")


def media_rows(files: ContentFiles) -> Iterator[MediaRow]:
    """Yield a row for each file that was examined; of two that are the same, one.

    The bytes are read again, so that those of one file alone are in memory. Raises ContentError
    when a file has changed in the meantime.
    """
    unlike = {(media.digest, media.name): media for media in files.examined.values()}
    for _, media in sorted(unlike.items()):
        yield MediaRow(media.digest, media.name, media.file.kind.media_type, _body(media))


def _body(media: Media) -> bytes:
    body = read_media(media.file)
    if entity_tag(body) != media.digest:
        what = "the file was changed while it was published: publish again"
        raise ContentError(UNREADABLE_FILE.at(media.file.start, what))
    return body
