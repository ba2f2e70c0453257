"""The other forms of rich text, made from its blocks wherever it stands in a JSON value."""

from collections.abc import Callable, Mapping
from typing import Any

from api.richtext.blocks import Blocks
from api.richtext.html import render_html
from api.richtext.markdown import render_markdown
from api.richtext.text import render_text

RENDERED: Mapping[str, Callable[[Blocks], str]] = {
    "html": render_html,
    "markdown": render_markdown,
    "text": render_text,
}
_RICH_TEXT = frozenset({"blocks", *RENDERED})


def in_form(value: Any, form: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with all its rich text in one form of RENDERED, the other forms null."""
    if isinstance(value, list):
        return [in_form(one, form) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == _RICH_TEXT and isinstance(value["blocks"], list):
        return {**dict.fromkeys(value), form: RENDERED[form](value["blocks"])}
    return {key: in_form(one, form) for key, one in value.items()}
