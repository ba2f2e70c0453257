"""Every operation of openapi.yaml with real addresses, found by asking a running server."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from tests.raw import ask
from tests.support import REPOSITORY, SMALL

CONTRACT: dict[str, Any] = yaml.load(
    (REPOSITORY / "openapi.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
)
FILES: Mapping[str, str] = {
    **SMALL,
    "articles/first.md": SMALL["articles/first.md"].replace("2026-01-02", "2020-01-02"),
    "articles/first.uk.md": (
        "---\ntitle: Перша\nupdated_at: 2020-01-03T00:00:00Z\n---\nТекст перекладу.\n"
    ),
    "articles/third.md": (
        "---\ntitle: Third\nid: lasting-id\n---\nThird body, with a [list](../files/list.csv).\n"
    ),
    "files/list.csv": "name,price\n",
    "comments/said.md": "---\narticle: first\n---\nWords.\n",
}
"""A small site where every type has an entry, and one a date that has passed everywhere."""


@dataclass(frozen=True, slots=True)
class Route:
    """An operation: its path in the contract, and the path of something that is there."""

    name: str
    template: str
    address: str
    get: Mapping[str, Any]

    @property
    def parameters(self) -> list[Mapping[str, Any]]:
        """Its query parameters."""
        return [one for one in self.get.get("parameters", []) if one["in"] == "query"]

    @property
    def is_cached(self) -> bool:
        return "304" in self.get["responses"]

    @property
    def is_versioned(self) -> bool:
        return self.template.startswith("/v1")

    def queries(self) -> Iterator[str]:
        """Yield queries that are right, each parameter with each kind of value that it takes."""
        yield ""
        for one in self.parameters:
            schema = one["schema"]
            if "pattern" in schema:  # of the names of revisions: the served one is not known here
                continue
            values = schema.get("enum") or schema.get("examples")
            values = values or (schema["minimum"], schema["default"], schema["maximum"])
            yield from (f"?{one['name']}={value}" for value in values)


def routes(server: tuple[str, int]) -> list[Route]:
    """Return every operation of the contract that the server has something for."""
    return [
        Route(item["get"]["operationId"], template, _filled(server, template), item["get"])
        for template, item in CONTRACT["paths"].items()
    ]


def _filled(server: tuple[str, int], template: str) -> str:
    if template.startswith("/media/"):
        html = ask(server, "/v1/articles/third?rich_text=html").json()["data"]["body"]["html"]
        return str(re.findall('/media/[^"]+', html)[0])
    path = template.replace("{type}", "article").replace("{code}", "not_found")
    while "{" in path:
        above, _, rest = path.partition("/{")
        name, _, below = rest.partition("}")
        assert name in {"slug", "key"}, f"say in tests/routes.py what stands for {{{name}}}"
        path = f"{above}/{ask(server, above).json()['data'][0][name]}{below}"
    return path
