"""From a parser's events to nodes with their places, within limits that no config comes near."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from kkplan.document import DocumentError
from kkplan.document.node import Alias, Entry, Mapping, Node, Scalar, Sequence, is_merge, resolve_alias
from kkplan.locale import T

MAX_DEPTH = 100  # a config nests a dozen levels; beyond that parsers turn quadratic
MAX_EVENTS = 600_000  # 20,000 hosts are 400,000; more would take a gigabyte of memory
MAX_MERGED = 200_000  # keys that all `<<` of a file bring in together; a config has dozens

_COLON = re.compile(r"(?:\s|(?<=\s)#[^\n]*\n)*:")
_ANCHOR = re.compile(r"[A-Za-z0-9_-]+\Z")  # go-yaml's scannerc.go, yaml_parser_scan_anchor
_PROPERTY = re.compile(r"&[A-Za-z0-9_-]+|![^\s,\[\]{}]*")
_BLANKS = re.compile(r"(?:\s|(?<=\s)#[^\n]*)*")  # and comments


class LimitExceededError(DocumentError):
    """The text has more of something than any config: no second parser is asked."""


class Builder:
    """Builds nodes from events, with a stack of the collections that are open.

    Args:
        kinds: the module whose classes the events are of.
    """

    def __init__(self, name: str, text: str, kinds: Any) -> None:
        self.name = name
        self.text = text
        self.roots: list[Node | None] = []
        self.aliased: set[int] = set()
        self.repetitive: list[Mapping] = []
        self._plain_kind = kinds.ScalarEvent
        self._mapping_kind = kinds.MappingStartEvent
        self._takers = {
            kinds.AliasEvent: self._take_alias,
            kinds.MappingStartEvent: self._open,
            kinds.SequenceStartEvent: self._open,
            kinds.MappingEndEvent: self._close_mapping,
            kinds.SequenceEndEvent: self._close_sequence,
            kinds.DocumentStartEvent: self._begin_document,
        }
        self._anchors: dict[str, Node] = {}
        self._merged = 0
        # How many keys a mapping with a merge key has in all, by its start.
        self._sizes: dict[int, int] = {}
        # The innermost open collection's nodes, and those around it: (its nodes, the start event of the inner one).
        self._nodes: list[Node] = []
        self._around: list[tuple[list[Node], Any]] = []

    def build(self, events: Iterator[Any]) -> None:
        """Take all events of the stream. Scalars are most of a config: those without frills are made here, without a call."""
        scalar_kind, takers, nodes = self._plain_kind, self._takers, self._nodes
        for event in islice(events, MAX_EVENTS):
            kind = event.__class__
            if kind is not scalar_kind:
                take = takers.get(kind)
                if take is not None:
                    take(event)
                    nodes = self._nodes
            elif event.anchor or event.tag or not event.value or not self._around:
                self._add(self._scalar(event), event.anchor)
            else:
                start = event.start_mark.index
                nodes.append(Scalar(start, event.end_mark.index, event.value, event.style or "", "", "", start))
        further = next(events, None)
        if further is not None:
            message = T("more than {limit} values, keys and lists, which no config has", limit=MAX_EVENTS)
            raise LimitExceededError(message, file=self.name, line=self._line(further))

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = node
        if self._around:
            self._nodes.append(node)
        else:
            self.roots[-1] = None if isinstance(node, Scalar) and node.is_empty else node

    def _begin_document(self, event: Any) -> None:
        self.roots.append(None)
        self._anchors.clear()

    def _open(self, event: Any) -> None:
        if len(self._around) >= MAX_DEPTH:
            message = T("nested more than {depth} levels deep: this is no config", depth=MAX_DEPTH)
            raise LimitExceededError(message, file=self.name, line=self._line(event))
        self._around.append((self._nodes, event))
        self._nodes = []

    def _close(self, event: Any) -> tuple[Any, list[Node], int, int]:
        """The event that opened the collection, its nodes, its start and its end."""
        nodes = self._nodes
        self._nodes, opened = self._around.pop()
        # A block collection's end mark runs on to the next token; its content ends with its last node.
        end = event.end_mark.index if opened.flow_style or not nodes else max([node.end for node in nodes[-2:]])
        return opened, nodes, self._after_properties(opened), end

    def _close_mapping(self, event: Any) -> None:
        opened, nodes, start, end = self._close(event)
        keys = nodes[::2]
        entries = tuple(map(Entry, keys, nodes[1::2]))
        mapping = Mapping(start, end, entries, bool(opened.flow_style), opened.anchor or "")
        names = {key[2] for key in keys}  # a scalar's value; of another key, what it is made of
        if len(names) < len(keys):
            self.repetitive.append(mapping)
        if "<<" in names:
            self._count_merged(mapping)
        self._add(mapping, opened.anchor)

    def _count_merged(self, mapping: Mapping) -> None:
        """Every reader of the mapping goes through what `<<` brings in: that is bounded for the file as a whole."""
        brought = 0
        for entry in filter(is_merge, mapping.entries):
            source = resolve_alias(entry.value)
            for part in map(resolve_alias, source.items if isinstance(source, Sequence) else (source,)):
                if isinstance(part, Mapping):
                    brought += self._sizes.get(part.start, len(part.entries))
        self._sizes[mapping.start] = len(mapping.entries) + brought
        self._merged += brought
        if self._merged > MAX_MERGED:
            message = T("merge keys (<<) bring in more than {limit} keys, which no config has", limit=MAX_MERGED)
            line = self.text.count("\n", 0, mapping.start) + 1
            raise LimitExceededError(message, file=self.name, line=line)

    def _close_sequence(self, event: Any) -> None:
        opened, nodes, start, end = self._close(event)
        self._add(Sequence(start, end, tuple(nodes), bool(opened.flow_style), opened.anchor or ""), opened.anchor)

    def _take_alias(self, event: Any) -> None:
        self._add(self._alias(event), None)

    def _scalar(self, event: Any) -> Scalar:
        start, end = self._after_properties(event), event.end_mark.index
        value, style = event.value, event.style or ""
        if not value and not style and not event.anchor and not event.tag:
            start = end = self._after_owner(start)
        return Scalar(
            start,
            max(start, end),
            value,
            style,
            str(event.tag or ""),
            event.anchor or "",
            min(event.start_mark.index, start),
        )

    def _after_owner(self, mark: int) -> int:
        """Where an empty value is: its mark may be at the next token, far below the colon it belongs to."""
        if not self._around or not isinstance(self._around[-1][1], self._mapping_kind) or len(self._nodes) % 2 == 0:
            return mark
        key_end = self._nodes[-1].end
        colon = _COLON.match(self.text, key_end)
        return colon.end() if colon and self._is_own(colon) else key_end

    def _is_own(self, colon: re.Match[str]) -> bool:
        """Whether a colon belongs to the key before it: on a later line, in block style, it is below the question mark."""
        if self._around[-1][1].flow_style:
            return True
        line_start = self.text.rfind("\n", 0, colon.end()) + 1
        if line_start <= colon.start():
            return True
        key_start = self._nodes[-1].start
        before_key = self.text[self.text.rfind("\n", 0, key_start) + 1 : key_start]
        return before_key.find("?") == colon.end() - 1 - line_start

    def _after_properties(self, event: Any) -> int:
        """The offset after the anchor and the tag of the event's node."""
        position: int = event.start_mark.index
        if event.anchor and not _ANCHOR.match(event.anchor):
            raise self._error(
                T(
                    "an anchor (&…) whose name has other characters than A-Z, a-z, 0-9, - and _. kk refuses it or reads it otherwise: rename it"
                ),
                event,
            )
        # No more than are its own: the next one belongs to the mapping's first key.
        for _ in range(bool(event.anchor) + bool(event.tag)):
            found = _PROPERTY.match(self.text, position)
            if found:
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
        return DocumentError(message, file=self.name, line=self._line(event))

    def _line(self, event: Any) -> int:
        return self.text.count("\n", 0, event.start_mark.index) + 1
