"""Hide the passwords and keys of a document, by its structure first and by the look of a line second.

Every secret becomes the same eight asterisks, so that not even its length shows. Lines stay lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TypeVar

from kkplan.document.edit import Piece, splice
from kkplan.document.node import Alias, Entry, Mapping, Node, Scalar, resolve_alias
from kkplan.document.node import Sequence as SequenceNode
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.document.setting import name_of
from kkplan.render.lines import LineChange, lines_of
from kkplan.secret import MASK, is_secret, is_value_of_secret, masked_line

_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
# What of a secret's own line belongs to it where the parser has found no value: `password: &x`, `password: #x`.
_LOST_VALUE = re.compile(r"[\"']?[ \t]*:[ \t]*(?P<value>[^\r\n,}]*[^\s,}])")
# The keys that stand behind a password in real configs; anything else there is what an unquoted comma has cut off.
_KNOWN_KEYS = frozenset(
    [
        "name",
        "address",
        "internaladdress",
        "port",
        "user",
        "password",
        "privatekey",
        "privatekeypath",
        "arch",
        "timeout",
        "labels",
        "username",
        "skiptlsverify",
        "plainhttp",
        "certspath",
        "auth",
        "certfile",
        "keyfile",
        "cafile",
        "email",
    ]
)
_RUN = re.compile(rf"{re.escape(MASK)}(?:[\s,]*{re.escape(MASK)})*")  # what a comma has cut in two
_SHORT = 4  # characters; what is shorter is no password, and would mask half of a comment
_FEW = 40  # comments
_MOST_ENDS = 4  # marks behind a word, which may be the password's or the sentence's; more would take time without bound
_SENTENCE_END = ".!?\u3002\uff01\uff1f\u2026"
_BETWEEN_WORDS = re.compile(r"([\s,;:\uff0c\uff1a\uff1b()\"'`/|=]+)")


class Masker:
    """Shows lines of a document without its secrets."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._comments = 0

    def lines(self, start: int, end: int, edit: Sequence[Piece] = ()) -> list[str]:
        """The lines between two offsets at which lines start, with an edit of them."""
        pieces: list[Piece] = list(edit)
        done = start
        for mask in self._masks(start, end):
            piece = Piece(max(mask.start, done), min(mask.end, end), mask.text)
            if piece.start < piece.end and not any(_overlap(piece, other) for other in edit):
                pieces.append(piece)
                done = piece.end
        shifted = [
            Piece(p.start - start, p.end - start, p.text) for p in sorted(pieces, key=lambda p: (p.start, p.end))
        ]
        return [self._by_look(line) for line in lines_of(splice(self._document.text[start:end], shifted))]

    def line_at(self, place: Place) -> tuple[str, Place]:
        """The line that the place is on, its line end gone; and the place in it."""
        document = self._document
        start, end = document.offset_of_line(place.line - 1), document.offset_of_line(place.line)
        line = self.lines(start, end)[0].rstrip("\r\n")
        original = document.text[start:end].rstrip("\r\n")
        shown = original[place.column - 1 : place.end_column - 1]
        # Masks make a line longer or shorter: the same characters nearest to where they stood are the place.
        starts = [found.start() + 1 for found in re.finditer(re.escape(shown), line)] if shown else []
        if starts:
            column = min(starts, key=lambda start: abs(start - place.column))
            return line, Place(place.line, column, column + len(shown))
        pairs = zip(line, original, strict=False)
        masked = next((number for number, (new, old) in enumerate(pairs) if new != old), 0)
        run = _RUN.match(line, masked)
        if run and masked < place.column and line.count(MASK) == run.group().count(MASK):
            return line, Place(place.line, masked + 1, run.end() + 1)
        content = line.strip()
        column = line.find(content) + 1
        return line, Place(place.line, column, column + max(1, len(content)))

    def _masks(self, start: int, end: int) -> Sequence[Piece]:
        """The masks that touch the text between the offsets, and perhaps others, in their order."""
        if not self._document.aliased:
            return sorted(_masks(self._document, start, end))
        # An alias makes a secret of something that stands elsewhere.
        masks = self._all_masks
        first = bisect_left(masks, start, key=lambda piece: piece.start)
        return masks[max(0, first - 1) : bisect_left(masks, end, key=lambda piece: piece.start)]

    @cached_property
    def _all_masks(self) -> list[Piece]:
        return sorted(_masks(self._document, 0, len(self._document.text)))

    @cached_property
    def _secrets(self) -> frozenset[str]:
        """The secrets' texts and the words they are made of: a comment may tell them once more."""
        text = self._document.text
        found = {text[piece.start : piece.end].strip("\"'") for piece in self._all_masks}
        words = {word for secret in found for word in _BETWEEN_WORDS.split(secret)}
        return frozenset(secret for secret in found | words if len(secret) >= _SHORT)

    def _by_look(self, line: str) -> str:
        line, comment = masked_line(line)
        if comment < 0 or not line[comment:].strip("# \t\r\n"):
            return line
        self._comments += 1
        words = _BETWEEN_WORDS.split(line[comment:])
        return line[:comment] + "".join(MASK if self._is_told(word) else word for word in words)

    def _is_told(self, word: str) -> bool:
        """Whether the word is a secret of the document, or a part of one; a sentence may end behind it."""
        bare = word.rstrip(_SENTENCE_END)
        ends = min(len(word) - len(bare), _MOST_ENDS)
        candidates = {bare, *(word[: len(word) - count] for count in range(ends + 1))}
        return any(len(candidate) >= _SHORT and self._is_secret(candidate) for candidate in candidates)

    def _is_secret(self, word: str) -> bool:
        # For some comments a search is quicker than to collect the secrets of thousands of hosts.
        return is_value_of_secret(self._document.text, word) if self._comments <= _FEW else word in self._secrets


class MaskedChange:
    """A document before and after an edit, its secrets masked: only the lines that are asked for.

    Args:
        pieces: the edit, sorted; it writes no secret and replaces none.
    """

    def __init__(self, document: Document, pieces: Sequence[Piece]) -> None:
        self._document = document
        self._masker = Masker(document)
        self._pieces = pieces

    def count(self) -> int:
        """How many lines the old text has."""
        return self._document.line_count

    def old(self, start: int, end: int) -> list[str]:
        """Lines of the old text, from 0, with their line ends; a byte order mark belongs to the first."""
        return self._lines(start, end, ())

    def new(self, change: LineChange) -> list[str]:
        """What the change makes of its lines."""
        return self._lines(change.old_start, change.old_end, self._pieces)

    def _lines(self, start: int, end: int, pieces: Sequence[Piece]) -> list[str]:
        document = self._document
        first, behind = document.offset_of_line(start), document.offset_of_line(end)
        # What is put in behind these lines lies at the start of the next one; changes that touch are one change.
        inside = [piece for piece in pieces if first <= piece.start <= piece.end <= behind]
        lines = self._masker.lines(first, behind, inside)
        return [document.bom.decode() + line for line in lines[:1]] + lines[1:] if start == 0 else lines


def masked_lines(document: Document) -> list[str]:
    """The document's text with its secrets masked, as lines with their line ends."""
    return Masker(document).lines(0, len(document.text))


def masked_file(text: str) -> list[str]:
    """The lines of a file that is no config, by their look alone: a keepalived.conf, an haproxy.cfg, a script."""
    return [masked_line(line)[0] for line in lines_of(text)]


def _overlap(one: Piece, other: Piece) -> bool:
    return one.start < other.end and other.start < one.end


def _masks(document: Document, start: int, end: int) -> Iterator[Piece]:
    """The masks between the offsets, and perhaps others; what lies wholly outside is not looked at."""
    waiting: list[Node] = [root for root in document.roots if root is not None]
    while waiting:
        node = waiting.pop()
        if isinstance(node, SequenceNode):
            waiting.extend(_touching(node.items, start, end))
        elif isinstance(node, Mapping):
            # In flow style, what an unquoted comma has parted belongs together.
            entries = node.entries if node.flow else _touching(node.entries, start, end)
            for entry, hidden in zip(entries, _hidden(entries, flow=node.flow), strict=True):
                if hidden == "all":
                    yield from _hide(document, entry.key)
                if hidden:
                    yield from _hide_entry(document, entry)
                else:
                    waiting += [entry.value, *([] if isinstance(entry.key, Scalar) else [entry.key])]
        elif isinstance(node, Scalar) and _PEM.search(node.value):
            yield from _hide(document, node)


def _hidden(entries: Sequence[Entry], *, flow: bool) -> Iterator[str]:
    """For each entry what of it is secret: its "value", "all" of it, or ""."""
    named = any(
        name_of(entry).casefold() in ("name", "key")
        and isinstance(value := resolve_alias(entry.value), Scalar)
        and is_secret(value.value)
        for entry in entries
    )
    behind = False
    for entry in entries:
        name = name_of(entry)
        if is_secret(name):
            # `passwordSecret: ` without a value may be a password without its colon's blank.
            glued = (
                flow and isinstance(entry.value, Scalar) and entry.value.is_empty and name.casefold() not in _KNOWN_KEYS
            )
            behind = True
            yield "all" if glued else "value"
        elif behind and flow and name.casefold() not in _KNOWN_KEYS:
            # `{password: a,b}` makes a key of b.
            yield "all"
        elif named and name.casefold() == "value":
            yield "value"
        else:
            behind = False
            yield ""


_Placed = TypeVar("_Placed", Node, Entry)


def _touching(nodes: tuple[_Placed, ...], start: int, end: int) -> tuple[_Placed, ...]:
    """Those of the nodes, which stand in the order of the text, that are not wholly outside. One before is taken too:
    a comment behind a secret belongs to it."""
    first = bisect_left(nodes, start, key=lambda node: node.end)
    behind = bisect_left(nodes, end, key=_start_of)
    return nodes[max(0, first - 1) : behind]


def _start_of(node: Node | Entry) -> int:
    return node.key.start if isinstance(node, Entry) else node.start


def _hide_entry(document: Document, entry: Entry) -> Iterator[Piece]:
    value = entry.value
    if not isinstance(value, Scalar) or not value.is_empty:
        yield from _hide(document, value)
        return
    lost = _LOST_VALUE.match(document.text, entry.key.end)
    if lost is not None:
        yield Piece(*lost.span("value"), MASK)


def _hide(document: Document, hidden: Node) -> Iterator[Piece]:
    """Mask every scalar of the node, keys and what aliases stand for included."""
    waiting, seen = [hidden], set[int]()
    while waiting:
        node = waiting.pop()
        if isinstance(node, Alias):
            node = node.target
        if node.start in seen and not isinstance(node, Scalar):
            continue
        seen.add(node.start)
        if isinstance(node, Mapping):
            waiting += [part for child in node.entries for part in child]
        elif isinstance(node, SequenceNode):
            waiting += node.items
        elif isinstance(node, Scalar):
            yield from _hide_scalar(document, node)


def _hide_scalar(document: Document, node: Scalar) -> Iterator[Piece]:
    """Mask the scalar with its tag and anchor, each line of it; and a comment right behind it, which may be its rest."""
    start = min(node.properties_start, node.start)
    for found in re.finditer(r"[^\n]+", document.text[start : node.end]):
        line = found.group()
        indent = len(line) - len(line.lstrip()) if found.start() else 0
        text = line.rstrip()
        if text[indent:].strip("\"'"):
            yield Piece(start + found.start() + indent, start + found.start() + len(text), MASK)
    comment = re.compile(r"[ \t]+#[^\r\n]*").match(document.text, node.end)
    if comment and node.end > start:
        yield Piece(node.end, comment.end(), f" # {MASK}")
