import pytest

from api.contract.operations import LIST_PARAMETERS, RICH_TEXT, Parameter
from api.errors import INVALID_PARAMETER, Fault, ProblemError
from api.web.params import MOST_PARAMETERS, Parameters, parse

FORMS = ("blocks", "html", "markdown", "text")
NAMES = ("page", "limit", "view", "rich_text", "locale", "rev")
LOCALES = ("en", "uk")


def refused(query: bytes, parameters: tuple[Parameter, ...] = LIST_PARAMETERS) -> ProblemError:
    with pytest.raises(ProblemError) as caught:
        parse(query, parameters, LOCALES)
    assert caught.value.kind is INVALID_PARAMETER
    return caught.value


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(b"", id="no query"),
        pytest.param(b"&&", id="separators alone"),
    ],
)
def test_nothing_given_means_the_defaults(query: bytes) -> None:
    assert parse(query, LIST_PARAMETERS, LOCALES) == Parameters(
        numbers={"page": 1, "limit": 20},
        choices={"view": "card", "rich_text": "blocks"},
        locale="en",
        given={},
    )


def test_what_is_given_goes_before_the_defaults_and_is_kept_as_written() -> None:
    found = parse(b"limit=5&v%69ew=full&page=3", LIST_PARAMETERS, LOCALES)
    assert found.numbers == {"page": 3, "limit": 5}
    assert found.choices == {"view": "full", "rich_text": "blocks"}
    assert found.given == {"limit": "5", "view": "full", "page": "3"}


def test_operation_without_parameters_takes_none() -> None:
    assert parse(b"", (), LOCALES) == Parameters({}, {}, "en", {})
    assert refused(b"a=1", ()).faults == (Fault("query", "a", "unknown_parameter", (), None),)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(b"page=1", id="the first page"),
        pytest.param(b"page=1000000", id="the last page that can be asked for"),
        pytest.param(b"limit=1", id="the least limit"),
        pytest.param(b"limit=100", id="the greatest limit"),
    ],
)
def test_bounds_themselves_are_allowed(query: bytes) -> None:
    name, _, value = query.decode().partition("=")
    assert parse(query, LIST_PARAMETERS, LOCALES).numbers[name] == int(value)


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        pytest.param(
            b"pgae=2", Fault("query", "pgae", "unknown_parameter", NAMES, "page"), id="misspelt"
        ),
        pytest.param(
            b"Page=2", Fault("query", "Page", "unknown_parameter", NAMES, "page"), id="capital"
        ),
        pytest.param(
            b"zzz", Fault("query", "zzz", "unknown_parameter", NAMES, None), id="like nothing"
        ),
        pytest.param(b"=", Fault("query", "", "unknown_parameter", NAMES, None), id="no name"),
        pytest.param(
            b"%C3%BC=1", Fault("query", "ü", "unknown_parameter", NAMES, None), id="not ASCII"
        ),
        pytest.param(
            b"a" * 200,
            Fault("query", "a" * 96, "unknown_parameter", NAMES, None),
            id="overlong: the answer repeats its beginning",
        ),
        pytest.param(
            b"page=1&page=1", Fault("query", "page", "repeated_parameter"), id="given twice"
        ),
        pytest.param(
            b"view=ful",
            Fault("query", "view", "invalid_value", ("card", "full"), "full"),
            id="word",
        ),
        pytest.param(
            b"view=", Fault("query", "view", "invalid_value", ("card", "full"), None), id="no word"
        ),
        pytest.param(
            b"rich_text=HTML",
            Fault("query", "rich_text", "invalid_value", FORMS, "html"),
            id="a value in capitals",
        ),
    ],
)
def test_wrong_parameter_is_told_with_what_is_allowed_and_the_nearest(
    query: bytes, fault: Fault
) -> None:
    error = refused(query)
    assert error.faults == (fault,)
    assert error.detail == f"Wrong in the query: '{fault.name}'."


@pytest.mark.parametrize(
    ("query", "name", "most"),
    [
        pytest.param(b"page=", "page", 1_000_000, id="empty number"),
        pytest.param(b"page=0", "page", 1_000_000, id="below"),
        pytest.param(b"page=1000001", "page", 1_000_000, id="above"),
        pytest.param(b"limit=101", "limit", 100, id="too many"),
        pytest.param(b"limit=-1", "limit", 100, id="negative"),
        pytest.param(b"limit=07", "limit", 100, id="leading zero"),
        pytest.param(b"limit=5.0", "limit", 100, id="decimals"),
        pytest.param(b"limit=+5", "limit", 100, id="blank before"),
        pytest.param(b"limit=5%0A", "limit", 100, id="line feed"),
        pytest.param(b"limit=%D9%A5", "limit", 100, id="digits of another script"),
        pytest.param(b"limit=" + b"9" * 5_000, "limit", 100, id="more digits than Python reads"),
        pytest.param(b"page=1;limit=2", "page", 1_000_000, id="a semicolon separates nothing"),
    ],
)
def test_number_out_of_its_range_is_told_with_the_range(query: bytes, name: str, most: int) -> None:
    error = refused(query)
    assert error.faults == (Fault("query", name, "out_of_range", (), None),)
    assert error.detail == f"Wrong in the query: '{name}' (a whole number from 1 to {most})."


def test_all_wrong_parameters_are_told_at_once_each_name_once() -> None:
    error = refused(b"a=1&page=0&view=x&view=y&a=2&rich_text=html")
    assert [(fault.name, fault.code) for fault in error.faults] == [
        ("a", "unknown_parameter"),
        ("view", "repeated_parameter"),
        ("page", "out_of_range"),
    ]
    assert error.detail == (
        "Wrong in the query: 'a', 'view', 'page' (a whole number from 1 to 1000000)."
    )


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(b"page=%ff", id="percent-encoded"),
        pytest.param(b"%ff=1", id="in a name"),
        pytest.param(b"page=\xff", id="bare byte"),
        pytest.param("page=ü".encode(), id="UTF-8, but not percent-encoded"),
    ],
)
def test_query_that_is_not_percent_encoded_utf_8_is_refused(query: bytes) -> None:
    error = refused(query)
    assert error.detail == "The query is not UTF-8, percent-encoded."
    assert error.faults == ()


def test_query_has_a_bounded_number_of_parameters() -> None:
    most = b"&".join([b"page=1"] * MOST_PARAMETERS)
    assert refused(most).faults == (Fault("query", "page", "repeated_parameter"),)
    error = refused(most + b"&page=1")
    assert error.detail == "The query has more than 50 parameters."
    assert error.faults == ()


def test_item_takes_a_form_alone() -> None:
    assert parse(b"rich_text=text", (RICH_TEXT,), LOCALES).choices == {"rich_text": "text"}
    (fault,) = refused(b"page=1", (RICH_TEXT,)).faults
    assert fault == Fault("query", "page", "unknown_parameter", ("rich_text",), None)
