"""The nodes of a file become the values that a model takes, by a plan made once for the model."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from api.compiler.scalars import MEANT, PLAIN, READ, WANTED
from api.errors import (
    INVALID_VALUE,
    MISSING_FIELD,
    UNKNOWN_FIELD,
    WRONG_TYPE,
    Issue,
    IssueKind,
    Place,
    nearest,
)
from api.source.markdown import Origin, parse
from api.source.names import foreign_in
from api.source.node import Fields, Items, Node, Rich, Scalar
from schemas.entry import BODY
from schemas.fields import Model
from schemas.shape import (
    Formatted,
    Keyed,
    Kind,
    Many,
    Nested,
    Referring,
    Shape,
    Single,
    fields_of,
)


class Wrong:
    """Stands where a value was that an Issue has told about already."""


WRONG = Wrong()

_Name: TypeAlias = "str | tuple[int, _Name]"
"""What a value is called: the name of its field, or which item it is of what is called so."""
_Shaped = Callable[[Node, _Name, list[Issue]], Any]
"""Returns the value of a node, or WRONG; what is wrong with it is added to the Issues."""


class _Plan(NamedTuple):
    """How the fields of a model get their values, and whether they may be null."""

    fields: Mapping[str, tuple[_Shaped, bool]]
    required: frozenset[str]


def shaped(model: type[Model], node: Fields, issues: list[Issue]) -> dict[str, Any]:
    """Return the values that a file gives a model's fields; what is wrong is added to `issues`."""
    return _values(_plan(model), node, issues)


def _values(plan: _Plan, node: Fields, issues: list[Issue]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in node.values.items():
        field = plan.fields.get(name)
        if field is None:
            issues.append(_unknown(name, node.keys[name], plan.fields))
            continue
        of_shape, nullable = field
        if not (isinstance(value, Scalar) and value.plain and value.is_null):
            values[name] = of_shape(value, name, issues)
        elif nullable:
            values[name] = None
        # A null stands for the default of a field that has none.
    if not values.keys() >= plan.required:
        missing = (name for name in plan.fields if name in plan.required and name not in values)
        issues.extend(_missing(name, node) for name in missing)
    return values


@cache
def _plan(model: type[Model]) -> _Plan:
    known = fields_of(model)
    return _Plan(
        {name: (_of_shape(field.shape), field.nullable) for name, field in known.items()},
        frozenset(name for name, field in known.items() if field.required),
    )


def _of_shape(shape: Shape) -> _Shaped:
    match shape:
        case Single(Kind.TEXT, ()) | Referring():
            return _of_text(shape)
        case Single():
            return _of_single(shape)
        case Formatted():
            return _of_rich(shape)
        case Many():
            return _of_list(shape)
        case Keyed():
            return _of_mapping(shape)
        case Nested():
            return _of_model(shape)


def _of_text(shape: Single | Referring) -> _Shaped:
    def value_of(node: Node, name: _Name, issues: list[Issue]) -> Any:  # noqa: ANN401 - any field's value
        return node.text if isinstance(node, Scalar) else _misfit(shape, node, name, issues)

    return value_of


def _of_single(shape: Single) -> _Shaped:
    read = READ[shape.kind]

    def value_of(node: Node, name: _Name, issues: list[Issue]) -> Any:  # noqa: ANN401 - likewise
        if not isinstance(node, Scalar):
            return _misfit(shape, node, name, issues)
        text = node.text
        if shape.values and text not in shape.values:
            what = f"cannot be '{text[:80]}'"
            meant = nearest(text, shape.values)
            return _wrong(INVALID_VALUE, node, name, what, issues, shape.values, meant)
        if shape.kind in PLAIN and not node.plain:
            return _unreadable(shape.kind, node, name, issues)
        try:
            return read(text)
        except OverflowError as error:
            return _wrong(INVALID_VALUE, node, name, str(error), issues)
        except ValueError:
            return _unreadable(shape.kind, node, name, issues)

    return value_of


def _of_rich(shape: Formatted) -> _Shaped:
    def value_of(node: Node, name: _Name, issues: list[Issue]) -> Any:  # noqa: ANN401 - likewise
        if isinstance(node, Rich):
            return node.value
        if not isinstance(node, Scalar):
            return _misfit(shape, node, name, issues)
        value, found = parse(node.text, _origin(node))
        issues += found
        return value

    return value_of


def _of_list(shape: Many) -> _Shaped:
    item = _of_shape(shape.item)

    def value_of(node: Node, name: _Name, issues: list[Issue]) -> Any:  # noqa: ANN401 - likewise
        if not isinstance(node, Items):
            return _misfit(shape, node, name, issues)
        return [item(one, (number, name), issues) for number, one in enumerate(node.items, 1)]

    return value_of


def _of_mapping(shape: Keyed) -> _Shaped:
    item = _of_shape(shape.item)

    def value_of(node: Node, name: _Name, issues: list[Issue]) -> Any:  # noqa: ANN401 - likewise
        if not isinstance(node, Fields):
            return _misfit(shape, node, name, issues)
        return {key: item(one, key, issues) for key, one in node.values.items()}

    return value_of


def _of_model(shape: Nested) -> _Shaped:
    plan = _plan(shape.model)

    def value_of(node: Node, name: _Name, issues: list[Issue]) -> Any:  # noqa: ANN401 - likewise
        if not isinstance(node, Fields):
            return _misfit(shape, node, name, issues)
        return _values(plan, node, issues)

    return value_of


def _origin(node: Scalar) -> Origin:
    if node.indent:
        return Origin(Place(node.place.path, node.place.line + 1, node.indent + 1), node.indent)
    return Origin(node.place, exact=False)


def _misfit(shape: Shape, node: Node, name: _Name, issues: list[Issue]) -> Wrong:
    return _wrong(WRONG_TYPE, node, name, f"is {_found(node)}, not {_wanted(shape)}", issues)


def _unreadable(kind: Kind, node: Scalar, name: _Name, issues: list[Issue]) -> Wrong:
    quoted = "the text " if kind in PLAIN and not node.plain else ""
    what = f"is {quoted}'{node.text[:80]}', not {WANTED[kind]}"
    meant = MEANT.get(node.text.lower()) if kind is Kind.BOOLEAN else None
    return _wrong(WRONG_TYPE, node, name, what, issues, meant=meant)


def _wrong(  # noqa: PLR0913, PLR0917 - what an Issue says
    kind: IssueKind,
    node: Node,
    name: _Name,
    what: str,
    issues: list[Issue],
    allowed: tuple[str, ...] = (),
    meant: str | None = None,
) -> Wrong:
    issues.append(kind.at(node.place, f"{_named(name)} {what}", allowed=allowed, nearest=meant))
    return WRONG


def _named(name: _Name) -> str:
    return f"'{name}'" if isinstance(name, str) else f"item {name[0]} of {_named(name[1])}"


def _unknown(name: str, place: Place, known: Mapping[str, object]) -> Issue:
    why = foreign_in(name)
    what = f"unknown field '{name}'" + (f": {why}" if why else "")
    return UNKNOWN_FIELD.at(place, what, allowed=known, nearest=nearest(name, known))


def _missing(name: str, node: Fields) -> Issue:
    what = f"the field '{name}' is missing"
    if name == BODY:
        what = f"the text is missing: write it below, or as the field '{BODY}' in YAML"
    return MISSING_FIELD.at(node.keys.get(name, node.place), what)


def _wanted(shape: Shape) -> str:
    match shape:
        case Single(kind):
            return WANTED[kind]
        case Formatted():
            return "a text"
        case Referring(targets):
            return f"the slug of a {' or '.join(targets)}"
        case Many():
            return "a list: write [one, two], or each on a line of its own after '- '"
        case Keyed() | Nested():
            return "a group of fields, indented below its name"


def _found(node: Node) -> str:
    match node:
        case Scalar() | Rich():
            return "a single value"
        case Items():
            return "a list"
        case Fields():
            return "a group of fields"
