"""The recorded session is true: it is played again with the real program."""

from pathlib import Path

import pytest

from tests.docs.replay import Names, Session, blocks
from tests.support import REPOSITORY

PAGE = (REPOSITORY / "docs/how-to/a-session.md").read_text(encoding="utf-8")


def test_session_plays_as_it_is_shown(tmp_path: Path) -> None:
    session = Session(tmp_path)
    try:
        for block in blocks(PAGE):
            session.play(block)
    finally:
        session.end()


def test_session_goes_the_whole_way() -> None:
    text = "\n".join(block.text for block in blocks(PAGE))
    for step in ("serve --watch", "published revision", "not published", "degraded", "rollback"):
        assert step in text


def test_revision_shown_twice_is_the_same_one() -> None:
    names = Names()
    names.compare("back to 7c519ba48f3b1696", "back to 0123456789abcdef")
    with pytest.raises(AssertionError):
        names.compare("7c519ba48f3b1696 is served", "fedcba9876543210 is served")
    with pytest.raises(AssertionError):
        names.compare("5829031ad5d4244c is served", "0123456789abcdef is served")
