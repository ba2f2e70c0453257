"""The preview's stores: one for each instant, a few kept, all gone in the end."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from api.compiler import pipeline
from api.errors import Issue, ProblemError
from api.preview.child import Outcome, publish
from api.preview.stores import MOST_INSTANTS, Stores
from schemas.discovery import discover
from tests.support import SMALL, Site, write

DAY = timedelta(days=1)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


class Publisher:
    """Publishes in this process, and knows for which instants; what it made changes daily."""

    def __init__(self, *, daily: bool) -> None:
        self.instants: list[datetime] = []
        self.stores: list[Path] = []
        self._daily = daily

    async def __call__(self, content: Path, store: Path, _: Path | None, at: datetime) -> Outcome:
        self.instants.append(at)
        self.stores.append(store)
        await asyncio.sleep(0)
        pipeline.publish(content, store, discover(), at)
        return Outcome(at + DAY if self._daily else None)


def tell(why: str, issues: Sequence[Issue]) -> None:
    raise AssertionError(why, issues)


async def shown(stores: Stores, at: datetime | None) -> ASGIApp:
    async with stores.at(at) as app:
        return app


def test_what_stays_the_same_is_published_once(tmp_path: Path) -> None:
    publisher = Publisher(daily=True)

    async def ask() -> None:
        stores = Stores(Site(tmp_path).settings, publisher, tell)
        for at in (FIRST, FIRST + DAY / 2, FIRST + DAY, FIRST):
            await asyncio.gather(shown(stores, at), shown(stores, at))
        await stores.close()

    asyncio.run(ask())
    assert publisher.instants == [FIRST, FIRST + DAY]


def test_most_instants_are_kept_those_used_last(tmp_path: Path) -> None:
    publisher = Publisher(daily=True)

    async def ask() -> None:
        stores = Stores(Site(tmp_path).settings, publisher, tell)
        for n in range(MOST_INSTANTS):
            await shown(stores, FIRST + n * DAY)
        await shown(stores, FIRST)
        async with stores.at(FIRST + DAY):
            await shown(stores, FIRST + MOST_INSTANTS * DAY)
            await shown(stores, FIRST + (MOST_INSTANTS + 1) * DAY)
            await shown(stores, FIRST + (MOST_INSTANTS + 2) * DAY)
            there = [store.exists() for store in publisher.stores]
        assert [n for n, kept in enumerate(there) if not kept] == [2, 3, 4]
        assert len(list(publisher.stores[0].parent.parent.iterdir())) == MOST_INSTANTS
        await shown(stores, FIRST)
        await stores.close()

    asyncio.run(ask())
    assert len(publisher.instants) == MOST_INSTANTS + 3
    assert not publisher.stores[0].parent.parent.exists()


def test_store_in_use_is_dropped_after_its_request(tmp_path: Path) -> None:
    publisher = Publisher(daily=True)

    async def ask() -> None:
        stores = Stores(Site(tmp_path).settings, publisher, tell)
        async with stores.at(FIRST):
            for n in range(1, MOST_INSTANTS + 1):
                await shown(stores, FIRST + n * DAY)
            assert publisher.stores[0].exists()
        assert not publisher.stores[0].exists()
        await stores.close()

    asyncio.run(ask())


def test_child_publishes_and_tells_when_it_changes(tmp_path: Path) -> None:
    site = Site(tmp_path)
    outcome = asyncio.run(publish(site.content, site.store, None, FIRST))
    assert outcome == Outcome()
    assert site.store.exists()


def test_child_takes_no_module_from_the_folder_that_it_is_started_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path)
    write(tmp_path, {"schemas/__init__.py": "raise SystemExit(7)\n"})
    monkeypatch.chdir(tmp_path)
    assert asyncio.run(publish(site.content, site.store, None, FIRST)) == Outcome()


def test_child_shows_a_folder_that_lost_most_of_its_entries(tmp_path: Path) -> None:
    topics = {f"topics/t{n}.yaml": f"title: T {n}\n" for n in range(8)}
    site = Site(tmp_path, topics)
    assert asyncio.run(publish(site.content, site.store, None, FIRST)) == Outcome()
    for name in list(topics)[1:]:
        (site.content / name).unlink()
    assert asyncio.run(publish(site.content, site.store, None, FIRST)) == Outcome()


def test_child_tells_the_issues(tmp_path: Path) -> None:
    site = Site(tmp_path, {**SMALL, "topics/one.yaml": "titel: One\n"})
    outcome = asyncio.run(publish(site.content, site.store, None, FIRST))
    assert outcome.failed == "the content has errors"
    assert {issue.code for issue in outcome.issues} == {"unknown_field", "missing_field"}


def test_child_that_dies_is_told(tmp_path: Path) -> None:
    outcome = asyncio.run(publish(tmp_path, tmp_path / "store.db", tmp_path / "none", FIRST))
    assert outcome.failed == "the process that publishes ended with 1"


def test_failure_is_told_once_and_the_last_good_content_answers(tmp_path: Path) -> None:
    site = Site(tmp_path)
    told: list[str] = []

    async def ask() -> None:
        stores = Stores(site.settings, publish, lambda why, _: told.append(why))
        good = await shown(stores, None)
        write(site.content, {"topics/one.yaml": "titel: One\n"})
        await asyncio.sleep(1.1)
        failing = await shown(stores, None)
        assert failing is not good, "readiness tells of the failure"
        assert await shown(stores, None) is failing
        await stores.close()

    asyncio.run(ask())
    assert told == ["the content has errors"]


def test_content_that_never_was_good_is_a_problem_that_says_why(tmp_path: Path) -> None:
    site = Site(tmp_path, {**SMALL, "topics/one.yaml": "titel: One\n"})

    async def ask() -> None:
        stores = Stores(site.settings, publish, lambda *_: None)
        try:
            await shown(stores, None)
        finally:
            await stores.close()

    with pytest.raises(ProblemError, match=r"topics/one\.yaml:1:1 .* 'title'"):
        asyncio.run(ask())
