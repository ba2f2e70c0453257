"""A type's name is its class's own name, in the style of everything else."""

from pathlib import Path

import pytest

from api.contract.views import Views
from schemas.contact import Contact
from schemas.discovery import discover
from schemas.entry import LIFECYCLE, Entry, Typed
from schemas.fields import Use
from schemas.shape import fields_of
from tests.placed import read_all
from tests.support import Site


def test_type_name_is_the_class_name_in_snake_case() -> None:
    class ClinicalTrial(Typed):
        """A study."""

    assert Contact.type_name() == "contact"
    assert ClinicalTrial.type_name() == "clinical_trial"


def test_every_entry_has_the_common_fields() -> None:
    assert list(fields_of(Entry)) == [
        "id",
        "summary",
        "published_at",
        "updated_at",
        "updated_label",
        "review",
        *LIFECYCLE,
    ]
    assert not any(field.required for field in fields_of(Entry).values())
    assert fields_of(Entry)["updated_at"].uses == {Use.CARD, Use.FILTER, Use.SORT, Use.OWN}


def test_lifecycle_is_the_editors_alone_and_the_same_in_all_languages() -> None:
    for name in LIFECYCLE:
        assert fields_of(Entry)[name].uses == {Use.PRIVATE, Use.SHARED}
    assert not any(
        set(LIFECYCLE) & {one.name for one in view.properties}
        for views in (Views(discover()).items, Views(discover()).cards, Views(discover()).links)
        for view in views.values()
    )


NOON = "2026-11-23T12:00:00Z"
LINES = "status: draft\nwithdrawn: {reason: Example.}"
AT_ONCE = f"publish_at: 2026-11-23T13:00:00+01:00\nwithdrawn: {{reason: Example., at: '{NOON}'}}"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param("status: draft", "", id="draft"),
        pytest.param("status: published", "", id="published"),
        pytest.param(f"publish_at: {NOON}\nexpire_at: 2026-11-23T12:00:01Z", "", id="one second"),
        pytest.param("withdrawn: {reason: Example.}", "", id="withdrawn"),
        pytest.param("withdrawn: null\nexpire_at: null\npublish_at: ~", "", id="nulls"),
        pytest.param("withdrawn: {reason: Example., replacement: topic:a-b}", "", id="replaced"),
        pytest.param(f"status: draft\npublish_at: {NOON}", "", id="draft with a date"),
        pytest.param("redirect_from: [a, b-c]", "", id="former slugs"),
        pytest.param(
            "status: Draft",
            "2:9 'status' cannot be 'Draft', did you mean 'draft'? [invalid_value]",
            id="another status",
        ),
        pytest.param(
            "publish_at: 2026-11-23",
            "2:13 'publish_at' is '2026-11-23', not a point in time such as "
            "2026-10-13T09:00:00Z [wrong_type]",
            id="a day",
        ),
        pytest.param(
            f"publish_at: {NOON}\nexpire_at: {NOON}",
            "3:12 'expire_at' is not after 'publish_at': the entry would never be there "
            "[invalid_value]",
            id="the same instant",
        ),
        pytest.param(
            LINES,
            "3:12 'withdrawn' stands in a draft, which no reader has: remove 'status: draft', "
            "or 'withdrawn' [invalid_value]",
            id="withdrawn draft",
        ),
        pytest.param(
            AT_ONCE,
            "3:12 'withdrawn' has an 'at' that is not after 'publish_at': nobody would have "
            "had it [invalid_value]",
            id="withdrawn at its instant",
        ),
        pytest.param(
            "withdrawn: {replacement: other}",
            "2:12 the field 'reason' is missing [missing_field]",
            id="no reason",
        ),
        pytest.param(
            "withdrawn: true",
            "2:12 'withdrawn' is a single value, not a group of fields, indented below its "
            "name [wrong_type]",
            id="no group",
        ),
        pytest.param(
            "withdrawn: {reason: Example., replacement: https://example.org}",
            "2:44 'replacement' names no entry: write its slug, or article:its-slug for one "
            "of another type [invalid_value]",
            id="an address for a name",
        ),
        pytest.param(
            "redirect_from: [a, b, a]",
            "2:16 'redirect_from' has the slug 'a' twice [invalid_value]",
            id="a slug twice",
        ),
        pytest.param(
            "redirect_from: [a_b]",
            "2:17 item 1 of 'redirect_from' cannot be 'a_b': it has the sign '_', did you mean "
            "'a-b'? [invalid_slug]",
            id="no slug",
        ),
        pytest.param(
            f"redirect_from: [{', '.join(f's{number}' for number in range(51))}]",
            "2:16 'redirect_from' has 51 items: it must have at most 50 [invalid_value]",
            id="more than the bound",
        ),
    ],
)
def test_lifecycle_of_a_file_is_right_or_told_at_its_place(
    tmp_path: Path, lines: str, expected: str
) -> None:
    site = Site(tmp_path, {"topics/one.yaml": f"title: Example\n{lines}\n"})
    ((unit,), _) = read_all(site)
    found = unit.issues
    told = [str(issue).replace(f"{site.content}/topics/one.yaml:", "") for issue in found]
    assert "; ".join(told) == expected
