"""Hide the passwords and keys of a document, by its structure first and by the look of a line second.

Every secret becomes the same eight asterisks, so that not even its length shows. Lines stay lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import TypeVar

from kkplan.document.edit import Piece, splice
from kkplan.document.node import Alias, Entry, Mapping, Node, Scalar
from kkplan.document.node import Sequence as SequenceNode
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.document.setting import name_of
from kkplan.render.lines import LineChange, lines_of

MASK = "********"

_SECRET_WORD = (
    r"(?:pass(?:w(?:or)?d|phrase|code|[_-]?key|(?![a-z]))|pwd|secret|token|credential|(?:private|api|access)[_-]?key|key[_-]?data"
    r"|bearer|密码|口令|密钥|秘钥|凭证|令牌)"
)
_SECRET_KEY = re.compile(rf"{_SECRET_WORD}(?!.*path\Z)|\Aauths?\Z|\Aauth_pass\Z", re.IGNORECASE)
# Keys that are misspelled must not show what they hold: `paasword`, `passwrod`, `priavteKey`.
_SECRET_NAMES = ("password", "passwd", "passphrase", "secret", "token", "credentials", "privatekey", "apikey")
_SIMILAR = 0.75
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
# Without any of these a line holds no secret that its look tells; most lines have none, and the patterns take time to make.
_SUSPECT = re.compile(rf"{_SECRET_WORD}|://|-[up]\b|--user|\bbasic|\bauth", re.IGNORECASE)
# All quantities are bounded: on a long line of such words an open one would take quadratic time.
_NAME_END = r"[\w.-]{0,40}"


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """A secret by its name or by what stands before it: each has the groups name, gap and value."""
    return (
        re.compile(
            rf"(?P<name>(?:{_SECRET_WORD}{_NAME_END}|\bauths?))(?P<gap>[\"']?\s{{0,20}}[:=\uff1a]\s{{0,20}})"
            r"(?P<value>\"[^\"\n]*\"?|'[^'\n]*'?|[^\s,}\]]+[^\n,}\]]*)",
            re.IGNORECASE,
        ),
        re.compile(rf"(?P<name>--?{_SECRET_WORD}[\w-]{{0,40}})(?P<gap>[ \t]+)(?P<value>\S+)", re.IGNORECASE),
        re.compile(r"(?P<name>://[^\s/:@]{0,200})(?P<gap>:)(?P<value>[^\s/@]+)(?=@)"),
        re.compile(r"(?P<name>\b(?:sshpass|docker login\b[^\n]{0,80}?)[ \t]+-p)(?P<gap>[ \t]*)(?P<value>\S+)"),
        re.compile(r"(?P<name>(?:[ \t]-u|--user)[ \t=]+[^\s:]{1,200})(?P<gap>:)(?P<value>\S+)"),
        re.compile(r"(?P<name>\b(?:bearer|basic))(?P<gap>[ \t]+)(?P<value>[\w+/=.~-]{6,})", re.IGNORECASE),
        # The words of keepalived.conf(5) and of HAProxy's userlist and stats.
        re.compile(r"(?P<name>\b(?:auth_pass|(?:insecure-)?password|stats auth))(?P<gap>[ \t]+)(?P<value>\S+)"),
    )


@cache
def _told() -> re.Pattern[str]:
    """In a comment nobody says how a secret is written down: all that follows such a word may be one."""
    return re.compile(rf"(?P<name>{_SECRET_WORD}{_NAME_END})(?P<gap>[^\w\n]{{0,20}})(?P<value>[^\r\n]+)", re.IGNORECASE)


@cache
def _before_secret() -> re.Pattern[str]:
    """The end of a text behind which the value of a secret key starts."""
    return re.compile(rf"{_SECRET_WORD}{_NAME_END}[\"']?\s{{0,20}}[:=\uff1a]\s{{0,20}}[\"']?\Z", re.IGNORECASE)


_COMMENT = re.compile(r"(?:\A|[ \t])#")
_KEY_MATERIAL = re.compile(r"[A-Za-z0-9+/=_-]{32,}")
_WORD = re.compile(r"[^\s,;:\uff0c\uff1a\uff1b()\"'`]{4,}")
_LOOK_BACK = 120  # characters: a key and its quote


def masked_lines(document: Document) -> list[str]:
    """The document's text with its secrets masked, as lines with their line ends."""
    return _masked(document, 0, len(document.text))


class MaskedChange:
    """A document before and after an edit, its secrets masked: only the lines that are asked for.

    Args:
        pieces: the edit, sorted; it writes no secret and replaces none.
    """

    def __init__(self, document: Document, pieces: Sequence[Piece]) -> None:
        self._document = document
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
        lines = _masked(document, first, behind, inside)
        return [document.bom.decode() + line for line in lines[:1]] + lines[1:] if start == 0 else lines


def _masked(document: Document, start: int, end: int, edit: Sequence[Piece] = ()) -> list[str]:
    """The lines between two offsets at which lines start, masked, with an edit of them."""
    pieces: list[Piece] = list(edit)
    done = start
    for mask in sorted(_masks(document, start, end)):
        piece = Piece(max(mask.start, done), min(mask.end, end), mask.text)
        if piece.start < piece.end and not any(_overlap(piece, other) for other in edit):
            pieces.append(piece)
            done = piece.end
    shifted = [Piece(p.start - start, p.end - start, p.text) for p in sorted(pieces, key=lambda p: (p.start, p.end))]
    return [_masked_line(line, document.text) for line in lines_of(splice(document.text[start:end], shifted))]


def _overlap(one: Piece, other: Piece) -> bool:
    return one.start < other.end and other.start < one.end


def masked_line(document: Document, place: Place) -> tuple[str, Place]:
    """The line that the place is on, its secrets masked and its line end gone; and the place in it."""
    start, end = document.offset_of_line(place.line - 1), document.offset_of_line(place.line)
    line = _masked(document, start, end)[0].rstrip("\r\n")
    original = document.text[start:end].rstrip("\r\n")
    shown = original[place.column - 1 : place.end_column - 1]
    # Masks make a line longer or shorter: the same characters nearest to where they stood are the place.
    starts = [found.start() + 1 for found in re.finditer(re.escape(shown), line)] if shown else []
    if starts:
        column = min(starts, key=lambda start: abs(start - place.column))
        return line, Place(place.line, column, column + len(shown))
    content = line.strip()
    column = line.find(content) + 1
    return line, Place(place.line, column, column + max(1, len(content)))


def masked_text(text: str) -> list[str]:
    """The lines of a file that is no config, by their look alone: a keepalived.conf, an haproxy.cfg, a script."""
    return [_masked_line(line, text) for line in lines_of(text)]


def _masked_line(line: str, text: str) -> str:
    if _SUSPECT.search(line):
        for pattern in _patterns():
            line = pattern.sub(_hide_value, line)
    comment = _COMMENT.search(line)
    return line if comment is None else line[: comment.end()] + _masked_comment(line[comment.end() :], text)


def _masked_comment(comment: str, text: str) -> str:
    told = _told().sub(_hide_value, comment) if _SUSPECT.search(comment) else comment
    told = _KEY_MATERIAL.sub(lambda found: MASK if _is_key_material(found.group()) else found.group(), told)
    return _WORD.sub(lambda found: MASK if _is_secret_in(text, found.group()) else found.group(), told)


def _is_key_material(word: str) -> bool:
    return any(map(str.isdigit, word)) and word.lower() != word != word.upper()


def _is_secret_in(text: str, word: str) -> bool:
    """Whether the text has the word as the value of a secret key somewhere: a comment may tell it once more."""
    position = text.find(word)
    while position >= 0:
        if _before_secret().search(text[max(0, position - _LOOK_BACK) : position].rpartition("\n")[2]):
            return True
        position = text.find(word, position + len(word))
    return False


def _hide_value(found: re.Match[str]) -> str:
    value = found["value"]
    trimmed = value.rstrip("\r")
    if trimmed.strip("\"' ") in ("", MASK) or found["name"].lower().endswith("path"):
        return found.group()
    return found["name"] + found["gap"] + MASK + value[len(trimmed) :]


@lru_cache(maxsize=1024)
def is_secret(key: str) -> bool:
    """Whether what stands behind the key is to be hidden: a secret's name, or one that looks like it."""
    if _SECRET_KEY.search(key):
        return True
    from difflib import SequenceMatcher  # costs time that most runs do not need

    plain = re.sub(r"[^a-z]", "", key.lower())
    return any(
        abs(len(plain) - len(name)) <= 2 and SequenceMatcher(None, plain, name).ratio() >= _SIMILAR
        for name in _SECRET_NAMES
    )


def _masks(document: Document, start: int, end: int) -> Iterator[Piece]:
    """The masks that touch the text between the offsets, and perhaps others.

    What lies wholly outside is not looked at, unless aliases make a secret of something that stands elsewhere.
    """
    if document.aliased:
        start, end = 0, len(document.text)
    waiting: list[Node] = [root for root in document.roots if root is not None]
    while waiting:
        node = waiting.pop()
        if isinstance(node, SequenceNode):
            waiting.extend(_touching(node.items, start, end))
        elif isinstance(node, Mapping):
            behind_secret = False
            # In flow style, what an unquoted comma has parted belongs together.
            for entry in node.entries if node.flow else _touching(node.entries, start, end):
                # `{password: a,b}` makes a key of b: it belongs to the secret before it.
                stray = behind_secret and isinstance(entry.value, Scalar) and entry.value.is_empty
                secret = is_secret(name_of(entry))
                if stray and isinstance(entry.key, Scalar):
                    yield from _hide_scalar(document, entry.key)
                elif secret:
                    yield from _hide(document, entry)
                else:
                    waiting.append(entry.value)
                behind_secret = secret or stray
        elif isinstance(node, Scalar) and _PEM.search(node.value):
            yield from _hide_scalar(document, node)


_Placed = TypeVar("_Placed", Node, Entry)


def _touching(nodes: tuple[_Placed, ...], start: int, end: int) -> tuple[_Placed, ...]:
    """Those of the nodes, which stand in the order of the text, that are not wholly outside. One before is taken too:
    a comment behind a secret belongs to it."""
    first = bisect_left(nodes, start, key=lambda node: node.end)
    behind = bisect_left(nodes, end, key=_start_of)
    return nodes[max(0, first - 1) : behind]


def _start_of(node: Node | Entry) -> int:
    return node.key.start if isinstance(node, Entry) else node.start


def _hide(document: Document, entry: Entry) -> Iterator[Piece]:
    """Mask every scalar below the entry."""
    waiting = [entry.value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            waiting += [child.value for child in node.entries]
        elif isinstance(node, SequenceNode):
            waiting += node.items
        elif isinstance(node, Scalar):
            yield from _hide_scalar(document, node)
        elif isinstance(node, Alias):
            yield from _hide_scalar(document, node.target) if isinstance(node.target, Scalar) else ()


def _hide_scalar(document: Document, node: Scalar) -> Iterator[Piece]:
    """Mask the scalar, each line of it, and a comment right behind it, which may be the rest of an unquoted secret."""
    if node.is_empty or node.value == "":
        return
    for found in re.finditer(r"[^\n]+", document.text[node.start : node.end]):
        line = found.group()
        indent = len(line) - len(line.lstrip()) if found.start() else 0
        text = line.rstrip()
        if text[indent:]:
            yield Piece(node.start + found.start() + indent, node.start + found.start() + len(text), MASK)
    comment = re.compile(r"[ \t]+#[^\r\n]*").match(document.text, node.end)
    if comment and not node.style:
        yield Piece(node.end, comment.end(), f" # {MASK}")
