"""From a parser's events to a tree, within limits that no config comes near."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from kkplan.document import DocumentError
from kkplan.document.tree import (
    ALIAS,
    BLOCK_MAPPING,
    BLOCK_SEQUENCE,
    FLOW_KINDS,
    FLOW_MAPPING,
    FLOW_SEQUENCE,
    MAPPINGS,
    SEQUENCES,
    Tree,
)
from kkplan.locale import T

MAX_DEPTH = 100  # a config nests a dozen levels; beyond that parsers turn quadratic
MAX_EVENTS = 600_000  # 20,000 hosts are 400,000; more would take a gigabyte of memory
MAX_MERGED = 200_000  # keys that all `<<` of a file bring in together; a config has dozens

_COLON = re.compile(r"(?:\s|(?<=\s)#[^\n]*\n)*:")
_ANCHOR = re.compile(r"[A-Za-z0-9_-]+\Z")  # go-yaml's scannerc.go, yaml_parser_scan_anchor
_PROPERTY = re.compile(r"&[A-Za-z0-9_-]+|![^\s,\[\]{}]*")
_TAG_BEFORE = re.compile(r"![^\s,\[\]{}]*(?:\s|(?<=\s)#[^\n]*)+\Z")
_LONGEST_TAG = 1000  # with the space after it
_SPACES = re.compile(r"(?:\s|(?<=\s)#[^\n]*)*")  # and comments


class LimitExceededError(DocumentError):
    """The text has more of something than any config: no second parser is asked."""


class Builder:
    """Builds a tree from events, with a stack of the collections that are open.

    Args:
        kinds: the module whose classes the events are of.
    """

    def __init__(self, name: str, text: str, kinds: Any) -> None:
        self.tree = Tree()
        self._name = name
        self._text = text
        self._scalar_kind = kinds.ScalarEvent
        self._takers = {
            kinds.AliasEvent: self._take_alias,
            kinds.MappingStartEvent: self._open_mapping,
            kinds.SequenceStartEvent: self._open_sequence,
            kinds.MappingEndEvent: self._close_mapping,
            kinds.SequenceEndEvent: self._close,
            kinds.DocumentStartEvent: self._begin_document,
        }
        self._anchors: dict[str, int] = {}
        self._merged = 0
        # How many keys a mapping with a merge key has in all, by its index.
        self._sizes: dict[int, int] = {}
        # The open collections, and what the innermost one holds so far.
        self._open: list[int] = []
        self._siblings: list[int] = []

    def build(self, events: Iterator[Any]) -> Tree:
        """Take all events of the stream. Most are scalars without frills, which are taken here, without a call."""
        scalar_kind, takers, siblings, is_open = self._scalar_kind, self._takers, self._siblings, self._open
        tree, kinds = self.tree, self.tree.kinds
        add_kind, add_text, add_start, add_end = kinds.append, tree.texts.append, tree.starts.append, tree.ends.append
        for event in islice(events, MAX_EVENTS):
            kind = event.__class__
            if kind is not scalar_kind:
                take = takers.get(kind)
                if take is not None:
                    take(event)
                    siblings = self._siblings
            elif event.anchor or event.tag or not event.value or not is_open:
                self._take_scalar(event)
            else:
                siblings.append(len(kinds))
                add_kind(event.style or "")
                add_text(event.value)
                add_start(event.start_mark.index)
                add_end(event.end_mark.index)
        further = next(events, None)
        if further is not None:
            message = T("more than {limit} values, keys and lists, which no config has", limit=MAX_EVENTS)
            raise LimitExceededError(message, file=self._name, line=self._line(further))
        return tree

    def _add(self, kind: str, text: str | int, start: int, end: int, event: Any) -> int:
        """A node: in the innermost open collection, or as a document's root."""
        tree = self.tree
        index = len(tree.kinds)
        tag, anchor = str(getattr(event, "tag", None) or ""), "" if kind == ALIAS else event.anchor or ""
        tree.kinds.append((kind, tag, anchor) if tag or anchor else kind)
        tree.texts.append(text)
        tree.starts.append(start)
        tree.ends.append(end)
        if tag or anchor:
            tree.properties[index] = min(self._before_properties(event), start)
        if self._open:
            self._siblings.append(index)
        elif start != end or kind in MAPPINGS or kind in SEQUENCES:
            tree.roots[-1] = index
        return index

    def _begin_document(self, event: Any) -> None:
        self.tree.roots.append(None)
        self._anchors.clear()

    def _open_mapping(self, event: Any) -> None:
        self._open_collection(FLOW_MAPPING if event.flow_style else BLOCK_MAPPING, event)

    def _open_sequence(self, event: Any) -> None:
        self._open_collection(FLOW_SEQUENCE if event.flow_style else BLOCK_SEQUENCE, event)

    def _open_collection(self, kind: str, event: Any) -> None:
        if len(self._open) >= MAX_DEPTH:
            message = T("nested more than {depth} levels deep: this is no config", depth=MAX_DEPTH)
            raise LimitExceededError(message, file=self._name, line=self._line(event))
        index = self._add(kind, 0, self._after_properties(event), -1, event)
        self._open.append(index)
        self._siblings = self.tree.children[index] = []

    def _close(self, event: Any) -> int:
        tree = self.tree
        index = self._open.pop()
        own = tree.children[index]
        # A block collection's end mark runs on to the next token; its content ends with its last node.
        is_flow = tree.kind_of(index)[0] in FLOW_KINDS
        tree.ends[index] = event.end_mark.index if is_flow or not own else max([tree.ends[node] for node in own[-2:]])
        tree.texts[index] = len(own)
        if self._open:
            self._siblings = tree.children[self._open[-1]]
        anchor = tree.kind_of(index)[2]
        if anchor:
            self._anchors[anchor] = index
        return index

    def _close_mapping(self, event: Any) -> None:
        index = self._close(event)
        tree = self.tree
        keys = tree.children[index][::2]
        names = {tree.texts[key] if key not in tree.children else -key for key in keys}
        if len(names) < len(keys):
            tree.repetitive.append(index)
        if "<<" in names:
            self._count_merged(index)

    def _count_merged(self, index: int) -> None:
        """Every reader of the mapping goes through what `<<` brings in: that is bounded for the file as a whole."""
        tree = self.tree
        brought = 0
        own = tree.children[index]
        for key, value in zip(own[::2], own[1::2], strict=True):
            if not is_merge_key(tree, key):
                continue
            source = tree.resolved(value)
            is_list = tree.kind_of(source)[0] in SEQUENCES
            for part in map(tree.resolved, tree.children[source] if is_list else (source,)):
                if tree.kind_of(part)[0] in MAPPINGS:
                    brought += self._sizes.get(part, len(tree.children[part]) // 2)
        self._sizes[index] = len(own) // 2 + brought
        self._merged += brought
        if self._merged > MAX_MERGED:
            message = T("merge keys (<<) bring in more than {limit} keys, which no config has", limit=MAX_MERGED)
            line = self._text.count("\n", 0, tree.starts[index]) + 1
            raise LimitExceededError(message, file=self._name, line=line)

    def _take_scalar(self, event: Any) -> None:
        start, end = self._after_properties(event), event.end_mark.index
        if not event.value and not event.style and not event.anchor and not event.tag:
            start = end = self._after_owner(start)
        index = self._add(event.style or "", event.value, start, max(start, end), event)
        if event.anchor:
            self._anchors[event.anchor] = index

    def _after_owner(self, mark: int) -> int:
        """Where an empty value is: its mark may be at the next token, far below the colon it belongs to."""
        if not self._open or self.tree.kind_of(self._open[-1])[0] not in MAPPINGS or len(self._siblings) % 2 == 0:
            return mark
        key_end = self.tree.ends[self._siblings[-1]]
        colon = _COLON.match(self._text, key_end)
        return colon.end() if colon and self._is_own(colon) else key_end

    def _is_own(self, colon: re.Match[str]) -> bool:
        """Whether a colon belongs to the key before it: on a later line, in block style, it is below the question mark."""
        if self.tree.kind_of(self._open[-1])[0] == FLOW_MAPPING:
            return True
        line_start = self._text.rfind("\n", 0, colon.end()) + 1
        if line_start <= colon.start():
            return True
        key_start = self.tree.starts[self._siblings[-1]]
        before_key = self._text[self._text.rfind("\n", 0, key_start) + 1 : key_start]
        return before_key.find("?") == colon.end() - 1 - line_start

    def _after_properties(self, event: Any) -> int:
        """The offset after the anchor and the tag of the event's node."""
        position: int = event.start_mark.index
        if event.anchor and not _ANCHOR.match(event.anchor):
            raise self._error(
                T(
                    "an anchor (&…) whose name has other characters than A-Z, a-z, 0-9, - and _. Other parsers refuse it or read it otherwise: rename it"
                ),
                event,
            )
        # No more than are its own: the next one belongs to the mapping's first key.
        for _ in range(bool(event.anchor) + bool(event.tag)):
            found = _PROPERTY.match(self._text, position)
            if found:
                spaces = _SPACES.match(self._text, found.end())
                position = spaces.end() if spaces and spaces.end() <= event.end_mark.index else found.end()
        return position

    def _before_properties(self, event: Any) -> int:
        """Where the event's anchor and tag start; ruamel.yaml's mark is at the second where the tag is the first."""
        start: int = event.start_mark.index
        if not (event.anchor and event.tag and self._text.startswith("&", start)):
            return start
        tag = _TAG_BEFORE.search(self._text, max(0, start - _LONGEST_TAG), start)
        anchor = _PROPERTY.match(self._text, start)
        spaces = _SPACES.match(self._text, anchor.end()) if anchor else None
        is_second = spaces is not None and not self._text.startswith("!", spaces.end())
        return tag.start() if tag is not None and is_second else start

    def _take_alias(self, event: Any) -> None:
        target = self._anchors.get(event.anchor)
        if target is None:
            raise self._error(
                T("an alias (*…) that names no anchor above it. If it is meant as text, put it in quotes"), event
            )
        index = self._add(ALIAS, event.anchor, event.start_mark.index, event.end_mark.index, event)
        self.tree.targets[index] = target
        self.tree.aliased.add(self.tree.starts[target])

    def _error(self, message: Any, event: Any) -> DocumentError:
        return DocumentError(message, file=self._name, line=self._line(event))

    def _line(self, event: Any) -> int:
        return self._text.count("\n", 0, event.start_mark.index) + 1


def is_merge_key(tree: Tree, key: int) -> bool:
    """Whether the key is a plain `<<`."""
    return tree.kind_of(key)[0] == "" and tree.texts[key] == "<<"
