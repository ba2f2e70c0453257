"""A Document: a parsed file, not yet valid."""

from dataclasses import dataclass
from functools import cache

from api.errors import DUPLICATE_KEY, UNKNOWN_FIELD, ContentError, Issue, Place
from api.source.decode import decode
from api.source.frontmatter import split
from api.source.jsonfile import parse_json
from api.source.markdown import Origin, parse
from api.source.node import Fields, Node, Rich, Scalar
from api.source.outline import parse_outline
from api.source.tree import ContentFile
from api.source.yaml import parse_yaml
from schemas.entry import BODY, EntryModel
from schemas.shape import fields_of


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: every value with its place, the Markdown part among the fields.

    `locale` is the language of a translation, None for the source text.
    """

    type: str
    slug: str
    start: Place
    fields: Fields
    locale: str | None = None

    @property
    def id(self) -> str:
        """The id that the file gives its entry, else the slug."""
        match self.fields.values.get("id"):
            case Scalar(text):
                return text
            case _:
                return self.slug


def parse_document(
    file: ContentFile, raw: bytes, model: EntryModel
) -> tuple[Document | None, list[Issue]]:
    """Parse a file's bytes for its model; there is no Document where they cannot be read."""
    start = file.start
    try:
        fields, issues = _parse(start.path, raw, model)
    except ContentError as error:
        return None, list(error.issues)
    return Document(file.type, file.slug, start, fields, file.locale), issues


def _parse(path: str, raw: bytes, model: EntryModel) -> tuple[Fields, list[Issue]]:
    text = decode(raw, path)
    if path.endswith(".md"):
        return _parse_markdown(text, path, model)
    if path.endswith(".json"):
        return parse_json(text, path), []
    return parse_yaml(text, path), []


def _parse_markdown(text: str, path: str, model: EntryModel) -> tuple[Fields, list[Issue]]:
    front = split(text, path)
    origin = Origin(Place(path, front.markdown_line, 1))
    parts, issues = _markdown_part(front.markdown, origin, model)
    try:
        fields = parse_yaml(front.yaml, path, front.yaml_line)
    except ContentError as error:
        raise ContentError(*error.issues, *issues) from None
    for name, node in parts.items():
        if name in fields.values:
            what = f"'{name}' is given here and by the text below"
            issues.append(DUPLICATE_KEY.at(fields.keys[name], what, other=origin.place))
        fields.values[name] = node
        fields.keys[name] = origin.place
    return fields, issues


def _markdown_part(
    text: str, origin: Origin, model: EntryModel
) -> tuple[dict[str, Node], list[Issue]]:
    """Return the fields that the Markdown part fills."""
    if not text.strip():
        return {}, []
    known = fields_of(model)
    if BODY not in known:
        what = f"the type '{model.type_name()}' takes no text below the fields"
        return {}, [UNKNOWN_FIELD.at(origin.place, what, allowed=known)]
    outline = _outline_of(model)
    if outline is None:
        body, issues = parse(text, origin)
        return {BODY: Rich(body, origin.place)}, issues
    outlined, issues = parse_outline(text, origin)
    return {BODY: outlined.body, outline: outlined.sections}, issues


@cache
def _outline_of(model: EntryModel) -> str | None:
    """Return the name of the field that takes the sections of the text, where there is one."""
    return next((field.name for field in fields_of(model).values() if field.outline), None)
