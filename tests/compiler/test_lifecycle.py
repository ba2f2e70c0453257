"""When readers have an entry, and whose an address is: from real files, at instants passed in."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.compiler.lifecycle import (
    Face,
    Named,
    Standing,
    contested,
    face,
    gone_rows,
    next_change,
    redirect_rows,
    replacements,
    standing,
)
from api.compiler.units import ReadUnit
from api.errors import Place
from api.store.rows import GoneRow, RedirectRow
from schemas.entry import Status, Withdrawal
from schemas.topic import Topic
from tests.placed import read_all
from tests.support import Site

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def topic(
    *,
    draft: bool = False,
    publish_at: datetime | None = None,
    expire_at: datetime | None = None,
    withdrawn: Withdrawal | None = None,
) -> Topic:
    status = Status.DRAFT if draft else Status.PUBLISHED
    return Topic(
        title="Example",
        status=status,
        publish_at=publish_at,
        expire_at=expire_at,
        withdrawn=withdrawn,
    )


TAKEN_BACK = Withdrawal(reason="Example reason.")
LATER = Withdrawal(reason="Example reason.", at=NOON)


@pytest.mark.parametrize(
    ("value", "before", "at", "drafts"),
    [
        pytest.param(topic(), "public", "public", "public", id="nothing said"),
        pytest.param(topic(draft=True), "draft", "draft", "public", id="draft"),
        pytest.param(
            topic(draft=True, publish_at=NOON), "draft", "draft", "public", id="draft with a date"
        ),
        pytest.param(
            topic(draft=True, expire_at=NOON), "draft", "draft", "public", id="draft that ended"
        ),
        pytest.param(topic(publish_at=NOON), "scheduled", "public", "public", id="scheduled"),
        pytest.param(topic(expire_at=NOON), "public", "expired", "expired", id="ends"),
        pytest.param(
            topic(publish_at=NOON - DAY, expire_at=NOON), "public", "expired", "expired", id="both"
        ),
        pytest.param(topic(withdrawn=TAKEN_BACK), *["withdrawn"] * 3, id="withdrawn"),
        pytest.param(
            topic(withdrawn=TAKEN_BACK, publish_at=NOON + DAY),
            *["withdrawn"] * 3,
            id="withdrawn before it came: a reason goes before an embargo",
        ),
        pytest.param(
            topic(withdrawn=TAKEN_BACK, expire_at=NOON - DAY),
            *["withdrawn"] * 3,
            id="withdrawn after it ended",
        ),
        pytest.param(
            topic(withdrawn=LATER), "public", "withdrawn", "withdrawn", id="withdrawn from then on"
        ),
    ],
)
def test_entry_stands_where_its_fields_say_to_the_moment(
    value: Topic, before: str, at: str, drafts: str
) -> None:
    assert standing(value, NOON - timedelta(microseconds=1)) == before
    assert standing(value, NOON) == at
    assert standing(value, NOON, drafts=True) == drafts


def test_scheduled_is_shown_with_drafts_before_its_time() -> None:
    assert standing(topic(publish_at=NOON), NOON - DAY, drafts=True) is Standing.PUBLIC


@pytest.mark.parametrize(
    ("value", "at", "expected"),
    [
        pytest.param(topic(), NOON, None, id="nothing said"),
        pytest.param(topic(publish_at=NOON), NOON - DAY, NOON, id="scheduled"),
        pytest.param(topic(publish_at=NOON), NOON, None, id="at its instant"),
        pytest.param(topic(expire_at=NOON), NOON - DAY, NOON, id="ends"),
        pytest.param(topic(publish_at=NOON, expire_at=NOON + DAY), NOON - DAY, NOON, id="first"),
        pytest.param(topic(publish_at=NOON, expire_at=NOON + DAY), NOON, NOON + DAY, id="second"),
        pytest.param(topic(draft=True, publish_at=NOON), NOON - DAY, None, id="draft"),
        pytest.param(
            topic(withdrawn=TAKEN_BACK, publish_at=NOON), NOON - DAY, None, id="withdrawn already"
        ),
        pytest.param(topic(withdrawn=LATER), NOON - DAY, NOON, id="withdrawn then"),
        pytest.param(
            topic(withdrawn=LATER, expire_at=NOON + DAY), NOON - DAY, NOON, id="withdrawn first"
        ),
        pytest.param(topic(withdrawn=LATER, expire_at=NOON + DAY), NOON, None, id="never expires"),
        pytest.param(
            topic(withdrawn=LATER, expire_at=NOON - DAY), NOON - SECOND, NOON, id="expired first"
        ),
    ],
)
def test_next_change_is_the_next_instant_at_which_an_entry_stands_elsewhere(
    value: Topic, at: datetime, expected: datetime | None
) -> None:
    assert next_change(value, at) == expected


def test_drafts_change_at_no_instant_that_they_are_shown_before() -> None:
    assert next_change(topic(publish_at=NOON), NOON - DAY, drafts=True) is None


instants = st.none() | st.integers(-3, 3).map(lambda days: NOON + days * DAY)
withdrawals = st.none() | instants.map(lambda at: Withdrawal(reason="Example.", at=at))


@given(st.booleans(), instants, instants, withdrawals, st.integers(-4, 4), st.booleans())
def test_entry_stands_still_until_its_next_change(  # noqa: PLR0913, PLR0917 - what an entry says
    draft: bool,  # noqa: FBT001 - hypothesis gives them in order
    publish_at: datetime | None,
    expire_at: datetime | None,
    withdrawn: Withdrawal | None,
    days: int,
    drafts: bool,  # noqa: FBT001 - likewise
) -> None:
    value = Topic.model_construct(
        title="Example",
        status=Status.DRAFT if draft else Status.PUBLISHED,
        publish_at=publish_at,
        expire_at=expire_at,
        withdrawn=withdrawn,
    )
    at = NOON + days * DAY
    now = standing(value, at, drafts=drafts)
    change = next_change(value, at, drafts=drafts)
    until = change or NOON + 9 * DAY
    hour = timedelta(hours=1)
    stands = [
        standing(value, at + step * hour, drafts=drafts) for step in range((until - at) // hour)
    ]
    assert set(stands) == {now}
    assert change is None or standing(value, change, drafts=drafts) is not now


def gathered(folder: Path, files: Mapping[str, str]) -> list[ReadUnit]:
    return read_all(Site(folder, files))[0]


def faces(
    folder: Path, files: Mapping[str, str], at: datetime = NOON, *, drafts: bool = False
) -> list[Face]:
    found = gathered(folder, files)
    assert [issue for unit in found for issue in unit.issues] == []
    sources = [unit.valid[0] for unit in found]
    return [face(one.document, one.value, at, drafts=drafts) for one in sources]


def rows(made: list[Face]) -> list[RedirectRow | GoneRow]:
    instead, issues = replacements(made)
    assert issues == []
    found: list[RedirectRow | GoneRow] = []
    for one in made:
        found += [*redirect_rows(one), *gone_rows(one, instead.get(one.name))]
    return found


def said(folder: Path, made: list[Face]) -> list[str]:
    issues = [*contested(made), *replacements(made)[1]]
    return [
        str(issue).replace(f"{folder}/content/", "")
        + (f" also {issue.other}".replace(f"{folder}/content/", "") if issue.other else "")
        for issue in sorted(issues, key=lambda issue: issue.order)
    ]


def test_former_slugs_lead_to_the_present_address(tmp_path: Path) -> None:
    made = faces(
        tmp_path,
        {"topics/new.yaml": "title: Example\nredirect_from: [old, older]\n"},
    )
    assert said(tmp_path, made) == []
    assert rows(made) == [
        RedirectRow("/v1/topics/old", "/v1/topics/new"),
        RedirectRow("/v1/topics/older", "/v1/topics/new"),
    ]


def test_entry_may_have_its_own_id_for_a_former_slug(tmp_path: Path) -> None:
    made = faces(
        tmp_path, {"topics/new.yaml": "title: Example\nid: first\nredirect_from: [first]\n"}
    )
    assert said(tmp_path, made) == []
    assert rows(made) == [RedirectRow("/v1/topics/first", "/v1/topics/new")]


FIRST, LAST = (f"topics/{slug}.yaml:2:17" for slug in ("one", "two"))
DANGLING = "[dangling_reference]"


def anothers(place: str, slug: str, has: str, other: str) -> str:
    what = f"'{slug}' is the {has} of another topic, whose address cannot lead here"
    return f"{place} {what} [former_slug] also {other}"


def looping(slug: str, other: str) -> str:
    place, second = (f"topics/{one}.yaml:4:16" for one in (slug, other))
    what = "the entry would be its own replacement"
    return f"{place} {what} [replacement_loop] also {second}"


DRAFT = "title: Example\nstatus: draft\nredirect_from: [old]\n"
SCHEDULED = "title: Example\npublish_at: 2026-11-24T00:00:00Z\nredirect_from: [old]\n"


@pytest.mark.parametrize("text", [DRAFT, SCHEDULED], ids=["draft", "scheduled"])
def test_what_readers_do_not_have_yet_leads_nowhere(tmp_path: Path, text: str) -> None:
    assert rows(faces(tmp_path, {"topics/new.yaml": text})) == []


def test_scheduled_leads_from_its_former_slugs_once_it_is_there(tmp_path: Path) -> None:
    made = faces(tmp_path, {"topics/new.yaml": SCHEDULED}, NOON + DAY)
    assert rows(made) == [RedirectRow("/v1/topics/old", "/v1/topics/new")]


def test_draft_may_prepare_to_follow_an_entry_that_is_there(tmp_path: Path) -> None:
    files = {"topics/new.yaml": DRAFT, "topics/old.yaml": "title: Example\n"}
    assert said(tmp_path, faces(tmp_path, files)) == []


def test_scheduled_entry_is_told_now_and_not_when_its_time_comes(tmp_path: Path) -> None:
    files = {"topics/new.yaml": SCHEDULED, "topics/old.yaml": "title: Example\n"}
    for at in (NOON, NOON + DAY):
        assert [
            line.rpartition(" [")[2] for line in said(tmp_path, faces(tmp_path, files, at))
        ] == ["former_slug] also topics/old.yaml:1:1"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"topics/new.yaml": "title: Example\nredirect_from: [new]\n"},
            ["topics/new.yaml:2:17 'new' is the slug that this file has [former_slug]"],
            id="its own slug",
        ),
        pytest.param(
            {"contact.yaml": "name: Example\nredirect_from: [old]\n"},
            ["contact.yaml:2:17 a contact has one address, and no slugs [former_slug]"],
            id="a type of one entry",
        ),
        pytest.param(
            {
                "topics/new.yaml": "title: Example\nredirect_from:\n  - old\n",
                "topics/old.yaml": "title: Example\n",
            },
            [anothers("topics/new.yaml:3:5", "old", "slug", "topics/old.yaml:1:1")],
            id="a present slug",
        ),
        pytest.param(
            {
                "topics/new.yaml": "title: Example\nredirect_from: [lasting]\n",
                "topics/other.yaml": "title: Example\nid: lasting\n",
            },
            [anothers("topics/new.yaml:2:17", "lasting", "id", "topics/other.yaml:1:1")],
            id="a present id",
        ),
        pytest.param(
            {
                "topics/one.yaml": "title: Example\nredirect_from: [two]\n",
                "topics/two.yaml": "title: Example\nredirect_from: [one]\n",
            },
            [
                anothers("topics/one.yaml:2:17", "two", "slug", "topics/two.yaml:1:1"),
                anothers("topics/two.yaml:2:17", "one", "slug", "topics/one.yaml:1:1"),
            ],
            id="a loop",
        ),
        pytest.param(
            {
                "topics/one.yaml": "title: Example\nredirect_from: [old]\n",
                "topics/two.yaml": "title: Example\nredirect_from: [old]\n",
            },
            [f"{LAST} another topic has the former slug 'old' too [former_slug] also {FIRST}"],
            id="two successors",
        ),
        pytest.param(
            {
                "topics/one.yaml": "title: Example\nredirect_from: [old]\n",
                "services/two.yaml": "title: Example\nredirect_from: [old]\n",
                "services/one.yaml": "title: Example\n",
            },
            [],
            id="other types have slugs of their own",
        ),
    ],
)
def test_former_slug_that_is_anothers_is_told_with_both_places(
    tmp_path: Path, files: Mapping[str, str], expected: list[str]
) -> None:
    assert said(tmp_path, faces(tmp_path, files)) == expected


def withdrawn(replacement: str = "", more: str = "") -> str:
    return (
        "title: Example\nwithdrawn:\n  reason: Example reason.\n"
        f"{f'  replacement: {replacement}' if replacement else ''}\n{more}"
    )


def gone(slug: str, replacement: str | None) -> GoneRow:
    return GoneRow(f"/v1/topics/{slug}", "Example reason.", replacement)


def test_withdrawn_entry_is_gone_at_every_address_that_it_had(tmp_path: Path) -> None:
    made = faces(
        tmp_path,
        {"topics/one.yaml": withdrawn(more="id: lasting\nredirect_from: [old]\n")},
    )
    assert rows(made) == [gone("one", None), gone("lasting", None), gone("old", None)]


def test_expired_entry_is_gone_with_its_date(tmp_path: Path) -> None:
    text = "title: Example\nexpire_at: 2026-11-23T13:00:00+01:00\n"
    made = faces(tmp_path, {"topics/one.yaml": text})
    reason = "It was published until 2026-11-23T12:00:00Z."
    assert rows(made) == [GoneRow("/v1/topics/one", reason, None, "expired")]
    assert rows(faces(tmp_path, {"topics/one.yaml": text}, NOON - SECOND)) == []


@pytest.mark.parametrize(
    ("replacement", "address"),
    [
        pytest.param("two", "/v1/topics/two", id="slug"),
        pytest.param("lasting", "/v1/topics/two", id="id"),
        pytest.param("topic:two", "/v1/topics/two", id="type and slug"),
        pytest.param("service:care", "/v1/services/care", id="another type"),
        pytest.param("contact:contact", "/v1/contact", id="a type of one entry"),
        pytest.param("draft", None, id="a draft is not told of"),
        pytest.param("scheduled", None, id="nor what is scheduled"),
        pytest.param("expired", None, id="an expired one is no help"),
        pytest.param("chain", "/v1/topics/two", id="the replacement of a replacement"),
        pytest.param("end", None, id="one that was withdrawn for good"),
    ],
)
def test_replacement_is_an_address_that_readers_have(
    tmp_path: Path, replacement: str, address: str | None
) -> None:
    files = {
        "topics/one.yaml": withdrawn(replacement),
        "topics/two.yaml": "title: Example\nid: lasting\n",
        "topics/draft.yaml": "title: Example\nstatus: draft\n",
        "topics/scheduled.yaml": "title: Example\npublish_at: 2026-11-24T00:00:00Z\n",
        "topics/expired.yaml": "title: Example\nexpire_at: 2026-11-23T00:00:00Z\n",
        "topics/chain.yaml": withdrawn("topic:link"),
        "topics/link.yaml": withdrawn("two"),
        "topics/end.yaml": withdrawn(),
        "services/care.yaml": "title: Example\n",
        "contact.yaml": "name: Example\n",
    }
    made = faces(tmp_path, files)
    assert gone("one", address) in rows(made)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"topics/one.yaml": withdrawn("tow"), "topics/two.yaml": "title: Example\n"},
            [f"topics/one.yaml:4:16 no topic has the slug 'tow', did you mean 'two'? {DANGLING}"],
            id="no such slug",
        ),
        pytest.param(
            {"topics/one.yaml": withdrawn("page:two")},
            [f"topics/one.yaml:4:16 no page has the slug 'two', nor is there any page {DANGLING}"],
            id="no such type",
        ),
        pytest.param(
            {"topics/one.yaml": withdrawn("one")},
            ["topics/one.yaml:4:16 the entry would be its own replacement [replacement_loop]"],
            id="itself",
        ),
        pytest.param(
            {"topics/one.yaml": withdrawn("two"), "topics/two.yaml": withdrawn("one")},
            [
                looping("one", "two"),
                looping("two", "one"),
            ],
            id="a loop",
        ),
        pytest.param(
            {
                "topics/one.yaml": withdrawn("two"),
                "topics/two.yaml": withdrawn("one", "  at: 2030-01-01T00:00:00Z\n"),
            },
            [
                looping("one", "two"),
                looping("two", "one"),
            ],
            id="a loop that closes in years",
        ),
        pytest.param(
            {
                "topics/in.yaml": withdrawn("one"),
                "topics/one.yaml": withdrawn("two"),
                "topics/two.yaml": withdrawn("one"),
            },
            [
                looping("one", "two"),
                looping("two", "one"),
            ],
            id="what leads into a loop is not at fault",
        ),
    ],
)
def test_replacement_that_leads_nowhere_is_told(
    tmp_path: Path, files: Mapping[str, str], expected: list[str]
) -> None:
    assert said(tmp_path, faces(tmp_path, files)) == expected


def test_translation_says_nothing_of_the_lifecycle(tmp_path: Path) -> None:
    found = gathered(
        tmp_path,
        {
            "site.yaml": "name: Example\ndefault_locale: en\nlocales: [en, uk]\n",
            "topics/one.yaml": "title: Example\nstatus: draft\n",
            "topics/one.uk.yaml": "title: Приклад\nstatus: published\n",
        },
    )
    assert [issue.code for unit in found for issue in unit.issues] == ["shared_field"]
    (topic,) = (unit for unit in found if unit.files.type == "topic")
    assert [one.value.status for one in topic.valid] == ["draft", "draft"]


# Entries of one type that claim former slugs, each other's too.
SLUGS = ("a", "b", "c", "d", "e", "f")


@st.composite
def folders(draw: st.DrawFn) -> list[Face]:
    slugs = draw(st.lists(st.sampled_from(SLUGS), unique=True))
    made = []
    for slug in slugs:
        place = Place(f"topics/{slug}.yaml", 1, 1)
        stands = draw(st.sampled_from(Standing))
        former = draw(st.lists(st.sampled_from(SLUGS), unique=True, max_size=3))
        instead = draw(st.none() | st.sampled_from(SLUGS))
        made.append(
            Face(
                *("topic", slug, slug, (f"/{slug}",), place, stands),
                former=tuple(Named(("topic", one), f"/{one}", place) for one in former),
                replacement=Named(("topic", instead), "", place) if instead else None,
                reason="Example.",
            )
        )
    return made


def without_issues(made: list[Face]) -> Iterator[Face]:
    """Yield the Faces, without the names that Issues are told of."""
    for one in made:
        rest = [other for other in made if other is not one]
        taken = {other.slug for other in rest} | {
            former.name[1] for other in rest for former in other.former
        }
        former = tuple(
            name for name in one.former if name.name[1] not in taken and name.name[1] != one.slug
        )
        yield Face(
            *(one.type, one.slug, one.id, one.addresses, one.place, one.standing),
            former=former,
            replacement=one.replacement,
            reason=one.reason,
        )


@given(folders())
def test_without_issues_no_redirect_leads_on_and_no_address_is_two_entries(
    made: list[Face],
) -> None:
    clean = list(without_issues(made))
    assert list(contested(clean)) == []
    redirects = {row.address: row.target for one in clean for row in redirect_rows(one)}
    public = {one.addresses[0] for one in clean if one.standing is Standing.PUBLIC}
    assert set(redirects.values()) <= public
    assert redirects.keys().isdisjoint(one.addresses[0] for one in clean)


@given(folders())
def test_former_slugs_are_told_exactly_where_two_entries_want_an_address(made: list[Face]) -> None:
    wanted = [one.addresses[0] for one in made]
    wanted += [former.address for one in made for former in one.former]
    assert bool(list(contested(made))) == (len(wanted) != len(set(wanted)))


@given(folders())
def test_replacement_is_public_and_loops_are_told(made: list[Face]) -> None:
    by_slug = {one.slug: one for one in made}
    found, issues = replacements(made)
    public = {one.addresses[0] for one in made if one.standing is Standing.PUBLIC}
    assert {address for address in found.values() if address} <= public
    for one in made:
        here, steps = one, 0
        while here.replacement and here.replacement.name[1] in by_slug and steps < len(made):
            here, steps = by_slug[here.replacement.name[1]], steps + 1
            if here is one:
                break
        loops = steps > 0 and here is one
        told = any(
            issue.code == "replacement_loop" and issue.place == one.place for issue in issues
        )
        assert told == loops
