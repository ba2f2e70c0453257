"""What a server says to its operator: a line for each thing that happens."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from api.diagnostics import text
from api.serving.publisher import Outcome
from api.store.revision import Origin, Revision
from api.store.writer import Published
from api.web.readiness import PublishFailure

Say = Callable[[str], None]
_FOLLOWED = {
    Origin.PUBLISH: "which another process has published",
    Origin.ROLLBACK: "to which another process has gone back",
}


def summary(content: Path, done: Published) -> str:
    """Return what a publish did, as one line."""
    if not done.new:
        return f"{content}: revision {done.revision.name}, nothing has changed"
    rows = f"{text.counted(done.added, 'row')} added, {done.ended} ended"
    return f"{content}: published revision {done.revision.name}, {rows}"


class Messages:
    """Lines on stdout (`say`) and, for what goes wrong, on stderr (`warn`).

    Where publishes come again and again they are `timed`: each line says when and how long.
    """

    def __init__(self, content: Path, say: Say, warn: Say, *, timed: bool) -> None:
        self._content = content
        self._say = say
        self._warn = warn
        self._timed = timed

    def serving(self, address: str) -> None:
        """Say where requests are answered."""
        self._say(f"serving {address} (stop with Ctrl+C)")

    def published(self, done: Published, outcome: Outcome) -> None:
        """Say what a publish did."""
        line = summary(self._content, done)
        self._say(f"{_time()} {line}, in {outcome.seconds:.2f} s" if self._timed else line)

    def failed(self, failure: PublishFailure, served: Revision | None) -> None:
        """Say why nothing was published, where editors were not told, and what is served on."""
        for line in failure.untold:
            self._warn(f"keypoint: {line}")
        if served:
            line = f"not published: revision {served.name} is served on"
            self._warn(f"{_time()} {line}" if self._timed else line)

    def follows(self, revision: Revision) -> None:
        """Say that another process has published, or gone back."""
        how = _FOLLOWED[revision.origin]
        line = f"revision {revision.name} is served, {how}"
        self._say(f"{_time()} {line}" if self._timed else line)

    def worker_ended(self, how: str) -> None:
        """Say that a worker is replaced."""
        self._warn(f"keypoint: a worker {how}; another one takes its place")


def _time() -> str:
    return datetime.now().astimezone().strftime("%H:%M:%S")
