"""schemathesis finds nothing: all phases, all checks, in process and over the wire.

It reads the contract that the server gives, makes requests by it and against it, and follows its
links. KEYPOINT_FUZZ_SEED repeats a run.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import SystemRandom

import pytest
import schemathesis
from schemathesis.engine import StopReason, events, from_schema
from schemathesis.engine.run import PhaseName
from schemathesis.schemas import BaseSchema

from api.app import create_app
from api.compiler import pipeline
from api.settings import Settings
from schemas.discovery import discover
from tests.support import NOW, running, write_examples

CONTRACT = "/v1/openapi.json"
EXAMPLES = 20
"""How many requests each operation gets in each phase that makes them at random."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the models' own examples: what the contract names is there."""
    made = tmp_path_factory.mktemp("schemathesis")
    write_examples(made / "content", discover())
    pipeline.publish(made / "content", made / "store.db", discover(), NOW)
    return made


@pytest.fixture
def config() -> schemathesis.Config:
    seed = int(os.environ.get("KEYPOINT_FUZZ_SEED") or SystemRandom().randrange(2**32))
    print(f"KEYPOINT_FUZZ_SEED={seed}")  # noqa: T201 - pytest shows it where the test fails
    return schemathesis.Config.from_dict(
        {
            "seed": seed,
            "continue-on-failure": True,
            "checks": {
                "enabled": True,
                # A well-formed `rev` may be of no revision that is kept, and is told of first.
                "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", 404, 410]},
                "negative_data_rejection": {"expected-statuses": [400, 404, 405, 406, 410, 414]},
            },
            "phases": {"enabled": True},
            # Which tags a site takes is its content's; the contract cannot know them.
            "parameters": {"locale": "uk-UA"},
            "generation": {"max-examples": EXAMPLES, "database": "none", "mode": "all"},
        }
    )


@pytest.fixture
def in_process(folder: Path, config: schemathesis.Config) -> BaseSchema:
    app = create_app(Settings(store=folder / "store.db"))
    return schemathesis.openapi.from_asgi(CONTRACT, app, config=config)


@pytest.fixture
def over_the_wire(folder: Path, config: schemathesis.Config) -> Iterator[BaseSchema]:
    with running(folder / "content", folder / "store.db") as address:
        yield schemathesis.openapi.from_url(f"{address}{CONTRACT}", config=config)


@pytest.mark.parametrize("server", ["in_process", "over_the_wire"])
def test_schemathesis_finds_nothing(request: pytest.FixtureRequest, server: str) -> None:
    schema: BaseSchema = request.getfixturevalue(server)
    found: list[str] = []
    checks: Counter[str] = Counter()
    statuses: dict[PhaseName, Counter[int]] = {}
    for event in from_schema(schema).execute():
        match event:
            case events.ScenarioFinished(recorder=recorder):
                seen = statuses.setdefault(event.phase, Counter())
                seen.update(
                    one.response.status_code
                    for one in recorder.interactions.values()
                    if one.response
                )
                for node in (node for nodes in recorder.checks.values() for node in nodes):
                    checks[node.name] += 1
                    if node.failure_info:
                        found.append(f"{recorder.label}: {node.failure_info.failure}")
            case events.NonFatalError() | events.FatalError():
                found.append(f"{event}")
            case events.EngineFinished():
                found += [str(failure) for failure in event.failures]
                assert event.stop_reason is StopReason.COMPLETED
    assert found == []
    # The run itself is proven: each phase reached what is there, and the checks were made.
    assert set(statuses) == {
        *(PhaseName.EXAMPLES, PhaseName.COVERAGE, PhaseName.FUZZING, PhaseName.STATEFUL_TESTING)
    }
    assert all(seen[200] for seen in statuses.values())
    assert {"status_code_conformance", "response_schema_conformance"} <= set(checks)
