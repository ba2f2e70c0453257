from collections.abc import Mapping

import pytest

from api.contract.envelopes import item, page, page_count, page_links


def test_item_stands_between_its_includes_and_its_language() -> None:
    assert item({"title": "One"}, "uk") == {
        "data": {"title": "One"},
        "included": {},
        "meta": {"locale": {"requested": "uk", "served": "uk", "fallback": []}},
    }


@pytest.mark.parametrize(
    ("total", "limit", "pages"),
    [
        pytest.param(0, 20, 0, id="an empty list has no page"),
        pytest.param(1, 20, 1, id="one entry"),
        pytest.param(20, 20, 1, id="a full page"),
        pytest.param(21, 20, 2, id="one more than a page"),
        pytest.param(3, 1, 3, id="one entry a page"),
    ],
)
def test_pages_are_the_total_by_the_limit_rounded_up(total: int, limit: int, pages: int) -> None:
    assert page_count(total, limit) == pages


def test_page_says_where_it_stands_in_its_list() -> None:
    assert page(["c"], {"self": "/x?page=3"}, total=5, page=3, limit=2) == {
        "data": ["c"],
        "included": {},
        "meta": {"total": 5, "page": 3, "limit": 2, "pages": 3},
        "links": {"self": "/x?page=3"},
    }


@pytest.mark.parametrize(
    ("given", "number", "pages", "links"),
    [
        pytest.param(
            {}, 1, 0, ("/x", "/x", None, None, "/x"), id="an empty list is its own first page"
        ),
        pytest.param({}, 1, 1, ("/x", "/x", None, None, "/x"), id="the only page"),
        pytest.param(
            {}, 1, 3, ("/x", "/x", None, "/x?page=2", "/x?page=3"), id="the first of three"
        ),
        pytest.param(
            {"page": "1"},
            1,
            3,
            ("/x", "/x", None, "/x?page=2", "/x?page=3"),
            id="a first page that was asked for by number is written without it",
        ),
        pytest.param(
            {"page": "2"},
            2,
            3,
            ("/x?page=2", "/x", "/x", "/x?page=3", "/x?page=3"),
            id="the second of three",
        ),
        pytest.param(
            {"page": "3"},
            3,
            3,
            ("/x?page=3", "/x", "/x?page=2", None, "/x?page=3"),
            id="the last of three",
        ),
        pytest.param(
            {"page": "4"},
            4,
            3,
            ("/x?page=4", "/x", "/x?page=3", None, "/x?page=3"),
            id="the page after the last leads back to the last",
        ),
        pytest.param(
            {"page": "9"},
            9,
            3,
            ("/x?page=9", "/x", "/x?page=3", None, "/x?page=3"),
            id="a page far beyond the last leads back to the last",
        ),
        pytest.param(
            {"page": "9"},
            9,
            0,
            ("/x?page=9", "/x", "/x", None, "/x"),
            id="a page beyond an empty list leads back to the first",
        ),
        pytest.param(
            {"view": "full", "limit": "5"},
            1,
            2,
            (
                "/x?limit=5&view=full",
                "/x?limit=5&view=full",
                None,
                "/x?limit=5&page=2&view=full",
                "/x?limit=5&page=2&view=full",
            ),
            id="parameters are carried on in alphabetical order",
        ),
        pytest.param(
            {"q": "a&b=ü"},
            1,
            1,
            ("/x?q=a%26b%3D%C3%BC", "/x?q=a%26b%3D%C3%BC", None, None, "/x?q=a%26b%3D%C3%BC"),
            id="values are percent-encoded",
        ),
    ],
)
def test_page_links_lead_to_the_page_and_its_neighbours(
    given: Mapping[str, str], number: int, pages: int, links: tuple[str | None, ...]
) -> None:
    assert tuple(page_links("/x", given, number, pages).items()) == tuple(
        zip(("self", "first", "prev", "next", "last"), links, strict=True)
    )
