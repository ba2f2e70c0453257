"""A publish that builds on the last one gives exactly what one from nothing gives, or is refused.

Random edits, renames, half-written files, translations, media, reviews, times and losses, in any
order, also while a publish reads; told which files have changed, or not.
"""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from unittest.mock import patch

from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from api.compiler import hinted, pipeline, units
from api.compiler.tools import tools_of
from api.errors import ContentError
from api.source import opening, tree
from api.source.tree import ContentFile
from api.store.database import StoreError
from api.store.memory import memory_of
from api.store.rollback import roll_back
from tests.faults import folders
from tests.faults.stores import Told, difference, told, withdrawn_and_shown
from tests.faults.tools import SOAK, report
from tests.support import SMALL, own_models, write

MODELS = own_models()
TOOLS = tools_of(MODELS)
COUNTS: Counter[str] = Counter(publishes=0, refused=0, meanwhile=0)
Signature = tuple[int, int, int, int]
Wrong = frozenset[tuple[str, str, int, int]]
"""The errors of a refused publish: their codes and places."""


def _own(wrong: Wrong) -> Wrong:
    """Return the errors without those of references to entries of which two have one name."""
    if not any(code.startswith("duplicate") for code, *_ in wrong):
        return wrong
    return frozenset(one for one in wrong if not one[0].endswith("_reference"))


def _publish(
    content: Path,
    store: Path,
    now: datetime,
    hints: Collection[str] | None = None,
    jobs: int = 0,
) -> Wrong:
    try:
        pipeline.publish(
            content, store, MODELS, now, tools=TOOLS, allow_shrink=True, hints=hints, jobs=jobs
        )
    except ContentError as error:
        return frozenset(
            (one.code, one.place.path, one.place.line, one.place.column)
            for one in error.issues
            if one.is_error
        )
    return frozenset()


class Publishes(RuleBasedStateMachine):
    """A folder that is edited and published; each publish is compared to one from nothing."""

    def __init__(self) -> None:
        super().__init__()
        # A file counts as changed at once, not only when its clock's tick is over: between two
        # changes there is a publish here, which takes longer than a tick.
        self.patches = [patch.object(one, "SETTLED_NS", 0) for one in (opening, hinted)]
        for one in self.patches:
            one.start()
        self.folder = Path(tempfile.mkdtemp())
        self.content = self.folder / "content"
        self.store = self.folder / "store.db"
        self.fresh = self.folder / "fresh.db"
        self.now = folders.BEGIN
        self.good: Mapping[str, bytes] = {}
        self.seen: Mapping[str, Signature] | None = None

    @initialize()
    def begin(self) -> None:
        write(self.content, SMALL)
        self.publish()

    @rule(data=st.data(), count=st.integers(1, 3))
    def change_and_publish(self, data: st.DataObject, count: int) -> None:
        for _ in range(count):
            change = data.draw(st.sampled_from(_CHANGES))
            note(change.__name__)
            change(self, data)
        mended = data.draw(st.booleans()) or data.draw(st.booleans())
        jobs = data.draw(st.sampled_from((0, 0, 0, 2)))
        self.publish(mended=mended, hints=self._hints(data), jobs=jobs)

    @rule(data=st.data(), after=st.integers(0, 8))
    def change_while_publishing(self, data: st.DataObject, after: int) -> None:
        """Change a file when some have been read; whatever comes of that, the next one is right."""
        change, early = data.draw(st.sampled_from(_EDITS)), data.draw(st.sampled_from(_EDITS))
        COUNTS["meanwhile"] += 1
        note(f"{early.__name__}, and {change.__name__} while it is published")
        early(self, data)
        before = self._signatures()
        calls = count()

        def read(root: Path, file: ContentFile) -> bytes:
            if next(calls) == after:
                change(self, data)
            return tree.read(root, file)

        hints = self._hints(data)
        with patch.object(units, "read", read):
            refused = _publish(self.content, self.store, self.now, hints)
        self.seen = None if refused else before
        self.publish(hints=self._hints(data))

    def edit_topic(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(folders.TOPICS))
        self._edit(f"{name}.yaml", data.draw(folders.topics()))

    def edit_article(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(folders.ARTICLES))
        self._edit(f"{name}.md", data.draw(folders.articles(self._there())))

    def edit_translation(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(folders.ARTICLES))
        locale = data.draw(st.sampled_from(("uk", "uk", "fr")))
        self._edit(f"{name}.{locale}.md", data.draw(folders.translations(self._there())))

    def edit_media(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(folders.MEDIA))
        self._edit(name, data.draw(folders.bodies(name)))

    def edit_comment(self, data: st.DataObject) -> None:
        self._edit("comments/one.md", data.draw(folders.comments()))

    def edit_site(self, data: st.DataObject) -> None:
        self._edit("site.yaml", data.draw(st.sampled_from(folders.SITES)))

    def remove(self, data: st.DataObject) -> None:
        if there := self._there():
            (self.content / data.draw(st.sampled_from(there))).unlink()

    def rename(self, data: st.DataObject) -> None:
        """Give a file another's place, or another slug."""
        if not (there := self._there()):
            return
        name = data.draw(st.sampled_from(there))
        folder, _, last = name.rpartition("/")
        stem, _, suffix = last.partition(".")
        others = [one for one in there if one.endswith(suffix) and one.startswith(folder)]
        free = [f"{folder}/{one}.{suffix}".lstrip("/") for one in (f"new-{stem}", "third")]
        target = data.draw(st.sampled_from([*free, *others]))
        (self.content / name).rename(self.content / target)

    def turn_topic_into_json(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(folders.TOPICS))
        old, new = self.content / f"{name}.yaml", self.content / f"{name}.json"
        if old.exists():
            old.unlink()
            new.write_text('{"title": "One"}')
        elif new.exists():
            new.unlink()
            old.write_text("title: One\n")

    def turn_article_into_yaml(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(folders.ARTICLES))
        old, new = self.content / f"{name}.md", self.content / f"{name}.yaml"
        if old.exists():
            old.unlink()
            new.write_text("title: One\nbody: A body.\n")

    def move_folder(self, data: st.DataObject) -> None:  # noqa: ARG002 - as all changes
        old, new = self.content / "media", self.content / "moved"
        if new.exists() and not old.exists():
            new.rename(old)
        elif old.exists() and not new.exists():
            old.rename(new)

    def half_write(self, data: st.DataObject) -> None:
        if there := self._there():
            file = self.content / data.draw(st.sampled_from(there))
            file.write_bytes(file.read_bytes()[: data.draw(st.integers(0, 60))])

    def touch_or_chmod(self, data: st.DataObject) -> None:
        if not (there := self._there()):
            return
        file = self.content / data.draw(st.sampled_from(there))
        if data.draw(st.booleans()):
            os.utime(file, ns=(0, data.draw(st.sampled_from((0, 10**18, 5 * 10**18)))))
        else:
            file.chmod(data.draw(st.sampled_from((0o600, 0o644))))

    def set_clock(self, data: st.DataObject) -> None:
        self.now = data.draw(st.sampled_from(folders.CLOCK))

    def roll_back(self, data: st.DataObject) -> None:  # noqa: ARG002 - as all changes
        try:
            roll_back(self.store, None, self.now)
        except StoreError as error:
            assert "no revision before" in str(error)  # noqa: PT017 - the first may be the only one

    def back_up_or_restore(self, data: st.DataObject) -> None:
        """Copy the store and its notes, or put either or both of them back."""
        files = self.store, memory_of(self.store)
        copies = [file.with_name(f"copy-of-{file.name}") for file in files]
        what = data.draw(st.sampled_from(("copy", "copy", "store", "notes", "both")))
        if what == "copy":
            for file, copy in zip(files, copies, strict=True):
                copy.write_bytes(file.read_bytes() if file.exists() else b"")
            return
        for file, copy, part in zip(files, copies, ("store", "notes"), strict=True):
            if what in {part, "both"} and copy.exists() and copy.stat().st_size:
                file.write_bytes(copy.read_bytes())
        self.seen = None  # the server sees that the store is another one

    def lose_notes(self, data: st.DataObject) -> None:
        notes = memory_of(self.store)
        match data.draw(st.sampled_from(("missing", "cut off", "foreign", "no notes"))):
            case "missing":
                notes.unlink(missing_ok=True)
            case "cut off" if notes.exists():
                os.truncate(notes, notes.stat().st_size // 2)
            case "foreign" if memory_of(self.fresh).exists():
                shutil.copy(memory_of(self.fresh), notes)
            case _:
                notes.write_bytes(b"no notes" * 1000)

    def publish(
        self, *, mended: bool = True, hints: Collection[str] | None = None, jobs: int = 0
    ) -> None:
        """Publish; where that is refused, the folder is `mended`: as it was at the last publish."""
        before = told(self.store)
        for file in self.folder.glob("fresh.db*"):
            file.unlink()
        COUNTS["publishes"] += 1
        expected = _publish(self.content, self.fresh, self.now)
        seen = self._signatures()
        wrong = _publish(self.content, self.store, self.now, hints, jobs)
        COUNTS["refused"] += bool(wrong)
        self.seen = None if wrong else seen
        assert _own(wrong) == _own(expected)
        assert withdrawn_and_shown(self.store) == []
        if not wrong:
            self.good = {name: (self.content / name).read_bytes() for name in self._there()}
            self._compare(told(self.fresh))
            return
        self._compare(before)
        if mended and self.good:
            for name in self._there():
                if name not in self.good:
                    (self.content / name).unlink()
            write(self.content, self.good)

    def teardown(self) -> None:
        for one in self.patches:
            one.stop()
        shutil.rmtree(self.folder)
        told = "{publishes} publishes, {refused} of them refused, each compared to one from nothing"
        told += "; {meanwhile} edits came while a publish read the folder"
        report("random edits", told.format(**COUNTS))

    def _compare(self, expected: Told | None) -> None:
        assert difference(told(self.store), expected) == ""

    def _hints(self, data: st.DataObject) -> set[str] | None:
        """Return what a watcher tells: each path that has changed since, and perhaps others."""
        if self.seen is None or data.draw(st.integers(0, 3)) == 0:
            return None
        now = self._signatures()
        names = {name for name in {*self.seen, *now} if self.seen.get(name) != now.get(name)}
        names |= {name.rpartition("/")[0] for name in names if name in self.seen.keys() ^ now}
        names |= set(data.draw(st.lists(st.sampled_from([*now, "articles", "x~"]), max_size=2)))
        return {str(self.content.resolve() / name) for name in names}

    def _signatures(self) -> dict[str, Signature]:
        found = {}
        for name in self._there():
            status = (self.content / name).stat()
            found[name] = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        return found

    def _edit(self, name: str, text: str | bytes) -> None:
        write(self.content, {name: text})

    def _there(self) -> list[str]:
        files = (file for file in self.content.rglob("*") if file.is_file())
        return sorted(file.relative_to(self.content).as_posix() for file in files)


_CHANGES: tuple[Callable[[Publishes, st.DataObject], None], ...] = (
    Publishes.edit_topic,
    Publishes.edit_article,
    Publishes.edit_article,
    Publishes.edit_translation,
    Publishes.edit_media,
    Publishes.edit_comment,
    Publishes.edit_site,
    Publishes.remove,
    Publishes.rename,
    Publishes.turn_topic_into_json,
    Publishes.turn_article_into_yaml,
    Publishes.move_folder,
    Publishes.half_write,
    Publishes.touch_or_chmod,
    Publishes.set_clock,
    Publishes.roll_back,
    Publishes.back_up_or_restore,
    Publishes.lose_notes,
)
_EDITS = _CHANGES[:7]
Publishes.TestCase.settings = settings(
    max_examples=60 if SOAK else 8,
    stateful_step_count=40 if SOAK else 12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestPublishes = Publishes.TestCase
