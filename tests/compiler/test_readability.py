"""The Flesch-Kincaid grade, of words, sentences and syllables that are counted plainly."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.compiler.readability import Readability, read, syllables, words_in


def counted(blocks: list[str]) -> Readability:
    return read(blocks, words_in(blocks))


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("a", 1), ("the", 1), ("use", 1), ("used", 1), ("makes", 1), ("called", 1), ("changes", 2),
        ("table", 2), ("people", 2), ("wanted", 2), ("treating", 2), ("ketamine", 3),
        ("addiction", 3), ("therapeutic", 4), ("hmm", 1), ("we're", 1), ("nurses", 2),
        ("images", 3), ("touches", 2),
    ],
)  # fmt: skip
def test_syllables_are_groups_of_vowels_but_for_silent_endings(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("blocks", "words", "sentences"),
    [
        pytest.param([], 0, 0, id="nothing"),
        pytest.param(["Call us. We help you!"], 5, 2, id="two sentences"),
        pytest.param(["A heading", "One. Two."], 4, 3, id="block without an end"),
        pytest.param(["Call 443-555-0100 at 9.30 now."], 3, 1, id="numbers are no words"),
        pytest.param(["Wait… what?! He said “yes.” Then no."], 7, 4, id="odd ends"),
        pytest.param(["...", "123", ""], 0, 0, id="no words"),
        pytest.param(["Don\u2019t and don't"], 3, 1, id="apostrophes"),
    ],
)
def test_words_and_sentences_are_counted(blocks: list[str], words: int, sentences: int) -> None:
    assert counted(blocks)[:2] == (words, sentences)


@given(st.lists(st.text("aZé'\u2019K\u0130-. \n1\ud800", max_size=12), max_size=3))
def test_words_are_letters_with_apostrophes_within(blocks: list[str]) -> None:
    pattern = r"[a-z]+(?:['\u2019][a-z]+)*"
    words = re.findall(pattern, "\n".join(blocks).lower())
    assert words_in(blocks) == [word.replace("\u2019", "'") for word in words]


def test_grade_is_the_formula_of_1975() -> None:
    assert Readability(100, 5, 150).grade == pytest.approx(0.39 * 20 + 11.8 * 1.5 - 15.59)
    assert Readability(0, 0, 0).grade == 0


def test_long_text_is_read_in_time() -> None:
    assert counted(["word. " * 170_000]).words == 170_000
    assert counted(["a." * 500_000]).sentences == 1
    assert counted([". " * 500_000]).words == 0
    assert counted(["'" * 1_000_000]).words == 0
    assert counted(["a" + "." * 1_000_000 + "5"]).sentences == 1
