"""Prove an edit: parse the spliced text and compare it with the original, node by node."""

from __future__ import annotations

from collections.abc import Container, Sequence

from kkplan.document import DocumentError
from kkplan.document.node import Alias, Entry, Mapping, Node, Scalar, resolve_alias
from kkplan.document.node import Sequence as SequenceNode
from kkplan.document.parse import Document
from kkplan.document.setting import Setting, name_of
from kkplan.document.settings import is_met
from kkplan.locale import T


def verify_edit(
    before: Document,
    after: Document,
    root: int,
    path: Sequence[str],
    settings: Sequence[Setting],
    rewritten: Container[int] = (),
) -> None:
    """Make sure that the mapping at the path has the wanted values and that nothing else means anything else.

    Args:
        rewritten: the starts of keys and values, as the file was, that were written anew and may mean something else.

    Raises:
        DocumentError: it does not; a bug of kkplan that must stop the write.
    """
    compared = _Comparison({setting.key.casefold() for setting in settings}, rewritten)
    if len(before.roots) != len(after.roots) or not all(
        compared.equal(old, new, tuple(path) if number == root else None)
        for number, (old, new) in enumerate(zip(before.roots, after.roots, strict=True))
    ):
        raise _bug(after, T("something outside the wanted keys would have changed"))
    block = _at(after.roots[root], path)
    unmet = [setting.key for setting in settings if not is_met(block, setting)]
    if unmet:
        raise _bug(after, T("{keys} would not have the wanted value", keys=", ".join(unmet)))


def _bug(document: Document, detail: object) -> DocumentError:
    return edit_went_wrong(document.name, detail)


def edit_went_wrong(name: str, detail: object) -> DocumentError:
    """The error for an edited file of that name which is not what was planned."""
    return DocumentError(
        T("the edit did not come out as planned, so nothing was written: {detail}. Please report this", detail=detail),
        file=name,
    )


def _at(node: Node | None, path: Sequence[str]) -> Mapping | None:
    for key in path:
        entry = node.find(key) if isinstance(node, Mapping) else None
        node = entry.value if entry is not None else None
    return node if isinstance(node, Mapping) else None


class _Comparison:
    """Compares two trees, but for the edited keys of one mapping and for what was rewritten."""

    def __init__(self, edited: set[str], rewritten: Container[int]) -> None:
        self.edited = edited
        self.rewritten = rewritten

    def equal(self, old: Node | None, new: Node | None, path: tuple[str, ...] | None = None) -> bool:
        """Whether two nodes mean the same; at the path, the edited keys are left out. Depth is bounded by the parser."""
        if old is new and path is None:
            return True  # rows that the edit has left alone
        if path == ():
            return self._equal_entries(_others(old, self.edited), _others(new, self.edited))
        if isinstance(old, Scalar) and isinstance(new, Scalar):
            mine = (old.value, bool(old.style), old.tag, old.anchor)
            return old.start in self.rewritten or mine == (new.value, bool(new.style), new.tag, new.anchor)
        if isinstance(old, Alias) and isinstance(new, Alias):
            return type(resolve_alias(old)) is type(resolve_alias(new))
        if isinstance(old, SequenceNode) and isinstance(new, SequenceNode):
            return len(old.items) == len(new.items) and all(map(self.equal, old.items, new.items))
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            if path is None:
                return self._equal_entries(old.entries, new.entries)
            # The wanted mapping itself may be new.
            key = {path[0].casefold()}
            return self._equal_entries(_others(old, key), _others(new, key)) and self.equal(
                _value(old, path[0]), _value(new, path[0]), path[1:]
            )
        return old is None and new is None

    def _equal_entries(self, old: tuple[Entry, ...], new: tuple[Entry, ...]) -> bool:
        return len(old) == len(new) and all(
            self.equal(a.key, b.key) and self.equal(a.value, b.value) for a, b in zip(old, new, strict=True)
        )


def _others(node: Node | None, left_out: set[str]) -> tuple[Entry, ...]:
    """The entries of a mapping without those keys; none where it is no mapping (a missing or null one)."""
    if not isinstance(node, Mapping):
        return ()
    return tuple(entry for entry in node.entries if name_of(entry).casefold() not in left_out)


def _value(mapping: Mapping, key: str) -> Node | None:
    entry = mapping.find(key)
    return entry.value if entry is not None else None
