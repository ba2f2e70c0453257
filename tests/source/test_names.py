"""Names: which are slugs, what is wrong with the others, and what they mean."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.source.lookalikes import LOOKALIKES, look
from api.source.names import foreign_in, is_ignored, is_slug, meant_by, original_of, wrong_in

CYRILLIC_A = "\N{CYRILLIC SMALL LETTER A}"
CAPITAL_A = "\N{CYRILLIC CAPITAL LETTER A}"
WIDE_A = "\N{FULLWIDTH LATIN SMALL LETTER A}"
CYRILLIC_ES = "\N{CYRILLIC SMALL LETTER ES}"


@pytest.mark.parametrize(
    ("name", "meant", "wrong"),
    [
        ("Ann", "ann", "it has the capital letter 'A': write 'a'"),
        ("ann b", "ann-b", "it has a space: write '-'"),
        (
            f"{CYRILLIC_A}nn",
            "ann",
            f"it has the letter '{CYRILLIC_A}' (CYRILLIC SMALL LETTER A) where 'a' is meant",
        ),
        (
            f"{CAPITAL_A}nn",
            "ann",
            f"it has the letter '{CAPITAL_A}' (CYRILLIC CAPITAL LETTER A) where 'a' is meant",
        ),
        (
            f"{WIDE_A}nn",
            "ann",
            f"it has the letter '{WIDE_A}' (FULLWIDTH LATIN SMALL LETTER A) where 'a' is meant",
        ),
        (
            "a\N{EN DASH}b",
            "a-b",
            "it has the sign '\N{EN DASH}' (EN DASH) where '-' is meant",
        ),
        ("a\N{ZERO WIDTH SPACE}b", "ab", "it has the invisible sign U+200B (ZERO WIDTH SPACE)"),
        ("a\N{SOFT HYPHEN}b", "ab", "it has the invisible sign U+00AD (SOFT HYPHEN)"),
        ("cafe\N{COMBINING ACUTE ACCENT}", "cafe", "it has the sign "),
        ("a\nb", "a-b", "it has the sign U+000A"),
        ("a\udcffb", "ab", "it has the byte 0xff, which is not UTF-8"),
        # No letter is guessed for a word of another alphabet, though some of it looks Latin.
        (
            f"{CYRILLIC_ES}\N{CYRILLIC SMALL LETTER YA}",
            None,
            f"it has the letter '{CYRILLIC_ES}' (CYRILLIC SMALL LETTER ES)",
        ),
        ("", None, "it is empty"),
        ("-", None, "a hyphen stands between two words, and only one"),
        ("ann", "ann", ""),
    ],
)
def test_what_is_wrong_with_a_name_is_told_in_words(
    name: str, meant: str | None, wrong: str
) -> None:
    assert meant_by(name) == meant
    assert wrong_in(name).startswith(wrong)
    assert bool(wrong_in(name)) == bool(wrong)


@given(st.text(max_size=120) | st.text("aA-_ .1\u0430\u200b\u2013é", max_size=120))
def test_name_is_a_slug_or_something_is_wrong_with_it(name: str) -> None:
    assert is_slug(name) == (wrong_in(name) == "")
    assert wrong_in(name).isprintable()
    meant = meant_by(name)
    assert meant is None or is_slug(meant)


@given(st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).filter(lambda name: len(name) < 97))
def test_slug_means_itself(name: str) -> None:
    assert (look(name), meant_by(name), foreign_in(name)) == (name, name, None)


@pytest.mark.parametrize("alike", LOOKALIKES)
def test_sign_that_looks_like_another_is_taken_for_it(alike: str) -> None:
    sign = LOOKALIKES[alike]
    assert re.fullmatch("[a-z0-9-]", sign)
    assert not unicodedata.normalize("NFKC", alike).isascii()
    assert look(f"x{alike}x") == f"x{sign}x"
    assert meant_by(f"x{alike}x") == f"x{sign}x"


@pytest.mark.parametrize("name", ["title", "", "Коментарі", "naïve"])
def test_word_without_disguise_has_nothing_foreign(name: str) -> None:
    assert foreign_in(name) is None


@pytest.mark.parametrize(
    "name", ["#draft.md", "draft#.md", "2026.md", "a.rej", "swp", "123", "~a.md", "a (1).md"]
)
def test_name_that_somebody_may_have_meant_is_not_passed_over(name: str) -> None:
    assert not is_ignored(name, folder=False)


@pytest.mark.parametrize("name", ["first (1).md", "first copy.md", "conflict.md", "first.md"])
def test_name_that_only_mentions_copies_is_no_conflicted_copy(name: str) -> None:
    assert original_of(name) is None


def test_file_that_vim_tries_with_is_passed_over_and_a_folder_of_a_year_is_not() -> None:
    assert is_ignored("4913", folder=False)
    assert not is_ignored("2026", folder=True)
