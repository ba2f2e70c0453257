"""Publishing for the preview in a process of its own: the event loop never waits for a compiler.

The process is a new one, not a fork: the preview's process has threads and an event loop.
"""

import asyncio
import os
import pickle
import resource
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.compiler import pipeline
from api.errors import ContentError, Issue
from api.store.database import StoreError
from schemas.discovery import OWN_FOLDER, discover

MOST_MEMORY = 4 * 2**30
MOST_SECONDS = 600
"""The most bytes of addresses, and seconds of any clock, that a publish may take."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a publish.

    `next_change` is the instant from which on the same files show something else. Where it failed,
    `failed` says why, with the Issues where it was the content.
    """

    next_change: datetime | None = None
    failed: str = ""
    issues: tuple[Issue, ...] = ()


async def publish(content: Path, store: Path, schemas: Path | None, at: datetime) -> Outcome:
    """Publish a folder as it is at an instant, drafts too, into a store."""
    arguments = (str(content), str(store), str(schemas or OWN_FOLDER), at.isoformat())
    # Modules are found where this process finds them, not in the folder that it was started in.
    command = (sys.executable, "-P", "-c", "from api.preview.child import main; main()")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    # A terminal's Ctrl+C is for the server, which ends what it has begun.
    process = await asyncio.create_subprocess_exec(
        *command,
        *arguments,
        env=environment,
        stdin=DEVNULL,
        stdout=PIPE,
        start_new_session=True,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), MOST_SECONDS)
    except TimeoutError:
        return Outcome(failed=f"publishing takes more than {MOST_SECONDS} seconds")
    finally:
        await _end(process)
    if process.returncode:
        return Outcome(failed=f"the process that publishes ended with {process.returncode}")
    outcome = pickle.loads(said)  # noqa: S301 - our own process wrote it
    assert isinstance(outcome, Outcome)  # noqa: S101 - for the type checker
    return outcome


async def _end(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _published(content: Path, store: Path, schemas: Path, at: datetime) -> Outcome:
    try:
        models = discover(schemas)
        # What is served to readers is not touched: there is nothing to guard.
        done = pipeline.publish(content, store, models, at, drafts=True, allow_shrink=True)
    except ContentError as error:
        wrong = tuple(issue for issue in error.issues if issue.is_error)
        return Outcome(failed="the content has errors", issues=wrong)
    except StoreError as error:
        return Outcome(failed=str(error))
    change = done.revision.stamp.next_change
    return Outcome(datetime.fromisoformat(change).astimezone(UTC) if change else None)


def _bound(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def main() -> None:
    """Publish as the arguments say, and write what came of it to stdout."""
    _bound(resource.RLIMIT_AS, MOST_MEMORY)
    _bound(resource.RLIMIT_CPU, MOST_SECONDS)
    content, store, schemas, at = sys.argv[1:]
    outcome = _published(Path(content), Path(store), Path(schemas), datetime.fromisoformat(at))
    sys.stdout.buffer.write(pickle.dumps(outcome))
