"""`keypoint diff`: what it compares, what it says in each format, and how it ends."""

import json
import re
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import pytest

from api.cli.main import main
from api.diff import github, text
from api.diff.difference import AddressChange, Became, Change, Difference, FieldChange, Kind
from api.store.changes import Pinned, find, representations
from api.store.database import open_readable
from tests.diff.support import edit
from tests.support import REPOSITORY, SMALL, Site

SCHEMA = json.loads((REPOSITORY / "docs/reference/diff.schema.json").read_text(encoding="utf-8"))
NURSING = {"services/care.yaml": "title: Nursing care\n"}
RENAMED = {"services/care.yaml": None, "services/nursing.yaml": "title: Care\n"}
UNLINKED = SMALL["articles/first.md"].replace("  services: [care]\n", "")
Json = Any


class Ran(NamedTuple):
    """How a command ended, and what it said."""

    code: int | str | None
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["keypoint", "diff", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Ran(ended.value.code, said.out, said.err)

    return command


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Return a site with two revisions: a title has changed."""
    made = Site(tmp_path / "site")
    made.publish()
    edit(made, NURSING)
    made.publish()
    return made


def document(ran: Ran) -> Json:
    told = json.loads(ran.out)
    jsonschema_rs.Draft202012Validator(SCHEMA).validate(told)
    return told


def changed(told: Json) -> list[tuple[str, str]]:
    return [(one["change"], f"{one['type']}:{one['id']}") for one in told["entries"]]


def test_two_revisions_are_compared_by_number_or_name(run: Run, site: Site) -> None:
    ran = run("1", "2", "--store", site.store)
    assert ran.code == 0
    assert "  ~ service:care Nursing care /services/care\n" in ran.out
    assert "      title: Care → Nursing care\n" in ran.out
    names = re.findall(r"\((\w{16})\)", ran.out)
    assert run(*names, "--store", site.store).out == ran.out


def test_backwards_is_what_a_rollback_would_change(run: Run, site: Site) -> None:
    there = document(run("1", "2", "--store", site.store, "--format", "json"))
    back = document(run("1", "--store", site.store, "--format", "json"))
    (forth,), (field,) = (
        next(one["fields"] for one in told["entries"] if one["type"] == "service")
        for told in (there, back)
    )
    assert (field["old"], field["new"]) == (forth["new"], forth["old"])


def test_a_folder_is_compared_with_the_current_revision(run: Run, site: Site) -> None:
    edit(site, {"topics/new.yaml": "title: New\n"})
    told = document(run(site.content, "--store", site.store, "--format", "json"))
    assert changed(told) == [("added", "topic:new")]
    told = document(run("1", site.content, "--store", site.store, "--format", "json"))
    assert ("added", "topic:new") in changed(told)
    assert ("changed", "service:care") in changed(told)


def test_two_folders_are_compared_without_a_store(run: Run, tmp_path: Path) -> None:
    one, other = Site(tmp_path / "one"), Site(tmp_path / "other", {**SMALL, **NURSING})
    told = document(run(one.content, other.content, "--format", "json"))
    assert changed(told) == [("shows", "article:first"), ("changed", "service:care")]
    assert told["cache_tags"] == ["article", "service", "service:care"]
    assert {file.name for file in tmp_path.rglob("*.db")} == set()


def test_comparing_writes_nothing_into_the_store(run: Run, site: Site) -> None:
    before = site.store.read_bytes()
    edit(site, {"topics/new.yaml": "title: New\n"})
    run(site.content, "--store", site.store)
    assert site.store.read_bytes() == before


def test_nothing_differs_is_said(run: Run, site: Site) -> None:
    ran = run(site.content, "--store", site.store)
    assert (ran.code, ran.out.splitlines()[1:]) == (0, ["nothing differs"])
    assert "Nothing differs." in run(site.content, "--store", site.store, "--format", "github").out
    told = document(run(site.content, "--store", site.store, "--format", "json"))
    assert told["entries"] == told["addresses"] == told["cache_tags"] == []


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_a_new_folder_with_errors_is_told_and_fails(run: Run, site: Site, form: str) -> None:
    edit(site, {"services/care.yaml": None})
    ran = run(site.content, "--store", site.store, "--format", form)
    assert ran.code == 1
    assert "no service has the slug 'care'" in ran.out + ran.err
    if form == "json":
        told = document(ran)
        assert not told["publishable"]
        assert [issue["code"] for issue in told["issues"]] == ["dangling_reference"]


def test_warnings_of_links_that_lead_nowhere_are_told(run: Run, site: Site) -> None:
    edit(site, {"people/ann.md": "---\nname: Ann\n---\n[Gone](/articles/none)\n"})
    told = document(run(site.content, "--store", site.store, "--format", "json"))
    assert told["publishable"]
    assert [issue["code"] for issue in told["issues"]] == ["dangling_path"]


def test_an_old_folder_with_errors_fails(run: Run, site: Site, tmp_path: Path) -> None:
    broken = Site(tmp_path / "broken", {**SMALL, "topics/one.yaml": "titel: One\n"})
    ran = run(broken.content, site.content)
    assert (ran.code, ran.out) == (1, "")
    assert "what has errors cannot be compared" in ran.err


@pytest.mark.parametrize("name", ["3", "none", "0123456789abcdef", "-1x"])
def test_what_is_neither_folder_nor_revision_is_refused(run: Run, site: Site, name: str) -> None:
    ran = run("--store", site.store, "--", "1", name)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"keypoint: {name}: there is no such folder, nor such a revision in ")


def test_a_missing_store_is_said(run: Run, site: Site, tmp_path: Path) -> None:
    ran = run("1", site.content, "--store", tmp_path / "none.db")
    assert ran.code == 1
    assert "none.db: the store cannot be opened" in ran.err


def test_a_rename_is_told_with_the_lines_that_mend_it(run: Run, tmp_path: Path) -> None:
    files = {**SMALL, "articles/first.md": UNLINKED}
    one = Site(tmp_path / "one", files)
    other = Site(tmp_path / "other", files)
    edit(other, RENAMED)
    ran = run(one.content, other.content)
    assert "to mend, in services/nursing: id: care or redirect_from: [care]\n" in ran.out
    assert "/services/care: 410, nothing is there" in ran.out
    told = run(one.content, other.content, "--format", "github").out
    assert "In `services/nursing`, write `id: care` or `redirect_from: [care]`" in told


def huge(count: int) -> Difference:
    field = FieldChange("en", "body", "word " * 5_000, "other " * 5_000)
    return Difference(
        [Change(Kind.CHANGED, "a", f"{n}", "/a", "A", (field,) * 100) for n in range(count)],
        [AddressChange(f"/v1/{number}", Became.CHANGED) for number in range(count)],
        cache_tags=[f"a:{number}" for number in range(count)],
    )


def test_of_a_huge_difference_the_first_are_shown_and_all_counted() -> None:
    lines = [line.plain for line in text.render(huge(10_000), "1", "2")]
    assert len(lines) < 2_000
    assert max(map(len, lines)) < 2_000
    assert lines.count("  … and 9,950 more") == 3
    assert "entries: 0 added, 10,000 changed, 0 ended; addresses touched: 10,000" in lines[1]


def test_a_summary_keeps_below_what_github_takes() -> None:
    assert len(github.render(huge(10_000), "1", "2").encode()) < 2**20


def test_content_cannot_write_markdown_or_move_a_terminal() -> None:
    evil = "`` ```\n# no @somebody <b>\x1b[2J"
    change = Change(
        Kind.CHANGED, "a", "b", "/b", evil, (FieldChange("en", "title", f"{evil} old", evil),)
    )
    told = github.render(Difference([change]), "1", "2")
    assert "\x1b" not in told
    assert "\n# no" not in told
    fence = re.search(r"^  (`+)diff$", told, re.MULTILINE)
    assert fence
    assert len(fence[1]) == 4
    shown = "\n".join(line.plain for line in text.render(Difference([change]), "1", "2"))
    assert "\x1b" not in shown


def test_comparing_revisions_of_one_store_reads_the_rows_that_differ(tmp_path: Path) -> None:
    site = Site(tmp_path)
    first = site.publish().revision
    edit(site, NURSING)
    last = site.publish().revision
    plans: list[str] = []
    with closing(open_readable(site.store)) as connection:
        old, new = Pinned(connection, first), Pinned(connection, last)
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        assert [one.address for one in representations(old, new)] == [
            "/v1/articles/first",
            "/v1/services/care",
        ]
        connection.set_trace_callback(None)
        for query in asked:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
            plans += [row[3] for row in plan]
    assert plans
    assert not [step for step in plans if step.startswith("SCAN")]


def test_a_name_finds_the_newest_of_its_revisions(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    edit(site, NURSING)
    site.publish()
    edit(site, {"services/care.yaml": SMALL["services/care.yaml"]})
    third = site.publish().revision
    with closing(open_readable(site.store)) as connection:
        assert find(connection, third.name) == third
        assert find(connection, None) == third
        first = find(connection, "1")
    assert first
    assert first.name == third.name


def test_rows_that_came_back_are_no_difference(tmp_path: Path, run: Run) -> None:
    site = Site(tmp_path)
    site.publish()
    edit(site, NURSING)
    site.publish()
    edit(site, {"services/care.yaml": SMALL["services/care.yaml"]})
    assert site.publish().revision.number == 3
    assert "nothing differs" in run("1", "3", "--store", site.store).out
