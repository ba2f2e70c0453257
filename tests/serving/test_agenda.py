"""What calls for a publish, and when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from api.serving.agenda import CONFIRM_SECONDS, FIRST_RETRY, LAST_RETRY, TICK_SECONDS, Agenda
from api.store.revision import Revision, Stamp

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
STAMP = Stamp(("en",), "1.0")


def revision(number: int, next_change: datetime | None) -> Revision:
    """Return a revision that says when the same files give another one."""
    stamp = replace(STAMP, next_change=next_change.isoformat() if next_change else None)
    return Revision(number, "0" * 64, "2026-11-23T12:00:00Z", stamp)


def later(seconds: float) -> tuple[datetime, float]:
    """Return both clocks, some seconds later."""
    return NOW + timedelta(seconds=seconds), seconds


def test_nothing_is_due_unless_something_calls() -> None:
    agenda = Agenda()
    agenda.serve(revision(1, None))
    assert not agenda.is_due(*later(0))
    assert not agenda.is_due(*later(1e6))
    assert agenda.wait(*later(0)) == TICK_SECONDS


def test_many_calls_are_answered_by_one_publish() -> None:
    agenda = Agenda()
    agenda.want()
    agenda.want()
    assert agenda.is_due(*later(0))
    agenda.begin(NOW)
    assert not agenda.is_due(*later(0))


def test_call_during_a_publish_gives_another() -> None:
    agenda = Agenda()
    agenda.want()
    agenda.begin(NOW)
    agenda.want()
    agenda.settle()
    assert agenda.is_due(*later(0))


def test_publish_is_due_at_the_next_change_and_not_before() -> None:
    agenda = Agenda()
    agenda.serve(revision(1, NOW + timedelta(seconds=10)))
    assert not agenda.is_due(*later(9.9))
    assert agenda.wait(*later(9.5)) == 0.5
    assert agenda.wait(*later(3)) == TICK_SECONDS
    assert agenda.is_due(*later(10))
    assert agenda.wait(*later(11)) == 0


def test_next_change_is_answered_once() -> None:
    agenda = Agenda()
    agenda.serve(revision(1, NOW))
    assert agenda.is_due(*later(0))
    agenda.begin(NOW)
    agenda.settle()
    assert not agenda.is_due(*later(1))
    assert agenda.wait(*later(1)) == TICK_SECONDS
    agenda.serve(revision(2, NOW))
    assert agenda.is_due(*later(2))


def test_publish_before_the_next_change_does_not_answer_it() -> None:
    agenda = Agenda()
    agenda.serve(revision(1, NOW + timedelta(seconds=5)))
    agenda.want()
    agenda.begin(NOW)
    agenda.settle()
    assert agenda.is_due(*later(5))


def test_clock_that_was_set_calls_for_a_publish() -> None:
    for jump in (-86_400, 86_400):
        agenda = Agenda()
        assert not agenda.is_due(NOW, 0)
        assert not agenda.is_due(*later(1))
        assert agenda.is_due(NOW + timedelta(seconds=2 + jump), 2)


def test_failure_that_may_pass_is_tried_again_after_growing_pauses() -> None:
    agenda = Agenda()
    steady = 0.0
    pauses = []
    for _ in range(12):
        agenda.begin(NOW)
        agenda.retry(steady)
        wait = next(second for second in range(1, 1_000) if agenda.is_due(*later(steady + second)))
        pauses.append(wait)
        steady += wait
    assert pauses[:3] == [FIRST_RETRY, 2 * FIRST_RETRY, 4 * FIRST_RETRY]
    assert pauses[-1] == LAST_RETRY
    agenda.begin(NOW)
    agenda.settle()
    assert not agenda.is_due(*later(steady + 10_000))
    agenda.retry(steady)
    assert agenda.wait(*later(steady)) == TICK_SECONDS
    assert agenda.wait(*later(steady + FIRST_RETRY - 0.5)) == 0.5


def test_paths_are_told_once_a_publish_has_gone_well() -> None:
    agenda = Agenda()
    agenda.want({"a.md"})
    assert agenda.begin(NOW) is None, "nothing is known of the others yet"
    agenda.succeed(0, None)
    agenda.want({"a.md"})
    agenda.want({"b.md"})
    assert agenda.is_due(*later(0))
    assert agenda.begin(NOW) == frozenset(("a.md", "b.md"))


def test_after_a_revision_of_somebody_else_anything_may_have_changed() -> None:
    agenda = Agenda()
    agenda.begin(NOW)
    agenda.serve(revision(1, None))
    agenda.succeed(0, None)
    agenda.serve(revision(2, None))  # such as a store that was put back from a backup
    agenda.want(["a"])
    assert agenda.begin(NOW) is None


def test_after_a_failure_or_a_call_anything_may_have_changed() -> None:
    agenda = Agenda()
    agenda.begin(NOW)
    agenda.succeed(0, None)
    agenda.want({"a.md"})
    agenda.begin(NOW)
    agenda.settle()
    agenda.want({"a.md"})
    assert agenda.begin(NOW) is None
    agenda.succeed(0, None)
    agenda.want({"a.md"})
    agenda.want()
    assert agenda.begin(NOW) is None


def test_publish_of_some_paths_is_followed_by_one_of_all() -> None:
    agenda = Agenda()
    _, steady = later(0)
    agenda.begin(NOW)
    agenda.succeed(steady, None)
    assert not agenda.is_due(*later(2 * CONFIRM_SECONDS))
    agenda.want({"a.md"})
    agenda.succeed(steady, agenda.begin(NOW))
    assert not agenda.is_due(*later(CONFIRM_SECONDS - 1))
    assert agenda.is_due(*later(CONFIRM_SECONDS))
    assert not agenda.confirms
    assert agenda.begin(NOW) is None
    assert agenda.confirms
    agenda.want()
    agenda.begin(NOW)
    assert not agenda.confirms


def test_publishes_of_some_paths_do_not_put_off_the_one_of_all() -> None:
    agenda = Agenda()
    agenda.begin(NOW)
    agenda.succeed(0, None)
    for seconds in (1.0, 31.0, 61.0):
        agenda.want(["a"])
        assert agenda.is_due(*later(seconds))
        paths = agenda.begin(NOW)
        agenda.succeed(seconds, paths)
        if seconds < 1 + CONFIRM_SECONDS:
            assert paths == frozenset({"a"})
    assert paths is None
    assert not agenda.is_due(*later(61 + 2 * CONFIRM_SECONDS))
