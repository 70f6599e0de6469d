"""Replace one value by another in its place: its quoting style, its anchor and the comment behind it stay."""

from __future__ import annotations

import re

from kkplan.document.edit import Piece
from kkplan.document.node import Node, Scalar
from kkplan.document.parse import Document
from kkplan.document.scalar import written

_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")


def replace_value(
    document: Document, node: Node, value: str | int | bool, *, quoted: bool = False
) -> tuple[Piece, ...]:
    """The pieces that put the value in the node's place; where nothing stands yet, `quoted` asks for quotes."""
    if not isinstance(node, Scalar):
        return (Piece(node.start, node.end, written(value)),)
    if node.style in ("|", ">"):
        return _replace_block_scalar(document, node, value)
    start = node.start
    properties = ""
    if node.tag and not (isinstance(value, str) and node.tag.endswith(":str")):
        # A tag such as !!str would make text of a number, and !!int no text of a text; the anchor in front of it stays.
        start = node.properties_start
        properties = f"&{node.anchor} " if node.anchor else ""
    if node.is_empty:
        before = document.text[document.line_start(node.properties_start) : node.properties_start].rstrip()
        # In flow style, a key without a value may stand without a colon: {domain, port: 6443}.
        behind = "" if before.endswith(":") or not before else ":"
        if behind or document.text[start - 1] not in (" ", "\t"):
            behind += " "
        return (Piece(start, node.end, behind + properties + written(value, '"' if quoted else "")),)
    if start > node.properties_start and not document.text[start - 1].isspace():
        properties = " "  # `&a:b` is the anchor a and the text `:b`
    return (Piece(start, node.end, properties + written(value, node.style)),)


def _replace_block_scalar(document: Document, node: Scalar, value: str | int | bool) -> tuple[Piece, ...]:
    header = _BLOCK_HEADER.match(document.text, node.start)
    header_end = header.end() if header else node.start + 1
    content_start = document.line_end(node.start)
    content = document.text[content_start : node.end]
    # Blank lines below the text are not its own: they stay.
    content_end = content_start + len(content.rstrip()) if content.strip() else content_start
    if content_end > content_start:
        content_end = document.line_end(content_end - 1)
    return (Piece(node.start, header_end, written(value)), Piece(content_start, max(content_start, content_end), ""))
