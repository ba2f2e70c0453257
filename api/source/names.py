"""Names of files and entries: what a slug is, what is wrong with one, and which files to pass over.

Hidden files and what editors and systems leave behind are passed over: no one wrote them as
content. A copy that a synchroniser made of two people's edits, and a change that could not be
merged, hold somebody's work: they are told.
"""

import re
import unicodedata

from api.source.lookalikes import LOOKALIKES, is_invisible, look
from schemas.fields import SLUG, SLUG_LENGTH

IGNORED_ENDINGS = ("~", ".swp", ".swo", ".tmp", ".bak", ".orig")
"""Endings of backups and of files that are being written."""
IGNORED_NAMES = ("Thumbs.db", "desktop.ini", "Icon\r")
"""What Windows and macOS put into folders; `.DS_Store` is hidden."""

_IGNORED = re.compile(
    r"\."  # hidden; Emacs's locks (.#x), Vim's (.x.swp) and macOS's (._x) are
    r"|~\$"  # an office program's lock
    r"|#.*#$"  # Emacs saves by itself
)
_PROBE = re.compile(r"\d{4,}")
"""Vim tries with a file 4913, or one above, whether it may write."""
_COPY = re.compile(
    r"(?P<stem>.+?)(?:"
    r"\.sync-conflict-\d{8}-\d{6}(?:-[A-Z0-9]+)?"  # Syncthing
    r"| \([^()]*conflict(?:ed copy)?\b[^()]*\)"  # Dropbox, Nextcloud, ownCloud
    r"|_conflict-\d{8}-\d{6}"  # ownCloud of old
    r")(?P<suffix>\.[^.]+)?"
)
_SLUG = re.compile(SLUG)
_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHE = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}]")


def is_ignored(name: str, *, folder: bool) -> bool:
    """Tell whether a file or folder of this name is nobody's content."""
    return (
        name in IGNORED_NAMES
        or name.endswith(IGNORED_ENDINGS)
        or _IGNORED.match(name) is not None
        or (not folder and _PROBE.fullmatch(name) is not None)
    )


def original_of(name: str) -> str | None:
    """Return the name of the file that a conflicted copy was made of; None for any other name."""
    found = _COPY.fullmatch(name) if "conflict" in name else None
    return found["stem"] + (found["suffix"] or "") if found else None


def is_slug(name: str) -> bool:
    """Tell whether a name may stand in an address."""
    return len(name) <= SLUG_LENGTH and _SLUG.fullmatch(name) is not None


def slug_of(title: str) -> str:
    """Make a key of a title: NFKD to ASCII, lower case, a hyphen for all between the words.

    An apostrophe joins (`what's` → `whats`). A long key ends with the last word that fits; a
    title without a letter or digit of ASCII gives an empty text.
    """
    plain = _APOSTROPHE.sub("", title.casefold())
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    key = "-".join(_WORD.findall(plain))
    if len(key) <= SLUG_LENGTH:
        return key
    return key[: SLUG_LENGTH + 1].rpartition("-")[0] or key[:SLUG_LENGTH]


def meant_by(name: str) -> str | None:
    """Return the slug that a name seems to mean; None where a letter of it has no counterpart."""
    plain = unicodedata.normalize("NFKD", look(name))
    if any(sign.isalnum() and not sign.isascii() for sign in plain):
        return None
    return slug_of(plain) or None


def wrong_in(name: str) -> str:
    """Say in plain words what keeps a name from being a slug; empty for a slug."""
    if is_slug(name):
        return ""
    if not name:
        return "it is empty"
    for sign in name:
        if not re.fullmatch(r"[a-z0-9-]", sign):
            return f"it has {_told(sign, name)}"
    if len(name) > SLUG_LENGTH:
        return f"it is longer than {SLUG_LENGTH} characters"
    return "a hyphen stands between two words, and only one"


def foreign_in(name: str) -> str | None:
    """Name a sign that is invisible or looks like another one; None where there is none."""
    if name.isascii():
        return None
    for sign in name:
        if is_invisible(sign) or (_twin(sign) and meant_by(name)):
            return f"it has {_told(sign, name)}"
    return None


def _told(sign: str, name: str) -> str:
    if sign == " ":
        return "a space: write '-'"
    if "A" <= sign <= "Z":
        return f"the capital letter '{sign}': write '{sign.lower()}'"
    if "\udc80" <= sign <= "\udcff":  # a name's byte, as Python shows it (PEP 383)
        return f"the byte 0x{ord(sign) - 0xDC00:02x}, which is not UTF-8"
    code = f"U+{ord(sign):04X}"
    title = unicodedata.name(sign, code)
    if is_invisible(sign):
        return f"the invisible sign {code} ({title})"
    if not sign.isprintable():
        return f"the sign {title}"
    if sign.isascii():
        return f"the sign '{sign}'"
    kind = "letter" if sign.isalpha() else "sign"
    twin = _twin(sign)
    meant = f" where '{twin}' is meant" if twin and meant_by(name) else ""
    return f"the {kind} '{sign}' ({title}){meant}"


def _twin(sign: str) -> str | None:
    """Return the sign of a slug that this one looks like, or is a form of."""
    plain = unicodedata.normalize("NFKC", sign)
    twin = LOOKALIKES.get(plain, plain).casefold()
    return twin if twin != sign and re.fullmatch(r"[a-z0-9-]", twin) else None
