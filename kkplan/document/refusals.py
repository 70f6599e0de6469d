"""What the editor refuses, because an edit would not be exact: each with the line, and how to write it instead."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from kkplan.document import DocumentError
from kkplan.document.block import Block
from kkplan.document.node import Alias, Entry, Fold, Mapping, Node, Scalar, lookup, merged, name_of
from kkplan.document.parse import Document
from kkplan.document.setting import New
from kkplan.locale import T

_INDENTED_BY_TAB = re.compile(r"\n[ ]*\t")
_EXPLICIT = re.compile(r"\?[ \t]+\Z")


def refuse_unfit_block(document: Document, block: Block, pending: Sequence[New]) -> None:
    """Make sure that the mapping is written where it counts, and nowhere else.

    Raises:
        DocumentError: an alias, an anchor or a merge key brings it to another place or from one, or a key is there twice.
    """
    for parent, key in zip(block.above, block.path, strict=True):
        entry = block.find_in(parent, key)
        _refuse_merged(document, block, parent, key)
        _refuse_alias(document, key, entry)
        refuse_duplicates(document, parent, block.fold)
        if entry is not None and isinstance(entry.value, (Mapping, Scalar)):
            refuse_shared(document, entry.value)
    if block.entry is not None:
        refuse_explicit_key(document, block.entry)
    if block.mapping is not None:
        refuse_duplicates(document, block.mapping, block.fold)
        for part in pending:
            _refuse_other_spelling(document, block, block.mapping, part.key)
    flow_parent = block.above[-1] if block.above and block.above[-1].flow else None
    _refuse_tabs(document, flow_parent or block.mapping)


def refuse_unfit_entry(document: Document, mapping: Mapping, entry: Entry) -> None:
    """Make sure that the entry's value can be replaced, or taken out: no alias refers to it or to anything in it.

    Raises:
        DocumentError: one does, or there is no colon.
    """
    value = entry.value
    if isinstance(value, Scalar):
        refuse_shared(document, value)
        if value.properties_start == entry.key.end and not mapping.flow:  # there is no colon
            refuse_explicit_key(document, entry)
    elif not isinstance(value, Alias):
        refuse_shared(document, value)
        shared = sorted(document.aliased)
        first = bisect_left(shared, value.start)
        if first < len(shared) and shared[first] < value.end:
            raise _used_elsewhere(document, shared[first])


def refuse_duplicates(document: Document, mapping: Mapping, fold: Fold = str) -> None:
    """Make sure that no key is there twice: which one counts would be anyone's guess.

    Raises:
        DocumentError: one is.
    """
    first: dict[str, int] = {}
    for entry in mapping.entries:
        name = fold(name_of(entry))
        line = document.line_of(entry.key.start)
        if name != "<<" and name in first:
            raise DocumentError(
                T("duplicate key {key}, already on line {line}. Delete one", key=name_of(entry), line=first[name]),
                file=document.name,
                line=line,
            )
        first[name] = line


def refuse_shared(document: Document, node: Node) -> None:
    """Make sure that no alias refers to the node.

    Raises:
        DocumentError: one does.
    """
    if not isinstance(node, Alias) and node.anchor and node.start in document.aliased:
        raise DocumentError(
            T(
                "the anchor &{anchor} is used elsewhere in the file: an edit would change that place too. "
                "Write the value there instead of the alias",
                anchor=node.anchor,
            ),
            file=document.name,
            line=document.line_of(node.start),
        )


def refuse_explicit_key(document: Document, entry: Entry) -> None:
    """`? key` with its mapping behind a colon of its own, or with nothing: nobody writes that.

    Raises:
        DocumentError: it is written so.
    """
    start = entry.start
    if _EXPLICIT.search(document.text[document.line_start(start) : start]):
        raise DocumentError(
            T("kkplan does not edit keys that are written as `? {key}`. Write `{key}: …`", key=name_of(entry)),
            file=document.name,
            line=document.line_of(start),
        )


def _used_elsewhere(document: Document, offset: int) -> DocumentError:
    return DocumentError(
        T("an anchor in this value is used elsewhere in the file. Write the value there instead of the alias"),
        file=document.name,
        line=document.line_of(offset),
    )


def _refuse_alias(document: Document, key: str, entry: Entry | None) -> None:
    if entry is not None and isinstance(entry.value, Alias):
        raise DocumentError(
            T("{key} is an alias (*…): an edit would change other places too. Write its keys out", key=key),
            file=document.name,
            line=document.line_of(entry.key.start),
        )


def _refuse_merged(document: Document, block: Block, parent: Mapping, key: str) -> None:
    if lookup(parent, key, block.fold) is not block.find_in(parent, key):
        raise DocumentError(
            T(
                "{key} comes with a merge key (<<): an edit would change other places too. Write its keys out",
                key=key,
            ),
            file=document.name,
            line=document.line_of(next(entry for entry in parent.entries if name_of(entry) == "<<").key.start),
        )


def _refuse_other_spelling(document: Document, block: Block, mapping: Mapping, key: str) -> None:
    """A merge key that brings in the key in another spelling, which counts whatever is written beside it."""
    brought = merged(mapping, key, block.fold)
    own = block.find_in(mapping, key)
    if brought is not None and name_of(brought) > (name_of(own) if own is not None else key):
        raise DocumentError(
            T(
                "a merge key (<<) brings in {spelling}, which overrides {key}. Spell it {key} there",
                spelling=name_of(brought),
                key=key,
            ),
            file=document.name,
            line=document.line_of(brought.key.start),
        )


def _refuse_tabs(document: Document, mapping: Mapping | None) -> None:
    """A line of a flow mapping that begins with a tab: go-yaml reads it after a comma, but not after a plain value.

    Where all of the document is in flow style, as JSON is, go-yaml takes tabs anywhere.
    """
    if mapping is None or any(
        isinstance(root, Mapping) and root.flow and root.start <= mapping.start < root.end for root in document.roots
    ):
        return
    found = _INDENTED_BY_TAB.search(document.text, mapping.start, mapping.end) if mapping.flow else None
    if found is not None:
        raise DocumentError(
            T("a tab begins this line of a {{…}} mapping. Write spaces"),
            file=document.name,
            line=document.line_of(found.end() - 1),
        )
