"""Prove an edit: parse the spliced text and compare it with the original, node by node."""

from __future__ import annotations

from collections.abc import Sequence

from kkplan.document import DocumentError
from kkplan.document.node import Alias, Entry, Mapping, Node, Scalar, resolve_alias
from kkplan.document.node import Sequence as SequenceNode
from kkplan.document.parse import Document
from kkplan.document.setting import Setting, name_of
from kkplan.document.settings import is_met
from kkplan.locale import T


def verify_edit(before: Document, after: Document, root: int, path: Sequence[str], settings: Sequence[Setting]) -> None:
    """Make sure that the mapping at the path has the wanted values and that nothing else means anything else.

    Raises:
        DocumentError: it does not; a bug of kkplan that must stop the write.
    """
    edited = {setting.key.casefold() for setting in settings}
    if len(before.roots) != len(after.roots) or not all(
        _equal(old, new, tuple(path) if number == root else None, edited)
        for number, (old, new) in enumerate(zip(before.roots, after.roots, strict=True))
    ):
        raise _bug(after, T("something outside the wanted keys would have changed"))
    block = _at(after.roots[root], path)
    unmet = [setting.key for setting in settings if not is_met(block, setting)]
    if unmet:
        raise _bug(after, T("{keys} would not have the wanted value", keys=", ".join(unmet)))


def _bug(document: Document, detail: object) -> DocumentError:
    return DocumentError(
        T("the edit did not come out as planned, so nothing was written: {detail}. Please report this", detail=detail),
        file=document.name,
    )


def _at(node: Node | None, path: Sequence[str]) -> Mapping | None:
    for key in path:
        entry = node.find(key) if isinstance(node, Mapping) else None
        node = entry.value if entry is not None else None
    return node if isinstance(node, Mapping) else None


def _equal(old: Node | None, new: Node | None, path: tuple[str, ...] | None, edited: set[str]) -> bool:
    """Whether two nodes mean the same; below the path, the edited keys are left out. Depth is bounded by the parser."""
    if path == ():
        return _equal_entries(_others(old, edited), _others(new, edited), None, edited)
    if isinstance(old, Scalar) and isinstance(new, Scalar):
        return (old.value, bool(old.style), old.tag, old.anchor) == (new.value, bool(new.style), new.tag, new.anchor)
    if isinstance(old, Alias) and isinstance(new, Alias):
        return type(resolve_alias(old)) is type(resolve_alias(new))
    if isinstance(old, SequenceNode) and isinstance(new, SequenceNode):
        return len(old.items) == len(new.items) and all(
            _equal(a, b, None, edited) for a, b in zip(old.items, new.items, strict=True)
        )
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if path is None:
            return _equal_entries(old.entries, new.entries, None, edited)
        # The wanted mapping itself may be new.
        mine = _others(old, {path[0].casefold()}), _others(new, {path[0].casefold()})
        return _equal_entries(*mine, None, edited) and _equal(
            _value(old, path[0]), _value(new, path[0]), path[1:], edited
        )
    return old is None and new is None


def _equal_entries(
    old: tuple[Entry, ...], new: tuple[Entry, ...], path: tuple[str, ...] | None, edited: set[str]
) -> bool:
    return len(old) == len(new) and all(
        _equal(a.key, b.key, path, edited) and _equal(a.value, b.value, path, edited)
        for a, b in zip(old, new, strict=True)
    )


def _others(node: Node | None, left_out: set[str]) -> tuple[Entry, ...]:
    """The entries of a mapping without those keys; none where it is no mapping (a missing or null one)."""
    if not isinstance(node, Mapping):
        return ()
    return tuple(entry for entry in node.entries if name_of(entry).casefold() not in left_out)


def _value(mapping: Mapping, key: str) -> Node | None:
    entry = mapping.find(key)
    return entry.value if entry is not None else None
