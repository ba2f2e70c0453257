"""What has changed since the last publish is found by the files' signatures, and is enough.

Files of a test are younger than a signature that is trusted; so here all are.
"""

import os
from pathlib import Path

import pytest

from api.compiler import pipeline
from api.source import opening
from tests.support import NOW, SMALL, Site, write


@pytest.fixture(autouse=True)
def _young_files_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "SETTLED_NS", 0)


def _compiled(site: Site) -> int:
    """Publish, and return how many units were compiled."""
    totals = [0]
    pipeline.publish(
        site.content, site.store, site.models, NOW, lambda _, __, total: totals.append(total)
    )
    return totals[-1]


def _content(site: Site, store: Path) -> str:
    """Return what tells the content of a folder, published into a store."""
    return pipeline.publish(site.content, store, site.models, NOW).revision.content


def test_nothing_is_compiled_where_nothing_has_changed(tmp_path: Path) -> None:
    site = Site(tmp_path)
    assert _compiled(site) == len(SMALL)
    assert _compiled(site) == 0


@pytest.mark.parametrize(
    ("edit", "compiled"),
    [
        pytest.param({"people/ann.md": "---\nname: Ann Example\n---\nOther.\n"}, 1, id="text"),
        pytest.param({"topics/two.yaml": "title: Deux\n"}, 2, id="topic-shown-once"),
        pytest.param({"services/care.yaml": "title: Nursing\n"}, 2, id="service"),
        pytest.param({"articles/first.md": "---\ntitle: 1\n---\nText.\n"}, 2, id="related"),
        pytest.param({"topics/three.yaml": "title: Three\n"}, 1, id="new"),
        pytest.param({"articles/second.uk.md": "---\ntitle: Two\n---\nOther.\n"}, 1, id="uk"),
        pytest.param(
            {"site.yaml": "name: Other site\ndefault_locale: en\nlocales: [en, uk]\n"}, 1, id="site"
        ),
    ],
)
def test_an_edit_compiles_what_shows_it_and_gives_what_publishing_from_nothing_gives(
    tmp_path: Path, edit: dict[str, str], compiled: int
) -> None:
    site = Site(tmp_path)
    site.publish()
    write(site.content, edit)
    assert _compiled(site) == compiled
    assert _content(site, site.store) == _content(site, tmp_path / "new.db")


def test_a_file_that_is_gone_ends_its_entry_alone(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    (site.content / "articles/second.md").unlink()
    assert _compiled(site) == 0
    assert _content(site, site.store) == _content(site, tmp_path / "new.db")


def test_a_file_of_the_same_size_and_time_is_told_by_the_time_of_its_change(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    site.publish()
    file = site.content / "topics/two.yaml"
    status = file.stat()
    file.write_text("title: Duo\n")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert file.stat().st_size == status.st_size
    assert _compiled(site) == 2


def test_a_file_that_was_changed_a_moment_ago_is_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path)
    site.publish()
    monkeypatch.setattr(opening, "SETTLED_NS", 3_600_000_000_000)
    assert _compiled(site) == len(SMALL)
