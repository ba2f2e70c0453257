"""How hard an English text is to read: the Flesch-Kincaid grade level."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
_OTHERS_BLANK = bytes(byte if byte in _LETTERS + b"'" else ord(" ") for byte in range(256))
"""Makes of UTF-8 what is letters, apostrophes and spaces alone."""
_SENTENCE_END = re.compile(
    r"[.!?\N{HORIZONTAL ELLIPSIS}](?<![.!?\N{HORIZONTAL ELLIPSIS}]{2})"
    r"[.!?\N{HORIZONTAL ELLIPSIS}]*[\"')\]\N{RIGHT DOUBLE QUOTATION MARK}]*(?=\s|$)"
)
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_E = re.compile(r"[^aeiouy]e$")
_SILENT_ENDING = re.compile(r"[^aeiouydt]ed$|[^aeiouycghsxz]es$")
_SYLLABIC_LE = re.compile(r"[^aeiouy]le$")


class Readability(NamedTuple):
    """What was counted in a text."""

    words: int
    sentences: int
    syllables: int

    @property
    def grade(self) -> float:
        """The years of school in the United States that a reader needs.

        0.39 * words / sentences + 11.8 * syllables / words - 15.59 (Kincaid, Fishburne, Rogers
        and Chissom, 1975).
        """
        if not self.words:
            return 0.0
        per_sentence = self.words / max(self.sentences, 1)
        return 0.39 * per_sentence + 11.8 * self.syllables / self.words - 15.59


def words_in(blocks: Iterable[str]) -> list[str]:
    """Return the words of blocks of English, in lower case.

    A word is letters, with apostrophes within; numbers are none.
    """
    text = "\n".join(blocks).lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    bare = text.encode(errors="replace").translate(_OTHERS_BLANK).decode()
    words = bare.split()
    if "'" in bare:
        return [word for one in words for word in (_WORD.findall(one) if "'" in one else (one,))]
    return words


def read(blocks: Iterable[str], words: Sequence[str]) -> Readability:
    """Count words, sentences and syllables of blocks of English, each with words a sentence.

    `words` are those of the blocks. A sentence ends with `.`, `!`, `?` or `…` before white space
    or the end.
    """
    told = (text for text in map(str.lower, blocks) if _WORD.search(text))
    sentences = sum([max(1, len(_SENTENCE_END.findall(text))) for text in told])
    return Readability(len(words), sentences, sum(map(syllables, words)))


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Estimate the syllables of a lower-case English word: its groups of vowels.

    A last `e` is silent but in `-le`, and so is that of `-ed` and `-es` after most consonants.
    """
    count = len(_VOWELS.findall(word))
    silent = _SILENT_E.search(word) and not _SYLLABIC_LE.search(word)
    if silent or _SILENT_ENDING.search(word):
        count -= 1
    return max(count, 1)
