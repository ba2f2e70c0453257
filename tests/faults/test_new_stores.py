"""Two processes that both find no store: what one of them has published is not lost."""

from pathlib import Path

import pytest

from api.compiler import pipeline
from api.errors import ContentError
from api.store import database
from tests.faults.stores import told
from tests.support import NOW, Site


def test_store_that_another_process_makes_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = Site(tmp_path)
    broken = Site(tmp_path / "broken", {"topics/one.yaml": "titel: One\n"})
    open_writable = database.open_writable

    def publish_before(file: Path) -> object:
        monkeypatch.setattr(database, "open_writable", open_writable)
        good.publish()
        return open_writable(file)

    monkeypatch.setattr(database, "open_writable", publish_before)
    with pytest.raises(ContentError):
        pipeline.publish(broken.content, good.store, good.models, NOW)
    published = told(good.store)
    assert published is not None
    assert published.revision[0] == good.publish().revision.digest
