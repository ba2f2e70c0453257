"""What an image shows before it is loaded: its size, and a tiny copy of it."""

import warnings
from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image, ImageOps

PIXELS = 50_000_000
"""The most pixels that an image may have: those of the largest photos of phones."""
PLACEHOLDER_EDGE = 8
"""The longest edge of a placeholder, in pixels."""
_DRAFT = (PLACEHOLDER_EDGE * 8, PLACEHOLDER_EDGE * 8)
"""A JPEG is decoded at a fraction of its size that is no less than this."""
_FORMATS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "AVIF": "image/avif",
}


class ImageError(Exception):
    """An image that cannot be shown; the message says why in an editor's words."""


class TooManyPixelsError(ImageError):
    """An image of more than PIXELS pixels."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image's size in pixels as it is shown, and its placeholder, a data: URI (RFC 2397).

    `located` tells whether the file says where the photo was taken.
    """

    width: int
    height: int
    placeholder: str
    located: bool


def picture(raw: bytes, media_type: str) -> Picture:
    """Return what an image of a media type shows; of one that moves, its first frame.

    The orientation that a camera noted (Exif, 4.6.4, tag 274) is applied. Raises ImageError when
    the bytes are no whole image of that type, or have more than PIXELS pixels.
    """
    formats = [name for name, known in _FORMATS.items() if known == media_type]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of oddities that every browser passes over
            with Image.open(BytesIO(raw), formats=formats) as image:
                return _picture(image)
    except (ImageError, Image.DecompressionBombError) as error:
        raise _too_large(error) from None
    except Exception:  # noqa: BLE001 - a decoder of foreign bytes may raise anything
        raise ImageError(_why(raw, media_type)) from None


def _picture(image: Image.Image) -> Picture:
    width, height = image.size
    if width * height > PIXELS:
        raise TooManyPixelsError(f"the image has {width:,} by {height:,} pixels")
    exif = image.getexif()
    located = ExifTags.GPS.GPSLatitude in exif.get_ifd(ExifTags.IFD.GPSInfo)
    image.draft("RGB", _DRAFT)
    small = image.convert("RGBA" if image.has_transparency_data else "RGB")
    small.thumbnail((PLACEHOLDER_EDGE, PLACEHOLDER_EDGE), Image.Resampling.BOX)
    ImageOps.exif_transpose(small, in_place=True)
    if exif.get(ExifTags.Base.Orientation) in {5, 6, 7, 8}:
        width, height = height, width
    return Picture(width, height, _placeholder(small), located)


def _placeholder(small: Image.Image) -> str:
    """Write a small image as a PNG; left uncompressed, its bytes are the same everywhere."""
    bare = Image.new(small.mode, small.size)
    bare.paste(small)
    written = BytesIO()
    bare.save(written, "PNG", compress_level=0)
    return f"data:image/png;base64,{b64encode(written.getvalue()).decode()}"


def _too_large(error: Exception) -> ImageError:
    if isinstance(error, TooManyPixelsError):
        return error
    return TooManyPixelsError(f"the image has more than {PIXELS:,} pixels")


def _why(raw: bytes, media_type: str) -> str:
    """Say what is wrong with bytes that could not be read as an image of a media type."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(raw), formats=list(_FORMATS)) as image:
                found = _FORMATS.get(str(image.format), media_type)
    except Exception:  # noqa: BLE001 - likewise
        return "the file is no image, or a broken one"
    if found == media_type:
        return "the image is broken: it cannot be read to its end"
    return f"the file is of type {found}, which its ending does not say"
