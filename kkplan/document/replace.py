"""Replace one value by another in its place: its quoting style, its anchor and the comment after it stay."""

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
    """The pieces that put the value in the node's place; where nothing stands yet, `quoted` asks for quotes.

    Args:
        colon: what has to come before the value, where the key has no colon.
    """
    if not isinstance(node, Scalar):
        return (Piece(node.start, node.end, written(value)),)
    start = node.start
    properties = ""
    if node.tag and not (isinstance(value, str) and node.tag.endswith(":str")):
        # A tag such as !!str would make text of a number, and !!int no text of a text; the anchor in front of it stays.
        start = node.properties_start
        properties = f"&{node.anchor} " if node.anchor else ""
    if node.is_empty:
        blank = "" if not colon and document.text[start - 1 : start] in (" ", "\t") else " "
        return (Piece(start, node.end, colon + blank + properties + written(value, '"' if quoted else "")),)
    if node.style in ("|", ">"):
        return _replace_block_scalar(document, node, start, properties + written(value))
    # After quotes a comment may follow without a space, after a number it may not.
    blank = " " if document.text[node.end : node.end + 1] == "#" else ""
    return (Piece(start, node.end, properties + written(value, node.style) + blank),)


def _replace_block_scalar(document: Document, node: Scalar, start: int, text: str) -> tuple[Piece, ...]:
    header = _BLOCK_HEADER.match(document.text, node.start)
    header_end = header.end() if header else node.start + 1
    content_start = document.line_end(node.start)
    content = document.text[content_start : node.end]
    # Blank lines below the text are not its own: they stay.
    content_end = content_start + len(content.rstrip()) if content.strip() else content_start
    if content_end > content_start:
        content_end = document.line_end(content_end - 1)
    return (Piece(start, header_end, text), Piece(content_start, max(content_start, content_end), ""))
