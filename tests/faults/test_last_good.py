"""Faulty content among good: each fault is named at its place, and nothing else changes.

A server that watches the folder gets all of them at once: what it serves, and its processes, stay.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tests.faults.tools import as_anybody
from tests.servers import Server, eventually, server
from tests.support import SMALL, Site, write

GOOD = "---\ntitle: Good\n---\nText.\n"
CYRILLIC_I = "\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}"
WITHDRAWN = "title: Example\nwithdrawn: {{reason: An example, replacement: {}}}\n"
Named = tuple[str, int, int, str, tuple[str, int, int] | None]
"""A file, line and column, a code, and the other place that it is about."""

FAULTY: Mapping[str, str | bytes] = {
    # Files
    "articles/half-written.md": "---\ntitle: Half",
    "articles/half-a-sign.md": GOOD.encode() + "é".encode()[:1],
    "articles/ten-megabytes.md": b"x" * 10_000_000,
    "articles/no-utf-8.md": b"---\ntitle: caf\xe9\n---\n",
    "articles/nul.md": b"---\r\ntitle: a\r\n---\r\na\0b\r\n",
    "articles/locked.md": GOOD,
    "articles/locked/a.png": b"",
    # YAML
    "topics/sequences.yaml": "title: Example\nid:\n - " + "- " * 30_000,
    "topics/merge-keys.yaml": "title: Example\n<<: {id: other}\n",
    "topics/alias-bomb.yaml": "title: &a [x]\nid: [*a, *a]\n",
    "topics/tag.yaml": "title: !!python/object/apply:os.system [x]\n",
    "topics/documents.yaml": "title: Example\n---\ntitle: Other\n",
    "topics/duplicate.yaml": "title: Example\ntitle: Other\n",
    # Entries
    "topics/taken.json": '{"title": "Example"}',
    "topics/taken.yaml": "title: Example\n",
    "articles/First.md": GOOD,
    f"articles/f{CYRILLIC_I}rst.md": GOOD,
    "articles/dangling.md": "---\ntitle: Example\ntopics: [none]\n---\nText.\n",
    "topics/cycle.yaml": WITHDRAWN.format("cycle-of-it"),
    "topics/cycle-of-it.yaml": WITHDRAWN.format("cycle"),
}
NAMED: set[Named] = {
    ("articles/half-written.md", 1, 1, "front_matter", None),
    ("articles/half-a-sign.md", 5, 1, "invalid_encoding", None),
    ("articles/ten-megabytes.md", 1, 1, "file_too_large", None),
    ("articles/no-utf-8.md", 2, 11, "invalid_encoding", None),
    ("articles/nul.md", 4, 2, "invalid_encoding", None),
    ("articles/locked.md", 1, 1, "unreadable_file", None),
    ("articles/locked", 1, 1, "unreadable_folder", None),
    ("articles/link-out.md", 1, 1, "not_a_file", None),
    ("articles/link-to-itself.md", 1, 1, "not_a_file", None),
    ("articles/pipe.md", 1, 1, "not_a_file", None),
    ("loop", 1, 1, "not_a_file", None),
    ("topics/sequences.yaml", 3, 64, "too_deep", None),
    ("topics/merge-keys.yaml", 2, 1, "yaml_merge_key", None),
    ("topics/alias-bomb.yaml", 1, 8, "yaml_alias", None),
    ("topics/alias-bomb.yaml", 2, 6, "yaml_alias", None),
    ("topics/alias-bomb.yaml", 2, 10, "yaml_alias", None),
    ("topics/tag.yaml", 1, 8, "yaml_tag", None),
    ("topics/documents.yaml", 2, 1, "yaml_document", None),
    ("topics/duplicate.yaml", 2, 1, "duplicate_key", ("topics/duplicate.yaml", 1, 1)),
    ("topics/taken.yaml", 1, 1, "duplicate_slug", ("topics/taken.json", 1, 1)),
    ("articles/First.md", 1, 1, "duplicate_slug", ("articles/first.md", 1, 1)),
    (f"articles/f{CYRILLIC_I}rst.md", 1, 1, "duplicate_slug", ("articles/first.md", 1, 1)),
    ("topics/cycle.yaml", 2, 46, "replacement_loop", ("topics/cycle-of-it.yaml", 2, 46)),
    ("topics/cycle-of-it.yaml", 2, 46, "replacement_loop", ("topics/cycle.yaml", 2, 46)),
    ("articles/dangling.md", 3, 10, "dangling_reference", None),
}


class Serving(NamedTuple):
    """What must stay as it is, whatever the folder gets."""

    revision: str
    titles: tuple[str, ...]
    processes: tuple[int, ...]


def _serving(running: Server) -> Serving:
    answer = running.ask("/v1/articles")
    entries = answer.json()["data"]
    titles = (running.title(), *(one["title"] for one in entries))
    # The watcher and the workers; who publishes comes and goes.
    lasting = tuple(sorted(running.workers()))
    return Serving(answer["content-revision"], titles, (running.process.pid, *lasting))


def _named(root: Path, report: str) -> set[Named]:
    """Return what a report tells of: each Issue's place, code, and the other place if any."""
    place = rf"{re.escape(str(root))}/(.+?):(\d+):(\d+)"
    heads = list(re.finditer(rf"^{place} .*\[(\w+)\]$", report, re.MULTILINE))
    ends = [head.start() for head in heads[1:]] + [len(report)]
    others = [
        re.search(rf"^ +also at: {place}$", report[head.end() : end], re.MULTILINE)
        for head, end in zip(heads, ends, strict=True)
    ]
    return {
        (*_place(head), head[4], _place(other) if other else None)
        for head, other in zip(heads, others, strict=True)
    }


def _place(found: re.Match[str]) -> tuple[str, int, int]:
    return found[1], int(found[2]), int(found[3])


def _told(running: Server, root: Path) -> set[Named]:
    """Return what the last report on stderr tells of."""
    *reports, _ = re.split(r"^.* not published: .*$", "\n".join(running.err), flags=re.MULTILINE)
    return _named(root, reports[-1]) if reports else set()


@contextmanager
def _faults(site: Site) -> Iterator[None]:
    """Have every fault in the folder; afterwards none."""
    articles = site.content / "articles"
    outside = write(site.folder / "outside", {"secret.md": GOOD})
    write(site.content, FAULTY)
    (articles / "link-out.md").symlink_to(outside / "secret.md")
    (articles / "link-to-itself.md").symlink_to("link-to-itself.md")
    (site.content / "loop").symlink_to(site.content)
    os.mkfifo(articles / "pipe.md")
    for name in ("locked.md", "locked"):
        (articles / name).chmod(0)
    try:
        yield
    finally:
        (articles / "locked").chmod(0o700)
        made = ("articles/link-out.md", "articles/link-to-itself.md", "articles/pipe.md", "loop")
        for name in (*FAULTY, *made):
            (site.content / name).unlink()
        (articles / "locked").rmdir()


def test_every_fault_is_named_at_its_place_and_the_last_good_revision_serves_on(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path / "site")
    arguments = (site.content, "--store", site.store, "--watch")
    with server(tmp_path, *arguments, before=as_anybody) as running:
        eventually(running.workers)
        good = _serving(running)
        with _faults(site):
            with suppress(AssertionError):  # what is missing or too much is told below
                eventually(lambda: _told(running, site.content) == NAMED)
            assert _told(running, site.content) == NAMED
            failure = running.ready()["last_failure"]
            assert failure["issues"] == len(NAMED)
            assert set(failure["codes"]) == {code for *_, code, _ in NAMED}
            assert _serving(running) == good
        eventually(running.is_ready)
        assert _serving(running) == good
        write(site.content, {"topics/one.yaml": "title: Mended\n"})
        eventually(lambda: running.title() == "Mended")
        assert running.workers() == list(good.processes[1:])


def test_a_third_of_all_files_gone_at_once_is_refused_until_they_are_back(tmp_path: Path) -> None:
    topics = {f"topics/topic-{one:02}.yaml": f"title: Topic {one}\n" for one in range(20)}
    site = Site(tmp_path / "site", {**SMALL, **topics})
    arguments = (site.content, "--store", site.store, "--watch")
    with server(tmp_path, *arguments) as running:
        eventually(running.workers)
        good = _serving(running)
        lost = tmp_path / "topics"
        (site.content / "topics").rename(lost)
        write(site.content, {"topics/one.yaml": "title: Other\n", "topics/two.yaml": "title: B\n"})
        eventually(running.is_degraded)
        failure = running.ready()["last_failure"]
        assert failure["reason"] == "shrink"
        assert "20 of 26 entries would end, more than a third" in failure["texts"][0]
        assert _serving(running) == good
        assert running.title("/v1/topics/topic-07") == "Topic 7"
        write(site.content, topics)
        eventually(running.is_ready)
        assert running.title() == "Other"
        assert running.title("/v1/topics/topic-07") == "Topic 7"
