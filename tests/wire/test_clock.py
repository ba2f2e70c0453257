"""A clock that is set back or forward by years changes no answer's bytes or tags."""

from datetime import UTC, datetime
from pathlib import Path

from api.compiler import pipeline
from api.settings import Settings
from schemas.discovery import discover
from tests.routes import FILES
from tests.support import client, write

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TIMES = (NOW, NOW.replace(year=1970), NOW.replace(year=2106), NOW.replace(year=1999), NOW)
TARGETS = ("/v1", "/v1/articles", "/v1/articles/first", "/v1/topics/one?rich_text=html", "/v1/site")


def test_publishes_at_any_time_give_the_same_tags(tmp_path: Path) -> None:
    content, store = write(tmp_path / "content", FILES), tmp_path / "store.db"
    seen = []
    for now in TIMES:
        pipeline.publish(content, store, discover(), now)
        with client(Settings(store=store)) as served:
            answers = [served.get(target) for target in TARGETS]
            assert served.get("/readyz").json()["status"] == "ready"
        assert {one.status_code for one in answers} == {200}
        names = ("etag", "content-revision", "last-modified")
        seen.append([[one.headers.get(name) for name in names] for one in answers])
    assert all(one == seen[0] for one in seen)
