"""From text to nodes with their places, by the event stream of ruamel.yaml.

Events rather than composed nodes: they grow linearly, carry a mark at each end, and any YAML parser gives them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from typing import Any

from kkplan.document import DocumentError
from kkplan.document.decode import decode
from kkplan.document.node import Alias, Entry, Mapping, Node, Scalar, Sequence
from kkplan.document.place import Place
from kkplan.locale import T

MAX_DEPTH = 100  # a config nests a dozen levels; beyond that parsers turn quadratic

_COLON = re.compile(r"\s*:")
_PROPERTY = re.compile(r"[&!][^\s,\[\]{}]*")
_BLANKS = re.compile(r"\s*")
_FILE_TEXT = re.compile(r"'(?!<)[^']{2,}'|\"[^\"]{2,}\"")


@dataclass(frozen=True)
class Document:
    """A parsed file.

    Attributes:
        name: the file as the user named it.
        data: its bytes, untouched.
        bom: the byte order mark, or b"".
        text: the rest, decoded.
        roots: the top node of each YAML document in it; None for an empty one.
        aliased: the start offsets of the nodes that some `*alias` stands for.
    """

    name: str
    data: bytes
    bom: bytes
    text: str
    roots: tuple[Node | None, ...]
    aliased: frozenset[int]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line_of(self, offset: int) -> int:
        """The line, from 1, that the offset is in."""
        return bisect_right(self._line_starts, offset)

    def line_start(self, offset: int) -> int:
        """The offset at which the line of `offset` starts."""
        return self._line_starts[self.line_of(offset) - 1]

    def line_end(self, offset: int) -> int:
        """The offset behind the line end of the line of `offset`: the next line's start, or the end of the text."""
        following = self.line_of(offset)
        return self._line_starts[following] if following < len(self._line_starts) else len(self.text)

    def column_of(self, offset: int) -> int:
        """How many characters of its line stand before the offset."""
        return offset - self.line_start(offset)

    def place_of(self, node: Node | Entry) -> Place:
        """Where the node is, or a key with its value; of what goes over several lines, the first one."""
        start = node.key.start if isinstance(node, Entry) else node.start
        line = self.line_of(start)
        line_start = self._line_starts[line - 1]
        end = min(node.end, self.line_end(start))
        shown = self.text[start:end].rstrip()
        return Place(line, start - line_start + 1, start - line_start + 1 + max(1, len(shown)))

    @cached_property
    def newline(self) -> str:
        """The line end that the file uses first; `\\n` where it has only one line."""
        found = re.search("\r?\n", self.text)
        return found.group() if found else "\n"

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return sha256(self.data).hexdigest()


def parse(data: bytes, name: str) -> Document:
    """The file's nodes with their places.

    Raises:
        DocumentError: it is no UTF-8 text, no YAML, nested too deep, or an alias names no anchor.
    """
    bom, text = decode(data, name)
    builder = _Builder(name, text)
    for event in _events(text, name):
        builder.take(event)
    return Document(name, data, bom, text, tuple(builder.roots), frozenset(builder.aliased))


def _events(text: str, name: str) -> Iterator[Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.Scanner = scanner_with_tabs()
        yield from yaml.parse(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = text.count("\n", 0, mark.index) + 1 if mark is not None else 0
        raise DocumentError(
            T(
                "not valid YAML: {problem}. Mend the line, or the one above it",
                problem=_without_file_text(error.problem or error.context or "unreadable"),
            ),
            file=name,
            line=line,
        ) from None
    except ReaderError as error:
        raise DocumentError(
            T("a character that YAML does not allow (U+{code}). Delete it", code=f"{error.character:04X}"),
            file=name,
            line=text.count("\n", 0, error.position) + 1,
        ) from None
    except (YAMLError, ValueError) as error:
        raise DocumentError(T("not valid YAML: {problem}", problem=type(error).__name__), file=name) from None


@cache
def scanner_with_tabs() -> type[Any]:
    """ruamel.yaml's scanner, which refuses every tab in block style, with the rule that kk's parser has.

    Tabs may stand between tokens, as before a comment or behind a colon, but not where a line's indentation ends and a
    key may begin (go-yaml's scannerc.go, yaml_parser_scan_to_next_token).
    """
    from ruamel.yaml.scanner import Scanner

    class ScannerWithTabs(Scanner):
        def scan_to_next_token(self) -> Any:
            while True:
                super().scan_to_next_token()
                if self.reader.peek() != "\t" or self.allow_simple_key:
                    return None
                while self.reader.peek() in " \t":
                    self.reader.forward()

    return ScannerWithTabs


def _without_file_text(problem: str) -> str:
    """The parser's words without what it quotes from the file, which may be a part of a password."""
    return _FILE_TEXT.sub("…", problem)


class _Builder:
    """Builds nodes from events, with a stack of the collections that are open."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.roots: list[Node | None] = []
        self.aliased: set[int] = set()
        self._anchors: dict[str, Node] = {}
        self._open: list[_OpenCollection] = []

    def take(self, event: Any) -> None:
        """Take the next event of the stream."""
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._add(self._scalar(event), event.anchor)
        elif kind == "AliasEvent":
            self._add(self._alias(event), None)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            if len(self._open) >= MAX_DEPTH:
                raise self._error(T("nested more than {depth} levels deep: this is no config", depth=MAX_DEPTH), event)
            start = self._behind_properties(event)
            self._open.append(_OpenCollection(kind == "MappingStartEvent", start, bool(event.flow_style), event.anchor))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            collection = self._open.pop()
            self._add(collection.close(event.end_mark.index), collection.anchor)
        elif kind == "DocumentStartEvent":
            self.roots.append(None)
            self._anchors.clear()

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = node
        if self._open:
            self._open[-1].nodes.append(node)
        else:
            self.roots[-1] = None if isinstance(node, Scalar) and node.is_empty else node

    def _scalar(self, event: Any) -> Scalar:
        start, end = self._behind_properties(event), event.end_mark.index
        value, style = event.value, event.style or ""
        if not value and not style and not event.anchor and not event.tag:
            start = end = self._behind_owner(start)
        return Scalar(
            start,
            max(start, end),
            value,
            style,
            str(event.tag or ""),
            event.anchor or "",
            min(event.start_mark.index, start),
        )

    def _behind_owner(self, mark: int) -> int:
        """Where an empty value stands: its mark may be at the next token, far below the colon it belongs to."""
        if self._open and self._open[-1].is_mapping and len(self._open[-1].nodes) % 2:
            key_end = self._open[-1].nodes[-1].end
            colon = _COLON.match(self.text, key_end)
            return colon.end() if colon else key_end
        return mark

    def _behind_properties(self, event: Any) -> int:
        """The offset behind the anchor and the tag of the event's node."""
        position: int = event.start_mark.index
        if event.anchor or event.tag:
            while found := _PROPERTY.match(self.text, position):
                blanks = _BLANKS.match(self.text, found.end())
                position = blanks.end() if blanks and blanks.end() <= event.end_mark.index else found.end()
        return position

    def _alias(self, event: Any) -> Alias:
        target = self._anchors.get(event.anchor)
        if target is None:
            raise self._error(
                T("an alias (*…) that names no anchor above it. If it is meant as text, put it in quotes"), event
            )
        self.aliased.add(target.start)
        return Alias(event.start_mark.index, event.end_mark.index, target)

    def _error(self, message: Any, event: Any) -> DocumentError:
        line = self.text.count("\n", 0, event.start_mark.index) + 1
        return DocumentError(message, file=self.name, line=line)


class _OpenCollection:
    """A mapping or sequence whose end has not come yet."""

    def __init__(self, is_mapping: bool, start: int, flow: bool, anchor: str | None) -> None:
        self.is_mapping = is_mapping
        self.start = start
        self.flow = flow
        self.anchor = anchor or ""
        self.nodes: list[Node] = []

    def close(self, end_mark: int) -> Mapping | Sequence:
        # A block collection's end mark runs on to the next token; its content ends with its last node.
        end = end_mark if self.flow or not self.nodes else max(node.end for node in self.nodes[-2:])
        if self.is_mapping:
            pairs = zip(self.nodes[::2], self.nodes[1::2], strict=True)
            return Mapping(self.start, end, tuple(Entry(key, value) for key, value in pairs), self.flow, self.anchor)
        return Sequence(self.start, end, tuple(self.nodes), self.flow, self.anchor)
