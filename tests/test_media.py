"""The whole way of an image: beside the content, in the JSON, and at its own address for ever."""

from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image

from api.compiler import pipeline
from api.richtext.html import render_html
from api.source.image import Picture, picture
from api.store.database import open_readable
from tests.support import NOW, SMALL, Site, write

ARTICLE = """\
---
title: Example
---
![What it shows](../images/a.png "A title")

## Part

In [part](#part) of an [article](article:first#part), a [service](../services/care.yaml),
a [list](list.csv), and the [image](../images/a.png) again.
"""


def _png(color: str = "red", size: tuple[int, int] = (30, 20)) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, color).save(written, "PNG")
    return written.getvalue()


FILES: dict[str, str | bytes] = {
    **SMALL,
    "articles/x.md": ARTICLE,
    "articles/list.csv": "a,b\n",
    "images/a.png": _png(),
}


def _article(served: Any, query: str = "") -> Any:
    return served.get(f"/v1/articles/x{query}").json()["data"]


def _links(data: Any) -> list[Any]:
    (section,) = data["sections"]
    return [mark for block in section["lead"]["blocks"] for mark in block["markDefs"]]


def test_image_is_in_the_json_and_at_its_address(tmp_path: Path) -> None:
    with Site(tmp_path, FILES).served() as served:
        image = _article(served)["body"]["blocks"][0]
        assert (image["width"], image["height"], image["alt"]) == (30, 20, "What it shows")
        assert image["placeholder"].startswith("data:image/png;base64,")
        answer = served.get(image["src"])
        assert answer.status_code == 200
        assert answer.content == FILES["images/a.png"]
        assert answer.headers["content-type"] == "image/png"
        assert "immutable" in answer.headers["cache-control"]
        tag = {"if-none-match": answer.headers["etag"]}
        assert served.get(image["src"], headers=tag).status_code == 304
        head = served.head(image["src"])
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == answer.headers["content-length"]


def test_links_lead_to_pages_and_files(tmp_path: Path) -> None:
    with Site(tmp_path, FILES).served() as served:
        part, article, service, table, image = _links(_article(served))
        assert (part["href"], part["reference"]) == (
            "/articles/x#part",
            {"type": "article", "id": "x"},
        )
        assert (article["href"], article["reference"]) == (
            "/articles/first#part",
            {"type": "article", "id": "first"},
        )
        assert (service["href"], service["reference"]) == (
            "/services/care",
            {"type": "service", "id": "care"},
        )
        assert served.get(table["href"]).content == b"a,b\n"
        assert "reference" not in table
        assert image["href"] == _article(served)["body"]["blocks"][0]["src"]


@pytest.mark.parametrize("form", ["html", "markdown", "text"])
def test_every_form_has_the_addresses_that_readers_need(tmp_path: Path, form: str) -> None:
    with Site(tmp_path, FILES).served() as served:
        blocks = _article(served)["body"]["blocks"]
        article = _article(served, f"?rich_text={form}")
        shown = article["body"][form] + article["sections"][0]["lead"][form]
    assert "../images" not in shown
    assert "article:first" not in shown
    if form != "text":
        assert blocks[0]["src"] in shown
        assert "/articles/first#part" in shown
        assert "/articles/x#part" in shown
    if form == "html":
        assert f'<img src="{blocks[0]["src"]}"' in shown
        assert article["body"]["html"] == render_html(blocks)


def test_fallback_of_a_table_has_the_addresses_that_readers_need(tmp_path: Path) -> None:
    text = "---\ntitle: X\n---\n| A |\n|---|\n| [a](article:first) |\n"
    with Site(tmp_path, {**SMALL, "articles/x.md": text}).served() as served:
        (table,) = _article(served)["body"]["blocks"]
    assert 'href="/articles/first"' in table["fallback"]["html"]


def test_changed_file_has_another_address_and_the_old_one_stays(tmp_path: Path) -> None:
    site = Site(tmp_path, FILES)
    with site.served() as served:
        before = _article(served)
        write(site.content, {"images/a.png": _png("blue")})
        done = site.publish()
        after = _article(served)
        old, new = (one["body"]["blocks"][0]["src"] for one in (before, after))
        assert old != new
        assert before["hash"] != after["hash"]
        assert served.get(old).content == _png()
        assert served.get(new).content == _png("blue")
    assert (done.added, done.ended) == (4, 4), "the file, and the article, its card, its section"


def test_file_that_is_moved_keeps_its_address(tmp_path: Path) -> None:
    site = Site(tmp_path, FILES)
    first = site.publish()
    (site.content / "images" / "a.png").rename(site.content / "articles" / "a.png")
    write(site.content, {"articles/x.md": ARTICLE.replace("../images/", "")})
    again = site.publish()
    assert again.revision.digest == first.revision.digest


def test_publish_is_the_same_on_every_machine(tmp_path: Path) -> None:
    digests = set()
    for name in ("one", "two"):
        site = Site(tmp_path / name, FILES if name == "one" else dict(reversed(FILES.items())))
        digests.add(site.publish().revision.digest)
    assert len(digests) == 1


def test_file_that_no_text_refers_to_is_a_warning_and_is_not_published(tmp_path: Path) -> None:
    site = Site(tmp_path, {**FILES, "images/canary.png": _png("green")})
    (warning,) = pipeline.check(site.content, site.models).warnings
    assert (warning.code, warning.what) == ("unused_file", "no text refers to 'images/canary.png'")
    site.publish()
    assert _png("green") not in site.store.read_bytes()
    assert _png("red") in site.store.read_bytes()


def test_file_that_only_a_private_text_refers_to_is_not_published(tmp_path: Path) -> None:
    write(
        tmp_path / "types",
        {
            "all.py": (
                "from typing import Annotated, ClassVar\n"
                "from schemas.collection import Folder\n"
                "from schemas.entry import Entry\n"
                "from schemas.fields import RichText, Title, Use\n"
                "class Note(Entry):\n"
                "    '''A note.'''\n"
                "    collection: ClassVar = Folder(name='notes', path='/notes/{slug}')\n"
                "    title: Title\n"
                "    secret: Annotated[RichText | None, Use.PRIVATE] = None\n"
                "    example: ClassVar[str] = 'title: A'\n"
            )
        },
    )
    files = {"notes/a.yaml": "title: A\nsecret: '[a](a.csv)'\n", "notes/a.csv": "canary"}
    site = Site(tmp_path, files, tmp_path / "types")
    (warning,) = pipeline.check(site.content, site.models).warnings
    assert warning.code == "unused_file"
    site.publish()
    assert b"canary" not in site.store.read_bytes()


def test_unused_files_are_not_told_while_a_text_cannot_be_read(tmp_path: Path) -> None:
    site = Site(tmp_path, {**FILES, "articles/x.md": ARTICLE.replace("title", "titel")})
    assert {issue.code for issue in site.issues()} == {"missing_field", "unknown_field"}


def test_photo_that_says_where_it_was_taken_is_a_warning(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Example"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (1.0, 2.0, 3.0)
    written = BytesIO()
    Image.new("RGB", (30, 20)).save(written, "PNG", exif=exif)
    site = Site(tmp_path, {**FILES, "images/a.png": written.getvalue()})
    (warning,) = pipeline.check(site.content, site.models).warnings
    assert warning.code == "image_location"
    assert warning.place == (f"{tmp_path}/content/images/a.png", 1, 1)
    with site.served() as served:
        image = _article(served)["body"]["blocks"][0]
        assert served.get(image["src"]).content == written.getvalue(), "bytes stay as they are"


def test_broken_image_is_told_once_however_often_it_is_used(tmp_path: Path) -> None:
    site = Site(tmp_path, {**FILES, "images/a.png": b"\x89PNG\r\n"})
    (issue,) = site.issues()
    assert (issue.code, issue.place) == (
        "broken_media",
        (f"{tmp_path}/content/images/a.png", 1, 1),
    )


def test_image_is_examined_once_however_often_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    def spy(raw: bytes, media_type: str) -> Picture:
        seen.append(raw)
        return picture(raw, media_type)

    monkeypatch.setattr("api.source.media.picture", spy)
    site = Site(tmp_path, {**FILES, "articles/y.md": ARTICLE, "articles/z.md": ARTICLE})
    site.publish()
    assert seen == [_png()]


def test_two_files_that_are_the_same_are_stored_once(tmp_path: Path) -> None:
    both = "---\ntitle: X\n---\n![a](a/a.png)\n\n![b](b/a.png)\n"
    files: dict[str, str | bytes] = {**SMALL, "articles/x.md": both}
    files |= {"articles/a/a.png": _png(), "articles/b/a.png": _png()}
    site = Site(tmp_path, files)
    with site.served() as served:
        first, second = _article(served)["body"]["blocks"]
        assert first["src"] == second["src"]
        assert served.get(first["src"]).content == _png()
    with closing(open_readable(site.store)) as connection:
        assert connection.execute("SELECT count(DISTINCT tag) FROM media").fetchone() == (1,)


def test_media_survive_a_baked_store_and_a_rebuild(tmp_path: Path) -> None:
    site = Site(tmp_path, FILES)
    first = site.publish()
    site.store.unlink()
    assert pipeline.publish(site.content, site.store, site.models, NOW).revision == first.revision
