"""An image tells its size and a tiny copy of itself; what is none, or too large, is refused."""

from base64 import b64decode
from io import BytesIO
from typing import Any
from zlib import crc32

import pytest
from PIL import ExifTags, Image

from api.source import image as module
from api.source.image import ImageError, TooManyPixelsError, picture

FORMATS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "AVIF": "image/avif",
}
each_format = pytest.mark.parametrize("name", FORMATS)


def _halves(size: tuple[int, int] = (40, 20), mode: str = "RGB") -> Image.Image:
    """Return an image whose left half is red and whose right half is blue."""
    image = Image.new(mode, size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    return image


def _written(image: Image.Image, name: str = "PNG", **how: Any) -> bytes:
    written = BytesIO()
    image.save(written, name, **how)
    return written.getvalue()


def _shown(placeholder: str) -> Image.Image:
    prefix = "data:image/png;base64,"
    assert placeholder.startswith(prefix)
    return Image.open(BytesIO(b64decode(placeholder.removeprefix(prefix))), formats=["PNG"])


def _is_red(image: Image.Image, at: tuple[int, int]) -> bool:
    pixel = image.convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    return pixel[0] > 200 and pixel[2] < 60


def _exif(**tags: int) -> Image.Exif:
    exif = Image.Exif()
    for name, value in tags.items():
        exif[ExifTags.Base[name]] = value
    return exif


@each_format
def test_size_is_that_of_the_file(name: str) -> None:
    found = picture(_written(_halves(), name), FORMATS[name])
    assert (found.width, found.height, found.located) == (40, 20, False)


@each_format
def test_placeholder_shows_the_image_in_little(name: str) -> None:
    small = _shown(picture(_written(_halves((400, 200)), name), FORMATS[name]).placeholder)
    assert small.size == (8, 4)
    assert _is_red(small, (1, 1))
    assert not _is_red(small, (6, 1))


def test_placeholder_is_small_and_the_same_each_time() -> None:
    raw = _written(_halves((3000, 2000)), "JPEG")
    first, second = picture(raw, "image/jpeg"), picture(raw, "image/jpeg")
    assert first == second
    assert len(first.placeholder) < 500


def test_image_smaller_than_a_placeholder_is_not_made_larger() -> None:
    assert _shown(picture(_written(_halves((4, 2))), "image/png").placeholder).size == (4, 2)


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1)])
def test_image_of_any_form_has_a_placeholder(size: tuple[int, int]) -> None:
    found = picture(_written(Image.new("RGB", size)), "image/png")
    assert (found.width, found.height) == size
    assert min(_shown(found.placeholder).size) == 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA"])
def test_image_of_any_mode_has_a_placeholder(mode: str) -> None:
    found = picture(_written(Image.new(mode, (20, 10))), "image/png")
    assert _shown(found.placeholder).size == (8, 4)


def test_image_for_print_has_a_placeholder() -> None:
    raw = _written(Image.new("CMYK", (20, 10)), "JPEG")
    assert _shown(picture(raw, "image/jpeg").placeholder).size == (8, 4)


def test_what_is_transparent_stays_so() -> None:
    clear = picture(_written(Image.new("RGBA", (20, 10), (0, 0, 0, 0))), "image/png")
    assert _shown(clear.placeholder).getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [
        pytest.param(1, (40, 20), (1, 1), id="as it is"),
        pytest.param(3, (40, 20), (6, 1), id="upside down"),
        pytest.param(6, (20, 40), (1, 1), id="turned right: the left is above"),
        pytest.param(8, (20, 40), (1, 6), id="turned left: the left is below"),
    ],
)
def test_orientation_of_the_camera_is_applied(
    name: str, orientation: int, size: tuple[int, int], red: tuple[int, int]
) -> None:
    raw = _written(_halves(), name, exif=_exif(Orientation=orientation))
    found = picture(raw, FORMATS[name])
    assert (found.width, found.height) == size
    small = _shown(found.placeholder)
    assert small.size == ((8, 4) if size == (40, 20) else (4, 8))
    assert _is_red(small, red)
    assert not _is_red(small, (small.width - 1 - red[0], small.height - 1 - red[1]))


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP", "AVIF"])
def test_photo_that_says_where_it_was_taken_is_known(name: str) -> None:
    exif = _exif(Make=1)
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (1.0, 2.0, 3.0)
    assert picture(_written(_halves(), name, exif=exif), FORMATS[name]).located
    assert not picture(_written(_halves(), name, exif=_exif(Make=1)), FORMATS[name]).located


@pytest.mark.parametrize("name", ["PNG", "GIF", "WEBP"])
def test_image_that_moves_is_shown_by_its_first_frame(name: str) -> None:
    frames = [Image.new("RGB", (20, 10), "blue")]
    raw = _written(Image.new("RGB", (20, 10), "red"), name, save_all=True, append_images=frames)
    assert _is_red(_shown(picture(raw, FORMATS[name]).placeholder), (1, 1))


def test_oddity_that_browsers_pass_over_is_passed_over() -> None:
    raw = _written(_halves())
    animation = b"acTL" + bytes(8)
    chunk = (8).to_bytes(4, "big") + animation + crc32(animation).to_bytes(4, "big")
    assert picture(raw[:33] + chunk + raw[33:], "image/png").width == 40


@each_format
def test_image_that_is_cut_off_is_broken(name: str) -> None:
    raw = _written(_halves((200, 100)), name)
    with pytest.raises(ImageError, match="broken"):
        picture(raw[: len(raw) * 2 // 3], FORMATS[name])


@pytest.mark.parametrize("raw", [b"", b"\x89PNG\r\n\x1a\n", b"<svg xmlns='x'/>", b"\xff" * 4096])
@each_format
def test_what_is_no_image_is_refused(raw: bytes, name: str) -> None:
    with pytest.raises(ImageError, match=r"no image, or a broken one|broken: it cannot"):
        picture(raw, FORMATS[name])


def test_ending_of_another_kind_is_told() -> None:
    with pytest.raises(ImageError, match="is of type image/jpeg, which its ending does not say"):
        picture(_written(_halves(), "JPEG"), "image/png")


def test_kind_that_is_not_published_is_no_image() -> None:
    with pytest.raises(ImageError, match="the file is no image, or a broken one"):
        picture(_written(_halves(), "TIFF"), "image/png")


def test_image_of_too_many_pixels_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PIXELS", 799)
    raw = _written(_halves())
    with pytest.raises(TooManyPixelsError, match="the image has 40 by 20 pixels"):
        picture(raw[:60], "image/png")
    monkeypatch.setattr(module, "PIXELS", 800)
    assert picture(raw, "image/png").width == 40


def test_decompression_bomb_is_refused() -> None:
    raw = _written(Image.new("1", (20_000, 20_000)))
    assert len(raw) < 100_000
    with pytest.raises(TooManyPixelsError, match="the image has more than 50,000,000 pixels"):
        picture(raw, "image/png")


@each_format
def test_damaged_bytes_raise_nothing_but_our_own_error(name: str) -> None:
    raw = _written(_halves(), name)
    for position in range(0, len(raw), max(1, len(raw) // 200)):
        damaged = raw[:position] + bytes([raw[position] ^ 0xFF]) + raw[position + 1 :]
        try:
            picture(damaged, FORMATS[name])
        except ImageError:
            continue
