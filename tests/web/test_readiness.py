"""Readiness tells what the store has and what a supervisor knows, and no more than is allowed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.store.revision import Revision
from api.web.readiness import PublishFailure, PublishState, Silent, readiness
from tests.support import NOW, STAMP, Site

TOKEN = "a token for readiness alone"  # noqa: S105 - of these tests
TEXTS = ("content/topics/one.yaml:1:1 unknown field 'titel' [unknown_field]",)
FAILURE = PublishFailure(NOW, "content", 3, ("unknown_field", "invalid_yaml"), TEXTS)
STATE = PublishState(folder_changed=True, failure=FAILURE)


class Told(Silent):
    """A supervisor that knows one thing."""

    def __init__(self, state: PublishState) -> None:
        self._state = state

    def state(self) -> PublishState:
        return self._state


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.publish()
    return site


def ready(settings: Settings, state: PublishState, **headers: str) -> Any:
    with TestClient(create_app(settings, Told(state))) as served:
        answer = served.get("/readyz", headers=headers)
        assert served.get("/v1/articles").status_code == 200
    assert answer.status_code == 200
    return answer.json()


def test_readiness_tells_how_the_last_publish_failed(site: Site) -> None:
    told = ready(site.settings, STATE)
    assert (told["status"], told["folder_changed"]) == ("degraded", True)
    assert told["last_failure"] == {
        "at": "2026-11-23T12:00:00Z",
        "reason": "content",
        "issues": 3,
        "codes": ["unknown_field", "invalid_yaml"],
        "texts": None,
    }
    assert list(told["last_failure"]) == ["at", "reason", "issues", "codes", "texts"]


def test_readiness_tells_that_the_store_could_not_be_written(site: Site) -> None:
    failure = PublishFailure(NOW, "store", texts=("the disk is full",))
    told = ready(site.settings, PublishState(failure=failure))
    assert told["status"] == "degraded"
    assert (told["last_failure"]["reason"], told["last_failure"]["issues"]) == ("store", 0)


def test_readiness_tells_since_when_the_revision_is_served(site: Site) -> None:
    name = site.publish().revision.name
    since = NOW + timedelta(hours=1)
    told = ready(site.settings, PublishState(revision=name, since=since))
    assert told["served_since"] == "2026-11-23T13:00:00Z"
    told = ready(site.settings, PublishState(revision="another", since=since))
    assert told["served_since"] is None


def test_texts_are_told_to_everyone_where_they_are_open(site: Site) -> None:
    told = ready(site.settings, replace(STATE, texts_open=True))
    assert told["last_failure"]["texts"] == list(TEXTS)


@pytest.mark.parametrize(
    ("authorization", "told"),
    [
        pytest.param(f"Bearer {TOKEN}", True, id="the token"),
        pytest.param(f"Bearer {TOKEN}x", False, id="a longer one"),
        pytest.param("Bearer ", False, id="none"),
        pytest.param(TOKEN, False, id="no scheme"),
        pytest.param(f"Bearer {TOKEN}, Bearer {TOKEN}", False, id="two"),
    ],
)
def test_with_a_token_texts_are_told_to_whoever_has_it(
    site: Site, authorization: str, *, told: bool
) -> None:
    settings = site.settings.model_copy(update={"readiness_token": SecretStr(TOKEN)})
    state = replace(STATE, texts_open=True)
    failure = ready(settings, state, authorization=authorization)["last_failure"]
    assert (failure["texts"] is not None) == told
    assert ready(settings, state)["last_failure"]["texts"] is None


@pytest.mark.parametrize(("late", "status"), [(-1, "ready"), (59, "ready"), (61, "degraded")])
def test_a_change_that_nobody_published_is_told_from_a_minute_after_it(
    late: int, status: str
) -> None:
    stamp = replace(STAMP, next_change="2026-11-23T13:00:00.000000Z")
    revision = Revision(1, "0" * 64, "2026-11-23T12:00:00Z", stamp, "")
    now = NOW + timedelta(hours=1, seconds=late)
    told = readiness(revision, PublishState(), now, texts=False)
    assert (told["status"], told["next_change"]) == (status, "2026-11-23T13:00:00Z")
