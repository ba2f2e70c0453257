"""Query strings: what an operation's parameters say, or a problem that names what is wrong."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl

from api.contract.operations import (
    LOCALE,
    REV,
    REVISION_PATTERN,
    Choice,
    Language,
    Number,
    Parameter,
    RevisionName,
)
from api.errors import INVALID_PARAMETER, Fault, ProblemError, nearest
from api.http.language import lookup

MOST_PARAMETERS = 50
_WHOLE = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_NAME = re.compile(REVISION_PATTERN.strip("^$"), re.ASCII)
_SHOWN = 96
"""How much of a name the answer repeats."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The values of all parameters of an operation, and those the client gave, as it wrote them.

    `locale` is the site's language that is asked for.
    """

    numbers: Mapping[str, int]
    choices: Mapping[str, str]
    locale: str
    given: Mapping[str, str]


def parse(query: bytes, parameters: Sequence[Parameter], locales: Sequence[str]) -> Parameters:
    """Read a query string by the parameters that an operation takes.

    `locales` are the site's languages, the default one first. Raises ProblemError with one Fault
    for each unknown, repeated or wrong parameter.
    """
    pairs = _pairs(query)
    known = {parameter.name: parameter for parameter in parameters}
    faults = list(_faults(pairs, known, locales))
    if faults:
        wrong = ", ".join(dict.fromkeys(_said(fault, known) for fault in faults))
        raise ProblemError(INVALID_PARAMETER, f"Wrong in the query: {wrong}.", *faults)
    given = dict(pairs)
    return Parameters(
        MappingProxyType(
            {
                name: int(given.get(name, parameter.takes.default))
                for name, parameter in known.items()
                if isinstance(parameter.takes, Number)
            }
        ),
        MappingProxyType(
            {
                name: given.get(name, parameter.takes.values[0])
                for name, parameter in known.items()
                if isinstance(parameter.takes, Choice)
            }
        ),
        lookup(given.get(LOCALE.name, ""), locales) or locales[0],
        MappingProxyType(given),
    )


def revision_name(query: bytes) -> str | None:
    """Return the name of the revision that a query string asks for, where it has one.

    What is wrong with it, `parse` tells.
    """
    if not query:
        return None
    names = [value for name, value in _pairs(query) if name == REV.name]
    return names[0] if len(names) == 1 and _NAME.fullmatch(names[0]) else None


def _said(fault: Fault, known: Mapping[str, Parameter]) -> str:
    match known.get(fault.name):
        case Parameter(takes=Number(least, most)) if fault.code == "out_of_range":
            return f"'{fault.name}' (a whole number from {least} to {most})"
        case Parameter(takes=RevisionName()) if fault.code == "invalid_value":
            return f"'{fault.name}' (16 hex digits, as Content-Revision has them)"
        case _:
            return f"'{fault.name}'"


def _pairs(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except UnicodeDecodeError:
        detail = "The query is not UTF-8, percent-encoded."
    except ValueError:
        detail = f"The query has more than {MOST_PARAMETERS} parameters."
    raise ProblemError(INVALID_PARAMETER, detail)


def _faults(
    pairs: list[tuple[str, str]], known: Mapping[str, Parameter], locales: Sequence[str]
) -> Iterator[Fault]:
    counts = Counter(name for name, _ in pairs)
    for name in counts:
        if name not in known:
            yield Fault(
                "query",
                name[:_SHOWN],
                "unknown_parameter",
                tuple(known),
                nearest(name, known),
            )
        elif counts[name] > 1:
            yield Fault("query", name, "repeated_parameter")
    for name, value in pairs:
        if name in known and counts[name] == 1 and (fault := _fault(known[name], value, locales)):
            yield fault


def _fault(parameter: Parameter, value: str, locales: Sequence[str]) -> Fault | None:
    match parameter.takes:
        case Choice(values):
            if value in values:
                return None
            return Fault("query", parameter.name, "invalid_value", values, nearest(value, values))
        case Language():
            if lookup(value, locales):
                return None
            allowed = tuple(locales)
            return Fault("query", parameter.name, "invalid_value", allowed, nearest(value, allowed))
        case RevisionName():
            if _NAME.fullmatch(value):
                return None
            return Fault("query", parameter.name, "invalid_value")
        case Number(least, most):
            if _WHOLE.fullmatch(value) and least <= int(value) <= most:
                return None
            return Fault("query", parameter.name, "out_of_range")
