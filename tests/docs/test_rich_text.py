"""The page on rich text in front ends says what the API gives."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from api.contract.rich_text import RICH_TEXT
from tests.support import REPOSITORY, SMALL, Site

PAGE = (REPOSITORY / "docs/reference/rich-text.md").read_text(encoding="utf-8")


def example(language: str) -> str:
    """Return the one example of the page in a language."""
    pattern = rf"^(`{{3,}}){language}\n(.*?)^\1$"
    ((_, text),) = re.findall(pattern, PAGE, re.MULTILINE | re.DOTALL)
    return str(text)


def page_site(folder: Path) -> Site:
    """Make a site that has the page's text as the article `example`, with its files."""
    image = BytesIO()
    Image.new("RGB", (30, 20), "red").save(image, "PNG")
    files: dict[str, str | bytes] = {
        "articles/example.md": f"---\ntitle: Example article\n---\n{example('markdown')}",
        "images/door.png": image.getvalue(),
        "files/list.pdf": b"%PDF-",
    }
    return Site(folder, {**SMALL, **files})


def _is_shown(shown: Any, real: Any) -> bool:
    if isinstance(shown, dict):
        return shown.keys() == real.keys() and all(_is_shown(shown[key], real[key]) for key in real)
    if isinstance(shown, list):
        return len(shown) == len(real) and all(map(_is_shown, shown, real))
    if isinstance(shown, str):
        pattern = ".*".join(re.escape(part) for part in shown.split("…"))
        return bool(re.fullmatch(pattern, real, re.DOTALL))
    return bool(shown == real)


def test_shown_blocks_are_those_of_the_shown_text(tmp_path: Path) -> None:
    with page_site(tmp_path).served() as served:
        blocks = served.get("/v1/articles/example").json()["data"]["body"]["blocks"]
    real = {block["_key"]: block for block in blocks}
    for shown in json.loads(example("json")):
        assert _is_shown(shown, real[shown["_key"]]), shown["_key"]


def test_every_type_of_block_is_shown_whole() -> None:
    types = {block["_type"] for block in json.loads(example("json"))}
    assert types == RICH_TEXT["BlockNode"]["x-block-types"].keys()


def test_shown_types_are_the_contracts() -> None:
    names = re.findall(r"Schemas\['(\w+)'\]", example("ts"))
    assert names == ["BlockNode", "ImageBlock"]
    assert RICH_TEXT["BlockNode"]["x-block-types"]["image"] == "ImageBlock"
    assert "width" in RICH_TEXT["ImageBlock"]["required"]
