"""Show lines of a config with only what KubeKey's schema allows, and no secret.

Everything else becomes the same eight asterisks, so that not even its length shows: values without a known form, content
under unknown keys, other documents, comments. Lines remain lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, TypeVar

from kkplan.document.edit import Piece, splice
from kkplan.document.lines import LineChange, lines_of, raw_lines
from kkplan.document.node import Alias, Entry, Mapping, Node, Scalar
from kkplan.document.node import Sequence as SequenceNode
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.schema.known import is_known_comment, is_known_key, is_known_value, shape_below
from kkplan.schema.shape import Shape, ShapeOf
from kkplan.shown import MASK
from kkplan.visible import visible

# Between keys and values: a comment, or anything that is not YAML punctuation.
_TOKEN = re.compile(r"#[^\r\n]*|[^ \t\r\n,\[\]{}]+")
_PUNCTUATION = re.compile(r"-|:|\?|---|\.\.\.|!!(?:str|int|bool|float|null|map|seq)")
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]{0,2}")
_ANCHOR = re.compile(r"[&*][A-Za-z][A-Za-z_-]{0,29}")
_ALIAS = re.compile(r"\*[A-Za-z][A-Za-z_-]{0,29}")
_LINE = re.compile(r"[^\r\n]+")


class Span(NamedTuple):
    """A key, a value or an alias in the text, and whether it is shown."""

    start: int
    end: int
    shown: bool
    block: bool = False


class Masker:
    """Shows lines of a document."""

    def __init__(self, document: Document, shape_of: ShapeOf) -> None:
        self._document = document
        self._roots = [(root, shape_of(root)) for root in document.roots if root is not None]
        self._comments = frozenset(one for _, shape in self._roots if shape is not None for one in shape.comments)

    def lines(self, start: int, end: int, edit: Sequence[Piece] = ()) -> list[str]:
        """The lines between two offsets at line starts, with an edit applied."""
        kept = [rest for mask in self._masks(start, end) for rest in self._outside(mask, edit)]
        pieces = sorted((*edit, *kept), key=lambda piece: (piece.start, piece.end))
        shifted = [Piece(p.start - start, p.end - start, p.text) for p in pieces]
        return [_escaped(line) for line in lines_of(splice(self._document.text[start:end], shifted))]

    def line_at(self, place: Place) -> tuple[str, Place]:
        """The line of the place without its line end, and the place in it."""
        document = self._document
        start, end = document.offset_of_line(place.line - 1), document.offset_of_line(place.line)
        masks = self._masks(start, end)
        line = splice(document.text[start:end], [Piece(m.start - start, m.end - start, m.text) for m in masks])
        first, last = start + place.column - 1, start + place.end_column - 1
        grown = 0
        column, end_column = place.column, place.end_column
        for mask in masks:
            more = len(mask.text) - (mask.end - mask.start)
            if mask.end <= first:
                column, end_column = column + more, end_column + more
            elif mask.start < last:
                column = min(column, mask.start - start + grown + 1)
                end_column = max(end_column + more, mask.start - start + grown + len(mask.text) + 1)
            grown += more
        shown = line.rstrip("\r\n")
        return shown, Place(place.line, column, max(column + 1, min(end_column, len(shown) + 1)), place.file)

    def _outside(self, mask: Piece, edit: Sequence[Piece]) -> tuple[Piece, ...]:
        """What the edit leaves of a mask: of a comment that it turns into a key, the comment after that key."""
        overlapping = [piece.end for piece in edit if mask.start < piece.end and piece.start < mask.end]
        if not overlapping:
            return (mask,)
        rest = self._document.text.find("#", max(overlapping), mask.end) if _is_comment(mask) else -1
        return () if rest == -1 else (Piece(rest, mask.end, f"# {MASK}"),)

    def _masks(self, start: int, end: int) -> list[Piece]:
        """The masks between the offsets, in the order of the text."""
        done, masks = start, list[Piece]()
        for span in self._spans(start, end):
            masks += self._between(done, min(span.start, end))
            if not span.shown:
                masks += self._hidden(span, start, end)
            done = max(done, min(span.end, end))
        return masks + self._between(done, end)

    def _between(self, start: int, end: int) -> list[Piece]:
        """Masks for unknown comments, and for anything that is not punctuation."""
        text = self._document.text
        found = []
        for token in _TOKEN.finditer(text, start, max(start, end)):
            written = token.group()
            if written.startswith("#"):
                if not is_known_comment(written, self._comments):
                    found.append(Piece(token.start(), token.start() + len(written.rstrip()), f"# {MASK}"))
            elif not _PUNCTUATION.fullmatch(written) and not self._is_anchor(written):
                found.append(Piece(*token.span(), MASK))
        return found

    def _is_anchor(self, written: str) -> bool:
        """Whether an alias refers to the anchor. Otherwise `password: &abc` is a password without quotes."""
        return bool(_ANCHOR.fullmatch(written)) and f"*{written[1:]}" in self._aliases

    @cached_property
    def _aliases(self) -> frozenset[str]:
        return frozenset(_ALIAS.findall(self._document.text))

    def _hidden(self, span: Span, start: int, end: int) -> Iterator[Piece]:
        """A mask for each line of the scalar; the header of a block scalar remains."""
        text = self._document.text
        header = _BLOCK_HEADER.match(text, span.start) if span.block else None
        position = header.end() if header else span.start
        if header:  # a comment may follow it
            line_end = min(self._document.line_end(span.start), span.end)
            yield from (mask for mask in self._between(position, line_end) if mask.start >= start and mask.end <= end)
            position = line_end
        for line in _LINE.finditer(text, max(start, position), max(start, position, min(end, span.end))):
            content = line.group().strip(" \t")
            if content:
                first = line.start() + line.group().index(content)
                yield Piece(first, first + len(content), MASK)

    def _spans(self, start: int, end: int) -> Sequence[Span]:
        if not self._document.aliased:
            return sorted(_spans(self._document, self._roots, start, end))
        # An alias uses a value in another place, which may have to hide it.
        spans, ends = self._all_spans
        return spans[bisect_right(ends, start) : bisect_left(spans, (end,))]

    @cached_property
    def _all_spans(self) -> tuple[list[Span], list[int]]:
        hidden: dict[int, Span] = {}
        for span in _spans(self._document, self._roots, 0, len(self._document.text)):
            if span.start not in hidden or not span.shown:
                hidden[span.start] = span
        spans = sorted(hidden.values())
        return spans, [span.end for span in spans]


class MaskedChange:
    """A document before and after an edit, masked line by line on demand.

    Args:
        pieces: the edit, sorted; it contains no text of the file.

    Attributes:
        masked_count: how many of the requested lines are masked in part or in full.
    """

    def __init__(self, document: Document, shape_of: ShapeOf, pieces: Sequence[Piece]) -> None:
        self._document = document
        self._masker = Masker(document, shape_of)
        self._pieces = pieces
        self.masked_count = 0

    def old(self, start: int, end: int) -> list[str]:
        """Lines of the old text, from 0, with their line ends; a byte order mark belongs to the first."""
        return self._lines(start, end, ())

    def new(self, change: LineChange) -> list[str]:
        """The new lines of the change."""
        return self._lines(change.old_start, change.old_end, self._pieces)

    def _lines(self, start: int, end: int, pieces: Sequence[Piece]) -> list[str]:
        document = self._document
        first, after = document.offset_of_line(start), document.offset_of_line(end)
        # Text inserted after these lines is at the start of the next one; adjacent changes are one change.
        inside = [piece for piece in pieces if first <= piece.start <= piece.end <= after]
        lines = self._masker.lines(first, after, inside)
        shifted = [Piece(piece.start - first, piece.end - first, piece.text) for piece in inside]
        true_lines = lines_of(splice(document.text[first:after], shifted))
        self.masked_count += sum(line != true for line, true in zip(lines, true_lines, strict=True))
        return [document.bom.decode() + line for line in lines[:1]] + lines[1:] if start == 0 else lines


class MaskedFile:
    """A whole file, masked; if it could not be parsed, each line is eight asterisks.

    Args:
        document: the parsed file; None if it could not be parsed.
    """

    def __init__(self, data: bytes, document: Document | None, shape_of: ShapeOf) -> None:
        self.count = len(raw_lines(data))
        self._document = document
        self._masker = Masker(document, shape_of) if document is not None else None

    def lines(self, start: int, end: int) -> list[str]:
        """Lines from 0, with their line ends; a byte order mark belongs to the first."""
        if self._document is None or self._masker is None:
            return [f"{MASK}\n"] * (end - start)
        document = self._document
        lines = self._masker.lines(document.offset_of_line(start), document.offset_of_line(end))
        return [document.bom.decode() + line for line in lines[:1]] + lines[1:] if start == 0 else lines


def masked_lines(document: Document, shape_of: ShapeOf) -> list[str]:
    """The document's lines with their line ends, masked."""
    return Masker(document, shape_of).lines(0, len(document.text))


def lines_shown_by(known: str, text: str) -> list[str]:
    """The lines of a foreign file: lines that are also in the known text, asterisks for the others."""
    own = {line.strip() for line in lines_of(known)}
    return [line if line.strip() in own else f"{MASK}\n" if line.endswith("\n") else MASK for line in lines_of(text)]


def _is_comment(mask: Piece) -> bool:
    return mask.text.startswith("#")


def _escaped(line: str) -> str:
    content = line.removesuffix("\n").removesuffix("\r")
    return visible(content) + line[len(content) :]


def _spans(document: Document, roots: Sequence[tuple[Node, Shape | None]], start: int, end: int) -> Iterator[Span]:
    """The keys and values between the offsets, and possibly others; aliased ones may occur more than once."""
    waiting: list[tuple[Node, Shape | None]] = list(roots)
    seen = set[tuple[int, int]]()
    everything = bool(document.aliased)
    while waiting:
        node, shape = waiting.pop()
        if isinstance(node, Alias):
            yield Span(node.start, node.end, bool(_ANCHOR.fullmatch(document.text[node.start : node.end])))
            node = node.target
        if isinstance(node, Scalar):
            yield from _scalar(node, is_known_value(node, shape))
        elif not everything or (node.start, id(shape)) not in seen:
            seen.add((node.start, id(shape)))
            if isinstance(node, SequenceNode):
                below = shape.items if shape is not None else None
                waiting += [(item, below) for item in (node.items if everything else _touching(node.items, start, end))]
            elif isinstance(node, Mapping):
                for entry in node.entries if everything else _touching(node.entries, start, end):
                    yield from _key(entry, node, shape, waiting)


def _scalar(node: Scalar, shown: bool) -> Iterator[Span]:
    if not node.is_empty:
        yield Span(node.start, node.end, shown, node.style in ("|", ">"))


def _key(
    entry: Entry, mapping: Mapping, shape: Shape | None, waiting: list[tuple[Node, Shape | None]]
) -> Iterator[Span]:
    """The entry's key. Its value, and a key that is a collection, are visited next."""
    key = entry.key
    if isinstance(key, Scalar):
        yield from _scalar(key, is_known_key(entry, mapping, shape))
        waiting.append((entry.value, shape_below(key, shape)))
    else:
        waiting += [(key, None), (entry.value, None)]


_Placed = TypeVar("_Placed", Node, Entry)


def _touching(nodes: tuple[_Placed, ...], start: int, end: int) -> tuple[_Placed, ...]:
    """The nodes (in the order of the text) that overlap the range, and one more before them."""
    first = bisect_left(nodes, start, key=lambda node: node.end)
    after = bisect_left(nodes, end, key=_start_of)
    return nodes[max(0, first - 1) : after]


def _start_of(node: Node | Entry) -> int:
    return node.key.start if isinstance(node, Entry) else node.start
