"""Findings that a person has reviewed and accepted, with `# kkplan: ignore KK120 reason` in the config.

After a value, the comment applies to that line. On a line of its own, it applies to the next line that is not a
comment. `ignore-file` applies to the whole file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from kkplan.document.node import scalars_in
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
    """An ignore comment.

    Attributes:
        ids: ids of the ignored rules, in capitals.
        line: line of the findings that it accepts; 0 for the whole file.
        place: where the comment is.
    """

    ids: tuple[str, ...]
    line: int
    place: Place


class AcceptedFindings:
    """The findings that the comments of a file accept. Each query takes constant time."""

    def __init__(self, comments: Iterable[IgnoreComment]) -> None:
        self._by_line = {(rule_id, comment.line) for comment in comments for rule_id in comment.ids}
        self._named = {rule_id for rule_id, _ in self._by_line}

    def accept(self, finding: Finding) -> bool:
        """Whether a comment accepts the finding. A finding about the whole file has no line; any comment accepts it."""
        if finding.line == 0:
            return finding.id in self._named
        return not self._by_line.isdisjoint(((finding.id, 0), (finding.id, finding.line)))


def ignore_comments(document: Document) -> tuple[IgnoreComment, ...]:
    """The ignore comments in the file. The same text inside a value does not count."""
    found = list(_COMMENT.finditer(document.text))
    if not found:
        return ()
    values = sorted(
        (scalar.start, scalar.end) for root in document.roots if root is not None for scalar in scalars_in(root)
    )
    comments: list[IgnoreComment] = []
    # Where the next content below starts; known, because the loop begins at the last comment.
    following = below = len(document.text)
    for match, before in zip(reversed(found), [*reversed(found[:-1]), None], strict=True):
        place = bisect_right(values, (match.start(), len(document.text)))
        if place and match.start() < values[place - 1][1]:
            continue
        following = _next_content(document, match.start(), below, following)
        below = match.start()
        # A second comment on a line has text before it.
        line = document.line_start(match.start())
        first = before is None or before.end() <= line
        is_alone = first and not document.text[line : match.start()].strip()
        comments.append(_comment(document, match, following if is_alone else 0))
    return tuple(reversed(comments))


def _comment(document: Document, match: re.Match[str], following: int) -> IgnoreComment:
    """The comment in the match. `following`: start of the content it applies to, or 0 if it applies to its own line."""
    start = match.start()
    line = document.line_of(start)
    column = document.column_of(start) + 1
    ids = tuple(part.strip().upper() for part in match["ids"].split(","))
    place = Place(line, column, column + len(match.group()), document.name)
    return IgnoreComment(ids, 0 if match["file"] else document.line_of(following) if following else line, place)


def _next_content(document: Document, offset: int, below: int, following: int) -> int:
    """Offset of the first line below `offset` that is neither empty nor a comment.

    Args:
        below, following: an offset further down and its result, so that no line is read twice.
    """
    position = document.line_end(offset)
    while position < len(document.text):
        if position > below:
            return following
        if not _NO_CONTENT.match(document.text[position : document.line_end(position)]):
            return position
        position = document.line_end(position)
    return len(document.text)
