"""The spans of a block → HTML, nested as Portable Text's own renderers nest them."""

from collections.abc import Mapping, Sequence
from html import escape

from api.richtext.blocks import FootnoteMark, MarkDef, Span, Words

_TAGS = {"strong": "strong", "em": "em", "code": "code", "strike-through": "del"}
_ORDER = (*_TAGS,)
"""Outermost first, where marks have the same words; a link or a footnote's mark is outside."""

_Definitions = Mapping[str, MarkDef | FootnoteMark]


def spans_html(words: Words) -> str:
    """Write formatted words as HTML, which is not sanitised.

    The rule is that of `@portabletext/toolkit`, so that its renderers give the same elements: a
    mark that is open stays open as long as it can, and of those that begin at a span the one that
    goes furthest is outside. Marks that are neither known decorators nor defined are left out.
    """
    definitions = {definition["_key"]: definition for definition in words["markDefs"]}
    html: list[str] = []
    open_marks: list[str] = []
    for span, reach in zip(words["children"], _reaches(words["children"]), strict=True):
        needed = sorted(
            {mark for mark in span["marks"] if mark in _TAGS or mark in definitions},
            key=lambda mark: (-reach[mark], _ORDER.index(mark) if mark in _TAGS else -1, mark),
        )
        kept = 0
        while kept < len(open_marks) and open_marks[kept] in needed:
            needed.remove(open_marks[kept])
            kept += 1
        html.extend(_end(mark, definitions) for mark in reversed(open_marks[kept:]))
        html.extend(_start(mark, definitions) for mark in needed)
        html.append(escape(span["text"], quote=False).replace("\n", "<br>\n"))
        open_marks[kept:] = needed
    html.extend(_end(mark, definitions) for mark in reversed(open_marks))
    return "".join(html)


def _reaches(spans: Sequence[Span]) -> list[Mapping[str, int]]:
    """Say for each span how many neighbours, itself the first, have each of its marks."""
    reaches: list[Mapping[str, int]] = []
    after: Mapping[str, int] = {}
    for span in reversed(spans):
        after = {mark: after.get(mark, 0) + 1 for mark in span["marks"]}
        reaches.append(after)
    return reaches[::-1]


def _start(mark: str, definitions: _Definitions) -> str:
    if mark in _TAGS:
        return f"<{_TAGS[mark]}>"
    definition = definitions[mark]
    if definition["_type"] == "footnote":
        return "<sup>"
    title = f' title="{escape(definition["title"])}"' if definition["title"] else ""
    return f'<a href="{escape(definition["href"])}"{title}>'


def _end(mark: str, definitions: _Definitions) -> str:
    if mark in _TAGS:
        return f"</{_TAGS[mark]}>"
    return "</sup>" if definitions[mark]["_type"] == "footnote" else "</a>"
