"""A publish in a process of its own comes to an end, whatever happens in there."""

import faulthandler
import os
import signal
import time
from pathlib import Path

import pytest

from api.errors import UNKNOWN_FIELD, ContentError, Place
from api.serving.agenda import Paths
from api.serving.publisher import MOST_TEXTS, Bounds, Note, Publish, Publisher
from api.store.database import StoreError
from api.store.guards import ShrinkError
from api.store.writer import Published
from api.web.readiness import PublishFailure
from tests.servers import eventually
from tests.support import Site

AMPLE = Bounds(2**36, 60)


def failure(publish: Publish, bounds: Bounds = AMPLE) -> PublishFailure:
    """Return how a publish fails."""
    result = Publisher(publish, bounds).run().result
    assert isinstance(result, PublishFailure)
    return result


def test_what_was_published_comes_back(tmp_path: Path) -> None:
    site = Site(tmp_path)
    outcome = Publisher(lambda *_: site.publish(), AMPLE).run()
    assert isinstance(outcome.result, Published)
    assert outcome.result.new
    assert outcome.result.revision == site.publish().revision
    assert outcome.seconds > 0


def test_what_a_terminal_sends_to_all_does_not_end_a_publish(tmp_path: Path) -> None:
    site = Site(tmp_path)

    def publish(_: Note | None, __: Paths) -> Published:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGHUP)
        return site.publish()

    assert isinstance(Publisher(publish, AMPLE).run().result, Published)


def test_issues_come_back_as_counts_codes_and_a_bounded_number_of_texts() -> None:
    def publish(_: Note | None, __: Paths) -> Published:
        place = Place("content/\udcff.yaml", 1, 1)
        raise ContentError(*[UNKNOWN_FIELD.at(place, "x" * 10_000) for _ in range(1_000)])

    found = failure(publish)
    assert (found.reason, found.issues, found.codes) == ("content", 1_000, ("unknown_field",))
    assert len(found.texts) == MOST_TEXTS
    assert all(len(text) < 600 for text in found.texts)
    "".join(found.texts).encode()


def test_store_that_cannot_be_written_is_told() -> None:
    def publish(_: Note | None, __: Paths) -> Published:
        raise StoreError("the disk is full")

    found = failure(publish)
    assert (found.reason, found.texts) == ("store", ("the disk is full",))


def test_publish_that_would_end_too_much_is_told() -> None:
    def publish(_: Note | None, __: Paths) -> Published:
        raise ShrinkError("5 of 9 entries would end")

    found = failure(publish)
    assert (found.reason, found.texts) == ("shrink", ("5 of 9 entries would end",))


def test_damage_of_the_store_is_known_before_the_publish_has_come_to_its_end(
    tmp_path: Path,
) -> None:
    site, gate = Site(tmp_path), tmp_path / "gate"
    gate.touch()

    def publish(note: Note | None, __: Paths) -> Published:
        if note:
            note("a page is missing")
        while gate.exists():
            time.sleep(0.01)
        assert note
        return site.publish()

    publisher = Publisher(publish, AMPLE)
    publisher.start()
    eventually(lambda: publisher.outcome() or publisher.damage)
    assert (publisher.busy, publisher.damage) == (True, "a page is missing")
    gate.unlink()
    assert isinstance(eventually(publisher.outcome).result, Published)  # type: ignore[union-attr]
    assert publisher.damage is None
    again = publisher.run().result
    assert isinstance(again, PublishFailure), "a sound store is not verified again"


def test_fault_of_the_program_is_told_in_a_line() -> None:
    def publish(_: Note | None, __: Paths) -> Published:
        raise ZeroDivisionError("no such number")

    found = failure(publish)
    assert found.reason == "compiler"
    assert found.texts == ("publishing failed: ZeroDivisionError: no such number",)


def test_publish_that_takes_too_much_memory_fails() -> None:
    def publish(_: Note | None, __: Paths) -> Published:
        raise AssertionError(len(bytearray(2**33)))

    found = failure(publish, Bounds(2**32, 60))
    assert found.reason == "compiler"
    assert found.texts == ("publishing needs more memory than its bound of 4096 MiB",)


def test_publish_that_takes_too_much_cpu_time_is_ended() -> None:
    def publish(_: Note | None, __: Paths) -> Published:
        while True:
            pass

    found = failure(publish, Bounds(2**36, 1))
    assert found.reason == "compiler"
    assert found.texts == ("the process that publishes was ended by SIGXCPU",)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_publish_that_a_signal_ends_is_told(number: signal.Signals) -> None:
    def publish(_: Note | None, __: Paths) -> Published:
        faulthandler.disable()  # which pytest has enabled
        os.kill(os.getpid(), number)
        raise AssertionError

    found = failure(publish)
    assert found.reason == "compiler"
    assert found.texts == (f"the process that publishes was ended by {number.name}",)


def test_publish_that_ends_without_a_word_is_told() -> None:
    def publish(_: Note | None, __: Paths) -> Published:
        raise SystemExit

    assert failure(publish).texts == ("the process that publishes ended early",)


def test_publish_that_is_not_wanted_any_more_is_ended() -> None:
    def publish(_: Note | None, __: Paths) -> Published:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            time.sleep(1)

    publisher = Publisher(publish, AMPLE)
    publisher.start()
    assert publisher.busy
    assert publisher.outcome() is None
    time.sleep(0.2)
    publisher.stop()
    assert not publisher.busy
    publisher.stop()
