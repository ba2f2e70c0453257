"""Links leave JSON; what must have one goes with it, as far as the contract asks for."""

from typing import Any

import pytest

from api.store.unlinking import without

Json = Any
GONE = frozenset({("person", "ann")})
ANN = {"type": "person", "id": "ann", "title": "Ann"}
BEN = {"type": "person", "id": "ben", "title": "Ben"}


def link(key: str, entry: Json) -> Json:
    return {"_type": "link", "_key": key, "href": "/people", "reference": entry}


def words(marks: list[str], *links: Json) -> Json:
    """Return a block with two spans, the second with these marks."""
    spans = [{"text": "Some ", "marks": ["m0"]}, {"text": "words", "marks": marks}]
    return {"_type": "block", "markDefs": list(links), "children": spans}


def keeps(value: Json) -> bool:
    """A review has somebody, a group has a lead, an item has an owner."""
    item = value["data"]
    if item is None or item.get("groups", []) is None:
        return False
    groups = [item.get("group"), *item.get("groups", [])]
    return (
        bool(item["owner"])
        and (item.get("review") is None or bool(item["review"]["by"]))
        and all(group is None or bool(group["lead"]) for group in groups)
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"author": ANN}, {"author": None}, id="one that may be missing"),
        pytest.param({"authors": [ANN, BEN]}, {"authors": [BEN]}, id="one of a list"),
        pytest.param({"author": BEN}, {"author": BEN}, id="another"),
        pytest.param({"review": {"by": ANN}}, {"review": None}, id="one of a group"),
        pytest.param(
            {"author": ANN, "review": {"by": BEN}},
            {"author": None, "review": {"by": BEN}},
            id="beside a group",
        ),
        pytest.param(
            {"group": {"lead": BEN, "deep": {"by": ANN}}},
            {"group": {"lead": BEN, "deep": {"by": None}}},
            id="one that may be missing in a group",
        ),
        pytest.param(
            {"people": [ANN, {"type": "group", "by": ANN}]},
            {"people": [{"type": "group", "by": None}]},
            id="after one of a list",
        ),
        pytest.param(
            {"body": {"blocks": [words(["m1", "em"], link("m0", BEN), link("m1", ANN))]}},
            {"body": {"blocks": [words(["em"], link("m0", BEN))]}},
            id="of words",
        ),
    ],
)
def test_what_is_left_keeps_the_contract(before: Json, after: Json) -> None:
    found = without({"data": {"owner": BEN, **before}}, GONE, keeps)
    assert found == {"data": {"owner": BEN, **after}}


def test_fallback_of_a_table_has_no_link_either() -> None:
    cells = [words(["m1"], link("m1", ANN))]
    table = {"_type": "table", "align": [None], "rows": [{"cells": cells}], "fallback": {}}
    found = without({"data": {"owner": BEN, "body": {"blocks": [table]}}}, GONE, keeps)
    assert found
    fallback = found["data"]["body"]["blocks"][0]["fallback"]
    assert fallback["text"] == "Some words"
    assert "/people" not in fallback["html"]


@pytest.mark.parametrize(
    "before", [{"owner": ANN}, {"owner": BEN, "groups": [{"lead": ANN}]}], ids=["own", "in a list"]
)
def test_nothing_is_left_where_a_link_must_be_there(before: Json) -> None:
    assert without({"data": before}, GONE, keeps) is None


def test_what_kept_no_contract_before_loses_its_links_alone() -> None:
    assert without({"data": {"owner": None, "review": {"by": ANN}}}, GONE, keeps) == {
        "data": {"owner": None, "review": {"by": None}}
    }
