"""The words of a block → CommonMark's inline syntax, with GFM's struck-out words and footnotes.

What makes this hard is where emphasis may begin and end (CommonMark 0.31, 6.2). Three rules make
it sure: emphasis within emphasis, or right after another, takes the other sign; white space at
the inner edge of emphasis becomes an entity, which is no white space; and where a letter at the
outer edge would forbid it, that letter becomes one, which is punctuation.
"""

import re
import string
from collections.abc import Iterator
from typing import Literal, NamedTuple

from api.richtext.blocks import ImageBlock, Words
from api.richtext.tree import Anchor, Code, Inline, Mark, Note, inlines

Place = Literal["lines", "heading", "cell"]

_SIGNS = re.compile(r"[\\`*_\[\]<>~|^]|&(?=[#A-Za-z])")
_ONE_LINE_SIGNS = re.compile(r"[\\`*_\[\]<>~|^#{}]|&(?=[#A-Za-z])")
_GUARDED_SIGNS = re.compile(r"[\\`*_\[\]<>~|^\"'()]|&(?=[#A-Za-z])")
_LINE_START = re.compile(r"\A(?:[#+=-]|[0-9]+(?=[.)]))")
_ADDRESS_SIGNS = re.compile(r"[\\()<>`|]|&(?=[#A-Za-z])")
_TITLE_SIGNS = re.compile(r'[\\"<>`|]|&(?=[#A-Za-z])')
_BREAK = re.compile(r"[\r\n]")
_SPACE = re.compile(r"\s")
_NO_LETTER = frozenset(string.punctuation + " \t\n")


class _Words(NamedTuple):
    """Text that is still to be escaped."""

    text: str


class _Source(NamedTuple):
    """Markdown as it will be written: code, or the beginning or the end of a link."""

    source: str


class _Edge(NamedTuple):
    """A delimiter of emphasis, where it opens or closes."""

    source: str
    opens: bool


_Token = _Words | _Source | _Edge


def inline_markdown(words: Words, place: Place = "lines") -> str:
    """Write formatted words for a place: a heading and a cell of a table are one line."""
    tokens: list[_Token] = []
    _tokenize(inlines(words), tokens, "")
    return "".join(_Writer(tokens, place).sources())


def _tokenize(content: list[Inline], tokens: list[_Token], outer: str) -> None:
    """Add the tokens of the content, which stands in emphasis of the sign `outer`."""
    for node in content:
        before = tokens[-1] if tokens else None
        if isinstance(node, Mark):
            if node.name == "strike-through":
                edge, inner = "~~", outer
            else:
                inner = "_" if outer == "*" or _closes(before, "*") else "*"
                edge = inner * 2 if node.name == "strong" else inner
            tokens.append(_Edge(edge, opens=True))
            _tokenize(node.content, tokens, inner)
            tokens.append(_Edge(edge, opens=False))
        elif isinstance(node, Anchor):
            tokens.append(_Source("["))
            _tokenize(node.content, tokens, outer)
            tokens.append(_Source(f"]({_target(node.link['href'], node.link['title'])})"))
        elif isinstance(node, Code):
            tokens.append(_Source(_code(node.text)))
        elif isinstance(node, Note):
            tokens.append(_Source(f"[^{node.number}]"))
        elif isinstance(before, _Words):
            tokens[-1] = _Words(before.text + node.text)
        else:
            tokens.append(_Words(node.text))


def _opens(token: _Token | None, sign: str = "*_~") -> bool:
    """Say whether emphasis of one of these signs begins here."""
    return isinstance(token, _Edge) and token.opens and token.source[0] in sign


def _closes(token: _Token | None, sign: str = "*_~") -> bool:
    """Say whether emphasis of one of these signs ends here."""
    return isinstance(token, _Edge) and not token.opens and token.source[0] in sign


def _looks_like_definition(tokens: list[_Token]) -> bool:
    """Say whether a link at the start has code with `]:`, which would make it a definition.

    Backticks do not hide it (CommonMark 0.31, 4.7). What stands behind the colon must not be an
    address, and at most a title, up to the end of a line: a space before every address of a link,
    and escaped signs that could close a title, see to that.
    """
    first = tokens[0] if tokens else None
    if not isinstance(first, _Source) or first.source != "[":
        return False
    return any(isinstance(token, _Source) and "]:" in token.source for token in tokens)


def _is_note(token: _Token | None) -> bool:
    return isinstance(token, _Source) and token.source.startswith("[^")


def _ends_link(token: _Token) -> bool:
    return isinstance(token, _Source) and token.source.startswith("]")


class _Writer:
    """Escapes words as their neighbours demand it."""

    def __init__(self, tokens: list[_Token], place: Place) -> None:
        self._tokens = tokens
        self._place = place
        self._guarded = place == "lines" and _looks_like_definition(tokens)
        self._signs = _SIGNS if place == "lines" else _ONE_LINE_SIGNS
        if self._guarded:
            self._signs = _GUARDED_SIGNS
        self._heads: set[int] = set()
        self._tails: set[int] = set()

    def sources(self) -> Iterator[str]:
        """Yield the source of every token."""
        self._encode_spaces()
        self._encode_letters("_")
        self._encode_letters("*")
        self._encode_letters("~")
        for index, token in enumerate(self._tokens):
            if isinstance(token, _Words):
                yield self._words(token.text, index)
            elif self._place == "cell" and token.source.startswith("`"):
                yield token.source.replace("|", r"\|")
            elif self._guarded and token.source.startswith("]("):
                yield f"]( {token.source[2:]}"
            else:
                yield token.source

    def _neighbours(self) -> Iterator[tuple[int, str, _Token | None, _Token | None]]:
        """Yield all words with their index and the tokens at both sides."""
        tokens = [None, *self._tokens, None]
        for index, (before, token, after) in enumerate(
            zip(tokens, self._tokens, tokens[2:], strict=False)
        ):
            if isinstance(token, _Words):
                yield index, token.text, before, after

    def _encode_spaces(self) -> None:
        """Keep white space at the edges, `!` from making images, a note's mark from being more."""
        for index, text, before, after in self._neighbours():
            if text[0].isspace() and (before is None or _opens(before)):
                self._heads.add(index)
            if text[-1].isspace() and (after is None or _closes(after) or _ends_link(after)):
                self._tails.add(index)
            if text[0] in ":(" and _is_note(before):
                self._heads.add(index)
            if text[-1] == "!" and isinstance(after, _Source):
                self._tails.add(index)

    def _encode_letters(self, sign: str) -> None:
        """Let emphasis of this sign open and close beside letters."""
        for index, text, before, after in self._neighbours():
            if _closes(before, sign) and self._bars(text[0], sign, index - 2, -1):
                self._heads.add(index)
            if _opens(after, sign) and self._bars(text[-1], sign, index + 2, 0):
                self._tails.add(index)

    def _bars(self, outer: str, sign: str, inner: int, at: int) -> bool:
        """Say whether an outer sign bars emphasis from what stands inside of its delimiter."""
        return outer not in _NO_LETTER and (sign == "_" or not self._letter(inner, at))

    def _letter(self, index: int, at: int) -> bool:
        """Say whether a token begins (0) or ends (-1) with a letter that stays one."""
        token = self._tokens[index]
        if not isinstance(token, _Words) or not token.text[at].isalnum():
            return False
        encoded = self._heads if at == 0 else self._tails
        if len(token.text) == 1:
            encoded = self._heads | self._tails
        return index not in encoded

    def _words(self, text: str, index: int) -> str:
        first = last = ""
        starts_line = index == 0
        if index in self._heads:
            first, text, starts_line = _entity(text[0]), text[1:], False
        if text and index in self._tails:
            last, text = _entity(text[-1]), text[:-1]
        if self._place != "lines":
            escaped = "&#10;".join(_escaped(line, self._signs) for line in text.split("\n"))
        else:
            escaped = "\\\n".join(_lines(text.split("\n"), self._signs, starts_line=starts_line))
        return first + escaped + last


def _lines(lines: list[str], signs: re.Pattern[str], *, starts_line: bool) -> Iterator[str]:
    """Escape lines that hard breaks part, white space at the breaks included."""
    for number, line in enumerate(lines):
        first = last = ""
        middle = line
        if number and middle[:1].isspace():
            first, middle = _entity(middle[0]), middle[1:]
        if number < len(lines) - 1 and middle[-1:].isspace():
            middle, last = middle[:-1], _entity(middle[-1])
        escaped = _escaped(middle, signs)
        if not first and (number or starts_line):
            escaped = _LINE_START.sub(_not_a_marker, escaped)
        yield first + escaped + last


def _not_a_marker(found: re.Match[str]) -> str:
    """Escape what would begin a heading, a list or an underline."""
    return found[0] + "\\" if found[0].isdigit() else "\\" + found[0]


def _escaped(text: str, signs: re.Pattern[str]) -> str:
    return signs.sub(r"\\\g<0>", text).replace("\r", "&#13;")


def _entity(sign: str) -> str:
    return f"&#{ord(sign)};"


def _code(text: str) -> str:
    """Write a code span with a fence longer than any in it (CommonMark 0.31, 6.1)."""
    text = text.replace("\n", " ")
    fence = "`"
    runs = set(re.findall("`+", text))
    while fence in runs:
        fence += "`"
    stripped = text[0] == text[-1] == " " and text.strip(" ")
    pad = " " if "`" in (text[0], text[-1]) or stripped else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def image_markdown(block: ImageBlock) -> str:
    """Write an image, which stands on a line of its own."""
    alt = _BREAK.sub(_space, _escaped(block["alt"], _SIGNS))
    return f"![{alt}]({_target(block['src'], block['title'])})"


def _target(address: str, title: str | None) -> str:
    """Write the address and title of a link or an image."""
    escaped = _SPACE.sub(_space, _ADDRESS_SIGNS.sub(r"\\\g<0>", address)) or "<>"
    if not title:
        return escaped
    named = _BREAK.sub(_space, _TITLE_SIGNS.sub(r"\\\g<0>", title))
    return f'{escaped} "{named}"'


def _space(found: re.Match[str]) -> str:
    return _entity(found[0])
