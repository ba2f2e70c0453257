"""Told which files may have changed, a publish makes what one that looks at all files makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.compiler import compiling, pipeline
from api.compiler.scan import Scan, scan
from api.errors import ContentError
from api.store.reader import Reader
from schemas.discovery import Models
from tests.support import NOW, SMALL, Site, write


@contextmanager
def scans(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Note how often the whole folder is looked through."""
    found: list[Path] = []

    def noted(root: Path, models: Models) -> Scan:
        found.append(root)
        return scan(root, models)

    with monkeypatch.context() as patched:
        patched.setattr(compiling, "scan", noted)
        yield found


def fresh(site: Site) -> str:
    """Return the revision that an empty store would get."""
    file = site.folder / "fresh.db"
    for name in ("fresh.db", "fresh.db.memory"):
        (site.folder / name).unlink(missing_ok=True)
    return pipeline.publish(site.content, file, site.models, NOW).revision.digest


def hinted(site: Site, *names: str) -> str:
    paths = [str((site.content / name).resolve()) for name in names]
    done = pipeline.publish(site.content, site.store, site.models, NOW, hints=paths)
    return done.revision.digest


SECOND = "articles/second.md"
EDITS = [
    pytest.param({SECOND: "---\ntitle: Other\n---\nText.\n"}, id="text"),
    pytest.param({"topics/one.yaml": "title: Uno\n"}, id="title that others show"),
    pytest.param(
        {SECOND: "---\ntitle: Second\n---\nSee [one](../topics/one.yaml).\n"}, id="link to a file"
    ),
    pytest.param(
        {SECOND: "---\ntitle: Second\n---\n[A](article:first#part).\n"}, id="link to a part"
    ),
    pytest.param({"topics/one.yaml": "title: One\nstatus: draft\n"}, id="hidden"),
    pytest.param(
        {"topics/one.yaml": "title: Uno\n", "topics/two.yaml": "title: Due\n"}, id="two files"
    ),
]


@pytest.mark.parametrize("edit", EDITS)
def test_edit_is_published_without_a_look_at_the_other_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edit: dict[str, str]
) -> None:
    site = Site(tmp_path)
    site.publish()
    write(site.content, edit)
    with scans(monkeypatch) as looked:
        digest = hinted(site, *edit)
    assert looked == []
    assert digest == fresh(site)


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param({"articles/third.md": "---\ntitle: Third\n---\nText.\n"}, id="new file"),
        pytest.param(
            {"articles/second.uk.md": "---\ntitle: Other\n---\nOther.\n"}, id="new translation"
        ),
        pytest.param(
            {"site.yaml": "name: Other\ndefault_locale: en\nlocales: [en]\n"}, id="languages"
        ),
    ],
)
def test_other_changes_have_the_folder_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edit: dict[str, str]
) -> None:
    site = Site(tmp_path)
    site.publish()
    write(site.content, edit)
    with scans(monkeypatch) as looked:
        digest = hinted(site, *edit)
    assert len(looked) == 1
    assert digest == fresh(site)


def test_deleted_file_has_the_folder_looked_through(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    (site.content / SECOND).unlink()
    assert hinted(site, SECOND) == fresh(site)


def test_link_to_a_file_that_nothing_showed_before_is_found(tmp_path: Path) -> None:
    site = Site(tmp_path, {**SMALL, "files/list.csv": "name\n"})
    site.publish()
    text = "---\ntitle: Second\n---\nA [list](../files/list.csv).\n"
    write(site.content, {SECOND: text})
    assert hinted(site, SECOND) == fresh(site)


def test_mistake_is_told_as_ever(tmp_path: Path) -> None:
    site = Site(tmp_path)
    published = site.publish().revision
    write(site.content, {SECOND: "---\ntitle: Second\ntopics: [thre]\n---\nText.\n"})
    with pytest.raises(ContentError, match="no topic has the slug 'thre'"):
        hinted(site, SECOND)
    with Reader(site.store) as reader:
        current = reader.pin()
    assert current == published
