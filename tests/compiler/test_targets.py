"""Addresses in texts become paths of entries and files; they never lead out of the folder."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from api.compiler.catalogue import Index, MediaFace
from api.compiler.paths import PlacedEntry
from api.compiler.scan import scan
from api.compiler.targets import ContentFiles, EntryAddress, FileAddress, OwnAddress, Targets
from api.source.image import Picture
from api.source.media import MediaFile
from schemas.fields import RichText, TextTarget
from schemas.media import KINDS
from tests.placed import found, indexes_of
from tests.support import Site

FILES = ContentFiles(root="content")
PICTURE = Picture(30, 20, "data:image/png;base64,AA==", located=False)


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("article:a", EntryAddress("article", "a", "")),
        ("section:a.b#c", EntryAddress("section", "a.b", "c")),
        ("#c", OwnAddress("c")),
        ("a.pdf", FileAddress("articles/a.pdf", "")),
        ("./a.pdf", FileAddress("articles/a.pdf", "")),
        ("x//a.pdf", FileAddress("articles/x/a.pdf", "")),
        ("../images/a.png#c", FileAddress("images/a.png", "c")),
        ("x/../../a.png", FileAddress("a.png", "")),
        ("../articles/../a.png", FileAddress("a.png", "")),
        ("%2e%2e/a.png", FileAddress("articles/%2e%2e/a.png", "")),
        ("../../etc/passwd", None),
        ("../../content/a.png", None),
        ("x/../../../a.png", None),
        ("..", FileAddress("", "")),
    ],
)
def test_address_is_read_from_the_folder_of_its_file(address: str, meant: object) -> None:
    assert FILES.read(address, "content/articles/x.md") == meant


@pytest.mark.parametrize("root", ["/srv/content", "../content", ".", "/"])
def test_root_may_be_written_in_any_way(root: str) -> None:
    file = (Path(root) / "articles" / "x.md").as_posix()
    assert ContentFiles(root=root).read("a.png", file) == FileAddress("articles/a.png", "")


class Known(NamedTuple):
    """A site's targets, and the entries whose texts lead to them."""

    targets: Targets
    site: Index


@pytest.fixture
def known(tmp_path: Path) -> Known:
    site = Site(tmp_path)
    names = ("images/a.png", "articles/leaflet.pdf")
    scanned = scan(site.content, site.models)
    files = ContentFiles(
        scanned.files.root,
        [file for unit in scanned.units.values() for file in unit.files],
        {name: MediaFile(site.content, name, KINDS[Path(name).suffix]) for name in names},
    )
    media = {
        name: MediaFace(f"media:{name}", "d" * 22, Path(name).name, picture)
        for name, picture in zip(names, (PICTURE, None), strict=True)
    }
    index = indexes_of(site, media)[0]
    return Known(Targets(files, index), index)


def _entry(known: Known, type_name: str, name: str) -> PlacedEntry:
    return found(known.site, type_name, name)


@pytest.mark.parametrize("stands_in", [("article", "first"), ("section", "first.part")])
@pytest.mark.parametrize(
    ("address", "href", "entry"),
    [
        ("article:second", "/articles/second", ("article", "second")),
        ("article:second#x", "/articles/second#x", ("article", "second")),
        ("section:first.part", "/articles/first#part", ("section", "first.part")),
        ("section:first.part#point", "/articles/first#point", ("section", "first.part")),
        ("contact:contact", "/contact", ("contact", "contact")),
        ("../topics/one.yaml", "/topics/one", ("topic", "one")),
        ("second.md", "/articles/second", ("article", "second")),
        ("../site.yaml", "/", ("site", "site")),
        ("#part", "/articles/first#part", ("article", "first")),
        ("leaflet.pdf", f"/media/{'d' * 22}/leaflet.pdf", None),
        ("leaflet.pdf#page", f"/media/{'d' * 22}/leaflet.pdf#page", None),
        ("../images/a.png", f"/media/{'d' * 22}/a.png", None),
    ],
)
def test_address_becomes_a_path(
    known: Known,
    address: str,
    href: str,
    entry: tuple[str, str] | None,
    stands_in: tuple[str, str],
) -> None:
    target = known.targets.resolve(_entry(known, *stands_in), address)
    assert target is not None
    assert target.href == href
    assert (target.entry and (target.entry.type, target.entry.id)) == entry


@pytest.mark.parametrize(
    "address",
    ["article:none", "film:first", "none.md", "../a.png", "../../x.md", "javascript:alert(1)"],
)
def test_other_addresses_become_nothing(known: Known, address: str) -> None:
    assert known.targets.resolve(_entry(known, "article", "first"), address) is None


def _text(block: dict[str, Any], *addresses: str) -> RichText:
    return RichText(
        (block,), tuple(TextTarget(address, image=False, place=("", 1, 1)) for address in addresses)
    )


def _link(href: str) -> dict[str, Any]:
    return {"_type": "link", "_key": "b0m0", "href": href, "title": None}


def _block(*links: dict[str, Any]) -> dict[str, Any]:
    span = {"_type": "span", "_key": "b0s0", "text": "words", "marks": ["b0m0"]}
    return {
        "_type": "block",
        "_key": "b0",
        "style": "normal",
        "markDefs": list(links),
        "children": [span],
    }


def test_link_gets_its_path_and_what_it_refers_to(known: Known) -> None:
    outside = _link("https://example.org")
    text = _text(_block(_link("article:second"), outside, _link("leaflet.pdf")), "article:second")
    text = RichText(text.blocks, (*text.targets, TextTarget("leaflet.pdf", False, ("", 1, 1))))  # noqa: FBT003
    (block,) = known.targets.blocks(text, _entry(known, "article", "first"))
    reference = {"type": "article", "id": "second"}
    assert block["markDefs"] == [
        {**_link("/articles/second"), "reference": reference},
        outside,
        _link(f"/media/{'d' * 22}/leaflet.pdf"),
    ]
    assert block["children"] == text.blocks[0]["children"]


def test_blocks_of_the_text_itself_stay_as_they_were(known: Known) -> None:
    block = _block(_link("article:second"))
    known.targets.blocks(_text(block, "article:second"), _entry(known, "article", "first"))
    assert block == _block(_link("article:second"))


def test_image_gets_its_address_its_size_and_its_placeholder(known: Known) -> None:
    written = {
        "_type": "image",
        "_key": "b0",
        "src": "../images/a.png",
        "alt": "What it shows",
        "title": None,
        "width": 0,
        "height": 0,
        "placeholder": "",
        "fallback": {"text": "", "html": ""},
    }
    text = _text(written, "../images/a.png")
    (block,) = known.targets.blocks(text, _entry(known, "article", "first"))
    src = f"/media/{'d' * 22}/a.png"
    assert block == {
        **written,
        "src": src,
        "width": 30,
        "height": 20,
        "placeholder": PICTURE.placeholder,
        "fallback": {
            "text": "What it shows",
            "html": f'<p><img src="{src}" alt="What it shows" width="30" height="20"></p>',
        },
    }


def test_fallback_of_a_block_follows_its_links(known: Known) -> None:
    cell = {"_key": "c", "markDefs": [_link("article:second")], "children": []}
    table = {"_type": "sheet", "_key": "b0", "cells": [cell], "fallback": {"text": "", "html": "x"}}
    code = {"_type": "sheet", "_key": "b1", "fallback": {"text": "", "html": "as it was"}}
    text = RichText((table, code), _text({}, "article:second").targets)
    first, second = known.targets.blocks(text, _entry(known, "article", "first"))
    assert first["cells"][0]["markDefs"][0]["href"] == "/articles/second"
    assert second == code


def test_address_that_leads_nowhere_is_named(known: Known) -> None:
    text = _text(_block(_link("article:none")), "article:none")
    with pytest.raises(LookupError, match="article:none"):
        known.targets.blocks(text, _entry(known, "article", "first"))


def test_document_is_no_image(known: Known) -> None:
    block = {"_type": "image", "_key": "b0", "src": "leaflet.pdf", "alt": "", "title": None}
    with pytest.raises(LookupError, match=r"leaflet\.pdf"):
        known.targets.blocks(_text(block, "leaflet.pdf"), _entry(known, "article", "first"))
