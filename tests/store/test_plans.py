"""What a publish asks of the store is found by an index: it reads no table from end to end."""

import re
from contextlib import closing
from pathlib import Path

from api.store.database import open_writable, transaction
from api.store.memory import attach
from api.store.retention import USUAL, prune
from api.store.rows import TABLES, EntryRow, RepresentationRow, UnitRows
from api.store.writer import Publishing, publish
from tests.support import NOW, STAMP, unit_of

LARGE = set(TABLES) - {"gone", "redirect"}


def _unit(name: str, text: str = "text") -> UnitRows:
    at = f"/v1/articles/{name}"
    page = RepresentationRow(at, "text/plain", "en", None, "tag", text.encode(), b"gz")
    entry = EntryRow("article", name, "", ("en",), b"", at, text.encode())
    return unit_of(f"article:{name}", [page, entry])


def test_publish_scans_no_table(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    publish(store, map(_unit, "abc"), STAMP, NOW)
    asked: list[str] = []
    with closing(open_writable(store)) as connection:
        attach(connection, store)
        connection.set_trace_callback(asked.append)
        with transaction(connection):
            making = Publishing(connection, NOW, USUAL)
            making.put(_unit("a", "new"))
            making.end("article:b")
            assert making.finish(STAMP).new
        prune(connection, NOW, USUAL)
        connection.set_trace_callback(None)
        planned = {
            statement: [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
            for statement in asked
            if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "\n"))
        }
    assert any("INSERT INTO ended" in statement for statement in planned), "all are looked at"
    assert any("count(DISTINCT unit)" in statement for statement in planned)
    for statement, plan in planned.items():
        read = set(re.findall(r"FROM (\w+)", statement))
        scanned = [step for step in plan if re.match(r"SCAN (?!was$|json_each )", step)]
        aliased = [step for step in plan if step == "SCAN was" and "FROM entry AS was" in statement]
        assert not (read & LARGE and (scanned or aliased)), (statement, plan)
