"""Words that went and came are marked; what is the same is cut to what helps."""

from hypothesis import given
from hypothesis import strategies as st

from api.diff.words import CONTEXT, MOST_WORDS, Mark, Run, compared

WORDS = st.lists(st.sampled_from("abc"), max_size=2 * CONTEXT).map(" ".join)


def test_a_changed_word_stands_in_its_sentence() -> None:
    assert list(compared("A mild drug.", "A strong drug.")) == [
        Run(Mark.SAME, "A"),
        Run(Mark.WENT, "mild"),
        Run(Mark.CAME, "strong"),
        Run(Mark.SAME, "drug."),
    ]


def test_long_runs_are_cut() -> None:
    same = " ".join(map(str, range(100)))
    runs = list(compared(f"{same} x {same}", f"{same} {'y ' * 200}{same}"))
    assert runs[0] == Run(Mark.SAME, "… 94 95 96 97 98 99")
    assert runs[2].text.split() == ["y"] * MOST_WORDS + ["…"]
    assert runs[3] == Run(Mark.SAME, "0 1 2 3 4 5 …")


def test_a_new_paragraph_is_a_sign() -> None:
    assert Run(Mark.CAME, "¶") in list(compared("One. Two.", "One.\n\nTwo."))


def test_long_texts_that_have_nothing_in_common_take_no_time() -> None:
    old, new = (" ".join(f"{sign}{n}" for n in range(100_000)) for sign in "ab")
    assert [run.mark for run in compared(old, new)] == [Mark.WENT, Mark.CAME]


@given(WORDS, WORDS)
def test_runs_give_both_texts_back(old: str, new: str) -> None:
    runs = [run for run in compared(old, new) if "…" not in run.text]
    if len(runs) == len(list(compared(old, new))):
        assert " ".join(r.text for r in runs if r.mark is not Mark.CAME) == old
        assert " ".join(r.text for r in runs if r.mark is not Mark.WENT) == new
