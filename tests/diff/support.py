"""What tests of differences need: two states of a small site, compared."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from api.diff.compare import compare
from api.diff.difference import Difference
from api.store.changes import Pinned, find
from api.store.database import open_readable
from tests.support import Site

Edit = Mapping[str, str | None]


def edit(site: Site, changed: Edit) -> None:
    """Write files, and take away those that are None."""
    for name, text in changed.items():
        file = site.content / name
        if text is None:
            file.unlink()
        else:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")


def difference(site: Site, changed: Edit) -> Difference:
    """Publish a site before and after an edit, into one store, and compare."""
    first = site.publish().revision
    edit(site, changed)
    last = site.publish().revision
    with closing(open_readable(site.store)) as connection:
        return compare(Pinned(connection, first), Pinned(connection, last))


def of_two_stores(old: Path, new: Path) -> Difference:
    """Compare the current revisions of two stores."""
    with closing(open_readable(old)) as one, closing(open_readable(new)) as other:
        before, after = find(one, None), find(other, None)
        assert before
        assert after
        return compare(Pinned(one, before), Pinned(other, after))
