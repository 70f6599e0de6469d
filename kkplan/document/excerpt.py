"""Leave the middle of long lists out of a text, so that an edit elsewhere in it can be proved without parsing them again.

Items of a block-style list are read independently of each other: nothing that stands before a list or behind it changes
what an item means, as long as its first and last items are read as items of the same list, and no anchors or aliases
join them to anything. Both ends stay in the excerpt, so that is what the proof looks at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kkplan.document.edit import Piece
from kkplan.document.node import Mapping, Node
from kkplan.document.node import Sequence as SequenceNode
from kkplan.document.parse import Document

LONG = 100  # items; shorter lists are parsed as fast as they are left out
_DASH = re.compile(r" *- +\Z")


def long_lists(document: Document, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Pieces that leave out the middle of each long block-style list that the given pieces do not touch."""
    if document.has_anchors:
        return ()
    return tuple(
        Piece(start, end, "")
        for items in _long_lists(document)
        for start, end in [(_dash_line(document, items[1]), _dash_line(document, items[-1]))]
        if 0 <= start < end and not any(piece.start <= end and start <= piece.end for piece in pieces)
    )


def _long_lists(document: Document) -> Iterator[tuple[Node, ...]]:
    """The items of long lists; what is within a long list is not looked at."""
    waiting: list[Node] = [root for root in document.roots if root is not None]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            waiting += [entry.value for entry in node.entries]
        elif isinstance(node, SequenceNode):
            if len(node.items) < LONG:
                waiting += node.items
            elif not node.flow:
                yield node.items


def _dash_line(document: Document, item: Node) -> int:
    """Where the line starts that has the item's dash and nothing before it; -1 where the item begins on another line."""
    start = document.line_start(item.start)
    return start if _DASH.match(document.text[start : item.start]) else -1
