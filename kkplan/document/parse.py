"""From text to nodes with their places, by the event stream of a YAML parser.

Events rather than composed nodes: they grow linearly, carry a mark at each end, and any YAML parser gives them. PyYAML's C
parser (libyaml, which go-yaml is a port of) is twenty times as fast as ruamel.yaml's in pure Python. The pure one has the
last word: it takes over where the C one is missing or refuses the text, so messages are the same with both.
"""

from __future__ import annotations

import gc
import os
import re
from bisect import bisect_right
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cache, cached_property
from typing import Any, NamedTuple

from kkplan.document import DocumentError
from kkplan.document.build import Builder, LimitExceededError
from kkplan.document.decode import decode
from kkplan.document.node import Entry, Mapping, Node, node_at
from kkplan.document.place import Place
from kkplan.document.tree import Tree
from kkplan.locale import T, named

_LARGE = 100_000  # characters: what a text makes is kept from the garbage collector for good

# What libyaml and ruamel.yaml read differently, and no config has: line breaks of YAML 1.1 that 1.2 does not know, lines
# with directives or document ends, anchors with a colon, and comments right after the header of a block scalar.
_DISPUTED_BREAK = re.compile(r"[\x85\u2028\u2029\ufeff]")
_DISPUTED_LINE = re.compile(r"^(?:%|\.\.\.)", re.MULTILINE)
_DISPUTED_NODE = re.compile(r"(?:^|[\s,\[{])(?:&[A-Za-z0-9_-]+:|[|>][-+0-9]{0,2}#)", re.MULTILINE)
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Parsed(NamedTuple):
    name: str
    data: bytes
    bom: bytes
    text: str
    tree: Tree


class Document(_Parsed):
    """A parsed file.

    Attributes:
        name: the file as the user named it.
        data: its bytes, untouched.
        bom: the byte order mark, or b"".
        text: the rest, decoded.
        tree: its nodes as columns.
    """

    @cached_property
    def roots(self) -> tuple[Node | None, ...]:
        """The top node of each YAML document in it; None for an empty one."""
        return tuple(node_at(self.tree, root) if root is not None else None for root in self.tree.roots)

    @property
    def aliased(self) -> AbstractSet[int]:
        """The start offsets of the nodes that some `*alias` refers to."""
        return self.tree.aliased

    @property
    def duplicate_key_mappings(self) -> Iterator[Mapping]:
        """The mappings in which a key is there twice."""
        for index in self.tree.repetitive:
            node = node_at(self.tree, index)
            if isinstance(node, Mapping):
                yield node

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line_of(self, offset: int) -> int:
        """The line, from 1, that the offset is in."""
        return bisect_right(self._line_starts, offset)

    @property
    def line_count(self) -> int:
        """How many lines the text has; one without a line end counts."""
        return len(self._line_starts) - (self._line_starts[-1] == len(self.text))

    def offset_of_line(self, number: int) -> int:
        """Where the line of that number, from 0, starts; the end of the text for those after the last."""
        return self._line_starts[number] if number < len(self._line_starts) else len(self.text)

    def line_start(self, offset: int) -> int:
        """The offset at which the line of `offset` starts."""
        return self._line_starts[self.line_of(offset) - 1]

    def line_end(self, offset: int) -> int:
        """The offset after the line end of the line of `offset`: the next line's start, or the end of the text."""
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
        return Place(line, start - line_start + 1, start - line_start + 1 + max(1, len(shown)), self.name)

    @cached_property
    def newline(self) -> str:
        """The line end that the file uses first; `\\n` where it has only one line."""
        found = re.search("\r?\n", self.text)
        return found.group() if found else "\n"

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        from hashlib import sha256  # takes OpenSSL with it, which few runs need

        return sha256(self.data).hexdigest()


def parse(data: bytes, name: str) -> Document:
    """The file's nodes with their places.

    Raises:
        DocumentError: it is no UTF-8 text, no YAML, nested too deep, too large, or an alias names no anchor.
    """
    bom, text = decode(data, name)
    collecting = gc.isenabled()
    gc.disable()  # nothing of what is made here is garbage, and looking for some takes longer than the parsing
    try:
        tree = tree_by_libyaml(name, text) or tree_by_ruamel(name, text)
    finally:
        if len(text) > _LARGE:
            gc.freeze()
        if collecting:
            gc.enable()
    return Document(name, data, bom, text, tree)


@cache
def libyaml() -> Any:
    """PyYAML's module around libyaml; None where it is missing, older than 0.2.5, or KKPLAN_YAML asks for the pure parser.

    libyaml before 0.2.5 refuses a plain `fe80::1` in flow style, which go-yaml reads.
    """
    if os.environ.get("KKPLAN_YAML") == "pure":
        return None
    try:
        import yaml
        from yaml import _yaml
    except ImportError:
        return None
    return yaml if _yaml.get_version() >= (0, 2, 5) else None


def tree_by_libyaml(name: str, text: str) -> Tree | None:
    """The nodes by the C parser; None where it is missing or refuses the text."""
    yaml = libyaml()
    if yaml is None or _is_disputed(text):
        return None
    try:
        return Builder(name, text, yaml).build(iter(yaml.cyaml.CParser(text).get_event, None))
    except LimitExceededError:
        raise
    except (yaml.YAMLError, ValueError, DocumentError):
        return None


def _is_disputed(text: str) -> bool:
    return (
        (not text.isascii() and _DISPUTED_BREAK.search(text) is not None)
        or (("\n%" in text or "\n..." in text or text[:1] in "%.") and _DISPUTED_LINE.search(text) is not None)
        or (any(mark in text for mark in "&|>") and _DISPUTED_NODE.search(text) is not None)
    )


def tree_by_ruamel(name: str, text: str) -> Tree:
    """The nodes by the pure parser."""
    import ruamel.yaml.events

    return Builder(name, text, ruamel.yaml.events).build(_events(text, name))


def _events(text: str, name: str) -> Iterator[Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    from kkplan.document.complaint import complaint  # most files need none

    event = None
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.Scanner = scanner_with_tabs()
        for event in yaml.parse(text):
            if getattr(event, "style", None) == '"' and _SURROGATE.search(event.value):
                raise _unpaired_surrogate(name, text, event)  # go-yaml and libyaml refuse it, this parser does not
            yield event
    except MarkedYAMLError as error:
        message, line = complaint(error, text, event)
        raise DocumentError(message, file=name, line=line) from None
    except ReaderError as error:
        raise DocumentError(
            T("a character that YAML does not allow (U+{code}). Delete it", code=named(f"{error.character:04X}")),
            file=name,
            line=text.count("\n", 0, error.position) + 1,
        ) from None
    except (YAMLError, ValueError) as error:
        raise DocumentError(T("not valid YAML: {problem}", problem=type(error).__name__), file=name) from None


def _unpaired_surrogate(name: str, text: str, event: Any) -> DocumentError:
    return DocumentError(
        T("not valid YAML: an unpaired surrogate (\\ud800 to \\udfff). Write the character itself"),
        file=name,
        line=text.count("\n", 0, event.start_mark.index) + 1,
    )


@cache
def scanner_with_tabs() -> type[Any]:
    """ruamel.yaml's scanner, which refuses every tab in block style, with the rule that go-yaml has.

    Tabs may stand between tokens, as before a comment or after a colon, but not where a line's indentation ends and a
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
