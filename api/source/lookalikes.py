"""Signs that look like a letter, digit or hyphen of a slug; they serve messages alone.

The pairs are those of Unicode's confusables.txt (UTS #39, version 17) whose second member is one
of a-z, A-Z, 0-9 or the hyphen, for the scripts that keyboards and word processors bring in: Latin,
Greek, Cyrillic, Armenian. Full-width and mathematical forms are not here, since NFKC makes plain
letters of them.
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

_ALIKE = {
    "-": "\u2010\u2011\u2012\u2013\u2212",
    "a": "ɑαаΑА",
    "b": "ƄЬΒВ",
    "c": "сС",
    "d": "ԁ",
    "e": "еҽΕЕ",
    "f": "ƒքϜ",
    "g": "ɡցԌ",
    "h": "һհΗН",
    "i": "ıɪɩιі",
    "j": "ϳјͿЈ",
    "k": "ΚК",
    "l": "ƖǀӏΙІӀ",
    "m": "ΜМϺ",
    "n": "ոռΝ",
    "o": "οσоօΟОՕ",
    "p": "ρрΡР",
    "q": "ԛգզ",
    "s": "ѕЅՏ",
    "t": "ΤТ",
    "u": "ʋυսՍ",
    "v": "νѵѴ",
    "w": "ѡԝաԜ",
    "x": "хΧХ",
    "y": "γуүΥУҮ",
    "z": "Ζ",
    "2": "Ƨ",
    "3": "ЗӠƷ",
    "5": "Ƽ",
    "6": "б",
}
LOOKALIKES: Mapping[str, str] = MappingProxyType(
    {alike: sign for sign, signs in _ALIKE.items() for alike in signs}
)
"""Each sign with the one that it looks like, a capital with its small letter."""

_VARIANTS = range(0xFE00, 0xFE10)
"""Variation selectors: like formatting signs (category Cf) they take no room."""


def is_invisible(sign: str) -> bool:
    """Tell whether a sign takes no room on the screen."""
    return unicodedata.category(sign) == "Cf" or ord(sign) in _VARIANTS


def look(text: str) -> str:
    """Return what two texts that look the same have in common.

    Forms of a letter are one (NFKC), case is, and what looks alike is; invisible signs are left
    out. `кetamine` with a Cyrillic letter and `Ketamine` both give `ketamine`.
    """
    if text.isascii():
        return text.lower()
    visible = "".join(sign for sign in text if not is_invisible(sign))
    plain = unicodedata.normalize("NFKC", visible)
    same = "".join(LOOKALIKES.get(sign, sign) for sign in plain).casefold()
    return unicodedata.normalize("NFKC", same)
