import pytest

from api.http.link_header import link_header


@pytest.mark.parametrize(
    ("links", "field"),
    [
        pytest.param({}, "", id="no links"),
        pytest.param({"prev": None}, "", id="no target"),
        pytest.param(
            {"next": "/v1/articles?page=2"}, '</v1/articles?page=2>; rel="next"', id="one link"
        ),
        pytest.param(
            {"self": "/v1/articles", "prev": None, "next": "/v1/articles?limit=5&page=2"},
            '</v1/articles>; rel="self", </v1/articles?limit=5&page=2>; rel="next"',
            id="links in order, None left out",
        ),
        pytest.param({"self": ""}, '<>; rel="self"', id="empty reference is a target"),
    ],
)
def test_link_field_has_the_links_that_have_a_target(
    links: dict[str, str | None], field: str
) -> None:
    assert link_header(links) == field
