import pytest

from api.richtext.addresses import is_target, mistake


@pytest.mark.parametrize(
    "href",
    [
        "https://example.org",
        "HTTP://example.org:80/a?b=c#d",
        "https://example.org?q",
        "mailto:a@example.org",
        "tel:+14435598354",
        "/",
        "/articles/x?a=b#c",
        "#key-points",
    ],
)
def test_safe_address_is_allowed(href: str) -> None:
    assert mistake(href) is None


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "%6Aavascript:x",
        "file:///etc/passwd",
        "ftp://example.org",
        "//example.org/x",
        "https:example.org",
        "https://",
        "https:///x",
        "https://user@example.org",
        "http://a@",
        "mailto:",
        "tel:?x",
        "articles/x",
        "../x",
        "?q=1",
        "#",
        ":",
    ],
)
def test_any_other_address_is_named(href: str) -> None:
    assert mistake(href) == f"a link may not lead to '{href}'"


@pytest.mark.parametrize(
    "href", [" /x", "/\tx", "\x01javascript:x", "java\nscript:x", "/\\example.org", "/\u202ex"]
)
def test_address_with_signs_that_browsers_drop_or_turn_is_refused(href: str) -> None:
    assert mistake(href) == "a link's address has a space, a control sign or a backslash"


def test_missing_address_is_told() -> None:
    assert mistake("") == "a link has no address"


def test_address_has_at_most_2000_signs() -> None:
    assert mistake("/" + "x" * 1_999) is None
    assert mistake("/" + "x" * 2_000) == "a link's address has more than 2,000 signs"


@pytest.mark.parametrize(
    "href",
    ["article:a", "section:a.b#c", "a.md", "../x/a.png", "a.md#c", "#c", "leaflet.pdf"],
)
def test_address_of_an_entry_a_file_or_a_key_is_a_target(href: str) -> None:
    assert is_target(href)


@pytest.mark.parametrize(
    "href",
    [
        "https://example.org",
        "mailto:a",
        "javascript:a",
        "/articles/a",
        "#",
        "#No Key",
        "a",
        "a.md#",
    ],
)
def test_other_addresses_are_no_targets(href: str) -> None:
    assert not is_target(href)
