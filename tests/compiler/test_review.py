"""A review is bound to the text: what it says of another text, and as the days pass."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from api.compiler import pipeline
from api.compiler.examples import examples
from api.compiler.review import (
    DUE_SOON,
    entry_digest,
    next_change,
    review_status,
    text_digest,
)
from api.compiler.single import SingleEntries
from api.errors import ContentError, Issue
from api.settings import RequireReview
from schemas.discovery import discover
from schemas.entry import Entry
from schemas.fields import Title
from schemas.review import Review, ReviewStatus
from tests.support import NOW, SMALL, Site, client, write

DIGEST = "0123456789abcdef" * 4
OTHER = DIGEST[::-1]
DAY = timedelta(days=1)
FIRST = SMALL["articles/first.md"]


def review(next_due: date | None = date(2027, 3, 31)) -> Review:
    return Review.model_validate(
        {"reviewed_by": "ann", "at": date(2026, 3, 31), "next_due": next_due, "digest": DIGEST}
    )


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("2026-03-31", ReviewStatus.CURRENT),
        ("2027-02-28T23:59:59", ReviewStatus.CURRENT),
        ("2027-03-01T00:00:00", ReviewStatus.DUE_SOON),
        ("2027-03-31T23:59:59", ReviewStatus.DUE_SOON),
        ("2027-04-01T00:00:00", ReviewStatus.OVERDUE),
    ],
)
def test_review_is_due_soon_for_thirty_days_and_overdue_after_its_day(
    at: str, status: ReviewStatus
) -> None:
    assert timedelta(days=30) == DUE_SOON
    assert review_status(review(), DIGEST, instant(at)) is status


def test_review_of_another_text_says_so_whatever_the_day() -> None:
    for at in (None, instant("2026-04-01"), instant("2030-01-01")):
        assert review_status(review(), OTHER, at) is ReviewStatus.CHANGED_SINCE_REVIEW
        assert at is None or next_change(review(), OTHER, at) is None


def test_review_that_is_never_due_stays_current() -> None:
    assert review_status(review(None), DIGEST, instant("2099-01-01")) is ReviewStatus.CURRENT
    assert next_change(review(None), DIGEST, instant("2026-04-01")) is None


def test_without_an_instant_no_day_counts() -> None:
    assert review_status(review(date(2026, 4, 1)), DIGEST, None) is ReviewStatus.CURRENT


@given(
    st.dates(date(2026, 4, 1)),
    st.datetimes(datetime(2026, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis' own
)
def test_status_changes_at_the_next_change_and_not_before(due: date, at: datetime) -> None:
    one = review(due)
    before = review_status(one, DIGEST, at)
    change = next_change(one, DIGEST, at)
    if change is None:
        latest = datetime.max.replace(tzinfo=UTC)
        assert review_status(one, DIGEST, latest) is before
        return
    assert review_status(one, DIGEST, change - timedelta(microseconds=1)) is before
    assert review_status(one, DIGEST, change) is not before


# Which text a review is of


def digest_of(site: Site, path: str = "articles/first.md") -> str:
    entries = SingleEntries(site.content, site.models)
    found = entries.of_file(site.content / path)
    assert found is not None
    return entry_digest(found.entry, found.among, entries.scan.files)


def changed(site: Site, old: str, new: str, path: str = "articles/first.md") -> bool:
    """Tell whether the digest is another one once these words of a file are others."""
    before = digest_of(site)
    file = site.content / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return digest_of(site) != before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("title: First", "title: Firsts", id="the title"),
        pytest.param("title: First", "title: First\nsummary: Short.", id="the summary"),
        pytest.param("A body.", "A body!", id="the introduction"),
        pytest.param("A lead.", "A lead;", id="a lead"),
        pytest.param("### Point", "### Points", id="a point's title"),
        pytest.param("*point*", "**point**", id="emphasis"),
        pytest.param("Call us.", "Call me.", id="a text among the fields"),
        pytest.param("services: [care]", "services: []", id="what is referred to"),
    ],
)
def test_one_letter_of_what_a_reader_sees_makes_another_text(
    tmp_path: Path, old: str, new: str
) -> None:
    assert changed(Site(tmp_path), old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("A body.", "A\n body.  ", id="space that shows nowhere"),
        pytest.param("A lead.\n", "\n\nA lead.\n\n", id="blank lines"),
        pytest.param("title: First\n", 'title:   "First" # said\n', id="quotes and comments"),
        pytest.param("title: First\n", "title: First\nid: one\n", id="the id"),
        pytest.param("updated_at: 2026-01-02T", "updated_at: 2026-05-05T", id="the date"),
        pytest.param("updated_at: ", "published_at: ", id="when it was published"),
        pytest.param("title: First\n", "title: First\nsummary: null\n", id="a null"),
        pytest.param("title: First\n", "title: First\nrelated: []\n", id="an empty list"),
    ],
)
def test_what_shows_no_other_text_keeps_the_review(tmp_path: Path, old: str, new: str) -> None:
    assert not changed(Site(tmp_path), old, new)


def test_field_that_a_type_gets_later_ends_no_review() -> None:
    class Note(Entry):
        title: str

    class LaterNote(Note):
        hint: Title | None = None
        tags: list[Title] = Field(default_factory=list)
        big: bool = False

    before = text_digest(Note(title="One"), {})
    assert text_digest(LaterNote(title="One"), {}) == before
    assert text_digest(LaterNote(title="One", big=True), {}) != before


def test_text_of_other_entries_keeps_the_review(tmp_path: Path) -> None:
    assert not changed(Site(tmp_path), "title: Care", "title: Caring", "services/care.yaml")


def test_another_picture_of_the_same_name_makes_another_text(tmp_path: Path) -> None:
    text = "---\ntitle: First\n---\n[The table](table.csv)\n"
    site = Site(tmp_path, {"articles/first.md": text, "articles/table.csv": "dose,1\n"})
    assert changed(site, "dose,1", "dose,2", "articles/table.csv")


# What readers and editors are told


def reviewed(text: str, digest: str, *, due: str = "") -> str:
    block = f"review:\n  reviewed_by: ann\n  at: 2026-01-05\n{due}  digest: {digest}\n"
    return text.replace("---\n", f"---\n{block}", 1)


def site_with(folder: Path, *, due: str = "", digest: str = "") -> Site:
    """Return a site whose first article is reviewed."""
    site = Site(folder)
    right = digest or digest_of(site)
    write(site.content, {"articles/first.md": reviewed(FIRST, right, due=due)})
    return site


def test_reader_gets_the_review_without_its_digest(tmp_path: Path) -> None:
    site = site_with(tmp_path, due="  role: Example role\n  next_due: 2026-12-01\n")
    with site.served() as served:
        answer = served.get("/v1/articles/first")
    assert answer.json()["data"]["review"] == {
        "reviewed_by": {
            "type": "person",
            "id": "ann",
            "slug": "ann",
            "path": "/people/ann",
            "title": "Ann Example",
        },
        "role": "Example role",
        "at": "2026-01-05",
        "next_due": "2026-12-01",
        "status": "due_soon",
    }
    assert "digest" not in answer.text


def test_entry_without_a_review_has_null(tmp_path: Path) -> None:
    with Site(tmp_path).served() as served:
        for path in ("articles/first", "people/ann", "site", "contact", "topics/one"):
            assert served.get(f"/v1/{path}").json()["data"]["review"] is None


def test_status_is_that_of_the_publishs_instant(tmp_path: Path) -> None:
    site = site_with(tmp_path, due="  next_due: 2027-06-30\n")
    for at, status, following in (
        (NOW, "current", "2027-05-31T00:00:00Z"),
        (instant("2027-05-31"), "due_soon", "2027-07-01T00:00:00Z"),
        (instant("2027-07-01"), "overdue", None),
    ):
        done = pipeline.publish(site.content, site.store, site.models, at)
        assert done.revision.stamp.next_change == following
        with client(site.settings) as served:
            article = served.get("/v1/articles/first").json()["data"]
        assert article["review"]["status"] == status


def test_each_language_has_a_review_of_its_own(tmp_path: Path) -> None:
    site = site_with(tmp_path, due="  role: Example role\n")
    translation = "---\ntitle: Example\nupdated_at: 2026-01-02T03:04:05Z\n---\nText.\n"
    write(site.content, {"articles/first.uk.md": translation})
    with site.served() as served:
        assert served.get("/v1/articles/first?locale=uk").json()["data"]["review"] is None
    own = reviewed(translation, digest_of(site, "articles/first.uk.md"))
    write(site.content, {"articles/first.uk.md": own})
    with site.served() as served:
        review = served.get("/v1/articles/first?locale=uk").json()["data"]["review"]
    assert (review["status"], review["role"]) == ("current", None)


def issues(site: Site, require: RequireReview, at: datetime | None = NOW) -> list[Issue]:
    try:
        found = pipeline.check(site.content, site.models, at=at, require_review=require)
    except ContentError as error:
        return list(error.issues)
    return list(found.warnings)


def errors(site: Site) -> list[Issue]:
    return [issue for issue in site.issues() if issue.is_error]


def told(site: Site, require: RequireReview) -> dict[str, bool]:
    """Return whether each kind of Issue of a site is an error, by its code."""
    return {issue.code: issue.is_error for issue in issues(site, require)}


def test_changed_text_is_a_warning_or_refused(tmp_path: Path) -> None:
    site = site_with(tmp_path, digest=DIGEST)
    (issue,) = issues(site, RequireReview.NONE)
    assert issue.place.line == 5, "where the digest stands"
    assert told(site, RequireReview.NONE) == {"review_changed": False}
    assert told(site, RequireReview.CHANGED) == {"review_changed": True}
    assert told(site, RequireReview.OVERDUE) == {"review_changed": True}


def test_overdue_review_is_a_warning_or_refused(tmp_path: Path) -> None:
    site = site_with(tmp_path, due="  next_due: 2026-02-01\n")
    assert told(site, RequireReview.CHANGED) == {"review_overdue": False}
    assert told(site, RequireReview.OVERDUE) == {"review_overdue": True}


def test_always_asks_for_a_review_of_every_text_but_a_reviewers(tmp_path: Path) -> None:
    site = site_with(tmp_path)
    (missing,) = issues(site, RequireReview.ALWAYS)
    assert missing.code == "review_missing"
    assert missing.place.path.endswith("second.md")
    assert issues(site, RequireReview.OVERDUE) == []


def test_reviewer_must_be_a_person_of_the_folder(tmp_path: Path) -> None:
    text = reviewed(FIRST, DIGEST).replace("reviewed_by: ann", "reviewed_by: anne")
    (issue,) = errors(Site(tmp_path, {**SMALL, "articles/first.md": text}))
    assert (issue.code, issue.nearest) == ("dangling_reference", "ann")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param(f"digest: {DIGEST}", "digest: abc", "invalid_value", id="no digest"),
        pytest.param(f"  digest: {DIGEST}\n", "", "missing_field", id="without one"),
        pytest.param("at: 2026-01-05", "at: 2027-01-05", "invalid_value", id="due before it"),
    ],
)
def test_review_written_wrongly_is_an_issue(tmp_path: Path, old: str, new: str, code: str) -> None:
    text = reviewed(FIRST, DIGEST, due="  next_due: 2026-12-01\n").replace(old, new)
    (issue,) = Site(tmp_path, {**SMALL, "articles/first.md": text}).issues()
    assert issue.code == code
    assert ("keypoint review" in issue.what) == (new == "digest: abc")


def test_models_without_people_have_no_reviewer_and_still_a_contract(tmp_path: Path) -> None:
    note = (
        "from typing import ClassVar\nfrom schemas.collection import Folder\n"
        "from schemas.entry import Entry\nfrom schemas.fields import Title\n\n\n"
        'class Note(Entry):\n    """A note."""\n\n'
        '    collection: ClassVar = Folder(name="notes", path="/notes/{slug}")\n'
        '    title: Title\n    """What it is called."""\n'
        '    example: ClassVar[str] = "title: Example\\n"\n'
    )
    models = write(tmp_path / "models", {"note.py": note})
    text = reviewed("---\ntitle: One\n", DIGEST).removeprefix("---\n")
    site = Site(tmp_path, {"notes/one.yaml": text}, models)
    (issue,) = errors(site)
    assert issue.code == "dangling_reference"
    assert issue.what.endswith("nor is there any person")
    write(site.content, {"notes/one.yaml": "title: One\n"})
    with site.served() as served:
        assert served.get("/v1/notes/one").json()["data"]["review"] is None


def test_review_of_the_example_is_of_its_text() -> None:
    assert examples(discover())["getArticle"]["data"]["review"]["status"] == "current"
