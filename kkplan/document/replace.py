"""Replace one value in place; its quoting style, its anchor and the comment after it are kept."""

from __future__ import annotations

import re

from kkplan.document.edit import Piece
from kkplan.document.node import Node, Scalar
from kkplan.document.parse import Document
from kkplan.document.scalar import written

_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")


def replace_value(
    document: Document, node: Node, value: str | int | bool, *, colon: str = "", quoted: bool = False
) -> tuple[Piece, ...]:
    """The pieces that replace the node by the value. For an empty node, `quoted` asks for quotes.

    Args:
        colon: text to write before the value if the key has no colon.
    """
    if not isinstance(node, Scalar):
        return (Piece(node.start, node.end, written(value)),)
    start = node.start
    properties = ""
    if node.tag and not (isinstance(value, str) and node.tag.endswith(":str")):
        # A tag such as !!str would turn a number into a string, !!int the reverse; the anchor before it is kept.
        start = node.properties_start
        properties = f"&{node.anchor} " if node.anchor else ""
    if node.is_empty:
        blank = "" if not colon and document.text[start - 1 : start] in (" ", "\t") else " "
        return (Piece(start, node.end, colon + blank + properties + written(value, '"' if quoted else "")),)
    if node.style in ("|", ">"):
        return _replace_block_scalar(document, node, start, properties + written(value))
    # A comment may directly follow a quote, but not a number.
    blank = " " if document.text[node.end : node.end + 1] == "#" else ""
    return (Piece(start, node.end, properties + written(value, node.style) + blank),)


def _replace_block_scalar(document: Document, node: Scalar, start: int, text: str) -> tuple[Piece, ...]:
    header = _BLOCK_HEADER.match(document.text, node.start)
    header_end = header.end() if header else node.start + 1
    content_start = document.line_end(node.start)
    content = document.text[content_start : node.end]
    # Blank lines below the text are not part of it, so they are kept.
    content_end = content_start + len(content.rstrip()) if content.strip() else content_start
    if content_end > content_start:
        content_end = document.line_end(content_end - 1)
    return (Piece(start, header_end, text), Piece(content_start, max(content_start, content_end), ""))
