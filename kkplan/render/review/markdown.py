"""The Markdown of kkplan's own runbooks as HTML: headings, paragraphs, tables, lists and code.

Links stay text with their address behind: a page that is mailed leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kkplan.locale import paragraphs
from kkplan.render.html import Child, Markup, element
from kkplan.render.review.parts import table

_HEADING = re.compile(r"(#{1,4}) (.*)")
_ITEM = re.compile(r"(?:-|[0-9]+\.) (.*)")
_INLINE = re.compile(r"`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|\*\*([^*]+)\*\*")
_CELL = re.compile(r"(?<!\\)\|")


def markdown_html(markdown: str, level: int) -> Iterator[Markup]:
    """The document's blocks.

    Args:
        level: the heading level that its own first level becomes.
    """
    for block in paragraphs(markdown):
        if block.strip() and not block.startswith("<!--"):
            yield _block(block, level)


def _block(block: str, level: int) -> Markup:
    heading = _HEADING.fullmatch(block)
    if heading:
        return element(f"h{min(6, level + len(heading[1]) - 1)}", _inline(heading[2]))
    lines = block.split("\n")
    if block.startswith("```"):
        return element("pre", element("code", "\n".join(lines[1:-1])))
    if lines[0].startswith("|"):
        return _table(lines)
    items = [_ITEM.fullmatch(line) for line in lines]
    if items[0] is not None:
        first = re.match(r"[0-9]+", block)
        texts = [element("li", _inline(item[1])) for item in items if item is not None]
        return element("ol", texts, start=first[0]) if first else element("ul", texts)
    return element("p", _inline(" ".join(lines)))


def _table(lines: Sequence[str]) -> Markup:
    heads, *rows = [[_inline(cell) for cell in _cells(line)] for line in lines if not re.fullmatch(r"[|\s:-]+", line)]
    return table(heads, rows)


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in _CELL.split(line.strip().strip("|"))]


def _inline(text: str) -> Iterator[Child]:
    done = 0
    for found in _INLINE.finditer(text):
        yield text[done : found.start()]
        code, label, address, strong = found.groups()
        if code is not None:
            yield element("code", code)
        elif strong is not None:
            yield element("strong", strong)
        else:
            yield label
            yield element("span", f" ({address})", class_="address")
        done = found.end()
    yield text[done:]
