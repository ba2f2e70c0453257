"""JSON Schema 2020-12 of rich text: Portable Text's blocks and those of types of our own."""

from collections.abc import Mapping

from api.contract.schema import (
    STRING,
    Schema,
    constant,
    described,
    extensible,
    nullable,
    object_schema,
    ref,
)

_SPAN = object_schema(
    "A run of text within a block.",
    {
        "_type": described(constant("span"), "The type of this node."),
        "_key": described(STRING, "The node's name within its rich text."),
        "text": described(STRING, "The text."),
        "marks": described(
            {"type": "array", "items": STRING},
            "Decorators (strong, em, code, strike-through) and the keys of mark definitions.",
        ),
    },
)
_LINK = {
    "_type": described(constant("link"), "The type of this definition."),
    "_key": described(STRING, "The name by which spans mean it."),
    "href": described(STRING, "Where the link leads."),
    "title": described(nullable(STRING), "The link's title."),
    "reference": ref("BlockReference"),
}
_FOOTNOTE_MARK = {
    "_type": described(constant("footnote"), "The type of this definition."),
    "_key": described(STRING, "The name by which spans mean it."),
    "number": described(
        {"type": "integer"}, "The number of the footnote that is marked; the text says it as [1]."
    ),
}
_MARK_TYPES = {"link": "BlockLink", "footnote": "BlockFootnoteMark"}
_REFERENCE = object_schema(
    "The entry that a link leads to; the link's `href` is its path.",
    {
        "type": described(STRING, "The entry's type."),
        "id": described(STRING, "The entry's id."),
    },
)
_FALLBACK = object_schema(
    "What a reader that does not know the block's type may show instead.",
    {
        "text": described(STRING, "Plain text."),
        "html": described(STRING, "Sanitised HTML."),
    },
)
_STYLES = ("normal", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")
_WORDS = {
    "markDefs": described(
        {"type": "array", "items": ref("BlockMarkDef")},
        "The links and footnotes that the spans name.",
    ),
    "children": described({"type": "array", "items": ref("BlockSpan")}, "The text, in runs."),
}
_TEXT_BLOCK = {
    "_type": described(constant("block"), "The type of this block."),
    "_key": described(STRING, "The block's name within its rich text."),
    "style": described(extensible(_STYLES), "What the block is."),
    "listItem": described(extensible(("bullet", "number")), "Given for an item of a list."),
    "level": described({"type": "integer"}, "How deep the list item stands, from 1."),
    "checked": described(
        {"type": "boolean"}, "Given for an item of a task list: whether the task is done."
    ),
    "anchor": described(
        STRING, "Given for a heading that has a name of its own, for addresses to end in: #name."
    ),
    **_WORDS,
}
_CODE_BLOCK = {
    "_type": described(constant("code"), "The type of this block."),
    "_key": described(STRING, "The block's name within its rich text."),
    "language": described(nullable(STRING), "The language that the code is written in."),
    "code": described(STRING, "The code."),
    "fallback": ref("BlockFallback"),
}
_IMAGE_BLOCK = {
    "_type": described(constant("image"), "The type of this block."),
    "_key": described(STRING, "The block's name within its rich text."),
    "src": described(STRING, "The image's address, a path of this API."),
    "alt": described(STRING, "What is said where the image cannot be seen."),
    "title": described(nullable(STRING), "The image's title."),
    "width": described({"type": "integer"}, "In pixels."),
    "height": described({"type": "integer"}, "In pixels."),
    "placeholder": described(STRING, "A tiny copy to show while the image loads, a data: URI."),
    "fallback": ref("BlockFallback"),
}
_RULE_BLOCK = {
    "_type": described(constant("rule"), "The type of this block."),
    "_key": described(STRING, "The block's name within its rich text."),
    "fallback": ref("BlockFallback"),
}
_TABLE_BLOCK = {
    "_type": described(constant("table"), "The type of this block."),
    "_key": described(STRING, "The block's name within its rich text."),
    "align": described(
        {"type": "array", "items": nullable(extensible(("left", "center", "right")))},
        "Where the words of each column stand; null where nothing is said.",
    ),
    "rows": described(
        {"type": "array", "items": ref("BlockTableRow")}, "The rows; the first is the header."
    ),
    "fallback": ref("BlockFallback"),
}
_FOOTNOTE_BLOCK = {
    "_type": described(constant("footnote"), "The type of this block."),
    "_key": described(STRING, "The block's name within its rich text."),
    "style": described(
        constant("footnote"),
        "Renderers of Portable Text take a node with `children` for a text block: they choose the "
        "component by this.",
    ),
    "number": described(
        {"type": "integer"}, "Counted from 1, in the order in which the text marks its footnotes."
    ),
    **_WORDS,
    "fallback": ref("BlockFallback"),
}
_LEFT_OUT = frozenset({"listItem", "level", "checked", "anchor"})
_BLOCK_TYPES = {
    "block": "TextBlock",
    "code": "CodeBlock",
    "image": "ImageBlock",
    "rule": "RuleBlock",
    "table": "TableBlock",
    "footnote": "FootnoteBlock",
}
_ANY_BLOCK = {
    **_CODE_BLOCK,
    **_IMAGE_BLOCK,
    **_RULE_BLOCK,
    **_TABLE_BLOCK,
    **_FOOTNOTE_BLOCK,
    **_TEXT_BLOCK,
    "_type": described(extensible(tuple(_BLOCK_TYPES)), "The type of this block."),
    "style": described(extensible((*_STYLES, "footnote")), "What a block of text is."),
}

RICH_TEXT: Mapping[str, Schema] = {
    "RichText": object_schema(
        "Formatted text in the form that was asked for; the other forms are null.",
        {
            "blocks": described(
                {"type": ["array", "null"], "items": ref("BlockNode")}, "Portable Text."
            ),
            "html": described(nullable(STRING), "Sanitised HTML."),
            "markdown": described(
                nullable(STRING),
                "Markdown (CommonMark, with GitHub's tables, task lists, footnotes and ~~).",
            ),
            "text": described(nullable(STRING), "Plain text."),
        },
    ),
    "BlockNode": {
        **object_schema(
            "A block of Portable Text. Types may be added: show the `fallback` of an unknown one.",
            _ANY_BLOCK,
            optional=frozenset(_ANY_BLOCK) - {"_type", "_key"},
        ),
        "x-block-types": _BLOCK_TYPES,
    },
    "TextBlock": {
        **object_schema(
            "A BlockNode of type `block`: a paragraph, heading, quote or list item.",
            _TEXT_BLOCK,
            optional=_LEFT_OUT,
        ),
        "dependentRequired": {
            "listItem": ["level"],
            "level": ["listItem"],
            "checked": ["listItem"],
        },
    },
    "CodeBlock": object_schema("A BlockNode of type `code`.", _CODE_BLOCK),
    "ImageBlock": object_schema("A BlockNode of type `image`.", _IMAGE_BLOCK),
    "RuleBlock": object_schema("A BlockNode of type `rule`: between two subjects.", _RULE_BLOCK),
    "TableBlock": object_schema("A BlockNode of type `table`.", _TABLE_BLOCK),
    "FootnoteBlock": object_schema(
        "A BlockNode of type `footnote`; footnotes stand at the end of their rich text.",
        _FOOTNOTE_BLOCK,
    ),
    "BlockTableRow": object_schema(
        "A row of a table.",
        {
            "_key": described(STRING, "The row's name within its rich text."),
            "cells": described(
                {"type": "array", "items": ref("BlockTableCell")}, "A cell for each column."
            ),
        },
    ),
    "BlockTableCell": object_schema(
        "A cell of a table: what a text block has, without a style.",
        {"_key": described(STRING, "The cell's name within its rich text."), **_WORDS},
    ),
    "BlockSpan": _SPAN,
    "BlockMarkDef": {
        **object_schema(
            "What spans name in their marks: a link, or a footnote's mark. Types may be added.",
            {
                **_LINK,
                **_FOOTNOTE_MARK,
                "_type": described(extensible(tuple(_MARK_TYPES)), "The type of this definition."),
            },
            optional=frozenset({*_LINK, *_FOOTNOTE_MARK}) - {"_type", "_key"},
        ),
        "x-block-types": _MARK_TYPES,
    },
    "BlockLink": object_schema(
        "A BlockMarkDef of type `link`.", _LINK, optional=frozenset({"reference"})
    ),
    "BlockFootnoteMark": object_schema("A BlockMarkDef of type `footnote`.", _FOOTNOTE_MARK),
    "BlockReference": _REFERENCE,
    "BlockFallback": _FALLBACK,
}
