"""Random Markdown documents that have nothing but what is supported (hypothesis strategies)."""

import re

from hypothesis import strategies as st

ATOMS = (
    *("Example", "words", "né", "слово", "5 mg", "x_y_z", "a)", "50%", "#1", "it's", '"q"', "-a"),
    *("&amp;", "&#169;", "\\*", "\\[a]", "~5 mg", "2 < 3", "a&b", "!a", "e.g.", "1,5"),
    *("`code`", "`` a`b ``", "`*x*`", "<https://e.org/?a=1&b=2>", "<a@e.org>", "[a]"),
)
ADDRESSES = ("/a", "#b", "https://e.org/?a=1&b=2", "article:example", "../x_y.md#k", "a.pdf")
TITLES = ("", ' "A title"', " 'it \"is\"'")
CODES = ("a\n  b", "<b> & *c*", "", "a\n\nb", "- x")


@st.composite
def inlines(
    draw: st.DrawFn, depth: int = 2, *, breaks: bool = True, links: bool = True, strike: bool = True
) -> str:
    """Words with marks in each other; without `breaks` they are one line."""
    shapes = ["word", "word"]
    if depth:
        shapes += ["em", "strong", *(["strike"] if strike else ()), *(["link"] if links else ())]
    made = ""
    gap = ""
    for shape in draw(st.lists(st.sampled_from(shapes), min_size=1, max_size=3)):
        inner = {"breaks": breaks, "links": links and shape != "link"}
        match shape:
            case "word":
                piece = draw(st.sampled_from(ATOMS if links else ATOMS[:-3]))
            case "em":
                sign = draw(st.sampled_from("*_"))
                piece = f"{sign}{draw(inlines(depth - 1, strike=strike, **inner))}{sign}"
            case "strong":
                sign = draw(st.sampled_from(("**", "__")))
                piece = f"{sign}{draw(inlines(depth - 1, strike=strike, **inner))}{sign}"
            case "strike":
                piece = f" ~~a {draw(inlines(depth - 1, strike=False, **inner))} b~~ "
            case _:
                words = draw(inlines(depth - 1, strike=strike, **inner))
                target = draw(st.sampled_from(ADDRESSES)) + draw(st.sampled_from(TITLES))
                piece = f"[{words}]({target})"
        made += gap + piece
        gap = draw(st.sampled_from((" ", " ", "", *(("\n", "\\\n", "  \n") if breaks else ()))))
    return made


ONE_LINE = inlines(2, breaks=False)


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    """Words that begin and end with plain ones, so that no line begins a block."""
    text = draw(inlines(2))
    return "\n".join(f"A {line.strip(' ')}" for line in f"{text} z".split("\n"))


@st.composite
def lists(draw: st.DrawFn, depth: int = 2, *, numbered: bool | None = None) -> str:
    """A list; below an item there is at most one more."""
    numbered = draw(st.booleans()) if numbered is None else numbered
    loose = draw(st.booleans())
    lines: list[str] = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        marker = f"{number}. " if numbered else "- "
        box = draw(st.sampled_from(("", "", "[x] ", "[ ] ")))
        item = box + draw(paragraphs())
        if depth and draw(st.integers(0, 2)) == 0:
            item += "\n" + draw(lists(depth - 1))
        indent = "\n" + " " * len(marker)
        lines.append(marker + item.replace("\n", indent))
    return ("\n\n" if loose else "\n").join(lines)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A table with a header."""
    width = draw(st.integers(1, 3))

    def row() -> str:
        cells = [draw(inlines(2, breaks=False)) for _ in range(draw(st.integers(1, width)))]
        return f"| {' | '.join(cells)} |"

    head = f"| {' | '.join(draw(inlines(1, breaks=False)) for _ in range(width))} |"
    align = f"|{'|'.join(draw(st.sampled_from(('-', ':-', ':-:', '-:'))) for _ in range(width))}|"
    return "\n".join([head, align, *(row() for _ in range(draw(st.integers(0, 2))))])


def _code(code: str) -> str:
    return "    " + code + "\n\n      d"


def _quote(texts: list[str]) -> str:
    return "> " + "\n\n".join(texts).replace("\n", "\n> ")


IMAGES = ('![An *example*](a.png "T")', "![b](../c/d_e_.jpg)")
BLOCKS = {
    "text": paragraphs(),
    "noted": st.builds("{}[^{}]".format, paragraphs(), st.sampled_from(("1", "note", "é"))),
    "heading": st.builds("{} {} z".format, st.sampled_from(("#", "##", "######")), ONE_LINE),
    "quote": st.lists(paragraphs(), min_size=1, max_size=2).map(_quote),
    "list": lists(),
    "fence": st.builds(
        "```{}\n{}\n```".format, st.sampled_from(("", "python", "c++")), st.sampled_from(CODES)
    ),
    "indent": st.sampled_from(("a", "*b*", "<c>")).map(_code),
    "rule": st.sampled_from(("***", "---", "_ _ _")),
    "image": st.lists(st.sampled_from(IMAGES), min_size=1, max_size=2).map("\n".join),
    "table": tables(),
}
JOINED = frozenset({"quote", "list", "indent"})
"""What would be one with what stands above it."""


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A document of several blocks, some with footnotes."""
    blocks: list[str] = []
    before = ""
    for kind in draw(st.lists(st.sampled_from([*BLOCKS]), min_size=1, max_size=5)):
        if kind in JOINED and before in JOINED:
            blocks.append("Between.")
        before = kind
        blocks.append(draw(BLOCKS[kind]))
    labels = dict.fromkeys(re.findall(r"\[\^(\w+)\]", "\n".join(blocks)))
    blocks += [f"[^{label}]: {draw(paragraphs())}" for label in labels]
    return "\n\n".join(blocks)


SIGNS = (
    *("*_[]()<>!`~#>-+|\\{}&:^$=\n\t .", "1. ", "- ", "> ", "](/x)", "[a]: /b\n", "\n\n", "```\n"),
    *("![", "](a.png)", "](a:b)", "[^1]", "\n\n[^1]: ", "|", "\n|-|:-:|\n", "- [x] ", "~~", "***"),
    *("{#a}", "# ", "    ", "\\\n", "&#32;", "a", "b c", "<a:b>", "**", "__"),
)


def fragments() -> st.SearchStrategy[str]:
    """Return any text, most often one with signs of Markdown."""
    signs = st.sampled_from([*SIGNS[0], *SIGNS[1:]])
    return st.lists(st.one_of(signs, signs, st.text(), st.characters())).map("".join)
