"""A publish in a process of its own comes to an end, whatever happens in there."""

import faulthandler
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from api.errors import UNKNOWN_FIELD, ContentError, Place
from api.serving.publisher import MOST_TEXTS, Bounds, Publisher
from api.store.database import StoreError
from api.store.writer import Published
from api.web.readiness import PublishFailure
from tests.support import Site

AMPLE = Bounds(2**36, 60)


def failure(publish: Callable[[], Published], bounds: Bounds = AMPLE) -> PublishFailure:
    """Return how a publish fails."""
    result = Publisher(publish, bounds).run().result
    assert isinstance(result, PublishFailure)
    return result


def test_what_was_published_comes_back(tmp_path: Path) -> None:
    site = Site(tmp_path)
    outcome = Publisher(site.publish, AMPLE).run()
    assert isinstance(outcome.result, Published)
    assert outcome.result.new
    assert outcome.result.revision == site.publish().revision
    assert outcome.seconds > 0


def test_what_a_terminal_sends_to_all_does_not_end_a_publish(tmp_path: Path) -> None:
    site = Site(tmp_path)

    def publish() -> Published:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGHUP)
        return site.publish()

    assert isinstance(Publisher(publish, AMPLE).run().result, Published)


def test_issues_come_back_as_counts_codes_and_a_bounded_number_of_texts() -> None:
    def publish() -> Published:
        place = Place("content/\udcff.yaml", 1, 1)
        raise ContentError(*[UNKNOWN_FIELD.at(place, "x" * 10_000) for _ in range(1_000)])

    found = failure(publish)
    assert (found.reason, found.issues, found.codes) == ("content", 1_000, ("unknown_field",))
    assert len(found.texts) == MOST_TEXTS
    assert all(len(text) < 600 for text in found.texts)
    "".join(found.texts).encode()


def test_store_that_cannot_be_written_is_told() -> None:
    def publish() -> Published:
        raise StoreError("the disk is full")

    found = failure(publish)
    assert (found.reason, found.texts) == ("store", ("the disk is full",))


def test_fault_of_the_program_is_told_in_a_line() -> None:
    def publish() -> Published:
        raise ZeroDivisionError("no such number")

    found = failure(publish)
    assert found.reason == "compiler"
    assert found.texts == ("publishing failed: ZeroDivisionError: no such number",)


def test_publish_that_takes_too_much_memory_fails() -> None:
    def publish() -> Published:
        raise AssertionError(len(bytearray(2**33)))

    found = failure(publish, Bounds(2**32, 60))
    assert found.reason == "compiler"
    assert found.texts == ("publishing needs more memory than its bound of 4096 MiB",)


def test_publish_that_takes_too_much_cpu_time_is_ended() -> None:
    def publish() -> Published:
        while True:
            pass

    found = failure(publish, Bounds(2**36, 1))
    assert found.reason == "compiler"
    assert found.texts == ("the process that publishes was ended by SIGXCPU",)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_publish_that_a_signal_ends_is_told(number: signal.Signals) -> None:
    def publish() -> Published:
        faulthandler.disable()  # which pytest has enabled
        os.kill(os.getpid(), number)
        raise AssertionError

    found = failure(publish)
    assert found.reason == "compiler"
    assert found.texts == (f"the process that publishes was ended by {number.name}",)


def test_publish_that_ends_without_a_word_is_told() -> None:
    def publish() -> Published:
        raise SystemExit

    assert failure(publish).texts == ("the process that publishes ended early",)


def test_publish_that_is_not_wanted_any_more_is_ended() -> None:
    def publish() -> Published:
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
