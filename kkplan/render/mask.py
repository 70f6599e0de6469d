"""Hide the passwords and keys of a document, by its structure first and by the look of a line second.

Every secret becomes the same eight asterisks, so that not even its length shows. Lines stay lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kkplan.document.edit import Piece, splice
from kkplan.document.node import Alias, Entry, Mapping, Node, Scalar, Sequence
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.document.setting import name_of

MASK = "********"

_SECRET_WORD = (
    r"(?:pass(?:w(?:or)?d|phrase)?|pwd|secret|token|credential|private_?key|api_?key|access_?key|密码|口令|密钥)"
)
_SECRET_KEY = re.compile(rf"{_SECRET_WORD}(?!.*path\Z)|\Aauths?\Z|\Aauth_pass\Z", re.IGNORECASE)
_ASSIGNED = re.compile(
    rf"(?P<name>[\w.-]*{_SECRET_WORD}[\w.-]*)(?P<gap>[\"']?\s*[:=\uff1a]\s*)(?P<value>\"[^\"\n]*\"?|'[^'\n]*'?|[^\s,}}\]]+[^\n,}}\]]*)",
    re.IGNORECASE,
)
_OPTION = re.compile(rf"(?P<name>--?{_SECRET_WORD}[\w-]*)(?P<gap>[ \t]+)(?P<value>\S+)", re.IGNORECASE)
_URL_USER = re.compile(r"(?P<name>\w+://[^\s/:@]+)(?P<gap>:)(?P<value>[^\s/@]+)(?=@)")
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_CODE = re.compile(r"(?P<name>\bsshpass[ \t]+-p)(?P<gap>[ \t]*)(?P<value>\S+)")


def masked_lines(document: Document) -> list[str]:
    """The document's text with its secrets masked, as lines with their line ends."""
    pieces: list[Piece] = []
    done = 0
    for piece in sorted(_masks(document)):
        if piece.start >= done:
            pieces.append(piece)
            done = piece.end
    return [_masked_line(line) for line in lines_of(splice(document.text, pieces))]


def masked_line(document: Document, place: Place) -> tuple[str, Place]:
    """The line that the place is on, its secrets masked and its line end gone; and the place in it."""
    line = masked_lines(document)[place.line - 1].rstrip("\r\n")
    original = lines_of(document.text)[place.line - 1].rstrip("\r\n")
    shown = original[place.column - 1 : place.end_column - 1]
    # Masks make a line longer or shorter: the same characters nearest to where they stood are the place.
    starts = [found.start() + 1 for found in re.finditer(re.escape(shown), line)] if shown else []
    if starts:
        column = min(starts, key=lambda start: abs(start - place.column))
        return line, Place(place.line, column, column + len(shown))
    content = line.strip()
    column = line.find(content) + 1
    return line, Place(place.line, column, column + max(1, len(content)))


def lines_of(text: str) -> list[str]:
    """The lines with their ends, broken at newlines only, as patch(1) counts them."""
    return re.findall(r"[^\n]*\n|[^\n]+\Z", text)


def _masked_line(line: str) -> str:
    for pattern in (_ASSIGNED, _OPTION, _URL_USER, _CODE):
        line = pattern.sub(_hide_value, line)
    return line


def _hide_value(found: re.Match[str]) -> str:
    value = found["value"]
    trimmed = value.rstrip("\r")
    if trimmed.strip("\"'") in ("", MASK) or found["name"].lower().endswith("path"):
        return found.group()
    return found["name"] + found["gap"] + MASK + value[len(trimmed) :]


def _masks(document: Document) -> Iterator[Piece]:
    waiting: list[Node] = [root for root in document.roots if root is not None]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Sequence):
            waiting.extend(node.items)
        elif isinstance(node, Mapping):
            behind_secret = False
            for entry in node.entries:
                # `{password: a,b}` makes a key of b: it belongs to the secret before it.
                stray = behind_secret and isinstance(entry.value, Scalar) and entry.value.is_empty
                secret = bool(_SECRET_KEY.search(name_of(entry)))
                if stray:
                    yield Piece(entry.key.start, entry.key.end, MASK)
                elif secret:
                    yield from _hide(document, entry)
                else:
                    waiting.append(entry.value)
                behind_secret = secret or stray
        elif isinstance(node, Scalar) and _PEM.search(node.value):
            yield from _hide_scalar(document, node)


def _hide(document: Document, entry: Entry) -> Iterator[Piece]:
    """Mask every scalar below the entry."""
    waiting = [entry.value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            waiting += [child.value for child in node.entries]
        elif isinstance(node, Sequence):
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
