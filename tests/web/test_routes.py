from pathlib import Path

from starlette.routing import Match

from api.contract.operations import operations
from api.web.content import Content
from api.web.readiness import Silent
from api.web.routes import routes
from schemas.discovery import discover


def test_every_operation_has_one_route_of_its_name_and_path(tmp_path: Path) -> None:
    found = operations(discover())
    made = routes(found, Content(tmp_path / "store.db"), Silent())
    assert [(route.name, route.path) for route in made] == [
        (operation.id, operation.path) for operation in found
    ]


def test_address_of_every_operation_leads_to_its_own_route_alone(tmp_path: Path) -> None:
    made = routes(operations(discover()), Content(tmp_path / "store.db"), Silent())
    for route in made:
        parts = dict.fromkeys(route.param_convertors, "part")
        path = route.path.format(**parts)
        matching = [
            other.name
            for other in made
            if other.matches({"type": "http", "method": "GET", "path": path})[0] is Match.FULL
        ]
        assert matching == [route.name]


def test_route_takes_no_line_feed_after_its_path(tmp_path: Path) -> None:
    made = routes(operations(discover()), Content(tmp_path / "store.db"), Silent())
    taken = [
        route.name
        for route in made
        if route.matches({"type": "http", "method": "GET", "path": "/v1/articles\n"})[0]
        is not Match.NONE
    ]
    assert taken == []
