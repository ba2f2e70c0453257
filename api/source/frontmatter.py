"""A Markdown file's two parts: the fields at its head, and the text below them."""

import re
from typing import NamedTuple

from api.errors import FRONT_MATTER, ContentError, Place

_FENCE = re.compile(r"^---[^\S\n]*(?:\n|\Z)", re.MULTILINE)


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
    first = _FENCE.match(text)
    if first is None:
        raise ContentError(FRONT_MATTER.at(Place(path, 1, 1), "the first line is not '---'"))
    last = _FENCE.search(text, first.end())
    if last is None:
        what = "no second line '---' closes the front matter that opens here"
        raise ContentError(FRONT_MATTER.at(Place(path, 1, 1), what))
    yaml = text[first.end() : last.start()]
    return FrontMatter(yaml, 2, text[last.end() :], yaml.count("\n") + 3)
