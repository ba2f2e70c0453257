"""The whole way from a content folder to a published revision."""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

from api import __version__
from api.compiler.compiling import Last, Outcome, Report, Way, compile_folder
from api.compiler.edition import Edition
from api.compiler.paths import Locales
from api.compiler.representations import contract_rows, keeping
from api.compiler.tools import Tools, tools_of
from api.errors import UNCOMPILABLE, ContentError, Issue
from api.settings import RequireReview
from api.store.database import BusyError, StoreError
from api.store.guards import ShrinkError
from api.store.memory import remove_damaged
from api.store.retention import USUAL, Retention
from api.store.revision import Stamp
from api.store.rows import UnitRows, stored
from api.store.times import by_the_second, exact_text_of
from api.store.writer import Published, Publishing, publishing
from schemas.discovery import Models


def silent(stage: str, done: int, total: int) -> None:
    """Report no progress."""


def check(  # noqa: PLR0913 - likewise
    root: Path,
    models: Models,
    report: Report = silent,
    *,
    at: datetime | None = None,
    require_review: RequireReview = RequireReview.NONE,
    jobs: int = 0,
    tools: Tools | None = None,
) -> Outcome:
    """Compile a content folder as it is at an instant, now without one, and publish nothing.

    `require_review` says which reviews are errors. Raises ContentError with all Issues of all
    files, warnings too, sorted, when one is an error.
    """
    edition = Edition(root, at or datetime.now(UTC), require_review=require_review)
    tools = tools or tools_of(models)
    outcome = compile_folder(edition, tools, Way(jobs, report), None, None)
    list(contract_rows(models, tools.contract, outcome.locales, tools.proof))
    return outcome


def publish(  # noqa: PLR0913 - the keywords have their defaults
    root: Path,
    store: Path,
    models: Models,
    now: datetime,
    report: Report = silent,
    *,
    drafts: bool = False,
    require_review: RequireReview = RequireReview.NONE,
    jobs: int = 0,
    tools: Tools | None = None,
    warn: Callable[[tuple[Issue, ...]], None] = lambda _: None,
    retention: Retention = USUAL,
    allow_shrink: bool = False,
    hints: Collection[str] | None = None,
) -> Published:
    """Publish a content folder into a store, whole or not at all.

    `drafts` shows what is not public too, `require_review` says which reviews are errors. `jobs`
    child processes compile, this one without any. `tools` are those of the models, where they were
    made before. `hints` are the paths of all files that may have changed since the last publish;
    without them the whole folder is looked through. `warn` is told the warnings about what was
    compiled. Raises ContentError or StoreError; the store is then as it was.
    """
    tools = tools or tools_of(models)
    edition = Edition(root, now, drafts, require_review)

    def attempt(way: Way) -> Published:
        with publishing(store, now, retention) as making:
            outcome, done = _made(making, store, edition, tools, way, allow_shrink=allow_shrink)
        warn(outcome.warnings)
        return done

    try:
        return attempt(Way(jobs, report, hints))
    except (ContentError, StoreError) as error:
        was_hinted = hints is not None and isinstance(error, ContentError)
        if not was_hinted and not (_is_perhaps_of_notes(error) and remove_damaged(store)):
            raise
    # There may be what the notes of the last publish did not know, or they were damaged.
    return attempt(Way(jobs, report))


def _made(  # noqa: PLR0913 - what publish knows
    making: Publishing,
    store: Path,
    edition: Edition,
    tools: Tools,
    way: Way,
    *,
    allow_shrink: bool,
) -> tuple[Outcome, Published]:
    rules = f"{tools.program}:{tools.contract_digest}:{edition.drafts}:{edition.require_review}"
    making.rules = rules
    outcome = compile_folder(edition, tools, way, _last(making, store, edition.at), making)
    if outcome.is_whole:
        rows = contract_rows(tools.models, tools.contract, outcome.locales, tools.proof)
        making.put(UnitRows("", [stored(row) for row in rows]))
    for unit in _ended(making, outcome):
        making.end(unit)
    locales = (outcome.locales.default, *outcome.locales.others)
    due = making.memory.next_due()
    next_change = by_the_second(due) if due else None
    stamp = Stamp(locales, __version__, tools.contract_digest, next_change)
    keeps = keeping(tools.views, tools.proof)
    return outcome, making.finish(stamp, allow_shrink=allow_shrink, keeps=keeps)


def _is_perhaps_of_notes(error: ContentError | StoreError) -> bool:
    """Tell whether damaged notes of the last publish may be why there is no publish."""
    if isinstance(error, ContentError):
        return any(issue.code == UNCOMPILABLE.code for issue in error.issues)
    return not isinstance(error, BusyError | ShrinkError)


def _last(making: Publishing, store: Path, now: datetime) -> Last | None:
    """Return the last publish, where this one may build upon it: it was made by the same rules."""
    at = exact_text_of(now)
    if making.last is None or not making.memory.is_of(making.last, making.rules, at):
        return None
    default, *_ = making.last.locales
    return Last(store, making.memory, Locales(default, making.last.locales))


def _ended(making: Publishing, outcome: Outcome) -> Iterator[str]:
    """Yield the units that the content has no more, media that nobody shows among them.

    Each is ended before the next is asked for: what has ended shows nothing.
    """
    if outcome.is_whole:
        yield from making.untouched()
        return
    yield from outcome.ended
    yield from making.memory.unneeded("m:")
