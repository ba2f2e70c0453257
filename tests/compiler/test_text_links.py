"""A link or an image that leads nowhere is told at its place, with what was probably meant."""

import os
from pathlib import Path

import pytest

from api.errors import Issue
from schemas.media import IMAGES, KINDS
from tests.support import OWN_TYPES, SMALL, Site, write

TABLE = {"files/list.csv": "a,b\n"}


def _site(tmp_path: Path, text: str, files: dict[str, str] | None = None) -> Site:
    article = f"---\ntitle: X\n---\n{text}\n"
    return Site(tmp_path, {**SMALL, **(files or {}), "articles/x.md": article})


def _issues(tmp_path: Path, text: str, files: dict[str, str] | None = None) -> list[Issue]:
    return _site(tmp_path, text, files).issues()


def _told(issue: Issue) -> tuple[str, int, int, str, str]:
    place = issue.place
    return Path(place.path).name, place.line, place.column, issue.code, issue.what


@pytest.mark.parametrize(
    "address",
    [
        "article:first",
        "article:x",
        "section:first.part",
        "section:first.part#point",
        "article:first#part",
        "article:first#point",
        "contact:contact",
        "site:site",
        "topic:one",
        "#here",
        "first.md",
        "first.md#part",
        "../articles/first.md",
        "../topics/one.yaml",
        "../site.yaml",
        "../files/list.csv",
    ],
)
def test_address_of_what_there_is_is_right(tmp_path: Path, address: str) -> None:
    text = f"[words]({address}) and [list](../files/list.csv)\n\n## Here"
    assert _issues(tmp_path, text, TABLE) == []


def test_entry_is_found_by_its_id(tmp_path: Path) -> None:
    files = {"topics/moved.yaml": "id: stable\ntitle: M\n"}
    assert _issues(tmp_path, "[a](topic:stable), [b](topic:moved)", files) == []


@pytest.mark.parametrize(
    ("address", "code", "what", "nearest"),
    [
        pytest.param(
            "article:frist",
            "dangling_reference",
            "no article has the slug 'frist'",
            "first",
            id="slug",
        ),
        pytest.param(
            "section:first.prat",
            "dangling_reference",
            "no section has the slug 'first.prat'",
            "first.part",
            id="part",
        ),
        pytest.param(
            "frist.md",
            "dangling_reference",
            "there is no file 'articles/frist.md' in the content folder",
            "first.md",
            id="content file",
        ),
        pytest.param(
            "first.yaml",
            "dangling_reference",
            "there is no file 'articles/first.yaml' in the content folder",
            "first.md",
            id="content file of another ending",
        ),
        pytest.param(
            "../topic/one.yaml",
            "dangling_reference",
            "there is no file 'topic/one.yaml' in the content folder",
            "../topics/one.yaml",
            id="content file in another folder",
        ),
        pytest.param(
            "article:first#pionts",
            "dangling_reference",
            "the page of the article 'first' has no '#pionts'",
            "point",
            id="key",
        ),
        pytest.param(
            "#points",
            "dangling_reference",
            "the page of the article 'x' has no '#points'",
            None,
            id="key in the page itself",
        ),
        pytest.param(
            "section:first.part#other",
            "dangling_reference",
            "the page of the section 'first.part' has no '#other'",
            None,
            id="key beside a part",
        ),
        pytest.param(
            "list.csv",
            "missing_file",
            "there is no file 'articles/list.csv' in the content folder",
            "../files/list.csv",
            id="file of another folder",
        ),
        pytest.param(
            "../files/lsit.csv",
            "missing_file",
            "there is no file 'files/lsit.csv' in the content folder",
            "../files/list.csv",
            id="file with a slip",
        ),
        pytest.param(
            "../files/List.CSV",
            "missing_file",
            "there is no file 'files/List.CSV' in the content folder",
            "../files/list.csv",
            id="file in capitals",
        ),
        pytest.param(
            "../files/list.xlsx",
            "missing_file",
            "'.xlsx' is no kind of file that is published",
            None,
            id="file of no kind",
        ),
        pytest.param(
            "www.example.org",
            "missing_file",
            "'.org' is no kind of file that is published",
            "https://www.example.org",
            id="another site without its scheme",
        ),
        pytest.param(
            "desk@example.org",
            "markdown_link",
            "'desk@example.org' is an e-mail address without 'mailto:'",
            "mailto:desk@example.org",
            id="an e-mail address without its scheme",
        ),
        pytest.param(
            "../../etc/passwd.csv",
            "missing_file",
            "'../../etc/passwd.csv' leads out of the content folder",
            None,
            id="file outside",
        ),
        pytest.param(
            "artcle:first",
            "markdown_link",
            "a link may not lead to 'artcle:first': there is no type 'artcle'",
            "article",
            id="type",
        ),
    ],
)
def test_address_of_nothing_is_told_at_its_place(
    tmp_path: Path, address: str, code: str, what: str, nearest: str | None
) -> None:
    text = f"Line.\n\nA [list](../files/list.csv), [words]({address})."
    (issue,) = _issues(tmp_path, text, TABLE)
    assert _told(issue) == ("x.md", 6, 30, code, what)
    assert issue.nearest == nearest


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("artcle:first", OWN_TYPES),
        ("article:frist", ("first", "second", "x")),
        ("article:first#other", ("part", "point")),
        ("../files/list.xlsx", tuple(KINDS)),
        ("../files/lists.csv", ("../files/list.csv",)),
        ("../topics/three.yaml", ("../topics/one.yaml", "../topics/two.yaml")),
    ],
)
def test_what_is_allowed_is_listed(tmp_path: Path, address: str, allowed: tuple[str, ...]) -> None:
    text = f"A [list](../files/list.csv), [words]({address})."
    (issue,) = _issues(tmp_path, text, TABLE)
    assert set(allowed) <= set(issue.allowed)


def test_image_must_be_a_file_of_an_image(tmp_path: Path) -> None:
    (issue,) = _issues(tmp_path, "![words](../files/list.csv)", TABLE)
    assert _told(issue) == ("x.md", 4, 1, "image_address", "'../files/list.csv' is no image")
    assert issue.allowed == IMAGES


@pytest.mark.parametrize(
    "address", ["article:broken", "article:broken#key", "broken.md", "article:stable"]
)
def test_link_to_a_broken_file_gives_no_second_issue(tmp_path: Path, address: str) -> None:
    broken = {"articles/broken.md": "---\ntitel: X\nid: stable\n---\nText.\n"}
    issues = _issues(tmp_path, f"[words]({address})", broken)
    assert {Path(issue.place.path).name for issue in issues} == {"broken.md"}


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("Wrong_Slug.md", "articles/Wrong_Slug.md"),
        ("../wrong-folder/a.md", "wrong-folder/a.md"),
        ("../images/ä.png", "images/ä.png"),
    ],
)
def test_link_to_a_file_that_was_refused_gives_no_second_issue(
    tmp_path: Path, address: str, file: str
) -> None:
    issues = _issues(tmp_path, f"[words]({address})", {file: "x"})
    assert len(issues) == 1
    assert file.startswith(issues[0].place.path.removeprefix(f"{tmp_path}/content/"))


def test_links_of_a_broken_file_are_told_with_its_other_mistakes(tmp_path: Path) -> None:
    article = "---\ntitel: X\n---\n[words](article:frist)\n\n## Part {#a}\n\n[more](none.md)\n"
    issues = Site(tmp_path, {**SMALL, "articles/x.md": article}).issues()
    told = [(issue.code, issue.place.line) for issue in issues]
    assert told == [
        ("missing_field", 2),
        ("unknown_field", 2),
        ("dangling_reference", 4),
        ("dangling_reference", 8),
    ]


@pytest.mark.parametrize(
    ("file", "content", "place"),
    [
        pytest.param(
            "services/care.yaml", "title: Care\nbody: '[a](none.md)'\n", (2, 7), id="YAML"
        ),
        pytest.param(
            "articles/first.md",
            "---\ntitle: F\ncall_to_action:\n  body: '[a](none.md)'\n---\n"
            "## Part {#part}\n\n### Point\n\nText.\n",
            (4, 9),
            id="front matter",
        ),
        pytest.param(
            "articles/first.md",
            "---\ntitle: F\n---\nText.\n\n## Part {#part}\n\n### Point\n\n- [a](none.md)\n",
            (10, 3),
            id="point",
        ),
    ],
)
def test_links_of_every_text_are_followed(
    tmp_path: Path, file: str, content: str, place: tuple[int, int]
) -> None:
    issues = [
        issue
        for issue in Site(tmp_path, {**SMALL, file: content}).issues()
        if issue.code == "dangling_reference"
    ]
    assert [(issue.place.path, issue.place.line, issue.place.column) for issue in issues] == [
        (f"{tmp_path}/content/{file}", *place)
    ]


def test_anchor_of_a_heading_is_a_key_of_the_page(tmp_path: Path) -> None:
    files = {"people/bob.md": "---\nname: Bob\n---\n## Words {#words}\n\nText.\n"}
    assert _issues(tmp_path, "[a](person:bob#words)", files) == []
    (issue,) = _issues(tmp_path, "[a](person:bob#word)", files)
    assert (issue.allowed, issue.nearest) == (("words",), "words")


def test_hundred_links_are_suggested_and_no_more(tmp_path: Path) -> None:
    text = "\n\n".join(["[words](article:frist)"] * 102)
    issues = _issues(tmp_path, text)
    assert [issue.nearest for issue in issues] == ["first"] * 100 + [None] * 2


def test_nothing_outside_the_folder_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    real = os.open

    def spy(
        path: str | os.PathLike[str], flags: int, mode: int = 0o777, *, dir_fd: int | None = None
    ) -> int:
        opened.append(os.fspath(path))
        return real(path, flags, mode, dir_fd=dir_fd)

    write(tmp_path, {"secret.csv": "x"})
    site = _site(tmp_path, "[a](../../secret.csv), [b](../../content/../secret.csv)")
    monkeypatch.setattr(os, "open", spy)
    issues = site.issues()
    assert [issue.code for issue in issues] == ["missing_file", "missing_file"]
    assert "x.md" in opened
    assert not {"secret.csv", "..", str(tmp_path)} & set(opened)
