"""Bytes on disk → text: UTF-8 and nothing else, with the line ends of an editor."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from api.errors import INVALID_ENCODING, ContentError, Issue, Place

CONTROLS = bytes(byte for byte in range(0x20) if chr(byte) not in "\t\n\r")


def decode(raw: bytes, path: str) -> str:
    r"""Return a content file's text; every line of it ends with `\n`.

    UTF-8 (RFC 3629) is the only encoding. A byte order mark is dropped; `\r\n` and a lone `\r` are
    line ends. Raises ContentError (INVALID_ENCODING) at the first byte that is not UTF-8, and at
    the first control character (C0) but tab and line end.
    """
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise ContentError(INVALID_ENCODING.at(Place(path, 1, 1), "the file is UTF-16, not UTF-8"))
    raw = raw.removeprefix(BOM_UTF8)
    if len(raw.translate(None, CONTROLS)) != len(raw):
        raise ContentError(_control(raw, path))
    try:
        return _lines(raw.decode())
    except UnicodeDecodeError as error:
        what = f"the byte 0x{raw[error.start]:02x} is not UTF-8 text"
        place = _place(raw, error.start, path)
        raise ContentError(INVALID_ENCODING.at(place, what)) from None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _control(raw: bytes, path: str) -> Issue:
    at = min(at for at in map(raw.find, CONTROLS) if at >= 0)
    what = f"the byte 0x{raw[at]:02x} is a control character"
    return INVALID_ENCODING.at(_place(raw, at, path), what)


def _place(raw: bytes, at: int, path: str) -> Place:
    """Count as an editor does that shows each wrong byte as one sign."""
    before = _lines(raw[:at].decode(errors="replace"))
    return Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
