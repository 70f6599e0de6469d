"""Findings that someone has looked at and accepted: `# kkplan: ignore KK120 reason` in the config.

After a value it is about that line; alone on a line, about the next one that is no comment; as `ignore-file`, about
the whole file.
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
    """One such comment.

    Attributes:
        ids: the rules it names, in capitals.
        line: the line of the findings that it is about; 0 for all of the file.
        place: the comment itself.
    """

    ids: tuple[str, ...]
    line: int
    place: Place


class AcceptedFindings:
    """The findings that the comments of a file accept; a query takes the same time however many there are."""

    def __init__(self, comments: Iterable[IgnoreComment]) -> None:
        self._by_line = {(rule_id, comment.line) for comment in comments for rule_id in comment.ids}
        self._named = {rule_id for rule_id, _ in self._by_line}

    def accept(self, finding: Finding) -> bool:
        """Whether a comment accepts the finding; one about the whole file has no line."""
        if finding.line == 0:
            return finding.id in self._named
        return not self._by_line.isdisjoint(((finding.id, 0), (finding.id, finding.line)))


def ignore_comments(document: Document) -> tuple[IgnoreComment, ...]:
    """The comments in the file; the same words within a value are none."""
    found = list(_COMMENT.finditer(document.text))
    if not found:
        return ()
    values = sorted(
        (scalar.start, scalar.end) for root in document.roots if root is not None for scalar in scalars_in(root)
    )
    comments: list[IgnoreComment] = []
    following = len(document.text)  # where the next content below starts: known, for the last comment comes first
    below = following
    for match, before in zip(reversed(found), [*reversed(found[:-1]), None], strict=True):
        place = bisect_right(values, (match.start(), len(document.text)))
        if place and match.start() < values[place - 1][1]:
            continue
        following = _next_content(document, match.start(), below, following)
        below = match.start()
        first = before is None or before.end() <= document.line_start(match.start())  # a second one is never alone
        comments.append(_comment(document, match, following if first and _is_first_in_line(document, match) else 0))
    return tuple(reversed(comments))


def _is_first_in_line(document: Document, match: re.Match[str]) -> bool:
    """Whether nothing but space is before it in its line."""
    return not document.text[document.line_start(match.start()) : match.start()].strip()


def _comment(document: Document, match: re.Match[str], following: int) -> IgnoreComment:
    """The comment in the match; where it is alone in its line, `following` is where the content starts that it is about."""
    start = match.start()
    line = document.line_of(start)
    column = document.column_of(start) + 1
    ids = tuple(part.strip().upper() for part in match["ids"].split(","))
    place = Place(line, column, column + len(match.group()), document.name)
    return IgnoreComment(ids, 0 if match["file"] else document.line_of(following) if following else line, place)


def _next_content(document: Document, offset: int, below: int, following: int) -> int:
    """The first line below the offset that is neither empty nor a comment, as an offset.

    Args:
        below, following: an offset further down, and its answer: no line is looked at twice.
    """
    position = document.line_end(offset)
    while position < len(document.text):
        if position > below:
            return following
        if not _NO_CONTENT.match(document.text[position : document.line_end(position)]):
            return position
        position = document.line_end(position)
    return len(document.text)
