"""Findings that someone has looked at and accepted: `# kkplan: ignore KK120 reason` in the config.

Behind a value it is about that line; alone on a line, about the next one that is no comment; as `ignore-file`, about
the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kkplan.document.node import Mapping, Node, Scalar, Sequence
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.plan.finding import Finding

_COMMENT = re.compile(
    r"#[ \t]*kkplan:[ \t]*ignore(?P<file>-file)?[ \t]+(?P<ids>[A-Za-z]+[0-9]+(?:[ \t]*,[ \t]*[A-Za-z]+[0-9]+)*)",
    re.IGNORECASE,
)
_NO_CONTENT = re.compile(r"[ \t]*(?:#.*)?\r?\n?\Z")


@dataclass(frozen=True)
class IgnoreComment:
    """One such comment.

    Attributes:
        ids: the rules it names, in capitals.
        line: the line of the findings that it is about; 0 for all of the file.
        place: the comment itself.
    """

    ids: tuple[str, ...]
    line: int
    place: Place

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is one of those that the comment accepts; one about the whole file stands on no line."""
        return finding.id in self.ids and (self.line in (0, finding.line) or finding.line == 0)


def ignore_comments(document: Document) -> tuple[IgnoreComment, ...]:
    """The comments in the file; the same words within a value are none."""
    found = list(_COMMENT.finditer(document.text))
    if not found:
        return ()
    values = [(scalar.start, scalar.end) for root in document.roots if root is not None for scalar in _scalars(root)]
    return tuple(
        _comment(document, match) for match in found if not any(start <= match.start() < end for start, end in values)
    )


def _comment(document: Document, match: re.Match[str]) -> IgnoreComment:
    start = match.start()
    line = document.line_of(start)
    column = document.column_of(start) + 1
    ids = tuple(part.strip().upper() for part in match["ids"].split(","))
    place = Place(line, column, column + len(match.group()))
    alone = not document.text[document.line_start(start) : start].strip()
    return IgnoreComment(ids, 0 if match["file"] else _next_content(document, start) if alone else line, place)


def _next_content(document: Document, offset: int) -> int:
    """The first line below that is neither blank nor a comment."""
    position = document.line_end(offset)
    while position < len(document.text) and _NO_CONTENT.match(document.text[position : document.line_end(position)]):
        position = document.line_end(position)
    return document.line_of(min(position, len(document.text)))


def _scalars(root: Node) -> Iterator[Scalar]:
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            yield node
        elif isinstance(node, Mapping):
            for entry in node.entries:
                waiting += (entry.key, entry.value)
        elif isinstance(node, Sequence):
            waiting += node.items
