"""The parser's events of images → drafts of images, which stand in paragraphs of their own."""

from typing import cast

from api.errors import IMAGE_ADDRESS, IMAGE_ALT, IMAGE_PLACE
from api.richtext.addresses import is_file
from api.richtext.draft import ImageDraft
from api.source.markdown_inline import SHOWN, InlineReader, LinkDetail, Span, normal_label

_MISPLACED = "an image stands alone, not among words, nor in a list, quote, table or heading"


class ImageReader(InlineReader):
    """Gathers the images of a paragraph that has nothing else, one a line."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._may_show = False
        self._image = ImageDraft("", "")
        self._images: list[ImageDraft] = []

    def open_image(self, detail: object, start: int) -> None:
        """Begin an image, and with it its alternative text."""
        link = cast("LinkDetail", detail)
        self.labels.add(normal_label(link["id"]))
        if not self._may_show or self._alt is not None:
            self._refuse(start, _MISPLACED, IMAGE_PLACE)
            return
        self._image = ImageDraft(link["dest_url"], "", link["title"], start)
        self._alt = []

    def close_image(self, _: Span) -> None:
        """End an image."""
        self._image.alt = " ".join("".join(self._alt or ()).split())
        self._images.append(self._image)
        self._alt = None

    def _begin_images(self) -> None:
        """Begin a paragraph that may be one of images."""
        self._may_show = self._only_images = True
        self._breaks = 0
        self._images = []

    def _end_images(self) -> list[ImageDraft] | None:
        """End the paragraph; one of images is these, without those that are wrong."""
        self._may_show = False
        images, self._images = self._images, []
        if self._only_images and self._breaks == len(images) - 1:
            return [image for image in images if self._is_right(image)]
        for image in images:
            self._find(image.start, _MISPLACED, IMAGE_PLACE)
        return None

    def _is_right(self, image: ImageDraft) -> bool:
        if not image.alt:
            self._find(image.start, "an image has no alternative text", IMAGE_ALT)
        if not is_file(image.src):
            what = f"an image is a file beside the content, not '{image.src[:SHOWN]}'"
            self._find(image.start, what, IMAGE_ADDRESS)
        return bool(image.alt) and is_file(image.src)
