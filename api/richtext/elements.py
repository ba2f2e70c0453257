"""Blocks of types of our own → elements of HTML, which are not sanitised."""

from html import escape

from api.richtext.blocks import FootnoteBlock, TableBlock, TableCell
from api.richtext.spans import spans_html


def code_html(code: str, language: str | None) -> str:
    """Write code as HTML has it (HTML, 4.5.15: the language is a class `language-…`)."""
    name = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{name}>{escape(code, quote=False)}\n</code></pre>"


def image_html(src: str, alt: str, title: str | None, width: int, height: int) -> str:
    """Write an image in a paragraph; a size that is not known (0) is left out."""
    named = f' title="{escape(title)}"' if title else ""
    size = f' width="{width}" height="{height}"' if width and height else ""
    return f'<p><img src="{escape(src)}" alt="{escape(alt)}"{named}{size}></p>'


def footnote_html(block: FootnoteBlock) -> str:
    """Write a footnote as a paragraph that begins with its mark."""
    return f"<p><sup>[{block['number']}]</sup> {spans_html(block)}</p>"


def table_html(block: TableBlock) -> str:
    """Write a table; its first row is the head."""
    head, *body = ("".join(_row(block, number)) for number in range(len(block["rows"])))
    rows = f"<tbody>{''.join(body)}</tbody>" if body else ""
    return f"<table><thead>{head}</thead>{rows}</table>"


def _row(block: TableBlock, number: int) -> str:
    tag = "td" if number else "th"
    cells = zip(block["rows"][number]["cells"], block["align"], strict=False)
    return f"<tr>{''.join(_cell(tag, cell, align) for cell, align in cells)}</tr>"


def _cell(tag: str, cell: TableCell, align: str | None) -> str:
    stands = f' align="{align}"' if align else ""
    return f"<{tag}{stands}>{spans_html(cell)}</{tag}>"
