from api.web.kept import CACHE_BYTES, MOST_NAMES, Kept
from api.web.responses import EVERYTHING, Coded

MEGABYTE = 2**20
A = ("/a", b"")


def answer(body: bytes = b"{}") -> Coded:
    return Coded(b'"tag"', None, body, (), ())


def kept(*names: str) -> Kept:
    """Return answers at revision 1: one, which shows what the names stand for."""
    found = Kept()
    found.turn(1, None)
    found.put(A, "gzip", answer(), names)
    return found


def test_answer_outlives_a_publish_that_touches_nothing_of_it() -> None:
    answers = kept("/one", "topic")
    for number in range(2, 10):
        answers.turn(number, {"/two", "article"})
        assert answers.get(A, "gzip")


def test_answer_goes_with_a_publish_that_touches_something_of_it() -> None:
    for name in ("/one", "topic"):
        answers = kept("/one", "topic")
        answers.turn(2, {name})
        assert answers.get(A, "gzip") is None
        answers.turn(3, {"/two"})
        assert answers.get(A, "gzip") is None


def test_answer_that_nobody_asked_for_meanwhile_is_looked_at_all_the_same() -> None:
    answers = kept("/one")
    answers.turn(2, {"/one"})
    answers.turn(3, {"/two"})
    assert answers.get(A, "gzip") is None


def test_answer_that_was_made_after_the_change_stays() -> None:
    answers = kept("/one")
    answers.turn(2, {"/one"})
    answers.put(A, "gzip", answer(b"2"), ["/one"])
    answers.turn(3, {"/two"})
    found = answers.get(A, "gzip")
    assert found
    assert found.body == b"2"


def test_all_answers_go_where_it_is_not_known_what_a_publish_touches() -> None:
    answers = kept()
    answers.turn(2, None)
    assert answers.get(A, "gzip") is None


def test_answer_that_shows_everything_goes_with_each_publish() -> None:
    answers = kept(EVERYTHING)
    answers.turn(2, frozenset())
    assert answers.get(A, "gzip") is None


def test_names_are_bounded_and_answers_go_beyond() -> None:
    answers = kept("/one")
    for number in range(2, 12):
        answers.turn(number, {f"/{number}/{at}" for at in range(MOST_NAMES // 10)})
    assert answers.get(A, "gzip") is None
    answers.put(A, "gzip", answer(), ["/one"])
    answers.turn(12, {"/one"})
    assert answers.get(A, "gzip") is None


def test_coding_and_query_tell_answers_apart() -> None:
    answers = kept()
    answers.put(("/a", b"page=2"), "br", answer(b"br"), ())
    assert answers.get(A, "br") is None
    assert answers.get(("/a", b"page=2"), "gzip") is None
    assert answers.get(("/a?page=2", b""), "br") is None
    assert answers.get(("/a", b"page=2"), "br") == answer(b"br")


def test_cleared_answers_are_gone_and_their_room_is_free() -> None:
    answers = Kept(MEGABYTE)
    answers.put(A, "gzip", answer(bytes(MEGABYTE // 2)), ())
    answers.clear()
    assert answers.get(A, "gzip") is None
    for name in ("/b", "/c"):
        answers.put((name, b""), "gzip", answer(bytes(MEGABYTE // 3)), ())
    assert answers.get(("/b", b""), "gzip")


def test_answers_stay_within_their_bound_and_the_newest_stay() -> None:
    answers = Kept()
    targets = [(f"/{number}", b"") for number in range(100)]
    for target in targets:
        answers.put(target, "identity", answer(bytes(MEGABYTE)), ())
    assert [target for target in targets if answers.get(target, "identity")] == targets[-63:]
    assert CACHE_BYTES == 64 * MEGABYTE


def test_answer_that_is_in_use_stays() -> None:
    answers = kept()
    for number in range(100):
        answers.put((f"/{number}", b""), "gzip", answer(bytes(MEGABYTE)), ())
        assert answers.get(A, "gzip")


def test_answer_that_takes_the_place_of_another_counts_once() -> None:
    answers = Kept(10 * MEGABYTE)
    answers.put(("/other", b""), "gzip", answer(), ())
    for _ in range(100):
        answers.put(A, "gzip", answer(bytes(MEGABYTE)), ())
    assert answers.get(("/other", b""), "gzip")


def test_small_answers_are_bounded_too() -> None:
    answers = Kept()
    targets = [("/v1/articles", b"page=%d" % number) for number in range(40_000)]
    for target in targets:
        answers.put(target, "identity", answer(), ())
    found = sum(answers.get(target, "identity") is not None for target in targets)
    assert 30_000 < found < 32_768


def test_ten_thousand_articles_are_kept_uncompressed() -> None:
    answers = Kept()
    targets = [(f"/v1/articles/{number}", b"") for number in range(10_000)]
    for target in targets:
        answers.put(target, "identity", answer(bytes(3_584)), ())
    assert all(answers.get(target, "identity") for target in targets)


def test_answer_larger_than_the_bound_is_not_kept_and_drops_nothing() -> None:
    answers = kept()
    answers.put(("/large", b""), "identity", answer(bytes(65 * MEGABYTE)), ())
    assert answers.get(("/large", b""), "identity") is None
    assert answers.get(A, "gzip")
