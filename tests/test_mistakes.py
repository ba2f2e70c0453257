"""Twelve mistakes in twelve files: an editor is told all of them at once, each at its place."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support import SMALL, Site

MISTAKES: dict[str, tuple[str | bytes, str]] = {
    "articles/a-unknown.md": (
        "---\ntitle: A\nautor: ann\n---\nText.\n",
        "3:1 unknown field 'autor', did you mean 'author'? [unknown_field]",
    ),
    "articles/b-missing.md": (
        "---\nsummary: No title here.\n---\nText.\n",
        "2:1 the field 'title' is missing [missing_field]",
    ),
    "articles/c-dangling.md": (
        "---\ntitle: C\ntopics: [one, tow]\n---\nText.\n",
        "3:15 no topic has the slug 'tow', did you mean 'two'? [dangling_reference]",
    ),
    "articles/d-date.md": (
        "---\ntitle: D\nupdated_at: 13 October\n---\nText.\n",
        "3:13 'updated_at' is '13 October', not a point in time such as 2026-10-13T",
    ),
    "articles/e-colon.md": ("---\ntitle: Ketamine: a note\n---\nText.\n", "2:16 "),
    "articles/f-html.md": ("---\ntitle: F\n---\nOne<br>two.\n", "4:4 "),
    "articles/g-script.md": (
        "---\ntitle: G\n---\nText.\n\nA [link](javascript:alert(1)).\n",
        "6:3 ",
    ),
    "articles/h-outline.md": ("---\ntitle: H\n---\nText.\n\n### Point\n\nToo early.\n", "6:1 "),
    "articles/i-unclosed.md": ("---\ntitle: I\nText.\n", "1:1 "),
    "contact.yaml": (
        'name: Example\nphones:\n  - display: 443-559-8354\n    e164: "+14435598355"\n',
        "3:5 item 1 of 'phones' has two numbers that differ: display '443-559-8354'",
    ),
    "services/j-bytes.yaml": (b"title: J \xff\n", "1:10 "),
    "topics/k-twice.yaml": ("title: K\nsummary: One.\ntitle: Again\n", "3:1 "),
}


def test_twelve_mistakes_are_told_at_their_places_without_a_traceback(tmp_path: Path) -> None:
    files = {**SMALL, **{name: text for name, (text, _) in MISTAKES.items()}}
    site = Site(tmp_path, files)
    done = subprocess.run(
        [sys.executable, "-m", "api", "check", "content"],
        cwd=site.folder,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 1
    told = [line for line in done.stderr.splitlines() if line.startswith("content/")]
    for name, (_, expected) in MISTAKES.items():
        assert any(line.startswith(f"content/{name}:{expected}") for line in told), (
            f"{name}: {done.stderr}"
        )
    assert len(told) == len(MISTAKES)
    assert told == sorted(told), "Issues come in the order of their files"
    assert "12 errors in 12 files" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert done.stderr.count("to mend: ") == len(MISTAKES)
