import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from api.contract.problems import STYLE_DIGEST, document, page
from api.errors import INVALID_PARAMETER, NOT_FOUND, PROBLEMS, Fault, ProblemKind

KINDS = [pytest.param(kind, id=code) for code, kind in PROBLEMS.items()]


class Reading(HTMLParser):
    """Gathers a page's texts, paragraphs and links, and whether its tags are balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.paragraphs: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag == "p":
            self.paragraphs.append("")
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)
        if "p" in self.open:
            self.paragraphs[-1] += data


def test_problem_document_has_the_members_of_rfc_9457_and_two_of_our_own() -> None:
    fault = Fault("query", "autor", "unknown_parameter", ("author", "limit"), "author")
    made = document(
        INVALID_PARAMETER,
        "Wrong in the query: 'autor'.",
        [fault],
        instance="/v1/articles",
        request_id="abc",
        public_url="",
    )
    assert made == {
        "type": "/docs/problems/invalid_parameter",
        "title": "Invalid parameter",
        "status": 400,
        "detail": "Wrong in the query: 'autor'.",
        "instance": "/v1/articles",
        "request_id": "abc",
        "errors": [
            {
                "in": "query",
                "name": "autor",
                "code": "unknown_parameter",
                "allowed": ["author", "limit"],
                "did_you_mean": "author",
            }
        ],
    }


def test_problem_type_stands_below_the_public_url() -> None:
    made = document(
        NOT_FOUND, "", [], instance="/", request_id="a", public_url="https://api.example.org"
    )
    assert made["type"] == "https://api.example.org/docs/problems/not_found"
    assert made["errors"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_page_explains_its_kind_and_leads_to_all_others(kind: ProblemKind) -> None:
    text = page(kind)
    reading = Reading(text)
    assert text.startswith("<!doctype html><html lang=")
    assert not reading.open
    assert reading.texts["h1"] == [kind.title]
    assert reading.texts["code"] == [
        str(kind.status),
        f"/docs/problems/{kind.code}",
        *re.findall("`([^`]+)`", kind.meaning),
    ]
    assert reading.paragraphs[1:] == [kind.meaning.replace("`", "")]
    assert reading.links == [f"/docs/problems/{code}" for code in PROBLEMS if code != kind.code]


@pytest.mark.parametrize("kind", KINDS)
def test_style_digest_is_that_of_the_page_s_only_style(kind: ProblemKind) -> None:
    (style,) = Reading(page(kind)).texts["style"]
    assert f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}" == STYLE_DIGEST


def test_page_shows_signs_of_html_as_text() -> None:
    kind = ProblemKind("odd", 400, "<b>&", "Says <script>alert(1)</script>.")
    reading = Reading(page(kind))
    assert reading.texts["h1"] == ["<b>&"]
    assert "Says <script>alert(1)</script>." in reading.texts["p"]
    assert "script" not in reading.texts


def test_page_shows_what_stands_in_backticks_as_code() -> None:
    text = page(ProblemKind("odd", 400, "Odd", "Read `a <b>`, then `c`; a lone ` stays."))
    assert "<p>Read <code>a &lt;b&gt;</code>, then <code>c</code>; a lone ` stays.</p>" in text
