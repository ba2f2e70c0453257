"""What an answer must be, by openapi.yaml alone: whatever was asked, nothing else is right."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import brotli
import jsonschema_rs
import yaml
from isal import igzip

from api.contract.proof import closed
from tests.raw import Answer
from tests.routes import CONTRACT

CLOSED = closed(CONTRACT)
REFUSALS = frozenset({400, 404, 405, 406, 410, 412, 413, 414, 416, 431})
TRANSPORT = frozenset({"date", "connection", "content-type", "content-length"})
"""Headers of HTTP itself, which OpenAPI does not describe."""
REDIRECT = frozenset(
    {
        *("location", "cache-control", "x-request-id", "x-content-type-options"),
        *("access-control-allow-origin", "access-control-expose-headers"),
    }
)

# An exact path goes before one with a variable part (OpenAPI 3.1, 4.8.8.2).
_TEMPLATES = [
    (re.compile(re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(template))), template)
    for template in sorted(CONTRACT["paths"], key=lambda path: path.count("{"))
]
_ABSOLUTE = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


def faults(method: str, target: str, answer: Answer) -> Iterator[str]:
    """Yield what is wrong with the answer to a request."""
    path, _, _ = _ABSOLUTE.sub("", target).partition("?")
    template = operation(path or "/")
    declared = CONTRACT["paths"][template]["get"]["responses"] if template else {}
    status = answer.status
    if status in {200, 206, 304}:
        if str(status) not in declared:
            yield f"{status} is not promised of {path}"
            return
        yield from _faults_of_headers(answer, declared[str(status)]["headers"])
        if status == 200 and method != "HEAD":
            yield from _faults_of_body(str(template), answer)
    elif status == 204:
        if method != "OPTIONS":
            yield "no content"
    elif status == 308:
        location = answer["location"].partition("?")[0]
        if location != path.rstrip("/") or not path.endswith("/"):
            yield f"{path} leads to {location}"
        yield from (f"header {name}" for name in _names(answer) - REDIRECT)
    elif status not in REFUSALS:
        yield f"status {status}"
    else:
        # A method is refused, and a request that is no HTTP, whatever the path is.
        if template and str(status) not in declared and answer.status not in {400, 405}:
            yield f"{status} is not promised of {path}"
        yield from _faults_of_problem(method, answer)


def operation(path: str) -> str | None:
    """Return the path of the contract that a path is of."""
    return next((name for pattern, name in _TEMPLATES if pattern.fullmatch(path)), None)


def _faults_of_problem(method: str, answer: Answer) -> Iterator[str]:
    if method == "HEAD":
        if answer["content-type"] != "application/problem+json":
            yield "the error is no problem"
        return
    code = answer.problem
    kind = CONTRACT["components"]["responses"].get(code)
    if kind is None:
        yield f"there is no problem {code}"
        return
    yield from _faults_of_headers(answer, kind["headers"])
    schema = CLOSED["components"]["responses"][code]["content"]["application/problem+json"][
        "schema"
    ]
    yield from _unless_valid(json.dumps(schema), answer.json())


def _faults_of_headers(answer: Answer, described: Mapping[str, Any]) -> Iterator[str]:
    known = {name.lower() for name in described}
    yield from (f"header {name}" for name in _names(answer) - known)
    if len(answer.headers) != len({name for name, _ in answer.headers}):
        yield "a header comes twice"


def _names(answer: Answer) -> set[str]:
    return {name for name, _ in answer.headers} - TRANSPORT


def _faults_of_body(template: str, answer: Answer) -> Iterator[str]:
    coding = "".join(answer.values("content-encoding"))
    yield from _faults_of_bytes(template, answer["content-type"], coding, answer.body)


@cache
def _faults_of_bytes(template: str, media_type: str, coding: str, body: bytes) -> tuple[str, ...]:
    """Return the faults of a body; most come many times."""
    content = CLOSED["paths"][template]["get"]["responses"]["200"]["content"]
    if media_type not in content:
        return (f"{media_type} is not promised of {template}",)
    decode = {"": bytes, "gzip": igzip.decompress, "br": brotli.decompress}[coding]
    text = decode(body).decode()
    value: Any = text
    if media_type.endswith("json"):
        value = json.loads(text)
    elif media_type == "application/yaml":
        value = yaml.load(text, yaml.CSafeLoader)
    return tuple(_unless_valid(json.dumps(content[media_type]["schema"]), value))


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {**json.loads(schema), "components": CLOSED["components"]}, validate_formats=True
    )


def _unless_valid(schema: str, value: Any) -> Iterator[str]:
    for error in _validator(schema).iter_errors(value):
        yield f"{error.instance_path}: {error.message}"
