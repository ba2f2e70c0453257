"""The catalogue of what can be wrong: an Issue is wrong content, a Problem is a wrong request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

NEAREST_LENGTH = 96
LENGTHS = 6
"""By how many signs a word that was meant may be longer or shorter."""
MESSAGE_LENGTH = 400


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed name closest to `word`, or None when nothing is close."""
    lowered = {name.casefold(): name for name in allowed if abs(len(name) - len(word)) <= LENGTHS}
    found = get_close_matches(word[:NEAREST_LENGTH].casefold(), lowered, n=1)
    return lowered[found[0]] if found else None


def printable(line: str) -> str:
    """Return a line whose control signs cannot end it or move a terminal's cursor."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line)


class Place(NamedTuple):
    """A position in a content file: line and column count from 1, columns in code points."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Issue:
    """One mistake in the content, told to its editor.

    `what` is a clause in the editor's words, `allowed` the values that would be right, `nearest`
    the one that was probably meant, `other` the second place of a conflict, `names` the types and
    slugs that an entry is looked for by, and is not found.
    """

    kind: "IssueKind"
    place: Place
    what: str
    allowed: tuple[str, ...] = ()
    nearest: str | None = None
    other: Place | None = None
    names: tuple[tuple[str, str], ...] = ()

    @property
    def code(self) -> str:
        """The permanent name of this kind of Issue."""
        return self.kind.code

    @property
    def order(self) -> tuple[Place, str, str]:
        """What reports sort by: the place, then the code, then the words."""
        return self.place, self.code, self.what

    @property
    def is_error(self) -> bool:
        """Whether it keeps the content from being published."""
        return self.kind.severity is Severity.ERROR

    @property
    def message(self) -> str:
        """What is wrong, and what was probably meant: one line, cut where it is very long."""
        what = self.what if len(self.what) <= MESSAGE_LENGTH else f"{self.what[:MESSAGE_LENGTH]}…"
        meant = f", did you mean '{self.nearest}'?" if self.nearest else ""
        return printable(f"{what}{meant}")

    def __str__(self) -> str:
        """Give the Issue as one line; api/diagnostics tells all of it."""
        weight = "" if self.is_error else "warning: "
        return f"{printable(str(self.place))} {weight}{self.message} [{self.code}]"


class Severity(StrEnum):
    """Whether an Issue keeps the content from being published."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class IssueKind:
    """A kind of Issue: its permanent code, how it is mended, and how much it weighs."""

    code: str
    mend: str
    severity: Severity = Severity.ERROR

    def at(
        self,
        place: Place,
        what: str,
        *,
        allowed: Iterable[str] = (),
        nearest: str | None = None,
        other: Place | None = None,
    ) -> Issue:
        """Make an Issue of this kind at a place."""
        return Issue(self, place, what, tuple(allowed), nearest, other)


class ContentError(Exception):
    """Content that cannot be read any further; carries the Issues that say why."""

    def __init__(self, *issues: Issue) -> None:
        super().__init__(*issues)
        self.issues = issues

    def __str__(self) -> str:
        return "\n".join(str(issue) for issue in self.issues)


# Files
UNREADABLE_FILE = IssueKind("unreadable_file", "let the publishing user read the file")
UNREADABLE_FOLDER = IssueKind("unreadable_folder", "name a folder that is there and may be read")
TOO_MANY_FILES = IssueKind("too_many_files", "move what is no content out of the folder")
NOT_A_FILE = IssueKind("not_a_file", "put a regular file here; links and devices are not followed")
FILE_TOO_LARGE = IssueKind("file_too_large", "split the text into several files")
INVALID_ENCODING = IssueKind("invalid_encoding", "save the file as UTF-8, without control signs")
UNEXPECTED_FILE = IssueKind(
    "unexpected_file", "give it a folder and an ending that a collection has, or move it away"
)
INVALID_SLUG = IssueKind(
    "invalid_slug",
    "use lower-case letters a-z, digits and single hyphens between them, at most 96 characters",
)
DUPLICATE_SLUG = IssueKind("duplicate_slug", "rename one of the two files")
CONFLICTED_COPY = IssueKind(
    "conflicted_copy", "take what is new in the copy into the file that it was made of; delete it"
)
FILE_LOCALE = IssueKind(
    "file_locale",
    "name a translation 'slug.uk.md', with one of the site's `locales` that is not its default",
)

# Images and other files beside the content
INVALID_FILE_NAME = IssueKind(
    "invalid_file_name",
    "use letters a-z, digits, dots, hyphens and _, a letter or digit first, at most 96 characters",
)
MEDIA_TOO_LARGE = IssueKind(
    "media_too_large", "save it smaller: at most 20,971,520 bytes, and 50,000,000 pixels"
)
BROKEN_MEDIA = IssueKind(
    "broken_media", "save the file anew, with the ending of the kind that it is"
)
MISSING_FILE = IssueKind(
    "missing_file",
    "write the path of a file in the content folder, from the folder of the text, or add that file",
)
UNUSED_FILE = IssueKind(
    "unused_file", "link to it from a text, or remove it: it is not published", Severity.WARNING
)
IMAGE_LOCATION = IssueKind(
    "image_location",
    "save the photo without its location, unless everybody may know it",
    Severity.WARNING,
)

UNCOMPILABLE = IssueKind(
    "uncompilable", "take the file out, or undo its last change, and report this with the file"
)

# YAML, JSON and front matter
INVALID_YAML = IssueKind(
    "invalid_yaml", "indent with spaces, and put quotes around a text that holds signs of YAML"
)
INVALID_JSON = IssueKind(
    "invalid_json", "write JSON by RFC 8259: double quotes, commas between values, no comments"
)
TOO_DEEP = IssueKind("too_deep", "nest the values less deeply")
TOO_MANY_VALUES = IssueKind("too_many_values", "split the file into several")
YAML_ALIAS = IssueKind(
    "yaml_alias", "put quotes around a text that starts with & or *; write a repeated value out"
)
YAML_TAG = IssueKind(
    "yaml_tag", "put quotes around a text that starts with !; the schema says what type a value has"
)
YAML_MERGE_KEY = IssueKind("yaml_merge_key", "write the fields out instead of using <<")
YAML_DOCUMENT = IssueKind("yaml_document", "keep one document a file, without directives")
DUPLICATE_KEY = IssueKind("duplicate_key", "keep one of the two")
INVALID_KEY = IssueKind("invalid_key", "write a plain name before the colon")
NOT_A_MAPPING = IssueKind(
    "not_a_mapping", "write lines of the form 'field: value', in JSON {\"field\": value}"
)
FRONT_MATTER = IssueKind(
    "front_matter", "open the file with a line '---', then the fields, then a line '---'"
)

# Markdown
MARKDOWN_HTML = IssueKind(
    "markdown_html", "write it in Markdown, as **bold** or [a link](/path); HTML is not published"
)
MARKDOWN_UNSUPPORTED = IssueKind(
    "markdown_unsupported",
    "use paragraphs, emphasis, links, lists, headings, quotes, code, tables, images and footnotes, "
    "none of them inside what cannot hold it",
)
MARKDOWN_LINK = IssueKind(
    "markdown_link",
    "link to http:, https:, mailto:, tel:, a path, an #, an entry (article:slug) or a file beside "
    "the content",
)
MARKDOWN_FOOTNOTE = IssueKind(
    "markdown_footnote", "mark a footnote with [^1] and write it once, as '[^1]: Its words'"
)
IMAGE_ALT = IssueKind(
    "image_alt", "say what the image shows, for those who cannot see it: ![words](photo.jpg)"
)
IMAGE_ADDRESS = IssueKind(
    "image_address", "keep the image's file beside the content and name it: ![words](photo.jpg)"
)
IMAGE_PLACE = IssueKind(
    "image_place", "put the image on a line of its own, with a blank line before and after it"
)
MISSING_SECTION_KEY = IssueKind("missing_section_key", "give the heading a key: '## Title {#key}'")
OUTLINE_ORDER = IssueKind(
    "outline_order", "sections are '## Title {#key}', their points '### Title {#key}'"
)
DUPLICATE_SECTION_KEY = IssueKind("duplicate_section_key", "give one of the two another {#key}")

# Fields
UNKNOWN_FIELD = IssueKind("unknown_field", "remove the field, or write one of the allowed names")
MISSING_FIELD = IssueKind("missing_field", "add the field")
WRONG_TYPE = IssueKind("wrong_type", "write it as said above, or leave the field out")
INVALID_VALUE = IssueKind("invalid_value", "write it as said above, or leave the field out")

# Entries and links
DANGLING_REFERENCE = IssueKind(
    "dangling_reference", "write the slug of an entry that exists, or add that entry"
)
HIDDEN_REFERENCE = IssueKind(
    "hidden_reference", "publish the entry that it leads to, or hide this one as well"
)
DUPLICATE_ID = IssueKind("duplicate_id", "give one of the two another id")
DUPLICATE_PATH = IssueKind("duplicate_path", "rename one of the two")
MISSING_SOURCE = IssueKind(
    "missing_source", "a translation follows the text in the default language: add it there first"
)
SHARED_FIELD = IssueKind(
    "shared_field", "remove it here: it is written in the default language's file alone"
)
STALE_TRANSLATION = IssueKind(
    "stale_translation",
    "bring the translation up to date, then give it the `updated_at` of that day",
    Severity.WARNING,
)
FORMER_SLUG = IssueKind(
    "former_slug", "remove the slug from `redirect_from`, or delete or rename the other file"
)
REPLACEMENT_LOOP = IssueKind(
    "replacement_loop", "give one of them a replacement that is not withdrawn, or none"
)
REVIEW_CHANGED = IssueKind(
    "review_changed",
    "let somebody review the present text: `keypoint review FILE --by PERSON`",
    Severity.WARNING,
)
REVIEW_OVERDUE = IssueKind(
    "review_overdue",
    "let somebody review the text again: `keypoint review FILE --by PERSON --next-due DATE`",
    Severity.WARNING,
)
REVIEW_MISSING = IssueKind(
    "review_missing",
    "let somebody review the text: `keypoint review FILE --by PERSON`; the setting "
    "`require_review` asks for it",
)
CONTRACT_BROKEN = IssueKind(
    "contract_broken", "the content is not at fault: report this, naming the entry"
)

# Advice: what the schema allows and readers stumble over
HEADING_ORDER = IssueKind(
    "heading_order", "go down one level at a time, as from ### to ####", Severity.WARNING
)
EMPTY_SECTION = IssueKind(
    "empty_section", "write the text below the heading, or take it out", Severity.WARNING
)
VAGUE_ALT = IssueKind(
    "vague_alt",
    "say in a few words what the image shows to somebody who cannot see it",
    Severity.WARNING,
)
BROKEN_LINK = IssueKind(
    "broken_link",
    "an address has no spaces: rename the file; where brackets are meant, write them as \\[ \\]",
    Severity.WARNING,
)
DANGLING_ANCHOR = IssueKind(
    "dangling_anchor", "write the {#key} of a section or point of that page", Severity.WARNING
)
DANGLING_PATH = IssueKind(
    "dangling_path", "link to the path of an entry that exists", Severity.WARNING
)
PRIVATE_HOST = IssueKind(
    "private_host", "link to an address that every reader can reach", Severity.WARNING
)
PHONE_DIFFERS = IssueKind(
    "phone_differs", "write the same number in the words and after tel:", Severity.WARNING
)
REPEATED_ITEM = IssueKind("repeated_item", "keep one of the two", Severity.WARNING)
READING_LEVEL = IssueKind(
    "reading_level",
    "write shorter sentences, and shorter words where there are any",
    Severity.WARNING,
)


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of Problem (RFC 9457): its code, HTTP status, title, and what its page explains."""

    code: str
    status: int
    title: str
    meaning: str


class Fault(NamedTuple):
    """One wrong part of a request, a member of a Problem's `errors`.

    `place` is where the part stands: query, header or path.
    """

    place: str
    name: str
    code: str
    allowed: tuple[str, ...] = ()
    did_you_mean: str | None = None


class ProblemError(Exception):
    """A request that cannot be answered as asked; becomes a problem document.

    `headers` are those that the status asks for, such as Allow for 405; `members` are those that
    only this kind's document has (RFC 9457, 3.2).
    """

    def __init__(
        self,
        kind: ProblemKind,
        detail: str,
        *faults: Fault,
        headers: Mapping[str, str] = MappingProxyType({}),
        members: Mapping[str, str | None] = MappingProxyType({}),
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.faults = faults
        self.headers = headers
        self.members = members


BAD_REQUEST = ProblemKind(
    "bad_request",
    400,
    "Bad request",
    "The request is not HTTP as RFC 9112 has it: its first line, its version, a header field, its "
    "Host (there must be one), or the framing of its body. The connection is closed.",
)
INVALID_PARAMETER = ProblemKind(
    "invalid_parameter",
    400,
    "Invalid parameter",
    "A query parameter is unknown, given more than once, or has a value that is not allowed. "
    "Each wrong parameter is a member of `errors`, with the allowed names or values and the "
    "nearest one. Nothing is ever clamped or ignored silently.",
)
UNAUTHORIZED = ProblemKind(
    "unauthorized",
    401,
    "Unauthorized",
    "A preview answers whoever has its token: `Authorization: Bearer …` (RFC 6750). The public API "
    "asks nobody for one.",
)
NOT_FOUND = ProblemKind(
    "not_found",
    404,
    "Not found",
    "Nothing has this address. `GET /v1` lists the collections; each lists its entries.",
)
GONE = ProblemKind(
    "gone",
    410,
    "Gone",
    "What was here was withdrawn, has ended, or was deleted. `reason` says why, where that is "
    "known; `replacement` is the address to read instead, where there is one.",
)
REVISION_GONE = ProblemKind(
    "revision_gone",
    410,
    "Revision gone",
    "`rev` names a revision that is kept no more, or never was: revisions are kept for a time. "
    "`detail` names the current one; begin the walk anew with it, or leave `rev` out.",
)
METHOD_NOT_ALLOWED = ProblemKind(
    "method_not_allowed",
    405,
    "Method not allowed",
    "The API is read only: GET, HEAD and OPTIONS are answered, as the Allow header says.",
)
NOT_ACCEPTABLE = ProblemKind(
    "not_acceptable",
    406,
    "Not acceptable",
    "Accept-Encoding refuses every coding that there is: br, gzip and identity (RFC 9110, 12.5.3).",
)
PRECONDITION_FAILED = ProblemKind(
    "precondition_failed",
    412,
    "Precondition failed",
    "If-Match or If-Unmodified-Since names a state that is not the present one (RFC 9110, 13.1).",
)
CONTENT_TOO_LARGE = ProblemKind(
    "content_too_large",
    413,
    "Content too large",
    "The request carries a body. No operation of this API takes one. The connection is closed.",
)
URI_TOO_LONG = ProblemKind(
    "uri_too_long",
    414,
    "URI too long",
    "The path and the query together are longer than 8,192 bytes.",
)
RANGE_NOT_SATISFIABLE = ProblemKind(
    "range_not_satisfiable",
    416,
    "Range not satisfiable",
    "Range begins behind the last byte; Content-Range says how many there are (RFC 9110, 14.2).",
)
HEADERS_TOO_LARGE = ProblemKind(
    "headers_too_large",
    431,
    "Request header fields too large",
    "The request's headers together are larger than 32,768 bytes, or are more than 100 "
    "(RFC 6585, 5).",
)
INTERNAL_ERROR = ProblemKind(
    "internal_error",
    500,
    "Internal error",
    "The server failed. The request's id finds the reason in the operator's log.",
)
NOT_READY = ProblemKind(
    "not_ready",
    503,
    "Not ready",
    "There is no content to serve: none has been published, or the store cannot be read.",
)

RETRY_SECONDS = 5


def not_ready(detail: str) -> ProblemError:
    """Return the problem of a server that has nothing to answer from, and may have it soon."""
    return ProblemError(NOT_READY, detail, headers={"Retry-After": str(RETRY_SECONDS)})


PROBLEMS: Mapping[str, ProblemKind] = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            BAD_REQUEST,
            INVALID_PARAMETER,
            UNAUTHORIZED,
            NOT_FOUND,
            GONE,
            REVISION_GONE,
            METHOD_NOT_ALLOWED,
            NOT_ACCEPTABLE,
            PRECONDITION_FAILED,
            CONTENT_TOO_LARGE,
            URI_TOO_LONG,
            RANGE_NOT_SATISFIABLE,
            HEADERS_TOO_LARGE,
            INTERNAL_ERROR,
            NOT_READY,
        )
    }
)
