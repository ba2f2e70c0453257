"""Advice: warnings about what the schema allows and readers stumble over."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import zip_longest
from pathlib import PurePosixPath
from typing import Any

from api.compiler import readability, texts
from api.compiler.advice_links import LinkRules
from api.compiler.catalogue import Index
from api.compiler.contents import PlacedItem
from api.compiler.paths import PlacedEntry
from api.compiler.texts import PlacedText
from api.errors import (
    BROKEN_LINK,
    EMPTY_SECTION,
    HEADING_ORDER,
    READING_LEVEL,
    REPEATED_ITEM,
    VAGUE_ALT,
    Issue,
    Place,
)
from api.source.node import Fields, Items, Node, Scalar
from schemas.fields import Model, RichText
from schemas.shape import (
    Formatted,
    Keyed,
    Kind,
    Many,
    ModelField,
    Nested,
    Referring,
    Shape,
    Single,
    fields_of,
)

GRADE = 16
"""The highest grade level without a warning: that of somebody with a university degree.

Names of drugs and illnesses are long words that no editor can shorten; they raise the grade.
"""
JUDGED_WORDS = 100
"""How many words a text has before its reading level is judged: of fewer it says little."""
SHOWN = 60
IN_TEXT = "in the text that begins here"

_IMAGE_FILE = re.compile(r"\S+\.(png|jpe?g|gif|webp|avif|svg|bmp|tiff?|heic)", re.IGNORECASE)
_LINK_IN_WORDS = re.compile(r"\[[^\[\]]{1,200}\]\([^()]{1,200}\)")
_IMAGE_WORDS = re.compile(
    r"(an? |the )?(image|photo|photograph|picture|graphic|icon|screenshot)"
    r"|(зображення|фото|фотографія|світлина|картинка|малюнок)",
    re.IGNORECASE,
)


def advise(
    entry: PlacedEntry, index: Index, rules: LinkRules, broken: Collection[tuple[str, str]]
) -> Iterator[Issue]:
    """Yield the warnings of an entry; `broken` has the type and slug of files with errors."""
    yield from _repeated(type(entry.value), entry.fields, index)
    for item in entry.contents.items:
        if _is_empty(item.value):
            yield _empty(item)
    said: list[str] = []
    for text in entry.contents.texts:
        is_plain = True
        for block in text.value.blocks:
            words = texts.words_of(block)
            said.append(words)
            is_plain = is_plain and _is_plain(block, words)
        if not is_plain:
            yield from _headings(text)
            yield from _images(text)
            yield from _broken_links(text)
            yield from rules.judge(entry, text, index, broken)
    if said and index.locale.partition("-")[0] == "en":
        yield from _reading_level(said, entry.contents.texts[0])


def _is_plain(block: Mapping[str, Any], words: str) -> bool:
    """Whether a block is no heading and no image, and has no links nor what looks like one.

    Most are so, and nothing of a text that has no others is judged but its reading level.
    """
    return block.get("style") == "normal" and not block["markDefs"] and "](" not in words


def _empty(item: PlacedItem) -> Issue:
    named = f" '{item.title[:SHOWN]}'" if item.title else ""
    return EMPTY_SECTION.at(item.place, f"there is no text below the heading{named}")


def _is_empty(value: Model) -> bool:
    """Whether a model that takes rich text, itself or in parts, has nothing of either."""
    fields = texts.fields_down_to(type(value), Formatted, Nested)
    for field in fields:
        part = getattr(value, field.name)
        if part.blocks if isinstance(part, RichText) else part:
            return False
    return bool(fields)


def _headings(text: PlacedText) -> Iterator[Issue]:
    above = text.level
    for level, words in texts.headings(text.value):
        if level > above + 1:
            what = f"{IN_TEXT}, the heading '{words[:SHOWN]}' has level {level} below level {above}"
            yield HEADING_ORDER.at(text.place, what)
        above = level


def _images(text: PlacedText) -> Iterator[Issue]:
    known = [Place(*target.place) for target in text.value.targets if target.image]
    for (address, alt), place in zip_longest(texts.images(text.value), known):
        if _says_nothing(alt.strip(), address):
            where = "" if place else f"{IN_TEXT}, "
            what = f"{where}an image has the alternative text '{alt[:SHOWN]}'"
            yield VAGUE_ALT.at(place or text.place, what)


def _broken_links(text: PlacedText) -> Iterator[Issue]:
    """Find what was to be a link, and is words for a reader of Markdown."""
    for block in text.value.blocks:
        words = texts.words_of(block)
        if "](" in words and (found := _LINK_IN_WORDS.search(words)):
            what = f"{IN_TEXT}, '{found[0][:SHOWN]}' is no link, but words"
            yield BROKEN_LINK.at(text.place, what)


def _says_nothing(alt: str, address: str) -> bool:
    """Whether an alternative text is a file's name, or says only that there is an image."""
    file = PurePosixPath(address)
    named = alt.casefold() in {file.name.casefold(), file.stem.casefold()}
    return named or bool(_IMAGE_FILE.fullmatch(alt) or _IMAGE_WORDS.fullmatch(alt))


def _reading_level(said: Sequence[str], first: PlacedText) -> Iterator[Issue]:
    """Judge the words of an entry's blocks, of which the first are in a text."""
    words = readability.words_in(said)
    if len(words) < JUDGED_WORDS:
        return
    grade = readability.read(said, words).grade
    if grade > GRADE:
        what = (
            f"the entry's texts, of which the first begins here, have the reading level "
            f"{grade:.1f} (Flesch-Kincaid grade; more than {GRADE} is hard to read)"
        )
        yield READING_LEVEL.at(first.place, what)


def _repeated(model: type[Model], fields: Fields, index: Index) -> Iterator[Issue]:
    for field in _listing(model):
        if field.name in fields.values:
            yield from _repeated_in(field.shape, fields.values[field.name], index)


@cache
def _listing(model: type[Model]) -> tuple[ModelField, ...]:
    """Return the fields that hold, at any depth, a list in which nothing may stand twice."""
    return tuple(field for field in fields_of(model).values() if _lists(field.shape))


def _lists(shape: Shape) -> bool:
    match shape:
        case Many(Referring() | Single(Kind.TEXT)):
            return True
        case Many(item) | Keyed(item):
            return _lists(item)
        case Nested(model):
            return bool(_listing(model))
        case _:
            return False


def _repeated_in(shape: Shape, node: Node, index: Index) -> Iterator[Issue]:
    match shape, node:
        case Many(Referring() | Single(Kind.TEXT) as item), Items(nodes):
            yield from _twice(item, nodes, index)
        case Many(item), Items(nodes):
            for one in nodes:
                yield from _repeated_in(item, one, index)
        case Keyed(item), Fields(values):
            for one in values.values():
                yield from _repeated_in(item, one, index)
        case Nested(model), Fields():
            yield from _repeated(model, node, index)
        case _:
            return


def _twice(item: Referring | Single, nodes: Iterable[Node], index: Index) -> Iterator[Issue]:
    """Find what a list names twice: a text, or an entry, by its slug and by its id."""
    first: dict[str, Place] = {}
    for node in nodes:
        if not isinstance(node, Scalar) or (meant := _meant(item, node.text, index)) is None:
            continue
        if other := first.get(meant):
            what = f"the list has '{node.text[:SHOWN]}' already"
            yield REPEATED_ITEM.at(node.place, what, other=other)
        first.setdefault(meant, node.place)


def _meant(item: Referring | Single, text: str, index: Index) -> str | None:
    """Return a text, or the address of the entry that it names; None where that is not there."""
    if isinstance(item, Single):
        return text
    entry = index.find(item.targets, text)
    return entry.address if entry else None
