"""A Markdown file's two parts: the fields at its head, and the text below them."""

from typing import NamedTuple

from api.errors import FRONT_MATTER, ContentError, Place

FENCE = "---"


class FrontMatter(NamedTuple):
    """The YAML and the Markdown of one file, each with the line of the file on which it starts."""

    yaml: str
    yaml_line: int
    markdown: str
    markdown_line: int


def split(text: str, path: str) -> FrontMatter:
    r"""Split a Markdown file at the `---` lines that open and close its front matter.

    `text` has `\n` line ends (see `decode`). Spaces and tabs may follow a fence; any later `---`
    belongs to the Markdown. Raises ContentError (FRONT_MATTER) when a fence is missing.
    """
    yaml_start = _fence_end(text, 0)
    if yaml_start is None:
        raise ContentError(FRONT_MATTER.at(Place(path, 1, 1), "the first line is not '---'"))
    yaml_end = yaml_start
    while (markdown_start := _fence_end(text, yaml_end)) is None:
        yaml_end = text.find("\n" + FENCE, yaml_end) + 1
        if not yaml_end:
            what = "no second line '---' closes the front matter that opens here"
            raise ContentError(FRONT_MATTER.at(Place(path, 1, 1), what))
    yaml = text[yaml_start:yaml_end]
    return FrontMatter(yaml, 2, text[markdown_start:], yaml.count("\n") + 3)


def _fence_end(text: str, start: int) -> int | None:
    """Return where the line after the fence at `start` begins; None when no fence stands there."""
    if not text.startswith(FENCE, start):
        return None
    end = text.find("\n", start)
    end = len(text) if end < 0 else end + 1
    return end if text[start:end].rstrip() == FENCE else None
