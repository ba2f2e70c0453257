"""Whether a browser shows a file in place or offers to save it (RFC 6266)."""


def content_disposition(name: str, *, inline: bool) -> str:
    """Return the Content-Disposition field value; `name` has no sign that a quoted text escapes."""
    return f'{"inline" if inline else "attachment"}; filename="{name}"'
