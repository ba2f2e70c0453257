"""Translations: a file in another language, laid over the source text field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from api.compiler.paths import ValidEntry
from api.errors import SHARED_FIELD, STALE_TRANSLATION, Issue, Place
from api.source.document import Document
from api.source.node import Fields, Items, Node, Rich, Scalar
from schemas.fields import Model
from schemas.shape import ModelField, Nested, fields_of


def lay_over(
    source: Document, translation: Document, model: type[Model]
) -> tuple[Document, tuple[str, ...]]:
    """Fill a translation's gaps from its source text, as the model's fields declare it.

    Returns the whole Document, and the names of the fields that are the source's, those of a
    group as `group.field`.
    """
    fallback: list[str] = []
    fields = _fields(model, source.fields, translation.fields, fallback, "")
    return replace(translation, fields=fields), tuple(fallback)


def shared_fields(translation: Document, model: type[Model]) -> Iterator[Issue]:
    """Yield an Issue for each value that a translation gives and that all languages share."""
    yield from _shared(model, translation.fields)


def stale(source: ValidEntry, translation: ValidEntry) -> Iterator[Issue]:
    """Yield a warning where a translation is older than its source text, or does not say.

    `translation` has the Document as it was written.
    """
    if all(map(_is_empty, translation.document.fields.values.values())):
        what = "the file translates nothing: all is shown in the default language"
        yield STALE_TRANSLATION.at(translation.document.start, what)
        return
    written, translated = source.value.updated_at, translation.value.updated_at
    if written is None:
        return
    other = _dated(source)
    if translated is None:
        what = "the translation has no `updated_at`, and its source text has one"
        yield STALE_TRANSLATION.at(translation.document.start, what, other=other)
    elif translated < written:
        what = f"the translation is of {translated:%Y-%m-%d}, its source text of {written:%Y-%m-%d}"
        yield STALE_TRANSLATION.at(_dated(translation), what, other=other)


def _dated(entry: ValidEntry) -> Place:
    """Return where a file says when it was updated; its start where the model gives the date."""
    node = entry.document.fields.values.get("updated_at")
    return node.place if node else entry.document.start


def _fields(
    model: type[Model], source: Fields, own: Fields, fallback: list[str], above: str
) -> Fields:
    known = fields_of(model)
    values = {name: node for name, node in own.values.items() if name not in known}
    for name, field in known.items():
        given, base = own.values.get(name), source.values.get(name)
        if node := _chosen(field, base, given, fallback, above):
            values[name] = node
    return Fields(values, {**source.keys, **own.keys}, own.place)


def _chosen(
    field: ModelField, base: Node | None, given: Node | None, fallback: list[str], above: str
) -> Node | None:
    """Return the translation's value of a field, or the source's where that holds."""
    if field.private:
        fallback = []  # no reader gets to know its name
    match field.shape, base, given:
        case _ if field.shared:
            return base
        case _ if field.own:
            return given
        case Nested(model), Fields(), Fields():
            return _fields(model, base, given, fallback, f"{above}{field.name}.")
        case _ if base is None or not _is_empty(given):
            return given
        case _:
            if not _is_empty(base):
                fallback.append(f"{above}{field.name}")
            return base


def _is_empty(node: Node | None) -> bool:
    """Tell whether a file gives no value; a null that was written is one."""
    match node:
        case None:
            return True
        case Rich(value):
            return not value.blocks
        case Items(items):
            return not items
        case Fields(values):
            return not values
        case Scalar():
            return False


def _shared(model: type[Model], fields: Fields) -> Iterator[Issue]:
    known: Mapping[str, ModelField] = fields_of(model)
    for name, node in fields.values.items():
        field = known.get(name)
        if field is None:
            continue
        if field.shared:
            yield SHARED_FIELD.at(fields.keys[name], f"'{name}' is the same in all languages")
        elif isinstance(field.shape, Nested) and isinstance(node, Fields):
            yield from _shared(field.shape.model, node)
