"""`keypoint review`, as a reviewer uses it."""

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.cli.review import review
from tests.support import REPOSITORY, SMALL, Site, write

ARTICLE = "articles/first.md"


def keypoint(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "api", *arguments]
    own = {name: value for name, value in os.environ.items() if not name.startswith("KEYPOINT_")}
    variables = {**own, "PYTHONPATH": str(REPOSITORY), **environment}
    return subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, check=False, text=True, timeout=60
    )


def reviewed(site: Site, *options: str, file: str = ARTICLE) -> str:
    """Review a file, and return what the command said."""
    done = keypoint(site.folder, "review", f"content/{file}", "--by", "ann", *options)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_review_is_written_and_current_until_the_text_changes(tmp_path: Path) -> None:
    site = Site(tmp_path)
    file = site.content / ARTICLE
    before = file.read_text()
    file.chmod(0o640)
    today = datetime.now(UTC).date()
    said = reviewed(site, "--role", "Example role", "--next-due", "2099-12-31")
    assert said == (f"content/{ARTICLE}: reviewed by Ann Example on {today}, next due 2099-12-31\n")
    after = file.read_text()
    lines = after.splitlines()
    start = lines.index("review:")
    assert lines[start + 1 : start + 5] == [
        "  reviewed_by: ann",
        '  role: "Example role"',
        f"  at: {today}",
        "  next_due: 2099-12-31",
    ]
    assert [*lines[:start], *lines[start + 6 :]] == before.splitlines()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    with site.served() as served:
        review = served.get("/v1/articles/first").json()["data"]["review"]
    assert (review["status"], review["at"]) == ("current", f"{today}")
    file.write_text(after.replace("A body.", "A body!"))
    with site.served() as served:
        review = served.get("/v1/articles/first").json()["data"]["review"]
    assert review["status"] == "changed_since_review"


def test_changed_text_is_told_and_refused_where_reviews_are_required(tmp_path: Path) -> None:
    site = Site(tmp_path)
    reviewed(site)
    file = site.content / ARTICLE
    file.write_text(file.read_text().replace("A body.", "A body!"))
    warned = keypoint(tmp_path, "check")
    assert warned.returncode == 0
    assert "warning: the text is not the one that was reviewed" in warned.stderr
    for command in (("check",), ("build", "--out", "release.db")):
        refused = keypoint(tmp_path, *command, KEYPOINT_REQUIRE_REVIEW="changed")
        assert refused.returncode == 1
        assert "the text is not the one that was reviewed" in refused.stderr
    assert not (tmp_path / "release.db").exists()
    reviewed(site)
    assert keypoint(tmp_path, "check", KEYPOINT_REQUIRE_REVIEW="changed").returncode == 0


def test_each_kind_of_file_and_each_language_can_be_reviewed(tmp_path: Path) -> None:
    site = Site(tmp_path)
    others = {
        "topics/three.json": '{"title": "Three"}',
        "articles/first.uk.md": "---\ntitle: Example\nupdated_at: 2026-01-02T03:04:05Z\n---\nA.\n",
    }
    write(site.content, others)
    for file in (ARTICLE, "topics/one.yaml", *others):
        reviewed(site, file=file)
    with site.served() as served:
        for path in (
            *("articles/first", "topics/one", "topics/three"),
            "articles/first?locale=uk",
        ):
            review = served.get(f"/v1/{path}").json()["data"]["review"]
            assert review["status"] == "current", path


def test_review_that_cannot_be_is_told_and_writes_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path)
    write(tmp_path, {"other.md": SMALL[ARTICLE], "content/leaflet.pdf": b"%PDF-1.4\n"})
    before = {file: file.read_bytes() for file in site.content.rglob("*.*")}
    for arguments, said in (
        ((f"content/{ARTICLE}", "--by", "anne"), "no person has the slug 'anne', did you mean"),
        (("content/articles/none.md", "--by", "ann"), "the file cannot be read"),
        (("other.md", "--by", "ann"), "is not in the content folder content"),
        (("content/leaflet.pdf", "--by", "ann"), "is no content file of the folder"),
        (
            (f"content/{ARTICLE}", "--by", "ann", "--next-due", "2020-01-01"),
            "the review has a next_due that is not after its at",
        ),
        ((f"content/{ARTICLE}", "--by", "ann", "--role", "a\nb"), "--role has a line break"),
    ):
        done = keypoint(tmp_path, "review", *arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    assert {file: file.read_bytes() for file in site.content.rglob("*.*")} == before


def test_file_that_changes_meanwhile_is_not_reviewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Site(tmp_path)
    file = site.content / ARTICLE
    edited = SMALL[ARTICLE].replace("A body.", "Another body.")

    def edit() -> datetime:
        """Tell the time, which passes: an editor saves the file just then."""
        file.write_text(edited)
        return datetime.now(UTC)

    monkeypatch.setattr("api.cli.review.now", edit)
    with pytest.raises(SystemExit):
        review(file, "ann", content=site.content)
    assert "the file was changed meanwhile" in capsys.readouterr().err
    assert file.read_text() == edited


def test_wrong_content_is_told_and_not_reviewed(tmp_path: Path) -> None:
    site = Site(tmp_path, {**SMALL, ARTICLE: SMALL[ARTICLE].replace("title:", "titel:")})
    done = keypoint(tmp_path, "review", f"content/{ARTICLE}", "--by", "ann")
    assert done.returncode == 1
    assert "did you mean 'title'?" in done.stderr
    assert "nothing is written" in done.stderr
    assert "review:" not in (site.content / ARTICLE).read_text()
