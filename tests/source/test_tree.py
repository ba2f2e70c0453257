"""The walk finds what belongs to a collection, in one order, and names what does not belong."""

import os
import socket
from collections.abc import Iterable
from pathlib import Path

import pytest

from api.errors import ContentError, Issue
from api.source.tree import LARGEST_FILE, ContentFile, read, walk
from schemas.media import KINDS
from tests.support import own_models, write

MODELS = own_models()
CYRILLIC_A = "\N{CYRILLIC SMALL LETTER A}"


def _told(root: Path, issues: Iterable[Issue]) -> list[tuple[str, str, str]]:
    return [(issue.place.path.removeprefix(f"{root}/"), issue.code, issue.what) for issue in issues]


def _file(path: Path) -> ContentFile:
    return ContentFile(path.parent, path.name, "article", path.stem)


def _read(path: Path) -> bytes:
    return read(path.parent, _file(path))


def _refused(path: Path) -> Issue:
    with pytest.raises(ContentError) as caught:
        _read(path)
    (issue,) = caught.value.issues
    assert issue.place == (str(path), 1, 1)
    return issue


@pytest.mark.parametrize("backwards", [pytest.param(False, id="a-z"), pytest.param(True, id="z-a")])
def test_files_come_in_the_order_of_their_names_however_they_were_made(
    tmp_path: Path, *, backwards: bool
) -> None:
    names = [
        "articles/a-b.md",
        "articles/a.md",
        "articles/b.json",
        "articles/c.yml",
        "contact.yaml",
        "people/ann.md",
        "site.json",
        "topics/one.yaml",
    ]
    write(tmp_path, dict.fromkeys(sorted(names, reverse=backwards), ""))
    files, issues = walk(tmp_path, MODELS)
    assert issues == []
    assert [(str(file.path.relative_to(tmp_path)), file.type, file.slug) for file in files] == [
        ("articles/a-b.md", "article", "a-b"),
        ("articles/a.md", "article", "a"),
        ("articles/b.json", "article", "b"),
        ("articles/c.yml", "article", "c"),
        ("contact.yaml", "contact", "contact"),
        ("people/ann.md", "person", "ann"),
        ("site.json", "site", "site"),
        ("topics/one.yaml", "topic", "one"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        ".git/config",
        ".DS_Store",
        "articles/.first.md.swp",
        "articles/.hidden.md",
        "articles/first.md~",
        "articles/first.md.swp",
        "articles/first.md.bak",
        "articles/first.tmp",
        "articles/#first.md#",
        "notes~",
        ".hidden/articles/x.md",
        "articles/.#first.md",
        "articles/._first.md",
        "articles/4913",
        "articles/~$first.md",
        "articles/first.md.orig",
        "articles/.first.md.swo",
        "articles/Thumbs.db",
        "desktop.ini",
    ],
)
def test_hidden_files_and_leftovers_of_editors_are_passed_over(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: "x", "articles/first.md": "x"})
    files, issues = walk(tmp_path, MODELS)
    assert [file.slug for file in files] == ["first"]
    assert issues == []


def test_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert walk(tmp_path, MODELS) == ([], [])


@pytest.mark.parametrize(
    ("name", "what", "allowed", "nearest"),
    [
        pytest.param(
            "artcles/x.md",
            ("artcles", "'artcles' is no collection's folder"),
            ("articles", "comments", "people", "services", "topics"),
            "articles",
            id="folder with a slip",
        ),
        pytest.param(
            "sections/x.md",
            ("sections", "'sections' is no collection's folder"),
            ("articles", "comments", "people", "services", "topics"),
            None,
            id="folder of an embedded type",
        ),
        pytest.param(
            "contact/x.md",
            ("contact", "'contact' is no collection's folder"),
            ("articles", "comments", "people", "services", "topics"),
            None,
            id="folder of a single file",
        ),
        pytest.param(
            "contcat.yaml",
            ("contcat.yaml", "'contcat.yaml' belongs to no collection"),
            ("contact.yaml", "site.yaml"),
            "contact.yaml",
            id="single file with a slip",
        ),
        pytest.param(
            "contact.txt",
            ("contact.txt", "'contact.txt' belongs to no collection"),
            ("contact.yaml", "site.yaml"),
            "contact.yaml",
            id="single file of another kind",
        ),
        pytest.param(
            "README.md",
            ("README.md", "'README.md' belongs to no collection"),
            ("contact.yaml", "site.yaml"),
            None,
            id="stray file",
        ),
        pytest.param(
            "articles",
            ("articles", "'articles' belongs to no collection"),
            ("contact.yaml", "site.yaml"),
            None,
            id="file with a folder's name",
        ),
        pytest.param(
            "articles/first.yamll",
            ("articles/first.yamll", "'.yamll' is no kind of content file"),
            (".md", ".yaml", ".yml", ".json", *KINDS),
            ".yaml",
            id="another kind of file",
        ),
        pytest.param(
            "articles/FIRST.MD",
            ("articles/FIRST.MD", "'.MD' is no kind of content file"),
            (".md", ".yaml", ".yml", ".json", *KINDS),
            ".md",
            id="suffix in capitals",
        ),
        pytest.param(
            "articles/first.md/x.md",
            ("articles/first.md", "the folder 'articles' has content in no folder below it"),
            (),
            None,
            id="folder with a file's name",
        ),
    ],
)
def test_what_does_not_belong_is_told_with_the_nearest_name(
    tmp_path: Path,
    name: str,
    what: tuple[str, str],
    allowed: tuple[str, ...],
    nearest: str | None,
) -> None:
    write(tmp_path, {name: "x"})
    files, issues = walk(tmp_path, MODELS)
    assert files == []
    (issue,) = issues
    path, words = what
    assert _told(tmp_path, [issue]) == [(path, "unexpected_file", words)]
    assert (issue.allowed, issue.nearest) == (allowed, nearest)
    assert issue.place == (str(tmp_path / path), 1, 1)


@pytest.mark.parametrize(
    ("stem", "why", "nearest"),
    [
        ("First", "it has the capital letter 'F': write 'f'", "first"),
        ("two words", "it has a space: write '-'", "two-words"),
        ("a_b", "it has the sign '_'", "a-b"),
        ("a--b", "a hyphen stands between two words, and only one", "a-b"),
        ("-a", "a hyphen stands between two words, and only one", "a"),
        ("café", "it has the letter 'é' (LATIN SMALL LETTER E WITH ACUTE)", "cafe"),
        ("a" * 97, "it is longer than 96 characters", "a" * 96),
        (
            "\N{CYRILLIC SMALL LETTER A}nn",
            f"it has the letter '{CYRILLIC_A}' (CYRILLIC SMALL LETTER A) where 'a' is meant",
            "ann",
        ),
    ],
)
def test_file_name_that_is_no_slug_is_refused_and_says_why(
    tmp_path: Path, stem: str, why: str, nearest: str
) -> None:
    write(tmp_path, {f"articles/{stem}.md": "x"})
    files, issues = walk(tmp_path, MODELS)
    assert files == []
    assert _told(tmp_path, issues) == [
        (f"articles/{stem}.md", "invalid_slug", f"the file name '{stem}' is no slug: {why}")
    ]
    assert issues[0].nearest == nearest


def test_longest_slug_is_taken(tmp_path: Path) -> None:
    write(tmp_path, {f"articles/{'a' * 96}.md": "x"})
    files, issues = walk(tmp_path, MODELS)
    assert ([file.slug for file in files], issues) == (["a" * 96], [])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("articles/a.md", "articles/a.yaml", id="two kinds of file"),
        pytest.param("contact.json", "contact.yaml", id="single given twice"),
    ],
)
def test_second_file_of_a_slug_is_told_with_the_place_of_the_first(
    tmp_path: Path, first: str, second: str
) -> None:
    write(tmp_path, {first: "x", second: "x"})
    files, issues = walk(tmp_path, MODELS)
    assert [str(file.path) for file in files] == [str(tmp_path / first)]
    (issue,) = issues
    assert issue.code == "duplicate_slug"
    assert issue.place == (str(tmp_path / second), 1, 1)
    assert issue.other == (str(tmp_path / first), 1, 1)


@pytest.mark.parametrize(
    "twin",
    [
        pytest.param("First", id="capitals"),
        pytest.param("f\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}rst", id="Cyrillic"),
        pytest.param("f\N{GREEK SMALL LETTER IOTA}rst", id="Greek"),
        pytest.param("\N{FULLWIDTH LATIN SMALL LETTER F}irst", id="full width"),
        pytest.param("fi\N{ZERO WIDTH SPACE}rst", id="zero width"),
        pytest.param("\N{LATIN SMALL LIGATURE FI}rst", id="ligature"),
    ],
)
def test_name_that_looks_like_a_slug_is_told_with_both_places_and_the_slug_is_kept(
    tmp_path: Path, twin: str
) -> None:
    write(tmp_path, {f"articles/{twin}.md": "x"})
    if (tmp_path / "articles/first.md").exists():
        pytest.skip("this disk holds the two names for one")
    write(tmp_path, {"articles/first.md": "x", "articles/zero.md": "x"})
    files, (issue,) = walk(tmp_path, MODELS)
    assert [file.slug for file in files] == ["first", "zero"]
    assert issue.code == "duplicate_slug"
    assert " looks like another one: it has the " in issue.what
    assert issue.place.path.startswith(str(tmp_path / "articles"))
    assert issue.other == (str(tmp_path / "articles/first.md"), 1, 1)


def test_composed_and_decomposed_forms_of_one_name_are_twins(tmp_path: Path) -> None:
    names = ("caf\N{LATIN SMALL LETTER E}\N{COMBINING ACUTE ACCENT}", "café")
    write(tmp_path, {f"articles/{names[0]}.md": "x"})
    if (tmp_path / f"articles/{names[1]}.md").exists():
        pytest.skip("this disk holds the two names for one")
    write(tmp_path, {f"articles/{names[1]}.md": "x"})
    files, issues = walk(tmp_path, MODELS)
    assert files == []
    assert [issue.code for issue in issues] == ["invalid_slug", "duplicate_slug"]
    assert issues[1].other == issues[0].place


@pytest.mark.parametrize(
    "copy",
    [
        "first.sync-conflict-20260102-030405-ABCDEFG.md",
        "first (Ann's conflicted copy 2026-01-02).md",
        "first (conflicted copy 2026-01-02 030405).md",
        "first (case conflict).md",
        "first_conflict-20260102-030405.md",
    ],
)
def test_conflicted_copy_is_told_with_the_file_that_it_was_made_of(
    tmp_path: Path, copy: str
) -> None:
    write(tmp_path, {"articles/first.md": "x", f"articles/{copy}": "x", copy: "x"})
    files, (of_first, of_none) = walk(tmp_path, MODELS)
    assert [file.slug for file in files] == ["first"]
    what = "this is a copy of 'first.md', made when it was changed in two places"
    path = str(tmp_path / "articles" / copy)
    assert (of_first.code, of_first.what, of_first.place.path) == ("conflicted_copy", what, path)
    assert of_first.other == (str(tmp_path / "articles/first.md"), 1, 1)
    assert (of_none.code, of_none.other) == ("conflicted_copy", None)


def test_folder_that_only_looks_like_a_collections_says_why(tmp_path: Path) -> None:
    name = "\N{CYRILLIC SMALL LETTER A}rticles"
    write(tmp_path, {f"{name}/x.md": "x"})
    _, (issue,) = walk(tmp_path, MODELS)
    assert issue.what == (
        f"'{name}' is no collection's folder: it has the letter "
        "'\N{CYRILLIC SMALL LETTER A}' (CYRILLIC SMALL LETTER A) where 'a' is meant"
    )
    assert issue.nearest == "articles"


def test_very_deep_folder_is_one_issue(tmp_path: Path) -> None:
    deep = tmp_path / "articles" / Path(*["d"] * 100)
    deep.mkdir(parents=True)
    files, (issue,) = walk(tmp_path, MODELS)
    assert (files, issue.code, issue.place.path) == (
        [],
        "unexpected_file",
        str(tmp_path / "articles" / Path(*["d"] * 9)),
    )


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2Jb", "a\u202eb"])
def test_signs_of_a_name_that_cannot_be_printed_are_escaped(tmp_path: Path, name: str) -> None:
    write(tmp_path, {f"articles/{name}.md": "x", f"{name}/x": "x"})
    files, issues = walk(tmp_path, MODELS)
    assert files == []
    assert {issue.code for issue in issues} == {"invalid_slug", "unexpected_file"}
    for issue in issues:
        assert issue.place.path.isprintable()
        assert issue.what.isprintable()


def test_same_slug_in_two_collections_is_no_conflict(tmp_path: Path) -> None:
    write(tmp_path, {"articles/same.md": "x", "topics/same.yaml": "x"})
    files, issues = walk(tmp_path, MODELS)
    assert [(file.type, file.slug) for file in files] == [("article", "same"), ("topic", "same")]
    assert issues == []


@pytest.mark.parametrize("name", ["none", "file"])
def test_folder_that_cannot_be_listed_ends_the_walk(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"file": "x"})
    with pytest.raises(ContentError) as caught:
        walk(tmp_path / name, MODELS)
    (issue,) = caught.value.issues
    assert (issue.code, issue.place) == ("unreadable_folder", (str(tmp_path / name), 1, 1))
    assert issue.what.startswith("the folder cannot be listed: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_collection_folder_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path, {"articles/a.md": "x", "topics/b.yaml": "x"}) / "articles"
    folder.chmod(0)
    try:
        files, issues = walk(tmp_path, MODELS)
    finally:
        folder.chmod(0o700)
    assert [file.slug for file in files] == ["b"]
    assert [(issue.code, issue.place.path) for issue in issues] == [
        ("unreadable_folder", str(folder))
    ]


def test_linked_folder_is_not_followed(tmp_path: Path) -> None:
    elsewhere = write(tmp_path / "elsewhere", {"a.md": "x"})
    root = write(tmp_path / "content", {"site.yaml": "x"})
    (root / "articles").symlink_to(elsewhere)
    files, issues = walk(root, MODELS)
    assert [file.slug for file in files] == ["site"]
    assert _told(root, issues) == [("articles", "not_a_file", "this is a link")]


def test_file_is_read_whole(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": b"\x00\xff\r\n"})
    assert _read(tmp_path / "a.md") == b"\x00\xff\r\n"


def test_link_is_refused_even_to_a_good_file(tmp_path: Path) -> None:
    write(tmp_path, {"good.md": "x"})
    (tmp_path / "link.md").symlink_to("good.md")
    (tmp_path / "dangling.md").symlink_to("none.md")
    for name in ("link.md", "dangling.md"):
        issue = _refused(tmp_path / name)
        assert (issue.code, issue.what) == ("not_a_file", "this is a link")


def test_pipe_and_folder_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    for name in ("pipe.md", "folder.md"):
        issue = _refused(tmp_path / name)
        assert (issue.code, issue.what) == ("not_a_file", "this is no regular file")


def test_socket_is_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s.md"))
        assert _refused(tmp_path / "s.md").code in {"not_a_file", "unreadable_file"}


def test_file_that_is_gone_is_told(tmp_path: Path) -> None:
    issue = _refused(tmp_path / "gone.md")
    assert (issue.code, issue.what) == (
        "unreadable_file",
        "the file cannot be read: No such file or directory",
    )


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux's /proc")
def test_file_whose_bytes_the_disk_does_not_give_is_told() -> None:
    issue = _refused(Path("/proc/self/mem"))
    assert (issue.code, issue.what) == (
        "unreadable_file",
        "the file cannot be read: Input/output error",
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    file = write(tmp_path, {"a.md": "x"}) / "a.md"
    file.chmod(0)
    issue = _refused(file)
    assert (issue.code, issue.what) == (
        "unreadable_file",
        "the file cannot be read: Permission denied",
    )


def test_file_may_have_a_mebibyte_and_no_byte_more(tmp_path: Path) -> None:
    write(tmp_path, {"most.md": b"x" * LARGEST_FILE, "more.md": b"x" * (LARGEST_FILE + 1)})
    assert len(_read(tmp_path / "most.md")) == 1_048_576
    issue = _refused(tmp_path / "more.md")
    assert (issue.code, issue.what) == (
        "file_too_large",
        "the file is larger than 1,048,576 bytes",
    )


def test_name_that_is_not_utf8_is_refused_and_can_be_printed(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    try:
        Path(os.fsdecode(os.fsencode(tmp_path / "articles") + b"/\xff.md")).write_bytes(b"x")
    except OSError:
        pytest.skip("this disk takes names in UTF-8 alone")
    files, (issue,) = walk(tmp_path, MODELS)
    assert files == []
    assert issue.code == "invalid_slug"
    assert str(issue).encode()


@pytest.mark.parametrize(
    "name", ["a.png", "images/a.JPG", "articles/a.pdf", "articles/x/y/a.webp", "contact/a.csv"]
)
def test_files_that_are_published_as_they_are_may_stand_anywhere(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: "x", "articles/first.md": "x"})
    files, issues = walk(tmp_path, MODELS)
    assert ([file.slug for file in files], issues) == (["first"], [])


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("images/a.svg", "'.svg' is no kind of file that is published"),
        ("articles/x/a.docx", "'.docx' is no kind of file that is published"),
        ("images/x/y/README", "'' is no kind of file that is published"),
    ],
)
def test_other_files_beside_the_content_are_told(tmp_path: Path, name: str, what: str) -> None:
    write(tmp_path, {name: "x", "images/a.png": "x"})
    files, (issue,) = walk(tmp_path, MODELS)
    assert files == []
    assert _told(tmp_path, [issue]) == [(name, "unexpected_file", what)]
    assert issue.allowed == tuple(KINDS)


@pytest.mark.parametrize(
    ("name", "folder", "what"),
    [
        ("images/x.md", "images", "'images' is no collection's folder"),
        ("images/x/y.yaml", "images/x", "'images' is no collection's folder"),
        ("articles/x/y.md", "articles/x", "the folder 'articles' has content in no folder below"),
    ],
)
def test_content_where_media_stand_is_told_by_its_folder(
    tmp_path: Path, name: str, folder: str, what: str
) -> None:
    write(tmp_path, {name: "x", f"{folder}/a.png": "x"})
    files, (issue,) = walk(tmp_path, MODELS)
    assert files == []
    ((path, code, words),) = _told(tmp_path, [issue])
    assert (path, code) == (folder, "unexpected_file")
    assert words.startswith(what)


def test_link_to_a_media_file_is_left_to_the_walk_over_media(tmp_path: Path) -> None:
    write(tmp_path, {"images/a.png": "x"})
    (tmp_path / "a.png").symlink_to("images/a.png")
    assert walk(tmp_path, MODELS) == ([], [])


def test_folders_may_not_stand_inside_one_another_without_end(tmp_path: Path) -> None:
    write(tmp_path, {f"{'f/' * 8}a.png": "x", f"{'g/' * 300}a.png": "x"})
    _, issues = walk(tmp_path, MODELS)
    assert [place for place, _, _ in _told(tmp_path, issues)] == ["/".join("g" * 9)]
